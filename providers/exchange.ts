/**
 * One request of arctic's, with a fetch of its own.
 *
 * arctic calls the global `fetch`, without a time-out, follows redirects with
 * the client's credentials, and hides `Retry-After`. An {@linkcode Exchange}
 * sets this right, and reads what the answer says.
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  ArcticFetchError,
  OAuth2RequestError,
  type OAuth2Tokens,
  UnexpectedErrorResponseBodyError,
  UnexpectedResponseError,
} from "arctic";
import type { Revocation, TokenAnswer } from "../broker/core/authorization_server.ts";

const exchangeFetch = new AsyncLocalStorage<typeof fetch | undefined>();
const platformFetch = globalThis.fetch;
globalThis.fetch = (input, init) => (exchangeFetch.getStore() ?? platformFetch)(input, init);

/** A token answer is a few KB; more than this is not one. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** A person waits in the browser while a code is exchanged. */
export const EXCHANGE_TIMEOUT_MS = 20_000;
export const REVOCATION_TIMEOUT_MS = 10_000;

/** What an exchange is made of. */
export interface ExchangeOptions {
  fetch: typeof fetch;
  /** Puts in what arctic does not know, such as the client's credentials. */
  prepare(headers: Headers, body: URLSearchParams): void;
  /** Absent: never aborted. */
  timeoutMs?: number | undefined;
}

/** One request of arctic's. */
export class Exchange {
  readonly #options: ExchangeOptions;
  #retryAfter: number | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Runs `request` with this exchange's fetch in the place of the global one. */
  run<T>(request: () => Promise<T>): Promise<T> {
    return exchangeFetch.run((input) => this.#fetch(new Request(input)), request);
  }

  /** A token endpoint's answer, whatever happens. */
  async ask(request: () => Promise<OAuth2Tokens>, dialect: Dialect = {}): Promise<TokenAnswer> {
    try {
      return answerOf((await this.run(request)).data, dialect);
    } catch (error) {
      if (error instanceof OAuth2RequestError) return rejected(error.code, dialect);
      return { kind: "failed", reason: reasonOf(error), ...this.retryAfter };
    }
  }

  /** RFC 7009. A provider that does not know the token any more has revoked it. */
  async revoke(request: () => Promise<void>): Promise<Revocation> {
    try {
      await this.run(request);
      return { kind: "revoked" };
    } catch (error) {
      if (error instanceof OAuth2RequestError && error.code === "invalid_token") {
        return { kind: "revoked" };
      }
      return { kind: "failed", reason: reasonOf(error) };
    }
  }

  /** Seconds, from `Retry-After` (RFC 9110 §10.2.3), ready to be spread. */
  get retryAfter(): { retryAfter?: number } {
    return this.#retryAfter === undefined ? {} : { retryAfter: this.#retryAfter };
  }

  async #fetch(request: Request): Promise<Response> {
    const { fetch, prepare, timeoutMs } = this.#options;
    const body = new URLSearchParams(await request.text());
    const headers = new Headers(request.headers);
    headers.delete("Content-Length");
    headers.set("User-Agent", "switchboard");
    prepare(headers, body);
    // Outside of the exchange: the fetch that was passed in may well be the global one.
    const send = () =>
      fetch(request.url, {
        method: "POST",
        headers,
        body,
        // A redirect would carry the client's credentials to another host.
        redirect: "manual",
        ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
      });
    const response = await exchangeFetch.run(undefined, send);
    const seconds = parseRetryAfter(response.headers);
    if (seconds !== undefined) this.#retryAfter = seconds;
    const text = await readText(response, MAX_ANSWER_BYTES);
    const { status } = response;
    return new Response(status === 204 || status === 304 ? null : text, { status });
  }
}

/** How a provider's answers differ from the standard's. */
export interface Dialect {
  /** The provider's own error codes → RFC 6749's. */
  errorCodes?: Record<string, string> | undefined;
  /** Finds the members of RFC 6749 §5.1 in an answer that keeps them elsewhere. */
  liftAnswer?: ((wire: Record<string, unknown>) => Record<string, unknown>) | undefined;
}

/** RFC 6749 §5.1, and what providers make of it. */
function answerOf(data: object, dialect: Dialect): TokenAnswer {
  const answer = data as Record<string, unknown>;
  // GitHub answers 200 with {error} (seen November 2026).
  if (typeof answer.error === "string") return rejected(answer.error, dialect);
  const wire = dialect.liftAnswer?.(answer) ?? answer;
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

function rejected(code: string, { errorCodes = {} }: Dialect): TokenAnswer {
  const known = Object.hasOwn(errorCodes, code) ? errorCodes[code]! : code;
  // The code is shown and logged: a server that puts something else there is not quoted.
  return { kind: "rejected", code: /^[a-z_]{1,60}$/.test(known) ? known : "unknown_error" };
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
