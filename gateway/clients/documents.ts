/**
 * MCP clients that a document at their own URL describes
 * (draft-ietf-oauth-client-id-metadata-document). Anybody can make this program
 * fetch a URL, so what nobody has agreed to is fetched only so often. What a
 * person has agreed to is kept in the store: strangers use up none of its
 * budget, since it has none, and it goes on working over a restart and while
 * its host is out.
 *
 * @module
 */

import { isToCome } from "../../broker/core/clock.ts";
import type { Client, FetchDocument } from "../../broker/core/client.ts";
import type { RegisteredClient } from "../../broker/core/grant.ts";
import { Places } from "../../broker/core/places.ts";
import { type Reason, Refusal } from "../../broker/core/refusal.ts";
import { digest } from "../../broker/core/secrets.ts";
import { shownName } from "../../broker/core/shown_name.ts";
import type { Store, Stored } from "../../broker/core/store.ts";
import { VaultError } from "../../broker/core/store_errors.ts";
import type { World } from "../../broker/core/world.ts";
import { keysOfDocument } from "./client_keys.ts";
import {
  DOCUMENT_LIMITS,
  DOCUMENT_RETRY_MS,
  DOCUMENT_TTL_MS,
  FetchBudget,
  MAX_DOCUMENTS,
  STALE_DOCUMENT_MS,
} from "./fetching.ts";
import { KeySets } from "./key_sets.ts";

export {
  DOCUMENT_LIMITS,
  DOCUMENT_RETRY_MS,
  DOCUMENT_TTL_MS,
  MAX_DOCUMENTS,
  STALE_DOCUMENT_MS,
} from "./fetching.ts";

const DAY_MS = 24 * 60 * 60_000;
/** A copy that nobody has used for so long is forgotten. */
export const KEPT_DOCUMENT_MS = 90 * DAY_MS;

/** Who asks, and what is wrong with what they ask. */
export interface Asking {
  /** `undefined`: it could be everybody's. */
  address?: string | undefined;
  /** Nothing is fetched for a request that is refused anyway. */
  fault?: Reason | undefined;
}

/** What documents need from outside. */
export interface DocumentDeps {
  store: Pick<Store, "clients">;
  world: World;
  fetchDocument: FetchDocument;
}

interface Copy {
  client: Client;
  fetchedAt: number;
  until: number;
}

