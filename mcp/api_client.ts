/**
 * A provider's API for one connection: adds the provider token, bounds time
 * and size, and turns refusals into {@linkcode ApiError}s.
 *
 * @module
 */

import type { z } from "zod";
import type { TokenSet } from "../broker/core/connection.ts";
import { type Budget, discard, readBytes, TooLong } from "../broker/core/bodies.ts";
import { parseJson } from "../broker/core/json.ts";
import type { World } from "../broker/core/world.ts";
import { type ApiClient, ApiError, type ApiRequest, type Provider } from "../providers/provider.ts";

/** An answer longer than this, decoded, does not belong in a tool's result. */
export const MAX_ANSWER_BYTES = 10 * 1024 * 1024;
/** The words of a refusal; as {@linkcode Provider.apiError} has them promised. */
export const MAX_REFUSAL_BYTES = 64 * 1024;
/** A tool may ask for many things at once, as many as the API's own lists name. All of them together. */
export const MAX_CALL_BYTES = 2 * MAX_ANSWER_BYTES;
/** The tool that asks most often, for 50 messages one by one, takes 51. */
export const MAX_CALL_REQUESTS = 100;

/**
 * Gives the token set; `rejected` is the access token that the API refused. The
 * same one comes back where another would be refused as well.
 */
export type Tokens = (rejected?: string) => Promise<TokenSet>;

/** What an {@linkcode ApiClient} is made of. */
export interface ApiClientOptions {
  provider: Provider;
  tokens: Tokens;
  fetch: typeof fetch;
  signal: AbortSignal;
  world: Pick<World, "sleep">;
}

/** The client of one call, and what is left to it. */
interface Client extends ApiClientOptions {
  budget: Budget;
  requests: number;
}

/** Of these a GET may be sent on: GitHub answers so for a repository with a new name. */
const REDIRECTS = [301, 302, 307, 308];

/**
 * An {@linkcode ApiClient} that asks for a fresh token once when the API
 * answers 401, unless the one that was refused was fresh. It is made for one call: that call's limits are its own.
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const client: Client = { ...options, budget: { left: MAX_CALL_BYTES }, requests: 0 };

  async function page<T>(path: string, schema: z.ZodType<T>, request: ApiRequest = {}) {
    const response = await send(client, path, request);
    if (!response.ok) throw await refusal(response, client);
    const parsed = schema.safeParse(await readJson(response, client));
    if (!parsed.success) throw unavailable(client, "gave an answer that makes no sense");
    return { value: parsed.data, headers: response.headers };
  }

  async function text(path: string, maxBytes: number, request: ApiRequest = {}) {
    const response = await send(client, path, request);
    if (!response.ok) throw await refusal(response, client);
    const { bytes, truncated } = await read(response, maxBytes, client);
    // As a stream: a character that was cut in half at the end is left out.
    return { text: new TextDecoder().decode(bytes, { stream: truncated }), truncated };
  }

  return { page, text, json: async (...args) => (await page(...args)).value };
}

/** Follows one redirect of a GET, which must stay with the API: it carries the token. */
async function send(
  client: Client,
  path: string,
  request: ApiRequest,
): Promise<Response> {
  const url = urlOf(client.provider, path, request);
  const response = await sendFresh(client, url, request);
  if (!REDIRECTS.includes(response.status)) return response;
  await discard(response);
  const location = response.headers.get("Location");
  const target = location ? URL.parse(location, url) : null;
  const isGet = (request.method ?? "GET") === "GET";
  if (!isGet || target?.origin !== url.origin) throw hasMoved(client);
  if (target.search === "") target.search = url.search;
  const second = await sendFresh(client, target, request);
  if (!REDIRECTS.includes(second.status)) return second;
  await discard(second);
  throw hasMoved(client);
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
  client: Client,
  url: URL,
  request: ApiRequest,
): Promise<Response> {
  const tokens = await client.tokens();
  const first = await sendOnce(client, url, request, tokens);
  if (first.status !== 401) return first;
  let fresh: TokenSet;
  try {
    // GitHub kills the old access token at a refresh: what was read a moment ago may be dead.
    fresh = await client.tokens(tokens.accessToken);
  } catch (error) {
    await discard(first);
    throw error;
  }
  // Only just issued: the API refuses, whatever the token.
  if (fresh.accessToken === tokens.accessToken) return first;
  await discard(first);
  return sendOnce(client, url, request, fresh);
}

async function sendOnce(
  client: Client,
  url: URL,
  { method = "GET", body: json, rawBody, headers = {} }: ApiRequest,
  tokens: TokenSet,
): Promise<Response> {
  const { provider, fetch, signal } = client;
  const { contentType, body } = rawBody ??
    { contentType: "application/json", body: JSON.stringify(json) };
  const sent = new Headers(provider.apiHeaders);
  if (body !== undefined) sent.set("Content-Type", contentType);
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  provider.authorize(sent, tokens);
  client.requests += 1;
  if (client.requests > MAX_CALL_REQUESTS) {
    throw unavailable(client, "would have to be asked too often for this");
  }
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
    throw unavailable(client, signal.aborted ? "did not answer in time" : "cannot be reached");
  }
}

async function refusal(response: Response, client: Client): Promise<ApiError> {
  const { bytes, truncated } = await read(response, MAX_REFUSAL_BYTES, client);
  // A refusal that is not in JSON, or too long, is known by its status.
  const body = truncated ? {} : parse(bytes) ?? {};
  return new ApiError(client.provider.apiError(response.status, response.headers, body));
}

async function readJson(response: Response, client: Client): Promise<unknown> {
  const { bytes, truncated } = await read(response, MAX_ANSWER_BYTES, client);
  if (truncated) throw unavailable(client, "gave an answer that is too long");
  const json = parse(bytes);
  if (json === undefined) throw unavailable(client, "gave an answer that makes no sense");
  return json;
}

/** An empty answer counts as an empty object; `undefined` is no JSON. */
function parse(bytes: Uint8Array): unknown {
  const text = new TextDecoder().decode(bytes);
  try {
    return text === "" ? {} : parseJson(text);
  } catch {
    return undefined;
  }
}

/** What was read, and what a body that was not read to its end means. */
async function read(
  response: Response,
  limit: number,
  client: Client,
): Promise<{ bytes: Uint8Array; truncated: boolean }> {
  const { budget, signal, world } = client;
  try {
    return await readBytes(response, { limit, budget, signal, turn: () => world.sleep(0) });
  } catch (error) {
    if (error instanceof TooLong) throw unavailable(client, "gave answers that are too long");
    throw unavailable(client, signal.aborted ? "did not answer in time" : "broke off its answer");
  }
}

function hasMoved({ provider }: ApiClientOptions): ApiError {
  const message = `${provider.title} says that this has moved. Look it up under its new name.`;
  return new ApiError({ kind: "not_found", message });
}

function unavailable({ provider }: ApiClientOptions, what: string): ApiError {
  return new ApiError({ kind: "unavailable", message: `${provider.title} ${what}.` });
}
