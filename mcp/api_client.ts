/**
 * A provider's API for one connection: adds the provider token, bounds time
 * and size, and turns refusals into {@linkcode ApiError}s.
 *
 * @module
 */

import type { z } from "zod";
import type { TokenSet } from "../broker/core/connection.ts";
import { type ApiClient, ApiError, type ApiRequest, type Provider } from "../providers/provider.ts";

/** An answer longer than this does not belong in a tool's result. */
export const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** Gives the token set; `rejected` is the access token that the API refused. */
export type Tokens = (rejected?: string) => Promise<TokenSet>;

/** What an {@linkcode ApiClient} is made of. */
export interface ApiClientOptions {
  provider: Provider;
  tokens: Tokens;
  fetch: typeof fetch;
  signal: AbortSignal;
}

/** Of these a GET may be sent on: GitHub answers so for a repository with a new name. */
const REDIRECTS = [301, 302, 307, 308];

/** An {@linkcode ApiClient} that asks for a fresh token once when the API answers 401. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  async function page<T>(path: string, schema: z.ZodType<T>, request: ApiRequest = {}) {
    const response = await send(options, path, request);
    if (!response.ok) throw await refusal(response, options);
    const parsed = schema.safeParse(await readJson(response, options));
    if (!parsed.success) throw unavailable(options, "gave an answer that makes no sense");
    return { value: parsed.data, headers: response.headers };
  }

  async function text(path: string, maxBytes: number, request: ApiRequest = {}) {
    const response = await send(options, path, request);
    if (!response.ok) throw await refusal(response, options);
    const { bytes, truncated } = await readBytes(response, maxBytes, options);
    // As a stream: a character that was cut in half at the end is left out.
    return { text: new TextDecoder().decode(bytes, { stream: truncated }), truncated };
  }

  return { page, text, json: async (...args) => (await page(...args)).value };
}

/** Follows one redirect of a GET, which must stay with the API: it carries the token. */
async function send(
  options: ApiClientOptions,
  path: string,
  request: ApiRequest,
): Promise<Response> {
  const url = urlOf(options.provider, path, request);
  const response = await sendFresh(options, url, request);
  if (!REDIRECTS.includes(response.status)) return response;
  await response.body?.cancel();
  const location = response.headers.get("Location");
  const target = location ? URL.parse(location, url) : null;
  const isGet = (request.method ?? "GET") === "GET";
  if (!isGet || target?.origin !== url.origin) throw hasMoved(options);
  if (target.search === "") target.search = url.search;
  const second = await sendFresh(options, target, request);
  if (!REDIRECTS.includes(second.status)) return second;
  await second.body?.cancel();
  throw hasMoved(options);
}

function urlOf(provider: Provider, path: string, { query = {} }: ApiRequest): URL {
  const url = provider.apiUrl(path);
  for (const [name, value] of Object.entries(query)) {
    if (Array.isArray(value)) value.forEach((one) => url.searchParams.append(name, one));
    else if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

async function sendFresh(
  options: ApiClientOptions,
  url: URL,
  request: ApiRequest,
): Promise<Response> {
  const tokens = await options.tokens();
  const first = await sendOnce(options, url, request, tokens);
  if (first.status !== 401) return first;
  await first.body?.cancel();
  // GitHub kills the old access token at a refresh: what was read a moment ago may be dead.
  return sendOnce(options, url, request, await options.tokens(tokens.accessToken));
}

async function sendOnce(
  options: ApiClientOptions,
  url: URL,
  { method = "GET", body: json, rawBody, headers = {} }: ApiRequest,
  tokens: TokenSet,
): Promise<Response> {
  const { provider, fetch, signal } = options;
  const { contentType, body } = rawBody ??
    { contentType: "application/json", body: JSON.stringify(json) };
  const sent = new Headers(provider.apiHeaders);
  if (body !== undefined) sent.set("Content-Type", contentType);
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  provider.authorize(sent, tokens);
  try {
    return await fetch(url, {
      method,
      headers: sent,
      body: body ?? null,
      // A redirect could carry the token to another host.
      redirect: "manual",
      signal,
    });
  } catch {
    throw unavailable(options, signal.aborted ? "did not answer in time" : "cannot be reached");
  }
}

async function refusal(response: Response, options: ApiClientOptions): Promise<ApiError> {
  const body = await readJson(response, options);
  return new ApiError(options.provider.apiError(response.status, response.headers, body));
}

async function readJson(response: Response, options: ApiClientOptions): Promise<unknown> {
  const { bytes, truncated } = await readBytes(response, MAX_ANSWER_BYTES, options);
  if (truncated) throw unavailable(options, "gave an answer that is too long");
  const text = new TextDecoder().decode(bytes);
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    if (!response.ok) return {};
    throw unavailable(options, "gave an answer that makes no sense");
  }
}

async function readBytes(
  response: Response,
  limit: number,
  options: ApiClientOptions,
): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > limit) break;
    }
  } catch {
    throw unavailable(options, "broke off its answer");
  }
  const bytes = await new Blob(chunks).bytes();
  return { bytes: bytes.subarray(0, limit), truncated: size > limit };
}

function hasMoved({ provider }: ApiClientOptions): ApiError {
  const message = `${provider.title} says that this has moved. Look it up under its new name.`;
  return new ApiError({ kind: "not_found", message });
}

function unavailable({ provider }: ApiClientOptions, what: string): ApiError {
  return new ApiError({ kind: "unavailable", message: `${provider.title} ${what}.` });
}
