/**
 * What refreshes, and sign-ins that come back, say of a provider as a whole:
 * that it refreshes somebody, and that it refuses this program's client; and
 * what calls say of it, that something is not switched on there. All is noted
 * where all processes see it, seldom; a note that fails costs nobody a token.
 *
 * @module
 */

import type { TokenAnswer } from "../core/authorization_server.ts";
import { isAhead } from "../core/clock.ts";
import type { ProviderEvent, ProviderFault, ProviderStore } from "../core/store.ts";
import { variable } from "../core/variable.ts";
import type { World } from "../core/world.ts";
import { ProviderPace } from "./pace.ts";

/** A process notes so often that refreshes succeed. */
export const REFRESHED_NOTE_MS = 60 * 60 * 1000;
/** And so often that a client is refused; the log says it as often. */
export const CLIENT_REFUSED_NOTE_MS = 5 * 60 * 1000;
/** `GET /health?deep` tells of a refused client for so long, unless a refresh succeeded since. */
export const CLIENT_REFUSED_TOLD_MS = 60 * 60 * 1000;

/** A process notes the same fault of the operator's so often. */
export const MISCONFIGURED_NOTE_MS = 5 * 60 * 1000;
/** The doctor tells of it for so long: nobody says when it was mended. */
export const MISCONFIGURED_TOLD_MS = 60 * 60 * 1000;
/** A process remembers that it noted so many things, and else begins anew. */
const MOST_NOTED = 1_000;

/** What the notes need. */
export interface NoteDeps {
  store: { providers: ProviderStore };
  world: World;
}

/** Of these providers, those that refuse this program's client. @throws {StoreError} */
export async function refusingClient(
  events: ProviderStore,
  providers: string[],
  now: number,
): Promise<string[]> {
  const isRefusing = async (provider: string) => {
    const refused = await events.last(provider, "client_refused");
    if (refused === null || now - refused > CLIENT_REFUSED_TOLD_MS) return false;
    return (await events.last(provider, "refreshed") ?? 0) < refused;
  };
  const all = await Promise.all(providers.map(isRefusing));
  return providers.filter((_, at) => all[at]);
}

/** What has to be mended at these providers, as calls found out of late. @throws {StoreError} */
export async function misconfigured(
  events: ProviderStore,
  providers: string[],
  now: number,
): Promise<[provider: string, fault: ProviderFault][]> {
  const all = await Promise.all(providers.map((provider) => events.lastFault(provider)));
  return providers.flatMap((provider, at): [string, ProviderFault][] => {
    const fault = all[at];
    return fault == null || now - fault.at > MISCONFIGURED_TOLD_MS ? [] : [[provider, fault]];
  });
}

/** Notes of one process. */
export class ProviderNotes {
  /** How fast they may be asked ahead of need, by all that they answered to this process. */
  readonly pace = new ProviderPace();
  readonly #providers: ProviderStore;
  readonly #world: World;
  /** When this process last noted what. */
  readonly #noted = new Map<string, number>();

  constructor({ store, world }: NoteDeps) {
    this.#providers = store.providers;
    this.#world = world;
  }

  /** A refresh was answered, whoever wanted it. */
  answered(provider: string, answer: TokenAnswer): void {
    this.pace.answered(provider, answer, this.#world.now());
  }

  /** A refresh succeeded; `again`: after the client was refused. */
  async refreshed(provider: string, again: boolean): Promise<void> {
    if (!again && !this.#isTime(provider, "refreshed", REFRESHED_NOTE_MS)) return;
    await this.#note(provider, "refreshed");
  }

  /** The client was refused. The operator hears of it, and of the variables to check. */
  async clientRefused(provider: string): Promise<void> {
    if (!this.#isTime(provider, "client_refused", CLIENT_REFUSED_NOTE_MS)) return;
    const check = ["CLIENT_ID", "CLIENT_SECRET"].map((each) => variable(provider, each)).join(", ");
    this.#world.log({ level: "error", event: "client_refused", provider, check });
    await this.#note(provider, "client_refused");
  }

  /** A code was exchanged: the operator has mended what this process noted before. */
  async clientAccepted(provider: string): Promise<void> {
    if (!this.#noted.delete(`client_refused ${provider}`)) return;
    await this.#note(provider, "refreshed");
  }

  /** A call was refused for what only the operator can mend; who wrote `detail` is this program. */
  async misconfigured(provider: string, detail: string): Promise<void> {
    const what = `misconfigured ${provider} ${detail}`;
    const now = this.#world.now();
    const last = this.#noted.get(what);
    if (last !== undefined && now - last < MISCONFIGURED_NOTE_MS && !isAhead(last, now)) return;
    if (this.#noted.size >= MOST_NOTED) this.#noted.clear();
    this.#noted.set(what, now);
    try {
      await this.#providers.noteFault(provider, { at: now, detail });
    } catch {
      this.#world.log({ level: "warn", event: "provider_not_noted", provider });
    }
  }

  /** When anybody's refresh last succeeded; `undefined` where nobody knows. */
  async refreshedAt(provider: string): Promise<number | undefined> {
    try {
      return await this.#providers.last(provider, "refreshed") ?? undefined;
    } catch {
      this.#world.log({ level: "warn", event: "provider_not_read", provider });
      return undefined;
    }
  }

  /** The providers that refuse this program's client. @throws {StoreError} */
  refusing(providers: string[]): Promise<string[]> {
    return refusingClient(this.#providers, providers, this.#world.now());
  }

  #isTime(provider: string, event: ProviderEvent, every: number): boolean {
    const last = this.#noted.get(`${event} ${provider}`);
    const now = this.#world.now();
    return last === undefined || now - last >= every || isAhead(last, now);
  }

  async #note(provider: string, event: ProviderEvent): Promise<void> {
    const now = this.#world.now();
    this.#noted.set(`${event} ${provider}`, now);
    try {
      await this.#providers.note(provider, event, now);
    } catch {
      this.#world.log({ level: "warn", event: "provider_not_noted", provider });
    }
  }
}
