/**
 * One attempt at a tool call: at a provider's API, or at an upstream's server.
 * Does not throw for anything that they do.
 *
 * @module
 */

import type { Activity } from "../broker/core/activity.ts";
import type { Acting } from "../broker/core/actor.ts";
import type { CallBroker } from "../broker/core/call.ts";
import { type Deadline, deadlineIn } from "../broker/core/deadline.ts";
import { allowsTool } from "../broker/core/gateway_scopes.ts";
import { friendlyScopes } from "../broker/core/scopes.ts";
import type { TokenRequest } from "../broker/core/token_request.ts";
import type { World } from "../broker/core/world.ts";
import { ApiError, type Provider, type ToolContext } from "../providers/provider.ts";
import { type CallClient, createApiClient } from "./api_client.ts";
import type { CallableEntry, LoadedEntry, ToolFilter, UpstreamEntry } from "./catalogue.ts";
import { type ClientSide, SILENT_CLIENT } from "./client_side.ts";
import { describe, mayBeDone, type Outcome, outcomeOf, withoutSecretsOf } from "./outcome.ts";
import { conversation } from "./upstream/conversation.ts";
import { UpstreamFault } from "./upstream/fault.ts";
import { withOurLinks } from "./upstream/links.ts";
import { faultOutcome, inputOutcome } from "./upstream_outcome.ts";

/** A call that was not answered by then is given up, and its caller is told so. */
export const CALL_TIMEOUT_MS = 30_000;
/** Of that, what waiting for a refresh may take. */
const REFRESH_WAIT_MS = 15_000;

/** Who calls, and what they may see. */
export interface Caller extends Acting {
  filter: ToolFilter;
  /** The `Idempotency-Key` header. */
  idempotencyKey?: string | undefined;
  /** Before something is changed: rejects where the request was made before. Absent: it cannot be told. */
  claimOnce?: (() => Promise<void>) | undefined;
  /** After this the caller is told in words that it takes longer. */
  timeoutMs?: number | undefined;
  /** Whatever matters is said in words. */
  voice?: boolean | undefined;
}

/** Whose signal tells that nobody waits any more. */
export type Asker = Pick<Request, "signal">;

/** One call of a caller. */
export interface Call {
  name: string;
  args: unknown;
  /** The JSON-RPC id. */
  id: string | number;
  /** Whether its ids count its calls, as far as anybody can tell: equal ones are the same call. */
  countsCalls: boolean;
  /** Who waits for it. A request makes its signal when somebody looks at it, which most calls need not. */
  asker: Asker;
  /** Where the caller wants to hear how far it is. */
  onprogress?: ((progress: CallProgress) => void) | undefined;
  /** What its client can be told and asked meanwhile; absent: nothing. */
  client?: ClientSide | undefined;
  /** Whose account it was made with, as soon as that is known. */
  served: ServedBy;
}

/** Filled in on the way. */
export interface ServedBy {
  account: string | undefined;
}

/** MCP's progress notification, without its token. */
export interface CallProgress {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
}

/** What a call needs: the clock, provider tokens, and a way out. */
export interface CallDeps {
  world: World;
  broker: CallBroker;
  fetch: typeof fetch;
  /** Where calls are noted; absent: nowhere. */
  activity?: Activity | undefined;
}

/**
 * When a call is given up: its time is over, or its caller has gone, of whom it hears. Made when
 * somebody listens: a call that is answered at once needs no timer.
 */
class Limit {
  readonly #began: number;
  readonly #world: World;
  readonly #asker: Asker | undefined;
  #deadline: Deadline | undefined;
  #signal: AbortSignal | undefined;

  constructor(world: World, asker: Asker | undefined) {
    this.#began = world.now();
    this.#world = world;
    this.#asker = asker;
  }

  get signal(): AbortSignal {
    return this.#signal ??= this.#begin();
  }

  #begin(): AbortSignal {
    const left = Math.max(0, CALL_TIMEOUT_MS - (this.#world.now() - this.#began));
    const { signal } = this.#deadline = deadlineIn(this.#world, left);
    return this.#asker === undefined ? signal : AbortSignal.any([this.#asker.signal, signal]);
  }

  end(): void {
    this.#deadline?.[Symbol.dispose]();
  }
}

/**
 * What a tool is given. A class, since a getter in an object of its own gets a shape of its own, which the
 * engine keeps, and with it all that the getter sees: the whole request (seen with V8 15, November 2026).
 */
class Context implements ToolContext {
  constructor(
    readonly api: ToolContext["api"],
    readonly now: number,
    private readonly limit: Limit,
  ) {}