/** Finds clients by their documents. */
export class Documents {
  readonly #deps: DocumentDeps;
  readonly #copies = new Map<string, Copy>();
  /** By host: a host with many documents loses its own first. */
  readonly #places = new Places({
    perOwner: DOCUMENT_LIMITS.perHost,
    all: MAX_DOCUMENTS,
    lifetimeMs: DOCUMENT_TTL_MS,
  });
  readonly #fetching = new Map<string, Promise<Client>>();
  readonly #budget = new FetchBudget();
  /** Of the clients that prove who they are. */
  readonly keySets: KeySets;

  constructor(deps: DocumentDeps) {
    this.#deps = deps;
    const { world, fetchDocument } = deps;
    const agreed = async (id: string) => (await this.#agreed(id))?.value;
    const takeBack = (id: string) => this.#takeBackKeys(id);
    const budget = this.#budget;
    this.keySets = new KeySets({ world, fetchDocument, budget, agreed, takeBack });
  }

  /** @throws {Refusal} `client_document`, `rate_limited`, and the fault of the one who asks. */
  async find(id: string, { address, fault }: Asking = {}): Promise<Client> {
    const url = documentUrl(id);
    const now = this.#deps.world.now();
    const copy = this.#copies.get(id);
    if (copy !== undefined && isToCome(copy.until, now, DOCUMENT_TTL_MS)) return copy.client;
    const agreed = (await this.#agreed(id))?.value;
    // Whoever comes while it is being fetched waits for the same answer.
    const fetching = this.#fetching.get(id);
    if (fetching !== undefined) return await fetching;
    if (agreed === undefined) {
      if (fault !== undefined) throw new Refusal(fault);
      this.#budget.admit(url, address, now);
    }
    const fetched = this.#ask(url, agreed).finally(() => this.#fetching.delete(id));
    this.#fetching.set(id, fetched);
    return await fetched;
  }

  /** A person agreed to it, or it got tokens: kept, and written once a day unless it changed. */
  async keep(id: string): Promise<void> {
    const { store, world } = this.#deps;
    const copy = this.#copies.get(id);
    if (copy === undefined) return;
    const { client: { name, redirectUris, keys, boundOnly }, fetchedAt } = copy;
    const kept = await this.#agreed(id);
    const now = world.now();
    const said = {
      name,
      redirectUris,
      proves: keys !== undefined,
      keys,
      boundOnly,
      fetchedKeys: this.keySets.lastOf(keys) ?? fetchedFrom(keys?.uri, kept?.value),
    };
    const same = kept !== null && saidIn(kept.value) === saidIn(said);
    if (same && kept.value.expiresAt > now + KEPT_DOCUMENT_MS - DAY_MS) return;
    const expiresAt = now + KEPT_DOCUMENT_MS;
    await store.clients.put(digest(id), { ...said, id, used: true, fetchedAt, expiresAt });
  }

  /** Whether a person has agreed to it. */
  async isAgreed(id: string): Promise<boolean> {
    return await this.#agreed(id) !== null;
  }

  async #takeBackKeys(id: string): Promise<void> {
    const kept = await this.#agreed(id);
    if (kept === null) return;
    const { fetchedKeys: _, ...rest } = kept.value;
    // Where somebody wrote first, it was with what was fetched later.
    await this.#deps.store.clients.replace(digest(id), rest, kept.version);
  }

  /** The copy of what somebody agreed to. One that cannot be opened is none: it is fetched anew. */
  async #agreed(id: string): Promise<Stored<RegisteredClient> | null> {
    try {
      const kept = await this.#deps.store.clients.peek(digest(id));
      return kept === null || kept.value.expiresAt <= this.#deps.world.now() ? null : kept;
    } catch (error) {
      if (error instanceof VaultError) return null;
      throw error;
    }
  }

  async #ask(url: URL, agreed: RegisteredClient | undefined): Promise<Client> {
    const { fetchDocument, world } = this.#deps;
    try {
      const client = await clientOf(url, await fetchDocument(url));
      const now = world.now();
      this.#remember(url, { client, fetchedAt: now, until: now + DOCUMENT_TTL_MS });
      return client;
    } catch (error) {
      const { fetchedAt = 0 } = agreed ?? {};
      const now = world.now();
      // A copy that does not say whether its client has to prove who it is makes nobody public.
      const isUsable = isToCome(fetchedAt + STALE_DOCUMENT_MS, now, STALE_DOCUMENT_MS) &&
        agreed?.proves !== undefined;
      if (!(error instanceof Refusal) || !isUsable) throw error;
      const { id, name, redirectUris, keys, boundOnly } = agreed!;
      const client: Client = { id, name, redirectUris, keys, boundOnly, kind: "document" };
      world.log({ level: "warn", event: "client_document_stale", host: url.host });
      this.#remember(url, { client, fetchedAt, until: now + DOCUMENT_RETRY_MS });
      return client;
    }
  }

  #remember({ href, hostname }: URL, copy: Copy): void {
    const dropped = this.#places.take(hostname, href, this.#deps.world.now());
    for (const id of dropped) this.#copies.delete(id);
    this.#copies.set(href, copy);
  }
}

async function clientOf({ href, host }: URL, document: unknown): Promise<Client> {
  const { ClientDocument, refusedMetadata } = await import("./client_metadata.ts");
  const parsed = ClientDocument.safeParse(document);
  if (!parsed.success) throw new Refusal(refusedMetadata(parsed.error));
  if (parsed.data.client_id !== href) {
    const detail = "its client_id is not its own URL";
    throw new Refusal({ code: "client_document", detail, about: "metadata" });
  }
  const { client_name: said = "", redirect_uris: redirectUris } = parsed.data;
  const keys = keysOfDocument(parsed.data);
  const boundOnly = parsed.data.dpop_bound_access_tokens;
  const name = shownName(said, host);
  return { id: href, name, redirectUris, keys, boundOnly, kind: "document" };
}

/** The keys that were kept from this address, and from no other. */
function fetchedFrom(uri: string | undefined, kept: RegisteredClient | undefined) {
  return kept?.fetchedKeys?.uri === uri ? kept?.fetchedKeys : undefined;
}

/** What would be another copy. Keys that were fetched anew and are the same are none. */
function saidIn(
  { name, redirectUris, proves, keys, boundOnly, fetchedKeys }: Omit<
    RegisteredClient,
    "id" | "used" | "expiresAt"
  >,
): string {
  const { uri, list } = fetchedKeys ?? {};
  return JSON.stringify([name, redirectUris, proves, keys, boundOnly, uri, list]);
}

/** The URL behind a client id; refuses what the draft's §2 forbids. */
function documentUrl(id: string): URL {
  const url = URL.canParse(id) ? new URL(id) : undefined;
  const plain = url !== undefined && url.href === id && url.protocol === "https:" &&
    url.pathname !== "/" && url.username === "" && url.password === "" &&
    // `url.hash` says nothing of a fragment that is empty.
    !id.includes("#");
  if (!plain) {
    throw new Refusal({
      code: "client_document",
      detail: "the client_id is not a plain https URL",
      about: "metadata",
    });
  }
  return url;
}
