/**
 * The store of the model: one connection and its lease, with the semantics of
 * the ports in `broker/core/store.ts`. It notes what must never be written.
 *
 * @module
 */

import type { Connection } from "../../../broker/core/connection.ts";
import type { Lease, Stored } from "../../../broker/core/store.ts";
import type { ModelOptions } from "./options.ts";
import { isOlder, type ModelProvider } from "./provider.ts";

/** What the store looks at, and where it notes what must never happen. */
interface Noted {
  provider: ModelProvider;
  violations: string[];
}

/** A connection, its lease, and everything that was ever stored. */
export class ModelStore {
  record: Stored<Connection> | null;
  lease: Lease | null = null;
  /** Access tokens of everything that was ever stored. */
  readonly stored: string[] = [];
  readonly #noted: Noted;
  readonly #broken: ModelOptions["broken"];
  #commits = 0;

  /** `broken` is for tests of the model itself; see {@linkcode ModelOptions}. */
  constructor(noted: Noted, first: Connection, broken: ModelOptions["broken"]) {
    this.#noted = noted;
    this.#broken = broken;
    this.stored.push(first.tokens.accessToken);
    this.record = { value: first, version: this.#version() };
  }

  state(): unknown {
    return [this.record, this.lease, this.stored, this.#commits];
  }

  put(next: Connection, version: string | null, release = false): string | null {
    const { record } = this;
    if (this.#broken !== "versions" && (record?.version ?? null) !== version) return null;
    this.#checkPut(next, record?.value);
    this.record = { value: next, version: this.#version() };
    this.stored.push(next.tokens.accessToken);
    if (release) this.lease = null;
    return this.record.version;
  }

  delete(version: string): boolean {
    if (this.record?.version !== version) return false;
    this.record = null;
    return true;
  }

  take(lease: Omit<Lease, "version">, over: Lease | undefined): Lease | null {
    const isFree = this.lease?.version === over?.version;
    if (!isFree && this.#broken !== "leases") return null;
    this.lease = { ...lease, version: this.#version() };
    return this.lease;
  }

  takeFor(seen: Stored<Connection>, lease: Omit<Lease, "version">): Lease | null {
    const isSame = this.record?.version === seen.version || this.#broken === "versions";
    return isSame ? this.take(lease, undefined) : null;
  }

  release({ version }: Lease): void {
    if (this.lease?.version === version) this.lease = null;
  }

  #version(): string {
    return `v${this.#commits++}`;
  }

  #checkPut(next: Connection, previous: Connection | undefined): void {
    if (previous === undefined) return;
    if (isOlder(next.tokens, previous.tokens)) {
      this.#noted.violations.push("An older set over a newer one");
    }
    const { refreshToken } = next.tokens;
    if (previous.endedAt !== undefined && next.status === "active") {
      this.#noted.violations.push("Brought back what was ended");
    }
    if (next.endedAt !== undefined) return;
    if (next.status !== "active" && !this.#noted.provider.refused.includes(refreshToken!)) {
      this.#noted.violations.push("Marked dead what the provider has not refused");
    }
  }
}
