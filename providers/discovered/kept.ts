/**
 * What is kept of one MCP server that asks for OAuth: found once for all
 * people and processes, registered at once for all, and found again when it is
 * old or stops working.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import { isToCome, MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import type { Via } from "../../broker/core/connection.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import type { Discovered, DiscoveryRecord, Registration } from "../../broker/core/discovered.ts";
import { isSameIssuer } from "./address.ts";
import { unique } from "../../broker/core/lists.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { DiscoveryStore, Stored } from "../../broker/core/store.ts";
import type { World } from "../../broker/core/world.ts";

/** Whoever connects does not set out by what was found longer ago. */
export const FOUND_FOR_MS = 10 * 60_000;
/** What could not be found is not looked for again for this long. */
export const NOT_FOUND_FOR_MS = 30_000;
/** For all requests of one discovery, and for a registration: a person waits. */
export const DISCOVERY_TIMEOUT_MS = 15_000;
/** Whoever registers is waited for, unless it has died. */
export const REGISTERING_MS = 20_000;
/** Of a registration: those that are asked for now, and those that may be asked for later. */
const MOST_SCOPES = 100;
/** Authorization servers of before that are kept, for what was issued there. */
const MAX_EARLIER = 10;
/** Where a refresh gets no usable answer, what was found longer ago is looked for again. */
const DOUBT_AFTER_MS = 60_000;
/** Earlier registrations that are kept, for what was issued to them. */
export const MAX_REGISTRATIONS = 50;
const POLL_MS = 100;
/** A server that refuses to register until later is asked again by then. */
const LONGEST_REFUSAL_MS = 10 * 60_000;
const LONGEST_CHALLENGE = 2_000;

/** An MCP server, as the operator set it. */
export interface ServerSpec {
  name: string;
  title: string;
  url: string;
  /** It stands in a network of the operator's own, though its name does not say so. */
  isPrivate?: boolean | undefined;
  /** This program's credentials there, where the operator has some. */
  client?: { id: string; secret?: string | undefined } | undefined;
}

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

type Kept = Stored<DiscoveryRecord>;

/** What is known of one server. */
export class KeptDiscovery {
  readonly #spec: ServerSpec;
  readonly #deps: DiscoveryDeps;
  readonly #redirectUri: string;
  /** Under which it is kept: a slash more or less is no other server. */
  readonly #url: string;
  #kept: Kept | null = null;
  #finding: Promise<Kept> | undefined;
  #lookedAt = 0;
  #registering: Promise<Registration> | undefined;
  /** Why nothing was found the last time. */
  #fault: { refusal: Refusal; until: number } | undefined;

  constructor(spec: ServerSpec, deps: DiscoveryDeps) {
    this.#spec = spec;
    this.#deps = deps;
    this.#redirectUri = `${deps.publicUrl}/callback/${spec.name}`;
    this.#url = withoutTrailingSlashes(new URL(spec.url).href);
  }

