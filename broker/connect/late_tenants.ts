/**
 * Tenants that nobody knows yet: the account was connected before they were
 * asked for, was imported unasked, or the provider did not answer at the time.
 * They are asked for when the connection is used, and kept with it. Whatever
 * comes of that, the caller has its token.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import { Budget } from "../core/budget.ts";
import type { Served } from "../core/call.ts";
import type { Account, Connection } from "../core/connection.ts";
import { deadlineIn, until } from "../core/deadline.ts";
import { saidOf } from "../core/own_words.ts";
import { withSaid } from "../core/tenants.ts";
import type { ConnectionDeps } from "../tokens/provider_token.ts";
import { keptAccount, logUntold } from "./account.ts";

/** So long a caller waits for them. What comes later is kept for the next one. */
export const TENANTS_WAIT_MS = 3_000;
/** A provider that did not say is left alone so long. */
export const TENANTS_RETRY_MS = 10 * 60_000;

type Deps = Pick<ConnectionDeps, "servers" | "connections" | "world">;

/** Asks for them, once for all callers of a connection. */
export class LateTenants {
  readonly #deps: Deps;
  readonly #asked = new Budget({ limit: 1, windowMs: TENANTS_RETRY_MS });
  readonly #asking = new Map<string, Promise<Account | null>>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The connection with its tenants, where they are known or come in time. Never throws. */
  async withThem(served: Served): Promise<Served> {
    const { servers, world } = this.#deps;
    const server = servers.get(served.provider);
    if (server?.tenants === undefined || served.tokens.tenants !== undefined) return served;
    const asking = this.#ask(server, served);
    if (asking === undefined) return served;
    using deadline = deadlineIn(world, TENANTS_WAIT_MS);
    // Too late for this caller.
    const account = await until(deadline.signal, asking).catch(() => null);
    return account === null ? served : { ...served, tokens: withSaid(served.tokens, account) };
  }

  /** Resolves when nothing is being asked for. */
  async idle(): Promise<void> {
    await Promise.all(this.#asking.values());
  }

  #ask(server: AuthorizationServer, served: Connection): Promise<Account | null> | undefined {
    const { subject, provider, account } = served;
    const key = JSON.stringify([subject, provider, account]);
    const before = this.#asking.get(key);
    if (before !== undefined) return before;
    if (this.#asked.hit(key, this.#deps.world.now()) > 0) return undefined;
    const asking = this.#find(server, served).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  /** `null`: there is nothing to add. */
  async #find(server: AuthorizationServer, served: Connection): Promise<Account | null> {
    const { world } = this.#deps;
    try {
      const account = keptAccount(await server.identify(served.tokens));
      if (account?.id !== served.account) return null;
      logUntold(world, server, account);
      if (account.tenants === undefined) return null;
      await this.#keep(served, account);
      return account;
    } catch (error) {
      logUntold(world, server, { untold: saidOf(error) });
      return null;
    }
  }

  /** Against the record as it is by then: one that has ended does not come back. */
  async #keep(ref: Connection, account: Account): Promise<void> {
    const { connections } = this.#deps;
    for (;;) {
      const stored = await connections.get(ref);
      if (stored === null) return;
      const { value, version } = stored;
      const isDone = value.status !== "active" || value.endedAt !== undefined ||
        value.tokens.tenants !== undefined;
      if (isDone) return;
      const next = { ...value, tokens: withSaid(value.tokens, account) };
      if (await connections.put(next, version) !== null) return;
    }
  }
}
