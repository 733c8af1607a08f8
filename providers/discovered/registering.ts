/**
 * What this program is called at the authorization server of one MCP server:
 * registered at once for all people and processes, and kept for what was issued
 * to it.
 *
 * @module
 */

import { isToCome, MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import type { Via } from "../../broker/core/connection.ts";
import { deadlineIn } from "../../broker/core/deadline.ts";
import type { Discovered, DiscoveryRecord, Registration } from "../../broker/core/discovered.ts";
import { unique } from "../../broker/core/lists.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { isSameIssuer } from "./address.ts";
import { DISCOVERY_TIMEOUT_MS } from "./finding.ts";
import {
  discoveredOf,
  type DiscoveryDeps,
  type Kept,
  RETRY_SECONDS,
  type ServerRecord,
  type ServerSpec,
} from "./server_record.ts";

/** Whoever registers is waited for, unless it has died. */
export const REGISTERING_MS = 20_000;
/** Of a registration: those that are asked for now, and those that may be asked for later. */
const MOST_SCOPES = 100;
/** Earlier registrations that are kept, for what was issued to them. */
export const MAX_REGISTRATIONS = 50;
const POLL_MS = 100;
/** A server that refuses to register until later is asked again by then. */
const LONGEST_REFUSAL_MS = 10 * 60_000;

/** Where a token set is from. */
export interface KnownOrigin {
  discovered: Discovered;
  registration: Registration;
  /** The server has named another authorization server since. */
  isLeft: boolean;
}

/** What is known of what this program is called there. */
export class Registering {
  readonly #spec: ServerSpec;
  readonly #deps: DiscoveryDeps;
  readonly #record: ServerRecord;
  readonly #redirectUri: string;
  #registering: Promise<Registration> | undefined;

  constructor(spec: ServerSpec, deps: DiscoveryDeps, record: ServerRecord) {
    this.#spec = spec;
    this.#deps = deps;
    this.#record = record;
    this.#redirectUri = `${deps.publicUrl}/callback/${spec.name}`;
  }

  /**
   * What is known of where a token set is from; `undefined`: nothing any more. Nobody is asked for
   * it but the store: who is connected does not depend on whether the server can be found.
   */
  async of(via: Via): Promise<KnownOrigin | undefined> {
    // Another process may have registered since this one looked.
    return await this.#originOf(this.#record.kept, via) ??
      await this.#originOf(await this.#record.read(), via);
  }

  async #originOf(kept: Kept | null, { issuer, clientId }: Via): Promise<KnownOrigin | undefined> {
    const { earlier = [], registrations = [] } = kept?.value ?? {};
    const current = discoveredOf(kept?.value);
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
    const { registrations = [] } = (await this.#record.read())?.value ?? {};
    const first = registrations.find((each) => each.kind === kind && each.clientId === clientId);
    if (first === undefined || first.issuer === issuer) return;
    const { name: upstream, title } = this.#spec;
    this.#deps.world.log({ level: "error", event: "upstream_client_elsewhere", upstream });
    throw new Refusal({ code: "provider_refused", title, providerCode: "unauthorized_client" });
  }

  /** The server takes another method than was agreed on. */
  async useMethod(registration: Registration, method: Registration["method"]): Promise<void> {
    await this.#record.change((record) => ({
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
    await this.#record.change((record) => ({
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
    if (isKnown(this.#record.kept?.value) || isKnown((await this.#record.read())?.value)) return;
    await this.#record.change((record) => ({
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
      const kept = await this.#record.read();
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
      if (await this.#record.write(kept, { registering: mark }) === null) continue;
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
    await this.#record.change((record) => ({
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
}

function isSame(a: Registration, b: Registration): boolean {
  return a.clientId === b.clientId && a.issuer === b.issuer;
}
