/**
 * OAuth 2.0 towards providers, on arctic. The only file that imports arctic:
 * its author froze it in July 2026, so the rest sees our contract.
 *
 * arctic calls the global `fetch`, without a time-out, follows redirects with
 * the client's credentials, hides `Retry-After`, and knows one client
 * authentication method. {@linkcode OAuthClient} gives each request a fetch of
 * its own that sets this right; arctic itself never sees the client secret.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  ArcticFetchError,
  CodeChallengeMethod,
  OAuth2Client,
  OAuth2RequestError,
  type OAuth2Tokens,
  UnexpectedErrorResponseBodyError,
  UnexpectedResponseError,
} from "arctic";
import type {
  AuthorizationRequest,
  AuthorizationServer,
  Revocation,
  TokenAnswer,
} from "../broker/types.ts";

const exchangeFetch = new AsyncLocalStorage<typeof fetch | undefined>();
const platformFetch = globalThis.fetch;
globalThis.fetch = (input, init) => (exchangeFetch.getStore() ?? platformFetch)(input, init);

/** A token answer is a few KB; more than this is not one. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A person waits in the browser while a code is exchanged. */
const EXCHANGE_TIMEOUT_MS = 20_000;
const REVOCATION_TIMEOUT_MS = 10_000;

/** One registered client at one authorization server. */
export interface OAuthClientOptions {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  /** RFC 7009. */
  revocationEndpoint?: string;
  /** RFC 6749 §2.3.1; in the body where it is not said. */
  clientAuthentication?: "client_secret_post" | "client_secret_basic";
  /** Added to every authorization request. */
  authorizationParameters?: Record<string, string>;
  /** The provider's own error codes → RFC 6749's. */
  errorCodes?: Record<string, string>;
  fetch: typeof fetch;
}

/** Authorization code flow with PKCE, refresh and revocation for one client. */
export class OAuthClient {
  readonly #options: OAuthClientOptions;
  readonly #arctic: OAuth2Client;

  constructor(options: OAuthClientOptions) {
    this.#options = options;
    this.#arctic = new OAuth2Client(options.clientId, null, options.redirectUri);
  }

  /** What a provider needs of its client, ready to be spread into it. */
  flow(): Pick<AuthorizationServer, "authorizationUrl" | "exchange" | "refresh" | "revoke"> {
    return {
      authorizationUrl: (request) => this.authorizationUrl(request),
      exchange: (code, verifier) => this.exchange(code, verifier),
      refresh: (refreshToken) => this.refresh(refreshToken),
      revoke: ({ refreshToken, accessToken }) => this.revoke(refreshToken ?? accessToken),
    };
  }

  /** RFC 6749 §4.1.1 with an S256 challenge (RFC 7636 §4.3), even where a provider ignores it. */
  authorizationUrl({ state, verifier, scopes }: AuthorizationRequest): URL {
    const { authorizationEndpoint, authorizationParameters = {} } = this.#options;
    const url = this.#arctic.createAuthorizationURLWithPKCE(
      authorizationEndpoint,
      state,
      CodeChallengeMethod.S256,
      verifier,
      scopes,
    );
    for (const [name, value] of Object.entries(authorizationParameters)) {
      url.searchParams.set(name, value);
    }
    return url;
  }

  /** RFC 6749 §4.1.3. */
  exchange(code: string, verifier: string): Promise<TokenAnswer> {
    const { tokenEndpoint } = this.#options;
    return this.#ask(
      () => this.#arctic.validateAuthorizationCode(tokenEndpoint, code, verifier),
      EXCHANGE_TIMEOUT_MS,
    );
  }

  /**
   * RFC 6749 §6. Never aborted: a provider that rotates refresh tokens has
   * used up the old one as soon as it reads the request.
   */
  refresh(refreshToken: string): Promise<TokenAnswer> {
    const { tokenEndpoint } = this.#options;
    return this.#ask(() => this.#arctic.refreshAccessToken(tokenEndpoint, refreshToken, []));
  }

  /** RFC 7009. A provider that does not know the token any more has revoked it. */
  async revoke(token: string): Promise<Revocation> {
    const { revocationEndpoint } = this.#options;
    if (revocationEndpoint === undefined) return { kind: "unsupported" };
    const exchange = new Exchange(this.#options, REVOCATION_TIMEOUT_MS);
    try {
      await exchange.run(() => this.#arctic.revokeToken(revocationEndpoint, token));
      return { kind: "revoked" };
    } catch (error) {
      if (error instanceof OAuth2RequestError && error.code === "invalid_token") {
        return { kind: "revoked" };
      }
      return { kind: "failed", reason: reasonOf(error) };
    }
  }

  async #ask(request: () => Promise<OAuth2Tokens>, timeoutMs?: number): Promise<TokenAnswer> {
    const exchange = new Exchange(this.#options, timeoutMs);
    try {
      return this.#parse((await exchange.run(request)).data);
    } catch (error) {
      if (error instanceof OAuth2RequestError) return this.#rejected(error.code);
      return { kind: "failed", reason: reasonOf(error), ...exchange.retryAfter };
    }
  }

  /** RFC 6749 §5.1, and what providers make of it. */
  #parse(data: object): TokenAnswer {
    const wire = data as Record<string, unknown>;
    // GitHub answers 200 with {error} (seen November 2026).
    if (typeof wire.error === "string") return this.#rejected(wire.error);
    const { access_token, token_type, refresh_token, scope } = wire;
    if (typeof access_token !== "string" || access_token === "") {
      return { kind: "failed", reason: "the answer holds no access_token" };
    }
    const expiresIn = Number(wire.expires_in ?? NaN);
    return {
      kind: "issued",
      tokens: {
        accessToken: access_token,
        // GitHub says "bearer"; RFC 6750's header wants the same word, and some APIs its case.
        tokenType: typeof token_type !== "string" || /^bearer$/i.test(token_type)
          ? "Bearer"
          : token_type,
        ...(typeof refresh_token === "string" && refresh_token !== ""
          ? { refreshToken: refresh_token }
          : {}),
        ...(Number.isFinite(expiresIn) && expiresIn > 0 ? { expiresIn } : {}),
        ...(typeof scope === "string" ? { scopes: scope.split(/[\s,]+/).filter(Boolean) } : {}),
      },
    };
  }

  #rejected(code: string): TokenAnswer {
    const known = this.#options.errorCodes?.[code] ?? code;
    // The code is shown and logged: a server that puts something else there is not quoted.
    return { kind: "rejected", code: /^[a-z_]{1,60}$/.test(known) ? known : "unknown_error" };
  }
}

