/**
 * A provider has told something by itself. Nothing ends by its word: it is
 * asked whether the grants of those concerned are still good, and what it
 * answers to that counts, as it would have with their next use.
 *
 * Whoever sends the same again, or a thousand of it, makes no more happen: a
 * repeat is known by its name where it has one, and an account is asked about
 * once a minute.
 *
 * @module
 */

import type { Activity } from "../core/activity.ts";
import { AnsweredNo } from "../core/answered_no.ts";
import type { AuthorizationServer } from "../core/authorization_server.ts";
import { Budget } from "../core/budget.ts";
import type { Connection, ConnectionRef } from "../core/connection.ts";
import { isRenewable } from "../core/credential.ts";
import { deadlineIn, until } from "../core/deadline.ts";
import { kindOf } from "../core/own_words.ts";
import type { Concern, Delivery, ProviderEvent } from "../core/provider_event.ts";
import { digest } from "../core/secrets.ts";
import { sideBySide } from "../core/side_by_side.ts";
import type { Store, Stored } from "../core/store.ts";
import type { World } from "../core/world.ts";
import { recordAnswer } from "../tokens/record_answer.ts";
import type { ProviderNotes } from "../tokens/provider_notes.ts";
import type { Refresher } from "../tokens/refresher.ts";

/** An account is asked about so often, however much is told of it. */
export const ASKED_AGAIN_MS = 60_000;
/** A repeat of a delivery is known for so long. Google sends again for some days at most. */
export const DELIVERY_KEPT_MS = 7 * 24 * 60 * 60_000;
/** Whoever delivers waits for so long; what takes longer goes on. */
export const HEED_WAIT_MS = 8_000;
/** For one refresh token so many connections are looked at. */
export const MOST_SEARCHED = 20_000;
/** So many are asked about at a time. */
const AT_ONCE = 5;
const REFRESH_WAIT_MS = 30_000;

/** What heeding needs. */
export interface HeedDeps {
  store: Pick<Store, "connections" | "handoffs" | "proofs">;
  world: World;
  notes: ProviderNotes;
  refresher: Refresher;
  activity: Activity;
}

/** Heeds what providers tell; one per process. */
export class Heeding {
  readonly #deps: HeedDeps;
  readonly #asked = new Budget({ limit: 1, windowMs: ASKED_AGAIN_MS });
  readonly #running = new Set<Promise<unknown>>();

  constructor(deps: HeedDeps) {
    this.#deps = deps;
  }

  /**
   * Reads a delivery, and asks the provider. Resolves when that is done, or goes on for too long.
   *
   * @throws {Refusal} what {@linkcode AuthorizationServer.events} throws. @throws {StoreError}
   */
  async heed(
    server: AuthorizationServer,
    delivery: Omit<Delivery, "now">,
  ): Promise<void> {
    const { store: { proofs }, world } = this.#deps;
    const event = await server.events?.read({ ...delivery, now: world.now() });
    if (event === undefined) return;
    const key = event.id === undefined ? undefined : deliveryKey(server.name, event.id);
    if (key !== undefined && await proofs.peek(key) !== null) return;
    await this.#waitFor(this.#ask(server, event));
    if (key === undefined) return;
    // Only now: what broke off before is delivered again, and done then.
    await proofs.add(key, { expiresAt: world.now() + DELIVERY_KEPT_MS }, world.now());
  }

  /** Resolves when nobody is being asked. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #waitFor(work: Promise<void>): Promise<void> {
    this.#running.add(work);
    const tracked = work.finally(() => this.#running.delete(work));
    using deadline = deadlineIn(this.#deps.world, HEED_WAIT_MS);
    await until(deadline.signal, tracked).catch((error) => {
      if (!deadline.signal.aborted) throw error;
      // Nobody waits any more: how it ends is in the log.
      tracked.catch((late) => this.#log("warn", "provider_event_failed", { detail: kindOf(late) }));
    });
  }

  async #ask(server: AuthorizationServer, { type, about }: ProviderEvent): Promise<void> {
    let count = 0;
    await sideBySide(await this.#concerned(server, about), AT_ONCE, async (ref) => {
      if (await this.#askAbout(server, ref)) count += 1;
    });
    this.#log("info", "provider_event", { provider: server.name, type, count });
  }

  async #concerned(server: AuthorizationServer, about: Concern): Promise<ConnectionRef[]> {
    const { store: { connections }, world } = this.#deps;
    if (about.kind === "nothing") return [];
    if (about.kind === "account") {
      const key = JSON.stringify([server.name, about.account]);
      if (this.#asked.hit(key, world.now()) > 0) return [];
      const { account } = about;
      return await connections.toAccount({ provider: server.name, account }, MOST_SEARCHED);
    }
    const all = await connections.toAccount({ provider: server.name }, MOST_SEARCHED);
    for (const ref of all) {
      // One that cannot be opened hides no other.
      const stored = await connections.get(ref).catch(() => null);
      if (stored !== null && about.isMeant(stored.value.tokens)) return [ref];
    }
    if (all.length === MOST_SEARCHED) {
      this.#log("warn", "provider_event_not_found", { provider: server.name, count: all.length });
    }
    return [];
  }

  /** Whether it was asked. */
  async #askAbout(server: AuthorizationServer, ref: ConnectionRef): Promise<boolean> {
    const { store: { connections }, refresher } = this.#deps;
    try {
      const stored = await connections.get(ref);
      if (stored === null || stored.value.status !== "active") return false;
      const { tokens } = stored.value;
      if (!isRenewable(tokens)) return await this.#tryOut(server, stored);
      const need = { rejected: tokens.accessToken, told: true, ahead: true };
      await refresher.ensure(server, stored, need, REFRESH_WAIT_MS);
      return true;
    } catch (error) {
      // One that cannot be opened, or asked about now, stands in no other's way.
      const detail = kindOf(error);
      this.#log("warn", "provider_event_failed", { provider: server.name, detail });
      return false;
    }
  }

  /** What cannot be renewed is tried: 401 is the only no that is about the token. */
  async #tryOut(server: AuthorizationServer, stored: Stored<Connection>): Promise<boolean> {
    try {
      await server.identify(stored.value.tokens);
    } catch (error) {
      if (!(error instanceof AnsweredNo) || error.status !== 401) throw error;
      const answer = { kind: "rejected", code: "invalid_grant" } as const;
      await recordAnswer(this.#deps, server, stored, answer, { ahead: true });
    }
    return true;
  }

  #log(
    level: "info" | "warn",
    event: string,
    said: Record<string, string | number | undefined>,
  ): void {
    this.#deps.world.log({ level, event, ...said });
  }
}

function deliveryKey(provider: string, id: string): string {
  return digest(JSON.stringify(["event", provider, id]));
}
