/**
 * Cross-Account Protection: Google tells of an account that was taken over,
 * closed, or that has taken its permissions back, as a signed security event
 * token (RFC 8417), pushed as RFC 8935 has it.
 *
 * https://developers.google.com/identity/protocols/risc (looked up in November
 * 2026; never run against Google, which wants an endpoint registered).
 *
 * @module
 */

import { createHash } from "node:crypto";
import * as errors from "jose/errors";
import { jwtVerify } from "jose/jwt/verify";
import { z } from "zod";
import { discard, readJson } from "../../broker/core/bodies.ts";
import { isToCome } from "../../broker/core/clock.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import type { Concern, Delivery, ProviderEvent } from "../../broker/core/provider_event.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { type Keys, keysAt } from "../remote_keys.ts";

const RISC = "https://schemas.openid.net/secevent/risc/event-type/";
const OAUTH = "https://schemas.openid.net/secevent/oauth/event-type/";
/** For each request, to the last byte. */
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024;
/** What the configuration says changes with years. */
const CONFIGURATION_MS = 24 * 60 * 60_000;
/** After one that could not be had. */
const AGAIN_MS = 30_000;
const PREFIX = 16;

const Configuration = z.object({ issuer: z.string(), jwks_uri: z.url() });
const Subject = z.object({
  subject: z.object({
    subject_type: z.string().optional(),
    iss: z.string().optional(),
    sub: z.string().optional(),
    token_identifier_alg: z.string().optional(),
    token: z.string().optional(),
  }).optional(),
});
const Claims = z.object({
  jti: z.string().min(1).max(200),
  events: z.record(z.string(), z.unknown()),
});

/** Where Google says whose keys sign, and how to reach it. */
export interface EventSource {
  /** `https://accounts.google.com`, or what stands in its place. */
  origin: string;
  clientId: string;
  fetch: typeof fetch;
}

interface Signer {
  issuer: string;
  keys: Keys;
  until: number;
}

/** Reads what Google delivers; its keys are asked for with the first one. */
export class GoogleEvents {
  readonly #source: EventSource;
  #signer: Signer | undefined;
  #asking: Promise<Signer> | undefined;
  #notBefore = 0;

  constructor(source: EventSource) {
    this.#source = source;
  }

  /** As {@linkcode ProviderEvents.read}. */
  async read({ body, now }: Delivery): Promise<ProviderEvent> {
    const { issuer, keys } = await this.#signerAt(now);
    const token = new TextDecoder().decode(body).trim();
    let claims;
    try {
      // Issued in the past and without an end: what it tells stays true.
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: this.#source.clientId,
        algorithms: ["RS256"],
        clockTolerance: Number.MAX_SAFE_INTEGER,
      });
      claims = Claims.parse(payload);
    } catch (error) {
      throw refusalOf(error);
    }
    const [entry] = Object.entries(claims.events);
    if (entry === undefined) return { type: "none", id: claims.jti, about: { kind: "nothing" } };
    const [uri, said] = entry;
    const type = /([a-z-]{1,60})$/.exec(uri)?.[1] ?? "other";
    return { type, id: claims.jti, about: concernOf(uri, said, issuer) };
  }

  /** Once for all that wait. @throws {Refusal} `provider_unavailable`. */
  #signerAt(now: number): Promise<Signer> {
    const kept = this.#signer;
    if (kept !== undefined && isToCome(kept.until, now, CONFIGURATION_MS)) {
      return Promise.resolve(kept);
    }
    if (isToCome(this.#notBefore, now, AGAIN_MS)) return Promise.reject(unavailable());
    return this.#asking ??= this.#ask(now).finally(() => this.#asking = undefined);
  }

  async #ask(now: number): Promise<Signer> {
    const { origin, fetch } = this.#source;
    try {
      const { issuer, jwks_uri } = await configurationAt(origin, fetch);
      const keys = keysAt(new URL(jwks_uri), { fetch, timeoutMs: TIMEOUT_MS, limit: MAX_BYTES });
      return this.#signer = { issuer, keys, until: now + CONFIGURATION_MS };
    } catch {
      this.#notBefore = now + AGAIN_MS;
      throw unavailable();
    }
  }
}

/** Whose connections it is about. Pure. */
export function concernOf(uri: string, said: unknown, issuer: string): Concern {
  const { subject } = Subject.safeParse(said).data ?? {};
  if (subject === undefined || !(uri.startsWith(RISC) || uri.startsWith(OAUTH))) {
    return { kind: "nothing" };
  }
  const { sub, iss = issuer, token, token_identifier_alg: alg } = subject;
  // Both ways of writing it are Google's.
  const isOfIt = iss.replace(/\/$/, "") === issuer.replace(/\/$/, "");
  if (sub !== undefined && isOfIt) return { kind: "account", account: sub };
  if (token === undefined) return { kind: "nothing" };
  return { kind: "token", isMeant: (tokens) => isToken(tokens, token, alg) };
}

function isToken({ refreshToken }: TokenSet, identifier: string, alg: string | undefined): boolean {
  if (refreshToken === undefined) return false;
  if (alg === "prefix") return identifier === refreshToken.slice(0, PREFIX);
  if (alg !== "hash_base64_sha512_sha512") return false;
  const once = createHash("sha512").update(refreshToken).digest();
  return identifier === createHash("sha512").update(once).digest("base64");
}

async function configurationAt(origin: string, way: typeof fetch) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const url = `${origin}/.well-known/risc-configuration`;
  const response = await way(url, { redirect: "manual", signal });
  if (response.ok) {
    return Configuration.parse(await readJson(response, { limit: MAX_BYTES, signal }));
  }
  await discard(response);
  throw new TypeError(`status ${response.status}`);
}

/** Its keys could not be had, or it is not Google's, or not for this program. */
function refusalOf(error: unknown): Refusal {
  const isOurs = error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) && error.code !== "ERR_JOSE_GENERIC" &&
    error.code !== "ERR_JWKS_INVALID";
  if (!isOurs && !(error instanceof z.ZodError)) return unavailable();
  return new Refusal({
    code: "invalid_request",
    detail: "This is no security event token of Google's for this program.",
  });
}

function unavailable(): Refusal {
  return new Refusal({
    code: "provider_unavailable",
    title: "Google",
    retryAfter: AGAIN_MS / 1000,
  });
}
