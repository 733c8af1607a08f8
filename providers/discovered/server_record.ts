/**
 * What is kept of one MCP server that asks for OAuth, for all people and
 * processes: where its people sign in, and what this program is called there.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import type { Discovered, DiscoveryRecord } from "../../broker/core/discovered.ts";
import type { DiscoveryStore, Stored } from "../../broker/core/store.ts";
import type { RemoteUpstream } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { isSameIssuer } from "./address.ts";

/** Authorization servers of before that are kept, for what was issued there. */
const MAX_EARLIER = 10;

/** An MCP server, as the operator set it. */
export type ServerSpec = Pick<RemoteUpstream, "name" | "title" | "url" | "isPrivate" | "client">;

/** What discovery and registration need. */
export interface DiscoveryDeps {
  store: DiscoveryStore;
  world: Pick<World, "now" | "secret" | "sleep" | "log">;
  /** No slash at the end. */
  publicUrl: string;
  /** Leads where this server may lead, and nowhere else. */
  fetch: typeof fetch;
}

/** Whether an MCP server asks who calls. */
export type Protection = "open" | "protected";

/** The record as it was read. */
export type Kept = Stored<DiscoveryRecord>;

/** The record of one server. */
export class ServerRecord {
  readonly #name: string;
  /** Under which it is kept: a slash more or less is no other server. */
  readonly #url: string;
  readonly #store: DiscoveryStore;
  #kept: Kept | null = null;

  constructor({ name, url }: ServerSpec, store: DiscoveryStore) {
    this.#name = name;
    this.#url = withoutTrailingSlashes(new URL(url).href);
    this.#store = store;
  }

  /** As this process has read it last. */
  get kept(): Kept | null {
    return this.#kept;
  }

  /** May throw what the store throws, as everything here. */
  async read(): Promise<Kept | null> {
    return this.#kept = await this.#store.get(this.#name, this.#url);
  }

  /** Writes in the place of what was read; `null`: somebody was faster. */
  async write(before: Kept | null, change: Partial<DiscoveryRecord>): Promise<Kept | null> {
    const value = { ...before?.value ?? this.#empty(), ...change };
    const version = await this.#store.put(value, before?.version ?? null);
    return version === null ? null : this.#kept = { value, version };
  }

  /** Changes whatever there is by then. */
  async change(change: (record: DiscoveryRecord) => DiscoveryRecord): Promise<Kept> {
    for (;;) {
      const before = await this.read();
      const written = await this.write(before, change(before?.value ?? this.#empty()));
      if (written !== null) return written;
    }
  }

  #empty(): DiscoveryRecord {
    return { name: this.#name, url: this.#url, registrations: [] };
  }
}

/** Seconds, where a server does not say when to come again. */
export const RETRY_SECONDS = 30;

/** Whatever was found before is kept, one of each issuer. */
export function withFound(
  record: DiscoveryRecord,
  found: Discovered,
): DiscoveryRecord {
  const before = discoveredOf(record);
  const all = [...before === undefined ? [] : [before], ...record.earlier ?? []];
  const earlier = all.filter(({ issuer }, at) =>
    issuer !== found.issuer && all.findIndex((other) => other.issuer === issuer) === at
  );
  return { ...record, found, earlier: earlier.slice(0, MAX_EARLIER) };
}

/** Where people sign in, of a record. */
export function discoveredOf(record: DiscoveryRecord | undefined): Discovered | undefined {
  const { found } = record ?? {};
  return found === undefined || "kind" in found ? undefined : found;
}

export function protectionOf(record: DiscoveryRecord | undefined): Protection | undefined {
  const { found } = record ?? {};
  return found && ("kind" in found ? "open" : "protected");
}

/** Whether a guess would take the place of what the same server has said. */
export function isWorse(now: Discovered, before: Discovered | undefined): boolean {
  return now.isGuess === true && before !== undefined && before.isGuess !== true &&
    isSameIssuer(now.issuer, before.issuer);
}