  /** As far as this process knows it without asking anybody. */
  get known(): Protection | undefined {
    return protectionOf(this.#kept?.value);
  }

  /** As far as anybody here has met it; asks nobody else. */
  async met(): Promise<Protection | undefined> {
    return this.known ?? protectionOf((await this.#read())?.value);
  }

  /**
   * It answered a request that said nothing of who asks. One that has refused such a request before
   * lists for everybody, and asks later.
   */
  async wasOpen(): Promise<void> {
    if (this.known !== undefined) return;
    const found = { kind: "open" as const, foundAt: this.#deps.world.now() };
    await this.#change((record) => record.found === undefined ? { ...record, found } : record);
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
    const { found } = (this.#kept ?? await this.#read())?.value ?? {};
    return found === undefined || isOpen(found) ? undefined : found;
  }

  /**
   * What is known of where a token set is from; `undefined`: nothing any more. Nobody is asked for
   * it but the store: who is connected does not depend on whether the server can be found.
   */
  async of(via: Via): Promise<KnownOrigin | undefined> {
    // Another process may have registered since this one looked.
    return await this.#originOf(this.#kept, via) ?? await this.#originOf(await this.#read(), via);
  }

  async #originOf(kept: Kept | null, { issuer, clientId }: Via): Promise<KnownOrigin | undefined> {
    const { found, earlier = [], registrations = [] } = kept?.value ?? {};
    const current = found === undefined || isOpen(found) ? undefined : found;
    const discovered = [...current === undefined ? [] : [current], ...earlier]
      .find((each) => isSameIssuer(each.issuer, issuer));
    if (discovered === undefined) return undefined;
    const known = registrations.find((each) =>
      each.clientId === clientId && each.issuer === issuer
    );
    // The operator's secret is not kept: it is as it is set now.
    const registration = known === undefined || known.kind === "operator"
      ? await this.#given(discovered)
      : known;
    return registration?.clientId === clientId
      ? { discovered, registration, isLeft: current !== undefined && discovered !== current }
      : undefined;
  }

  /** Looks again: what was found does not work any more. `challenge`: a `WWW-Authenticate` of its. */
  async findAgain(challenge?: string): Promise<void> {
    const before = this.known;
    const kept = await this.#read();
    // Another process has found it meanwhile.
    if (kept?.value.found !== undefined && protectionOf(kept.value) !== before) return;
    // Whoever is refused again and again makes nobody look again and again.
    const now = this.#deps.world.now();
    const isKnown = protectionOf(kept?.value) === "protected";
    if (isKnown && isToCome(this.#lookedAt + DOUBT_AFTER_MS, now, DOUBT_AFTER_MS)) return;
    this.#lookedAt = now;
    await this.#found(-1, challenge?.slice(0, LONGEST_CHALLENGE));
  }

  /**
   * This program's registration there; made where there is none.
   *
   * @throws {Refusal} `provider_unavailable`, `provider_refused`.
   */
  async registration(discovered: Discovered, scopes: string[]): Promise<Registration> {
    const given = await this.#given(discovered);
    if (given === undefined) {
      return await (this.#registering ??= this.#registered(discovered, scopes).finally(() => {
        this.#registering = undefined;
      }));
    }
    await this.#requireSameServer(given);
    await this.#remember(given);
    return given;
  }

  /** What the operator set was made at one authorization server, and its secret goes to no other. */
  async #requireSameServer({ kind, clientId, issuer }: Registration): Promise<void> {
    if (kind !== "operator") return;
    const { registrations = [] } = (await this.#read())?.value ?? {};
    const first = registrations.find((each) => each.kind === kind && each.clientId === clientId);
    if (first === undefined || first.issuer === issuer) return;
    const { name: upstream, title } = this.#spec;
    this.#deps.world.log({ level: "error", event: "upstream_client_elsewhere", upstream });
    throw new Refusal({ code: "provider_refused", title, providerCode: "unauthorized_client" });
  }

  /** The token endpoint gave no usable answer: it may be elsewhere by now. Does not throw. */
  async doubt(): Promise<void> {
    const { found } = this.#kept?.value ?? {};
    const age = this.#deps.world.now() - (found?.foundAt ?? 0);
    if (age < DOUBT_AFTER_MS) return;
    // It is said in the log; what was found before is kept.
    await this.findAgain().catch(() => {});
  }

  /** The server takes another method than was agreed on. */
  async useMethod(registration: Registration, method: Registration["method"]): Promise<void> {
    await this.#change((record) => ({
      ...record,
      registrations: record.registrations.map((each) =>
        isSame(each, registration) ? { ...each, method } : each
      ),
    }));
  }

  /**
   * The server does not know it any more: the next one who connects is sent off with a new one. It
   * is kept for those who were connected with it: each of them is told by the server itself.
   */
  async refused(registration: Registration): Promise<void> {
    const { name: upstream } = this.#spec;
    this.#deps.world.log({ level: "warn", event: "upstream_registration_refused", upstream });
    if (registration.kind !== "dynamic" || registration.isRefused) return;
    await this.#change((record) => ({
      ...record,
      registrations: record.registrations.map((each) =>
        isSame(each, registration) ? { ...each, isRefused: true } : each
      ),
    }));
  }

  /** What was issued to it goes on under it, whatever this program is called there later. */
  async #remember(registration: Registration): Promise<void> {
    const isKnown = (record: DiscoveryRecord | undefined) =>
      record?.registrations.some((each) => isSame(each, registration)) === true;
    if (isKnown(this.#kept?.value) || isKnown((await this.#read())?.value)) return;
    await this.#change((record) => ({
      ...record,
      registrations: [
        { ...registration, clientSecret: undefined },
        ...record.registrations,
      ].slice(0, MAX_REGISTRATIONS),
    }));
  }

  /** What needs no registering: the operator's own credentials, or our document. */
  async #given(discovered: Discovered): Promise<Registration | undefined> {
    const { documentRegistration, operatorRegistration } = await import("./registration.ts");
    const { client } = this.#spec;
    const { publicUrl, world } = this.#deps;
    const where = { publicUrl, redirectUri: this.#redirectUri, now: world.now() };
    if (client === undefined) return documentRegistration(discovered, where);
    const { id: clientId, secret: clientSecret } = client;
    return operatorRegistration(discovered, where, { clientId, clientSecret });
  }

  async #registered(discovered: Discovered, scopes: string[]): Promise<Registration> {
    const { world } = this.#deps;
    const { title } = this.#spec;
    const { isCurrent } = await import("./registration.ts");
    const owner = world.secret();
    let seen: { owner: string; since: number } | undefined;
    for (;;) {
      const kept = await this.#read();
      const now = world.now();
      const needed = { issuer: discovered.issuer, redirectUri: this.#redirectUri, now };
      const known = kept?.value.registrations.find((each) =>
        each.kind === "dynamic" && each.isRefused !== true && isCurrent(each, needed)
      );
      if (known !== undefined) return known;
      const { registering, registerAfter = 0 } = kept?.value ?? {};
      if (isToCome(registerAfter, now, LONGEST_REFUSAL_MS)) {
        const retryAfter = Math.ceil((registerAfter - now) / 1000);
        throw new Refusal({ code: "provider_unavailable", title, retryAfter });
      }
      if (registering !== undefined) {
        // By our own clock: that of whoever registers may be minutes off.
        if (seen?.owner !== registering.owner) seen = { owner: registering.owner, since: now };
        const isOver = now - seen.since >= REGISTERING_MS ||
          now - registering.until >= MAX_CLOCK_SKEW_MS;
        if (!isOver) {
          await world.sleep(POLL_MS);
          continue;
        }
      }
      const mark = { owner, until: now + REGISTERING_MS };
      // Of those who begin at once, in whichever process, one does it.
      if (await this.#write(kept, { registering: mark }) === null) continue;
      return await this.#register(discovered, scopes, owner);
    }
  }

  async #register(discovered: Discovered, scopes: string[], owner: string): Promise<Registration> {
    const { world, publicUrl, fetch } = this.#deps;
    const { register } = await import("./registration.ts");
    using deadline = deadlineIn(world, DISCOVERY_TIMEOUT_MS);
    const answer = await register(discovered, {
      publicUrl,
      redirectUri: this.#redirectUri,
      // Those that may be asked for later, too. Where none is asked for now the server chooses, and it
      // may choose all that was registered.
      scopes: scopes.length === 0
        ? []
        : unique([...scopes, ...discovered.scopesSupported ?? []]).slice(0, MOST_SCOPES),
      fetch,
      now: world.now(),
      signal: deadline.signal,
    });
    const added = answer.kind === "registered" ? [answer.registration] : [];
    await this.#change((record) => ({
      ...record,
      registrations: [...added, ...record.registrations].slice(0, MAX_REGISTRATIONS),
      registerAfter: answer.kind === "failed"
        ? world.now() + Math.min((answer.retryAfter ?? RETRY_SECONDS) * 1000, LONGEST_REFUSAL_MS)
        : undefined,
      registering: record.registering?.owner === owner ? undefined : record.registering,
    }));
    if (answer.kind === "registered") return answer.registration;
    const { name: upstream, title } = this.#spec;
    const { reason: detail } = answer;
    world.log({ level: "error", event: "upstream_not_registered", upstream, detail });
    throw new Refusal(
      answer.kind === "failed"
        ? { code: "provider_unavailable", title, retryAfter: answer.retryAfter ?? RETRY_SECONDS }
        : { code: "provider_refused", title, providerCode: "unauthorized_client" },
    );
  }

  #requireProtected({ value: { found } }: Kept): Discovered {
    if (found !== undefined && !isOpen(found)) return found;
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
    if (isFresh(this.#kept)) return this.#kept!;
    const kept: Kept | null = maxAge < 0 ? this.#kept : await this.#read();
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
    const before = this.#kept ?? await this.#read();
    let answer = await this.#discovered(challenge);
    // One that has asked before has not stopped asking: it lists for everybody, or has a bad moment.
    const isSure = answer.kind === "protected" || answer.kind === "failed" ||
      protectionOf(before?.value) !== "protected";
    if (!isSure) answer = await this.#discovered(before?.value.challenge ?? "Bearer");
    if (answer.kind === "protected" && !isWorse(answer.discovered, before?.value.found)) {
      this.#fault = undefined;
      const found = answer.discovered;
      return await this.#change((record) => ({
        ...withFound(record, found),
        challenge: challenge ?? record.challenge,
      }));
    }
    if (answer.kind === "open" && protectionOf(before?.value) !== "protected") {
      this.#fault = undefined;
      const found = { kind: "open" as const, foundAt: world.now() };
      return await this.#change((record) => ({ ...record, found }));
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
    const { found } = this.#kept?.value ?? {};
    const prefer = found === undefined || isOpen(found) ? undefined : found.issuer;
    return await discover(url, { fetch, now: world.now(), signal, challenge, isPrivate, prefer });
  }

  async #read(): Promise<Kept | null> {
    const { name } = this.#spec;
    const url = this.#url;
    return this.#kept = await this.#deps.store.get(name, url);
  }

  /** Writes in the place of what was read; `null`: somebody was faster. */
  async #write(before: Kept | null, change: Partial<DiscoveryRecord>): Promise<Kept | null> {
    const { name } = this.#spec;
    const url = this.#url;
    const value = { registrations: [], ...before?.value, ...change, name, url };
    const version = await this.#deps.store.put(value, before?.version ?? null);
    return version === null ? null : this.#kept = { value, version };
  }

  async #change(change: (record: DiscoveryRecord) => DiscoveryRecord): Promise<Kept> {
    const { name } = this.#spec;
    const url = this.#url;
    for (;;) {
      const before = await this.#read();
      const record = before?.value ?? { name, url, registrations: [] };
      const written = await this.#write(before, change(record));
      if (written !== null) return written;
    }
  }
}

