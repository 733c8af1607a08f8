/**
 * A provider's API for one connection: adds the provider token, bounds time
 * and size, and turns refusals into {@linkcode ApiError}s.
 *
 * @module
 */

import type { z } from "zod";
import { type ApiClient, ApiError, type ApiRequest, type Provider } from "../providers/provider.ts";

/** An answer longer than this does not belong in a tool's result. */
const MAX_ANSWER_BYTES = 10 * 1024 * 1024;

/** Gives the access token; `rejected` is the one that the API refused. */
export type AccessToken = (rejected?: string) => Promise<string>;

/** What an {@linkcode ApiClient} is made of. */
export interface ApiClientOptions {
  provider: Provider;
  accessToken: AccessToken;
  fetch: typeof fetch;
  signal: AbortSignal;
}

/** An {@linkcode ApiClient} that asks for a fresh token once when the API answers 401. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { provider } = options;

  async function page<T>(path: string, schema: z.ZodType<T>, request: ApiRequest = {}) {
    const response = await send(options, path, request);
    const body = await readJson(response, options);
    if (!response.ok) {
      throw new ApiError(provider.apiError(response.status, response.headers, body));
    }
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw unavailable(options, "gave an answer that makes no sense");
    return { value: parsed.data, headers: response.headers };
  }

  return { page, json: async (...args) => (await page(...args)).value };
}

async function send(
  options: ApiClientOptions,
  path: string,
  request: ApiRequest,
): Promise<Response> {
  const token = await options.accessToken();
  const first = await sendOnce(options, path, request, token);
  if (first.status !== 401) return first;
  await first.body?.cancel();
  // GitHub kills the old access token at a refresh: what was read a moment ago may be dead.
  return sendOnce(options, path, request, await options.accessToken(token));
}

async function sendOnce(
  options: ApiClientOptions,
  path: string,
  { method = "GET", query = {}, body, headers = {} }: ApiRequest,
  token: string,
): Promise<Response> {
  const { provider, fetch, signal } = options;
  const url = provider.apiUrl(path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  try {
    return await fetch(url, {
      method,
      headers: {
        ...provider.apiHeaders,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
        Authorization: `Bearer ${token}`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect could carry the token to another host.
      redirect: "manual",
      signal,
    });
  } catch {
    throw unavailable(options, signal.aborted ? "did not answer in time" : "cannot be reached");
  }
}

async function readJson(response: Response, options: ApiClientOptions): Promise<unknown> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_ANSWER_BYTES) break;
      chunks.push(chunk);
    }
  } catch {
    throw unavailable(options, "broke off its answer");
  }
  if (size > MAX_ANSWER_BYTES) throw unavailable(options, "gave an answer that is too long");
  const text = await new Blob(chunks).text();
  try {
    return text === "" ? {} : JSON.parse(text);
  } catch {
    if (!response.ok) return {};
    throw unavailable(options, "gave an answer that makes no sense");
  }
}

function unavailable({ provider }: ApiClientOptions, what: string): ApiError {
  return new ApiError({ kind: "unavailable", message: `${provider.title} ${what}.` });
}
