/**
 * Who an MCP client is: described by a document at its own URL, registered
 * here, or set by the operator.
 *
 * @module
 */

import { isLoopback } from "../../broker/core/addresses.ts";
import type { Client } from "../../broker/core/client.ts";
import type { RegisteredClient } from "../../broker/core/grant.ts";
import { Places } from "../../broker/core/places.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { digest } from "../../broker/core/secrets.ts";
import { shownName } from "../../broker/core/shown_name.ts";
import { keysOfRegistration } from "./client_keys.ts";
import { type Asking, type DocumentDeps, Documents } from "./documents.ts";
import type { Doors } from "../doors.ts";
import type { KeySets } from "./key_sets.ts";

/** Where clients are known from: the operator, our registrations, documents of their own. */
export interface ClientDeps extends DocumentDeps {
  operatorClients: Client[];
  doors: Doors;
  /** Whether clients may be described by documents of their own. */
  readsDocuments: boolean;
  /** People's own machine, where nobody else registers: the playground. */
  isLocal: boolean;
}

const DAY_MS = 24 * 60 * 60_000;
/** A registration that no person ever agreed to is forgotten. */
export const UNUSED_CLIENT_MS = DAY_MS;
export const USED_CLIENT_MS = 90 * DAY_MS;
/** Registrations that no person has agreed to yet, of all addresses. */
export const MAX_UNUSED_CLIENTS = 5_000;
/**
 * What is kept of a registration, as JSON: room for all addresses that are
 * allowed as long as they are ASCII, as those of RFC 3986 are. Anybody
 * registers, and fills the store.
 */
export const MAX_REGISTRATION_BYTES = 48 * 1024;

/** Finds clients, and registers them. */
export class Clients {
  readonly #deps: ClientDeps;
  readonly #documents: Documents;
  /** By address: where there are too many, the address with the most loses its oldest. */
  readonly #unused = new Places({
    perOwner: MAX_UNUSED_CLIENTS,
    all: MAX_UNUSED_CLIENTS,
    lifetimeMs: UNUSED_CLIENT_MS,
  });

  constructor(deps: ClientDeps) {
    this.#deps = deps;
    this.#documents = new Documents(deps);
  }

  /** Of the clients that prove who they are. */
  get keySets(): KeySets {
    return this.#documents.keySets;
  }

  /** The client of an id; refuses one that is unknown. */
  async find(id: string | undefined, asking?: Asking): Promise<Client> {
    const { operatorClients, store, world, readsDocuments } = this.#deps;
    const known = operatorClients.find((client) => client.id === id);
    if (known !== undefined) return known;
    if (id === undefined || id.length > 2000) throw new Refusal({ code: "unknown_client" });
    if (isDocument(id)) {
      if (!readsDocuments) throw new Refusal({ code: "unknown_client", documents: "off" });
      return await this.#documents.find(id, asking);
    }
    const stored = await store.clients.peek(digest(id));
    if (stored === null || stored.value.expiresAt <= world.now()) {
      throw new Refusal({ code: "unknown_client" });
    }
    const { name, redirectUris, keys, boundOnly } = stored.value;
    return { id, name, redirectUris, keys, boundOnly, kind: "registered" };
  }

  /** Whether a person has agreed to it, or the operator has. */
  async isAgreed({ id, kind }: Client): Promise<boolean> {
    if (kind === "operator") return true;
    if (kind === "document") return await this.#documents.isAgreed(id);
    return (await this.#deps.store.clients.peek(digest(id)))?.value.used ?? false;
  }

  /** RFC 7591 §3: anybody may, so often; unused registrations are forgotten. */
  async register(metadata: unknown, address: string | undefined): Promise<RegisteredClient> {
    const { store, world, doors, isLocal } = this.#deps;
    const { Metadata, refusedMetadata } = await import("./client_metadata.ts");
    const parsed = Metadata.safeParse(metadata);
    if (!parsed.success) throw new Refusal(refusedMetadata(parsed.error));
    const { client_name: said = "", redirect_uris: redirectUris } = parsed.data;
    const name = shownName(said, "An unnamed app");
    const keys = keysOfRegistration(parsed.data);
    const kept = JSON.stringify({ name, redirectUris, keys });
    const { byteLength } = new TextEncoder().encode(kept);
    if (byteLength > MAX_REGISTRATION_BYTES) {
      const detail = `it has ${byteLength} bytes of at most ${MAX_REGISTRATION_BYTES}`;
      throw new Refusal({ code: "client_document", detail, about: "metadata" });
    }
    // Clients that are being written register at every start.
    if (!isLocal || !isLoopbackCaller(address)) await doors.enter("registration", address);
    const id = `sb_client_${world.secret()}`;
    const now = world.now();
    const boundOnly = parsed.data.dpop_bound_access_tokens;
    const description = { name, redirectUris, proves: keys !== undefined, keys, boundOnly };
    const client = { ...description, id, used: false, expiresAt: now + UNUSED_CLIENT_MS };
    const dropped = this.#unused.take(address ?? "", digest(id), now);
    await Promise.all(dropped.map((key) => this.#forget(key)));
    await store.clients.put(digest(id), client);
    // Many at the same time: whoever dropped it meanwhile did not find it.
    if (!this.#unused.has(digest(id))) await this.#forget(digest(id));
    return client;
  }

  /** A person agreed to it, or it got tokens: it lives on, and is written at most once a day. */
  async markUsed(id: string): Promise<void> {
    if (isDocument(id)) return await this.#documents.keep(id);
    const { store, world } = this.#deps;
    this.#unused.leave(digest(id));
    const stored = await store.clients.peek(digest(id));
    const soon = world.now() + USED_CLIENT_MS - DAY_MS;
    if (stored === null || (stored.value.used && stored.value.expiresAt > soon)) return;
    const client = { ...stored.value, used: true, expiresAt: world.now() + USED_CLIENT_MS };
    await store.clients.replace(digest(id), client, stored.version);
  }

  /** Unless somebody has agreed to it meanwhile, in this process or in another. */
  async #forget(key: string): Promise<void> {
    const { clients } = this.#deps.store;
    const stored = await clients.peek(key);
    if (stored !== null && !stored.value.used) await clients.take(key, stored.version);
  }
}

/** As `callerKey()` says it: of IPv6 it is the /64, which is ::1's alone. */
function isLoopbackCaller(address: string | undefined): boolean {
  return address === "0:0:0:0" || (address !== undefined && isLoopback(address));
}

function isDocument(id: string): boolean {
  return id.startsWith("https://");
}
