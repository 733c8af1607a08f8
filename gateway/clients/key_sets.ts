/**
 * The keys of MCP clients that say where theirs are (`jwks_uri`), fetched as
 * their documents are: public addresses only, bounded, kept for an hour, and
 * used for a week while the host is out.
 *
 * Whoever knows a client's id can send an assertion in its name, so no more
 * than that makes this program fetch: keys of a client that nobody has agreed
 * to count as its document does, and so do keys on another host than the
 * document's, which that host never asked for. The rest is fetched once an
 * hour, and once a minute for assertions of keys that are not known.
 *
 * @module
 */

import type {
  Client,
  ClientKeys,
  FetchDocument,
  FetchedKeys,
  PublicKey,
} from "../../broker/core/client.ts";
import { isToCome } from "../../broker/core/clock.ts";
import type { RegisteredClient } from "../../broker/core/grant.ts";
import { Places } from "../../broker/core/places.ts";
import { type Reason, Refusal } from "../../broker/core/refusal.ts";
import type { World } from "../../broker/core/world.ts";
import { readKeySet } from "./client_keys.ts";
import {
  DOCUMENT_LIMITS,
  DOCUMENT_RETRY_MS,
  DOCUMENT_TTL_MS,
  type FetchBudget,
  MAX_DOCUMENTS,
  STALE_DOCUMENT_MS,
} from "./fetching.ts";

/** For a key that is not known, an address is asked again after this long. */
export const KEYS_RENEWAL_MS = 60_000;

/** What key sets need from outside. */
export interface KeySetDeps {
  world: World;
  fetchDocument: FetchDocument;
  /** The documents' own. */
  budget: FetchBudget;
  /** What was kept of a client that somebody agreed to. */
  agreed(id: string): Promise<RegisteredClient | undefined>;
  /** Keeps the keys no longer that were kept of it. */
  takeBack(id: string): Promise<void>;
}

interface Copy {
  /** Absent where there never was an answer that can be used. */
  fetched?: FetchedKeys | undefined;
  fault?: Reason | undefined;
  askedAt: number;
  until: number;
}

/** Whose keys, and who asks. */
export interface WantedKeys {
  client: Client;
  keys: ClientKeys;
  /** `undefined`: it could be everybody's. */
  address: string | undefined;
}

/** Finds the keys of clients. */
export class KeySets {
  readonly #deps: KeySetDeps;
  /** By address, not by client: many clients of one address are one question. */
  readonly #copies = new Map<string, Copy>();
  readonly #places = new Places({
    perOwner: DOCUMENT_LIMITS.perHost,
    all: MAX_DOCUMENTS,
    lifetimeMs: STALE_DOCUMENT_MS,
  });
  readonly #fetching = new Map<string, Promise<PublicKey[]>>();

  constructor(deps: KeySetDeps) {
    this.#deps = deps;
  }

  /** @throws {Refusal} `client_document`, `rate_limited`. */
  async find(wanted: WantedKeys): Promise<PublicKey[]> {
    const { keys: { uri, list } } = wanted;
    if (uri === undefined) return list;
    const copy = this.#copies.get(uri);
    const isLiving = copy !== undefined &&
      isToCome(copy.until, this.#deps.world.now(), DOCUMENT_TTL_MS);
    return isLiving ? keysIn(copy) : await this.#askOnce(uri, wanted);
  }

  /**
   * The keys as they are now, where one is wanted that is not among them; `undefined`: they were
   * asked for a moment ago, or stand in the client's own description.
   *
   * @throws {Refusal} `client_document`, `rate_limited`.
   */
  async renew(wanted: WantedKeys): Promise<PublicKey[] | undefined> {
    const { uri } = wanted.keys;
    if (uri === undefined) return undefined;
    const { askedAt = 0 } = this.#copies.get(uri) ?? {};
    const isEarly = isToCome(askedAt + KEYS_RENEWAL_MS, this.#deps.world.now(), KEYS_RENEWAL_MS);
    return isEarly ? undefined : await this.#askOnce(uri, wanted);
  }

  /** What was fetched last of a client's keys, to be kept. */
  lastOf(keys: ClientKeys | undefined): FetchedKeys | undefined {
    return keys?.uri === undefined ? undefined : this.#copies.get(keys.uri)?.fetched;
  }

  async #askOnce(uri: string, { client, address }: WantedKeys): Promise<PublicKey[]> {
    const agreed = await this.#deps.agreed(client.id);
    // Whoever comes while they are being fetched waits for the same answer.
    const fetching = this.#fetching.get(uri);
    if (fetching !== undefined) return await fetching;
    const url = new URL(uri);
    if (agreed === undefined || url.host !== new URL(client.id).host) {
      this.#deps.budget.admit(url, address, this.#deps.world.now());
    }
    const fetched = this.#ask(url, agreed).finally(() => this.#fetching.delete(uri));
    this.#fetching.set(uri, fetched);
    return await fetched;
  }

  async #ask(url: URL, agreed: RegisteredClient | undefined): Promise<PublicKey[]> {
    const { fetchDocument, world } = this.#deps;
    const { href: uri } = url;
    let set: unknown;
    try {
      set = await fetchDocument(url);
    } catch (error) {
      return this.#fail(url, error, [this.#copies.get(uri)?.fetched, agreed?.fetchedKeys]);
    }
    try {
      const list = readKeySet(set);
      const now = world.now();
      const fetched = { uri, list, fetchedAt: now };
      return this.#remember(url, { fetched, askedAt: now, until: now + DOCUMENT_TTL_MS });
    } catch (error) {
      // The host is there, and none of the keys of before counts any more: a client that takes its
      // keys back does it like that.
      if (agreed?.fetchedKeys !== undefined) await this.#deps.takeBack(agreed.id);
      return this.#fail(url, error, []);
    }
  }

  /** Goes on with what there was before, where that can be used; not for a fault of our own. */
  #fail(url: URL, error: unknown, before: (FetchedKeys | undefined)[]): PublicKey[] {
    if (!(error instanceof Refusal)) throw error;
    const { world } = this.#deps;
    const now = world.now();
    const fetched = before.find((kept) =>
      kept?.uri === url.href &&
      isToCome(kept.fetchedAt + STALE_DOCUMENT_MS, now, STALE_DOCUMENT_MS)
    );
    world.log({ level: "warn", event: "client_keys_not_fetched", host: url.host });
    const fault = aboutKeys(error.reason);
    return this.#remember(url, { fetched, fault, askedAt: now, until: now + DOCUMENT_RETRY_MS });
  }

  #remember({ href, hostname }: URL, copy: Copy): PublicKey[] {
    this.#places.take(hostname, href, this.#deps.world.now());
    this.#copies.set(href, copy);
    // Those that gave way, and those whose time is over.
    for (const uri of this.#copies.keys()) if (!this.#places.has(uri)) this.#copies.delete(uri);
    return keysIn(copy);
  }
}

function keysIn({ fetched, fault }: Copy): PublicKey[] {
  if (fetched !== undefined) return fetched.list;
  throw new Refusal(fault ?? { code: "unknown_client" });
}

/** The same fault, said of the keys. */
function aboutKeys(reason: Reason): Reason {
  if (reason.code !== "client_document") return reason;
  return { ...reason, detail: `of its jwks_uri, ${reason.detail}` };
}
