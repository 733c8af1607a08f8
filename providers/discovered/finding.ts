/**
 * Where the people of one MCP server sign in: found once for all people and
 * processes, and found again when it is old or stops working.
 *
 * @module
 */

import { isToCome } from "../../broker/core/clock.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import type { Discovered } from "../../broker/core/discovered.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import {
  discoveredOf,
  type DiscoveryDeps,
  isWorse,
  type Kept,
  type Protection,
  protectionOf,
  RETRY_SECONDS,
  type ServerRecord,
  type ServerSpec,
  withFound,
} from "./server_record.ts";

/** Whoever connects does not set out by what was found longer ago. */
export const FOUND_FOR_MS = 10 * 60_000;
/** What could not be found is not looked for again for this long. */
export const NOT_FOUND_FOR_MS = 30_000;
/** For all requests of one discovery, and for a registration: a person waits. */
export const DISCOVERY_TIMEOUT_MS = 15_000;
/** Where a refresh gets no usable answer, what was found longer ago is looked for again. */
const DOUBT_AFTER_MS = 60_000;
const LONGEST_CHALLENGE = 2_000;

/** What is known of where people sign in. */
export class Finding {
  readonly #spec: ServerSpec;
  readonly #deps: DiscoveryDeps;
  readonly #record: ServerRecord;
  #finding: Promise<Kept> | undefined;
  #lookedAt = 0;
  /** Why nothing was found the last time. */
  #fault: { refusal: Refusal; until: number } | undefined;

  constructor(spec: ServerSpec, deps: DiscoveryDeps, record: ServerRecord) {
    this.#spec = spec;
    this.#deps = deps;
    this.#record = record;
  }

  /** As far as this process knows it without asking anybody. */
  get known(): Protection | undefined {
    return protectionOf(this.#record.kept?.value);
  }

  /** As far as anybody here has met it; asks nobody else. */
  async met(): Promise<Protection | undefined> {
    return this.known ?? protectionOf((await this.#record.read())?.value);
  }

  /**
   * It answered a request that said nothing of who asks. One that has refused such a request before
   * lists for everybody, and asks later.
   */
  async wasOpen(): Promise<void> {
    if (this.known !== undefined) return;
    const found = { kind: "open" as const, foundAt: this.#deps.world.now() };
    await this.#record.change((record) =>
      record.found === undefined ? { ...record, found } : record
    );
  }

  /**
   * Where people sign in, as of lately.
   *
   * @throws {Refusal} `provider_unavailable`, `provider_refused`, `invalid_request`: it asks for nobody.
   */
  async forSignIn(): Promise<Discovered> {
    return this.#requireProtected(await this.#found(FOUND_FOR_MS));
  }

  /** Where people were sent the last time, as far as that is known without asking. */
  async forMixUp(): Promise<Discovered | undefined> {
    return discoveredOf((this.#record.kept ?? await this.#record.read())?.value);
  }

  /** Looks again: what was found does not work any more. `challenge`: a `WWW-Authenticate` of its. */
  async findAgain(challenge?: string): Promise<void> {
    const before = this.known;
    const kept = await this.#record.read();
    // Another process has found it meanwhile.
    if (kept?.value.found !== undefined && protectionOf(kept.value) !== before) return;
    // Whoever is refused again and again makes nobody look again and again.
    const now = this.#deps.world.now();
    const isKnown = protectionOf(kept?.value) === "protected";
    if (isKnown && isToCome(this.#lookedAt + DOUBT_AFTER_MS, now, DOUBT_AFTER_MS)) return;
    this.#lookedAt = now;
    await this.#found(-1, challenge?.slice(0, LONGEST_CHALLENGE));
  }

  /** The token endpoint gave no usable answer: it may be elsewhere by now. Does not throw. */
  async doubt(): Promise<void> {
    const { found } = this.#record.kept?.value ?? {};
    const age = this.#deps.world.now() - (found?.foundAt ?? 0);
    if (age < DOUBT_AFTER_MS) return;
    // It is said in the log; what was found before is kept.
    await this.findAgain().catch(() => {});
  }

  #requireProtected({ value }: Kept): Discovered {
    const discovered = discoveredOf(value);
    if (discovered !== undefined) return discovered;
    const { title } = this.#spec;
    const detail = `${title} asks nobody to sign in: its tools can be used without connecting it.`;
    throw new Refusal({ code: "invalid_request", detail });
  }

  /** What was found no longer ago than `maxAge`, be it found now. */
  async #found(maxAge: number, challenge?: string): Promise<Kept> {
    const now = this.#deps.world.now();
    const isFresh = (kept: Kept | null) => {
      const found = kept?.value.found;
      if (found === undefined) return false;
      const age = now - found.foundAt;
      return age >= 0 && age <= maxAge;
    };
    const record = this.#record;
    if (isFresh(record.kept)) return record.kept!;
    const kept = maxAge < 0 ? record.kept : await record.read();
    if (isFresh(kept)) return kept!;
    const fault = this.#fault;
    if (fault !== undefined && isToCome(fault.until, now, NOT_FOUND_FOR_MS)) {
      // What worked before is better than nothing.
      if (kept?.value.found !== undefined) return kept;
      throw fault.refusal;
    }
    return await (this.#finding ??= this.#find(challenge).finally(() => {
      this.#finding = undefined;
    }));
  }

  async #find(challenge: string | undefined): Promise<Kept> {
    const { world } = this.#deps;
    const { name: upstream, title } = this.#spec;
    const before = this.#record.kept ?? await this.#record.read();
    let answer = await this.#discovered(challenge);
    // One that has asked before has not stopped asking: it lists for everybody, or has a bad moment.
    const isSure = answer.kind === "protected" || answer.kind === "failed" ||
      protectionOf(before?.value) !== "protected";
    if (!isSure) answer = await this.#discovered(before?.value.challenge ?? "Bearer");
    if (answer.kind === "protected" && !isWorse(answer.discovered, discoveredOf(before?.value))) {
      this.#fault = undefined;
      const found = answer.discovered;
      return await this.#record.change((record) => ({
        ...withFound(record, found),
        challenge: challenge ?? record.challenge,
      }));
    }
    if (answer.kind === "open" && protectionOf(before?.value) !== "protected") {
      this.#fault = undefined;
      const found = { kind: "open" as const, foundAt: world.now() };
      return await this.#record.change((record) => ({ ...record, found }));
    }
    const detail = "reason" in answer ? answer.reason : "what it said before is missing now";
    world.log({ level: "warn", event: "upstream_not_discovered", upstream, detail });
    const refusal = new Refusal(
      answer.kind === "failed"
        ? { code: "provider_unavailable", title, retryAfter: answer.retryAfter ?? RETRY_SECONDS }
        : { code: "provider_refused", title, providerCode: "no_authorization_server" },
    );
    this.#fault = { refusal, until: world.now() + NOT_FOUND_FOR_MS };
    // What worked before is better than nothing: metadata come and go.
    if (before?.value.found !== undefined) return before;
    throw refusal;
  }

  async #discovered(challenge: string | undefined) {
    const { world, fetch } = this.#deps;
    const { url, isPrivate } = this.#spec;
    const { discover } = await import("./discovery.ts");
    using deadline = deadlineIn(world, DISCOVERY_TIMEOUT_MS);
    const { signal } = deadline;
    const prefer = discoveredOf(this.#record.kept?.value)?.issuer;
    return await discover(url, { fetch, now: world.now(), signal, challenge, isPrivate, prefer });
  }
}
