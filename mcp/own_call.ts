/**
 * One call of a tool of our own: what its tool is given, and what came of it on
 * the way.
 *
 * @module
 */

import type { TokenSet } from "../broker/core/connection.ts";
import { type Deadline, deadlineIn } from "../broker/core/deadline.ts";
import { allowsTool } from "../broker/core/gateway_scopes.ts";
import { friendlyScopes } from "../broker/core/scopes.ts";
import { type PartEnd, UNTIMED } from "../broker/core/time_spent.ts";
import type { TokenRequest } from "../broker/core/token_request.ts";
import type { World } from "../broker/core/world.ts";
import type { ApiFault, Provider, ToolContext } from "../providers/provider.ts";
import type { ProviderCaller } from "./provider_crowds.ts";
import {
  type ApiClientOptions,
  type CallClient,
  createApiClient,
  type Wanting,
} from "./api_client.ts";
import { type Call, CALL_TIMEOUT_MS, type CallDeps, type Caller } from "./caller.ts";
import type { LoadedEntry } from "./own_entry.ts";
import type { ToolFilter } from "./tool_filter.ts";

/** Of a call's time, what waiting for a refresh may take. */
const REFRESH_WAIT_MS = 15_000;

/**
 * One call of a tool of our own, and what its tool is given. Each part is made when it is asked for: a
 * call that is answered at once needs neither a timer nor tokens. A class, since a getter in an object of
 * its own gets a shape of its own, which the engine keeps, and with it all that the getter sees: the
 * whole request (seen with V8 15, November 2026).
 */
export class OwnCall implements ToolContext, ApiClientOptions {
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
    this.now = deps.world.now();
    this.#deps = deps;
    this.#caller = caller;
    this.#entry = entry;
    this.#call = call;
    const given = call.args as Record<string, unknown> & { account?: string };
    this.#account = given.account;
    this.#args = "account" in given ? withoutAccount(given) : given;
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

  async turn<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const { crowds } = this.#deps;
    return await (crowds === undefined ? send() : crowds.turn(this.#whose, signal, send));
  }

  timed(): PartEnd {
    return this.world.timing?.begin("provider", this.#caller.request) ?? UNTIMED;
  }

  slowDown(seconds: number, limitOf: ApiFault["limitOf"]): void {
    this.#deps.crowds?.slowDown(this.#whose, seconds, limitOf);
  }

  get #whose(): ProviderCaller {
    const { name: provider, title } = this.provider;
    const { account } = this.#call.served;
    return { provider, title, subject: this.#caller.subject, account };
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
    const { subject, actor, filter, request } = this.#caller;
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
      request,
      waitMs: REFRESH_WAIT_MS,
    };
  }
}

const NONE: ReadonlySet<string> = new Set();

function withoutAccount({ account: _, ...args }: Record<string, unknown>): Record<string, unknown> {
  return args;
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