/** Where a token set is from. */
export interface KnownOrigin {
  discovered: Discovered;
  registration: Registration;
  /** The server has named another authorization server since. */
  isLeft: boolean;
}

/** Whatever was found before is kept, one of each issuer. */
function withFound(
  record: DiscoveryRecord,
  found: NonNullable<DiscoveryRecord["found"]>,
): DiscoveryRecord {
  const before = record.found === undefined || isOpen(record.found) ? [] : [record.found];
  const current = isOpen(found) ? undefined : found.issuer;
  const earlier = [...before, ...record.earlier ?? []].filter(({ issuer }, at, all) =>
    issuer !== current && all.findIndex((other) => other.issuer === issuer) === at
  );
  return { ...record, found, earlier: earlier.slice(0, MAX_EARLIER) };
}

/** Whether a guess would take the place of what the same server has said. */
function isWorse(now: Discovered, before: DiscoveryRecord["found"]): boolean {
  return now.isGuess === true && before !== undefined && !isOpen(before) &&
    before.isGuess !== true && isSameIssuer(now.issuer, before.issuer);
}

/** Seconds, where the server says none. */
const RETRY_SECONDS = 30;

function protectionOf(record: DiscoveryRecord | undefined): Protection | undefined {
  const { found } = record ?? {};
  return found && (isOpen(found) ? "open" : "protected");
}

function isOpen(
  found: NonNullable<DiscoveryRecord["found"]>,
): found is { kind: "open"; foundAt: number } {
  return "kind" in found;
}

function isSame(a: Registration, b: Registration): boolean {
  return a.clientId === b.clientId && a.issuer === b.issuer;
}