  get signal(): AbortSignal {
    return this.limit.signal;
  }
}

/** Calls the tool, once. */
export function attempt(
  deps: CallDeps,
  caller: Caller,
  entry: CallableEntry,
  call: Call,
): Promise<Outcome> {
  return entry.kind === "own"
    ? attemptOwn(deps, caller, entry, call)
    : attemptUpstream(deps, caller, entry, call);
}

async function attemptOwn(
  deps: CallDeps,
  caller: Caller,
  entry: LoadedEntry,
  { args, asker, served }: Call,
): Promise<Outcome> {
  // A caller that hangs up does not leave half a change behind.
  const limit = new Limit(deps.world, entry.tool.hints.readOnly ? asker : undefined);
  const { account, ...toolArgs } = args as { account?: string };
  const tokens = new Set<string>();
  const standIns = new Set<string>();
  const way = { args: toolArgs, account, limit, tokens, standIns, served };
  const api = clientOf(deps, caller, entry, way);
  try {
    const context = new Context(api, deps.world.now(), limit);
    const result = await entry.tool.run(toolArgs as never, context);
    const text = [result.text, ...standIns].join("\n");
    const notes = [...result.notes ?? [], ...standIns];
    const own = entry.tool.output.parse(result.data);
    const data = notes.length === 0 ? own : { ...own, notes };
    const outcome: Outcome = { kind: "result", text, data };
    return withoutSecretsOf(deps.world, entry, outcome, tokens);
  } catch (error) {
    const failed = outcomeOf(deps.world, entry, error);
    const operator = error instanceof ApiError ? error.fault.operator : undefined;
    if (operator !== undefined) await deps.broker.misconfigured?.(entry.provider.name, operator);
    const said = error instanceof ApiError ? error.fault.mayBeDone : undefined;
    const isOpen = (said ?? api.mayHaveChanged()) && !describe(entry).repeatable;
    return withoutSecretsOf(deps.world, entry, isOpen ? mayBeDone(failed) : failed, tokens);
  } finally {
    limit.end();
  }
}

async function attemptUpstream(
  { world }: CallDeps,
  { subject, actor }: Caller,
  entry: UpstreamEntry,
  { args, asker: { signal }, onprogress, client = SILENT_CLIENT, served }: Call,
): Promise<Outcome> {
  const { upstream, tool } = entry;
  // What is sent along must not come back.
  const tokens = new Set(upstream.secrets);
  // Of its own: the client would cancel what was answered when the caller's signal ends later.
  // And what changes something goes on without its caller.
  const stop = new AbortController();
  const hangUp = () => stop.abort();
  if (tool.readOnly) signal.addEventListener("abort", hangUp, { once: true });
  try {
    const { spec } = upstream;
    const { capabilities, input, log } = client;
    const called = await upstream.call(tool, args, {
      ...{ subject, actor, tokens, served, capabilities, signal: stop.signal, caller: signal },
      ...{ onprogress, input, logLevel: log?.least },
      ...conversation({ world, spec, client, secrets: tokens, caller: signal }),
    });
    const outcome: Outcome = called.kind === "result"
      ? { kind: "upstream", result: withOurLinks(called.result, entry.toOurs) }
      : inputOutcome(entry, called.input);
    return withoutSecretsOf(world, entry, outcome, tokens);
  } catch (error) {
    const outcome = error instanceof UpstreamFault
      ? faultOutcome(world, entry, error, tokens)
      : outcomeOf(world, entry, error);
    return withoutSecretsOf(world, entry, outcome, tokens);
  } finally {
    signal.removeEventListener("abort", hangUp);
  }
}

/** Whether no call of the caller's could ever change anything of a service. */
function mayOnlyRead({ readOnly = false, scopes }: ToolFilter, service: string): boolean {
  return readOnly || (scopes !== undefined && !allowsTool(scopes, { service, readOnly: false }));
}

/** What a link asks for where nothing is connected, of who will only read. */
function readScopesOf(provider: Provider, name: string): string | undefined {
  const service = provider.services.find((service) => service.name === name);
  return service?.readScopes && friendlyScopes(provider, service.readScopes);
}

/** The provider's API for one call, with the tokens that its tool needs. */
function clientOf(
  { world, broker, fetch }: CallDeps,
  { subject, actor, filter }: Caller,
  { tool, provider }: LoadedEntry,
  { args, account, limit, tokens, standIns, served }: {
    args: Record<string, unknown>;
    account: string | undefined;
    limit: Limit;
    /** Every provider token that is used is put in here. */
    tokens: Set<string>;
    /** What is to be said of accounts that stood in for another one. */
    standIns: Set<string>;
    served: ServedBy;
  },
): CallClient {
  const request: TokenRequest = {
    subject,
    actor,
    service: tool.service,
    scopeParam: mayOnlyRead(filter, tool.service)
      ? readScopesOf(provider, tool.service)
      : undefined,
    scopes: tool.scopesFor?.(args as never) ?? tool.scopes,
    account,
    reading: tool.hints.readOnly,
    waitMs: REFRESH_WAIT_MS,
  };
  return createApiClient({
    provider,
    fetch,
    limit,
    world,
    async tokens(rejected) {
      const connection = await broker.token({ ...request, rejected });
      tokens.add(connection.tokens.accessToken);
      served.account = connection.account;
      const { label, insteadOf } = connection;
      if (insteadOf !== undefined) {
        standIns.add(
          `This is from the account ${label}: ${insteadOf} has to be connected to ` +
            `${provider.title} again.`,
        );
      }
      return connection.tokens;
    },
    cure: async (refused, rejected) => void await broker.token({ ...request, refused, rejected }),
  });
}
