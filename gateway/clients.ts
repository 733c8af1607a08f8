/**
 * Who an MCP client is: described by a document at its own URL, registered
 * here, or set by the operator. And where it may send people back to.
 *
 * @module
 */

import { z } from "zod";
import { isToCome } from "../broker/core/clock.ts";
import type { Client, FetchDocument } from "../broker/core/client.ts";
import { type Reason, Refusal } from "../broker/core/refusal.ts";
import { shownName } from "../broker/core/shown_name.ts";
import { digest } from "../broker/core/secrets.ts";
import type { RegisteredClient } from "../broker/core/grant.ts";
import type { Store } from "../broker/core/store.ts";
import type { World } from "../broker/core/world.ts";
import { isRedirectUri } from "./redirects.ts";

/** Where clients are known from: the operator, our registrations, documents of their own. */
export interface ClientDeps {
  store: Pick<Store, "clients" | "limits">;
  world: World;
  operatorClients: Client[];
  fetchDocument: FetchDocument;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** A registration that no person ever agreed to is forgotten. */
export const UNUSED_CLIENT_MS = DAY_MS;
export const USED_CLIENT_MS = 90 * DAY_MS;
/** Registrations per address, and of all, per hour. */
export const REGISTRATION_LIMIT = { perAddress: 100, all: 1000 };
/** Documents that are fetched, per hour. */
export const DOCUMENT_LIMIT = 500;
export const DOCUMENT_TTL_MS = HOUR_MS;
const MAX_CACHED = 500;
/**
 * What is kept of a registration, as JSON: room for all addresses that are
 * allowed as long as they are ASCII, as those of RFC 3986 are. Anybody
 * registers, and fills the store.
 */
export const MAX_REGISTRATION_BYTES = 48 * 1024;

const RedirectUri = z.string().max(2000).refine(isRedirectUri, {
  message:
    "must be https, http on a loopback host, or an app's own scheme such as com.example.app, without fragment",
});

/** RFC 7591 §2, and the client id metadata document's members that matter here. */
const Metadata = z.object({
  client_name: z.string().max(200).optional(),
  redirect_uris: z.array(RedirectUri).min(1).max(20),
  grant_types: z.array(z.string()).max(20).optional(),
  response_types: z.array(z.string()).max(20).optional(),
  token_endpoint_auth_method: z.string().max(100).optional(),
});

const ClientDocument = Metadata.extend({ client_id: z.string() });

/** Finds clients, and remembers documents for an hour. */
export class Clients {
  readonly #deps: ClientDeps;
  readonly #documents = new Map<string, { client: Client; until: number }>();

  constructor(deps: ClientDeps) {
    this.#deps = deps;
  }

  /** The client of an id; refuses one that is unknown. */
  async find(id: string | undefined): Promise<Client> {
    const { operatorClients, store, world } = this.#deps;
    const known = operatorClients.find((client) => client.id === id);
    if (known !== undefined) return known;
    if (id === undefined || id.length > 2000) throw new Refusal({ code: "unknown_client" });
    if (id.startsWith("https://")) return await this.#described(id);
    const stored = await store.clients.peek(digest(id));
    if (stored === null || stored.value.expiresAt <= world.now()) {
      throw new Refusal({ code: "unknown_client" });
    }
    const { name, redirectUris } = stored.value;
    return { id, name, redirectUris, kind: "registered" };
  }

  /** RFC 7591 §3: anybody may, up to a limit; unused registrations are forgotten. */
  async register(metadata: unknown, address: string): Promise<RegisteredClient> {
    const { store, world } = this.#deps;
    const now = world.now();
    const parsed = Metadata.safeParse(metadata);
    if (!parsed.success) {
      throw new Refusal(refusedDocument(parsed.error));
    }
    const { client_name: said = "", redirect_uris: redirectUris } = parsed.data;
    const name = shownName(said, "An unnamed app");
    const { byteLength } = new TextEncoder().encode(JSON.stringify({ name, redirectUris }));
    if (byteLength > MAX_REGISTRATION_BYTES) {
      const detail = `it has ${byteLength} bytes of at most ${MAX_REGISTRATION_BYTES}`;
      throw new Refusal({ code: "client_document", detail, about: "metadata" });
    }
    const { perAddress, all } = REGISTRATION_LIMIT;
    const admitted =
      await store.limits.hit(`register:${digest(address)}`, perAddress, HOUR_MS, now) &&
      await store.limits.hit("register", all, HOUR_MS, now);
    if (!admitted) throw new Refusal({ code: "rate_limited", retryAfter: HOUR_MS / 1000 });
    const id = `sb_client_${world.secret()}`;
    const expiresAt = now + UNUSED_CLIENT_MS;
    const client = { id, name, redirectUris, used: false, expiresAt };
    await store.clients.put(digest(id), client);
    return client;
  }

  /** It got tokens: a registration lives on, and is written at most once a day. */
  async markUsed(id: string): Promise<void> {
    const { store, world } = this.#deps;
    const stored = await store.clients.peek(digest(id));
    const soon = world.now() + USED_CLIENT_MS - DAY_MS;
    if (stored === null || (stored.value.used && stored.value.expiresAt > soon)) return;
    const client = { ...stored.value, used: true, expiresAt: world.now() + USED_CLIENT_MS };
    await store.clients.replace(digest(id), client, stored.version);
  }

  /** draft-ietf-oauth-client-id-metadata-document: the id is the document's URL. */
  async #described(id: string): Promise<Client> {
    const now = this.#deps.world.now();
    const cached = this.#documents.get(id);
    if (cached !== undefined && isToCome(cached.until, now, DOCUMENT_TTL_MS)) return cached.client;
    const url = documentUrl(id);
    // Anybody can make this program fetch a URL: so many an hour, and no more.
    const { store } = this.#deps;
    if (!await store.limits.hit("documents", DOCUMENT_LIMIT, HOUR_MS, now)) {
      throw new Refusal({ code: "rate_limited", retryAfter: HOUR_MS / 1000 });
    }
    const parsed = ClientDocument.safeParse(await this.#deps.fetchDocument(url));
    if (!parsed.success) {
      throw new Refusal(refusedDocument(parsed.error));
    }
    if (parsed.data.client_id !== id) {
      const detail = "its client_id is not its own URL";
      throw new Refusal({ code: "client_document", detail, about: "metadata" });
    }
    const { client_name: said = "", redirect_uris: redirectUris } = parsed.data;
    const name = shownName(said, url.host);
    const client: Client = { id, name, redirectUris, kind: "document" };
    if (this.#documents.size >= MAX_CACHED) this.#documents.clear();
    this.#documents.set(id, { client, until: now + DOCUMENT_TTL_MS });
    return client;
  }
}

/** The URL behind a client id; refuses what the draft's §2 forbids. */
function documentUrl(id: string): URL {
  const url = URL.canParse(id) ? new URL(id) : undefined;
  const plain = url !== undefined && url.href === id && url.protocol === "https:" &&
    url.pathname !== "/" && url.hash === "" && url.username === "" && url.password === "";
  if (!plain) {
    throw new Refusal({
      code: "client_document",
      detail: "the client_id is not a plain https URL",
      about: "metadata",
    });
  }
  return url;
}

function refusedDocument(error: z.ZodError): Reason {
  const [issue] = error.issues;
  const detail = `${issue?.path.join(".") || "it"} ${issue?.message ?? "is malformed"}`;
  const about = issue?.path[0] === "redirect_uris" ? "redirect_uris" : "metadata";
  return { code: "client_document", detail, about };
}
