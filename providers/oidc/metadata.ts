/**
 * What an OpenID Connect provider says of itself (OpenID Connect Discovery §3
 * and §4): asked for when somebody signs in, kept for an hour, and believed for
 * the issuer that the operator named and for no other.
 *
 * @module
 */

import { isLoopback, withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import { discard, readJson } from "../../broker/core/bodies.ts";
import { isToCome } from "../../broker/core/clock.ts";
import { isRecord } from "../../broker/core/json.ts";
import type { OidcSettings } from "../../broker/core/oidc.ts";
import { type Reason, Refusal } from "../../broker/core/refusal.ts";
import type { World } from "../../broker/core/world.ts";

/** Of a document, of keys and of what userinfo says, in decoded bytes. */
export const OIDC_MAX_BYTES = 64 * 1024;
/** A person waits in the browser. */
export const OIDC_TIMEOUT_MS = 10_000;
/** What was found is asked for again after that. */
export const OIDC_FOUND_MS = 60 * 60_000;
/** Whoever comes meanwhile is told the same as the last one, where nothing was found. */
export const OIDC_FAILED_MS = 10_000;

/** Signatures that keys which everybody may see can check: neither `none`, nor a shared secret. */
const ALGORITHMS = [
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  ...["ES256", "ES384", "ES512", "EdDSA", "Ed25519"],
];
/** What every provider has to have (OpenID Connect Core §15.1). */
const USUAL_ALGORITHM = "RS256";

/** As much as is needed of it. */
export interface OidcMetadata {
  authorizationEndpoint: string;
  tokenEndpoint: string;
  keys: URL;
  userinfoEndpoint?: string | undefined;
  /** RFC 9207 §3. */
  sendsIssuer: boolean;
  algorithms: string[];
  clientAuthentication: "none" | "client_secret_basic" | "client_secret_post";
}

/** What is needed to ask for it. */
export interface OidcDeps {
  world: Pick<World, "now" | "log">;
  /** Follows no redirect where it is told so. */
  fetch: typeof fetch;
}

type Found = { metadata: OidcMetadata } | { fault: Reason };

/** Keeps what was found. */
export class OidcFinding {
  readonly #settings: OidcSettings;
  readonly #deps: OidcDeps;
  #kept: { found: Found; until: number; lifetime: number } | undefined;
  #asking: Promise<Found> | undefined;

  constructor(settings: OidcSettings, deps: OidcDeps) {
    this.#settings = settings;
    this.#deps = deps;
  }

  /** @throws {Refusal} `provider_unavailable`, `provider_refused`. */
  async metadata(): Promise<OidcMetadata> {
    const kept = this.#kept;
    const isGood = kept !== undefined &&
      isToCome(kept.until, this.#deps.world.now(), kept.lifetime);
    // Whoever comes while it is being asked for waits for the same answer.
    const found = isGood
      ? kept.found
      : await (this.#asking ??= this.#ask().finally(() => this.#asking = undefined));
    if ("fault" in found) throw new Refusal(found.fault);
    return found.metadata;
  }

  async #ask(): Promise<Found> {
    const found = await this.#read();
    const lifetime = "fault" in found ? OIDC_FAILED_MS : OIDC_FOUND_MS;
    this.#kept = { found, lifetime, until: this.#deps.world.now() + lifetime };
    return found;
  }

  async #read(): Promise<Found> {
    const { issuer, title } = this.#settings;
    const { fetch } = this.#deps;
    const refused = (providerCode: string): Found => {
      this.#deps.world.log({ level: "error", event: "oidc_not_usable", detail: providerCode });
      return { fault: { code: "provider_refused", title, providerCode } };
    };
    const unavailable = (detail: string): Found => {
      this.#deps.world.log({ level: "warn", event: "oidc_not_found", detail });
      const retryAfter = OIDC_FAILED_MS / 1000;
      return { fault: { code: "provider_unavailable", title, retryAfter } };
    };
    const signal = AbortSignal.timeout(OIDC_TIMEOUT_MS);
    let response: Response;
    try {
      response = await fetch(`${withoutTrailingSlashes(issuer)}/.well-known/openid-configuration`, {
        headers: { "Accept": "application/json", "User-Agent": "switchboard" },
        // What is said elsewhere is another one's word.
        redirect: "manual",
        signal,
      });
    } catch {
      return unavailable("no answer");
    }
    const { status } = response;
    if (status !== 200) {
      await discard(response);
      const isLater = status === 408 || status === 429 || status >= 500;
      return isLater ? unavailable(`status ${status}`) : refused("no_discovery_document");
    }
    let said: unknown;
    try {
      said = await readJson(response, { limit: OIDC_MAX_BYTES, signal });
    } catch (error) {
      const isDocument = error instanceof SyntaxError || error instanceof RangeError;
      return isDocument ? refused("no_discovery_document") : unavailable("the answer broke off");
    }
    if (!isRecord(said)) return refused("no_discovery_document");
    // To the letter: else whoever answers here could speak for another issuer.
    if (said.issuer !== issuer) return refused("other_issuer");
    const metadata = metadataIn(said, this.#settings);
    return metadata === undefined ? refused("discovery_document_incomplete") : { metadata };
  }
}

function metadataIn(
  said: Record<string, unknown>,
  settings: OidcSettings,
): OidcMetadata | undefined {
  const { issuer, clientSecret } = settings;
  const address = (name: string) => usable(said[name], issuer);
  const authorizationEndpoint = address("authorization_endpoint")?.href;
  const tokenEndpoint = address("token_endpoint")?.href;
  const keys = address("jwks_uri");
  const announced = textsIn(said.id_token_signing_alg_values_supported) ?? [USUAL_ALGORITHM];
  const algorithms = ALGORITHMS.filter((each) => announced.includes(each));
  if (
    authorizationEndpoint === undefined || tokenEndpoint === undefined || keys === undefined ||
    algorithms.length === 0
  ) return undefined;
  const methods = textsIn(said.token_endpoint_auth_methods_supported) ?? ["client_secret_basic"];
  const inHeader = methods.includes("client_secret_basic") ||
    !methods.includes("client_secret_post");
  return {
    authorizationEndpoint,
    tokenEndpoint,
    keys,
    userinfoEndpoint: address("userinfo_endpoint")?.href,
    sendsIssuer: said.authorization_response_iss_parameter_supported === true,
    algorithms,
    clientAuthentication: clientSecret === undefined
      ? "none"
      : inHeader
      ? "client_secret_basic"
      : "client_secret_post",
  };
}

/** https; or, of an issuer on this machine, http on this machine. */
function usable(value: unknown, issuer: string): URL | undefined {
  if (typeof value !== "string" || value.length > 2_000 || value.includes("#")) return undefined;
  const url = URL.parse(value);
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  const isHere = (address: URL) => address.protocol === "http:" && isLoopback(address.hostname);
  return url.protocol === "https:" || (isHere(url) && isHere(new URL(issuer))) ? url : undefined;
}

function textsIn(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined;
}