/** One request of arctic's, with a fetch of its own. */
class Exchange {
  readonly #options: OAuthClientOptions;
  readonly #timeoutMs: number | undefined;
  #retryAfter: number | undefined;

  constructor(options: OAuthClientOptions, timeoutMs?: number) {
    this.#options = options;
    this.#timeoutMs = timeoutMs;
  }

  run<T>(request: () => Promise<T>): Promise<T> {
    return exchangeFetch.run((input) => this.#fetch(new Request(input)), request);
  }

  /** Seconds, from `Retry-After` (RFC 9110 §10.2.3), ready to be spread. */
  get retryAfter(): { retryAfter?: number } {
    return this.#retryAfter === undefined ? {} : { retryAfter: this.#retryAfter };
  }

  async #fetch(request: Request): Promise<Response> {
    const body = new URLSearchParams(await request.text());
    const headers = new Headers(request.headers);
    headers.delete("Content-Length");
    headers.set("User-Agent", "switchboard");
    const { clientId, clientSecret, clientAuthentication } = this.#options;
    if (clientAuthentication === "client_secret_basic") {
      body.delete("client_id");
      headers.set("Authorization", `Basic ${basicCredentials(clientId, clientSecret)}`);
    } else {
      body.set("client_secret", clientSecret);
    }
    // Outside of the exchange: the fetch that was passed in may well be the global one.
    const send = () =>
      this.#options.fetch(request.url, {
        method: "POST",
        headers,
        body,
        // A redirect would carry the client's credentials to another host.
        redirect: "manual",
        ...(this.#timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(this.#timeoutMs) }),
      });
    const response = await exchangeFetch.run(undefined, send);
    const seconds = parseRetryAfter(response.headers);
    if (seconds !== undefined) this.#retryAfter = seconds;
    const text = await readText(response, MAX_ANSWER_BYTES);
    const { status } = response;
    return new Response(status === 204 || status === 304 ? null : text, { status });
  }
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return btoa(`${encode(clientId)}:${encode(clientSecret)}`);
}

/** Seconds to wait, from a number or a date; `undefined` where there is none. */
export function parseRetryAfter(headers: Headers): number | undefined {
  const value = headers.get("Retry-After");
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - Date.now()) / 1000));
}

/**
 * The body as text.
 *
 * @throws {RangeError} when it is longer than `limit` bytes.
 */
export async function readText(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw new RangeError(`the answer is longer than ${limit} bytes`);
    chunks.push(chunk);
  }
  return await new Blob(chunks as Uint8Array<ArrayBuffer>[]).text();
}

/** Words for a log. Never the body: it may hold tokens. */
function reasonOf(error: unknown): string {
  if (error instanceof OAuth2RequestError) return "the provider refused";
  if (
    error instanceof UnexpectedResponseError || error instanceof UnexpectedErrorResponseBodyError
  ) {
    return `unusable answer with status ${error.status}`;
  }
  const cause = error instanceof ArcticFetchError ? error.cause : error;
  if (cause instanceof RangeError) return cause.message;
  if (cause instanceof DOMException && cause.name === "TimeoutError") return "no answer in time";
  return "the connection failed";
}
