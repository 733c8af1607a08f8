/**
 * One attempt at a tool call: at a provider's API, or at an upstream's server.
 * Does not throw for anything that they do.
 *
 * @module
 */

import type { Activity } from "../broker/core/activity.ts";
import type { Acting } from "../broker/core/actor.ts";
import type { CallBroker } from "../broker/core/call.ts";
import type { TokenSet } from "../broker/core/connection.ts";
import { type Deadline, deadlineIn } from "../broker/core/deadline.ts";
import { allowsTool } from "../broker/core/gateway_scopes.ts";
import { friendlyScopes } from "../broker/core/scopes.ts";
import type { TokenRequest } from "../broker/core/token_request.ts";
import type { World } from "../broker/core/world.ts";
import { ApiError, type Provider, type ToolContext } from "../providers/provider.ts";
import {
  type ApiClientOptions,
  type CallClient,
  createApiClient,
  type Wanting,
} from "./api_client.ts";
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
 * One call of a tool of our own, and what its tool is given. Each part is made when it is asked for: a
 * call that is answered at once needs neither a timer nor tokens. A class, since a getter in an object of
 * its own gets a shape of its own, which the engine keeps, and with it all that the getter sees: the
 * whole request (seen with V8 15, November 2026).
 */
class OwnCall implements ToolContext, ApiClientOptions {
  readonly now: number;
  readonly #deps: CallDeps;
  readonly #caller: Caller;
  readonly #entry: LoadedEntry;
  readonly #call: Call;
  readonly #args: Record<string, unknown>;
  readonly #account: string | undefined;
  #api: CallClient | undefined;
  #request: TokenRequest | undefined;
  #deadline: Deadline | undefined;
  #signal: AbortSignal | undefined;
  /** Every provider token that was used. */
  #secrets: Set<string> | undefined;
  /** What is to be said of accounts that stood in for another one. */
  #standIns: Set<string> | undefined;

  constructor(deps: CallDeps, caller: Caller, entry: LoadedEntry, call: Call) {
    const { account, ...args } = call.args as { account?: string };
    this.now = deps.world.now();
    this.#deps = deps;
    this.#caller = caller;
    this.#entry = entry;
    this.#call = call;
    this.#args = args;
    this.#account = account;
  }

  /** Without the account, which is no tool's business. */
  get args(): Record<string, unknown> {
    return this.#args;
  }

  /** The provider's API, with the tokens that the tool needs. */
  get api(): CallClient {
    return this.#api ??= createApiClient(this);
  }

  /**
   * Ends when the call is given up: its time is over, or its caller has gone, of whom it hears. What
   * changes something does not: a caller that hangs up does not leave half a change behind.
   */
  get signal(): AbortSignal {
    return this.#signal ??= this.#begin();
  }

  get secrets(): ReadonlySet<string> {
    return this.#secrets ?? NONE;
  }

  get standIns(): ReadonlySet<string> {
    return this.#standIns ?? NONE;
  }

  get provider(): Provider {
    return this.#entry.provider;
  }

  get fetch(): typeof fetch {
    return this.#deps.fetch;
  }

  get world(): World {
    return this.#deps.world;
  }

  /** Itself: it is asked for the signal alone. */
  get limit(): { readonly signal: AbortSignal } {
    return this;
  }

  async tokens(rejected?: string): Promise<TokenSet> {
    const { tokens, account, label, insteadOf } = await this.#deps.broker.token({
      ...this.#tokenRequest,
      rejected,
    });
    (this.#secrets ??= new Set()).add(tokens.accessToken);
    this.#call.served.account = account;
    if (insteadOf !== undefined) {
      (this.#standIns ??= new Set()).add(
        `This is from the account ${label}: ${insteadOf} has to be connected to ` +
          `${this.provider.title} again.`,
      );
    }
    return tokens;
  }

  async cure(refused: Wanting, rejected: string): Promise<void> {
    await this.#deps.broker.token({ ...this.#tokenRequest, refused, rejected });
  }

  /** Nobody waits for anything of it any more. */
  end(): void {
    this.#deadline?.[Symbol.dispose]();
  }

  #begin(): AbortSignal {
    const { world } = this;
    const left = Math.max(0, CALL_TIMEOUT_MS - (world.now() - this.now));
    const { signal } = this.#deadline = deadlineIn(world, left);
    const { asker } = this.#call;
    return this.#entry.tool.hints.readOnly ? AbortSignal.any([asker.signal, signal]) : signal;
  }

  get #tokenRequest(): TokenRequest {
    return this.#request ??= this.#made();
  }

  #made(): TokenRequest {
    const { subject, actor, filter } = this.#caller;
    const { tool, provider } = this.#entry;
    return {
      subject,
      actor,
      service: tool.service,
      scopeParam: mayOnlyRead(filter, tool.service)
        ? readScopesOf(provider, tool.service)
        : undefined,
      scopes: tool.scopesFor?.(this.#args as never) ?? tool.scopes,
      account: this.#account,
      reading: tool.hints.readOnly,
      waitMs: REFRESH_WAIT_MS,
    };
  }
}

const NONE: ReadonlySet<string> = new Set();

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
  call: Call,
): Promise<Outcome> {
  const own = new OwnCall(deps, caller, entry, call);
  try {
    const result = await entry.tool.run(own.args as never, own);
    const { standIns } = own;
    const text = standIns.size === 0 ? result.text : [result.text, ...standIns].join("\n");
    const notes = [...result.notes ?? [], ...standIns];
    const data = entry.tool.output.parse(result.data);
    const outcome: Outcome = {
      kind: "result",
      text,
      data: notes.length === 0 ? data : { ...data, notes },
    };
    return withoutSecretsOf(deps.world, entry, outcome, own.secrets);
  } catch (error) {
    const failed = outcomeOf(deps.world, entry, error);
    const operator = error instanceof ApiError ? error.fault.operator : undefined;
    if (operator !== undefined) {
      await deps.broker.misconfigured?.(entry.provider.name, operator, caller.actor);
    }
    const said = error instanceof ApiError ? error.fault.mayBeDone : undefined;
    const isOpen = (said ?? own.api.mayHaveChanged()) && !describe(entry).repeatable;
    return withoutSecretsOf(deps.world, entry, isOpen ? mayBeDone(failed) : failed, own.secrets);
  } finally {
    own.end();
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
