/**
 * A provider's API for one connection: adds the provider token, bounds time
 * and size, and turns refusals into {@linkcode ApiError}s.
 *
 * @module
 */

import type { z } from "zod";
import type { TokenSet } from "../broker/core/connection.ts";
import type { TokenRequest } from "../broker/core/token_request.ts";
import { type Budget, discard } from "../broker/core/bodies.ts";
import type { PartEnd } from "../broker/core/time_spent.ts";
import type { World } from "../broker/core/world.ts";
import {
  type ApiClient,
  ApiError,
  type ApiFault,
  type ApiRequest,
  type Provider,
} from "../providers/provider.ts";
import {
  type Answer,
  isNo,
  isRefusal,
  judged,
  LATE,
  MAX_ANSWER_BYTES,
  NO_SENSE,
  read,
  REDIRECTS,
  unavailable,
  type Way,
} from "./api_answer.ts";
import { isUnsent } from "./unsent.ts";

/** A tool may ask for many things at once, as many as the API's own lists name. All of them together. */
export const MAX_CALL_BYTES = 2 * MAX_ANSWER_BYTES;
/** The tool that asks most often, for 50 messages one by one, takes 51. */
export const MAX_CALL_REQUESTS = 100;

/** What an API refuses that only the person can give. */
export type Wanting = NonNullable<TokenRequest["refused"]>;

/** What an {@linkcode ApiClient} is made of. */
export interface ApiClientOptions {
  provider: Provider;
  /**
   * Gives the token set; `rejected` is the access token that the API refused. The
   * same one comes back where another would be refused as well.
   */
  tokens(rejected?: string): Promise<TokenSet>;
  /** Throws what leads to the cure; `rejected` is the access token that was not enough. */
  cure?(wanting: Wanting, rejected: string): Promise<void>;
  fetch: typeof fetch;
  /** Whose signal ends it; it is read when it is needed, since one may be made only then. */
  limit: Way["limit"];
  world: Pick<World, "sleep">;
  /** Sends when others leave room for it; absent: at once. */
  turn?<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T>;
  /** Measures how long the API is waited for; absent: nobody does. */
  timed?(): PartEnd;
  /** The API asks to wait so many seconds. */
  slowDown?(seconds: number, limitOf: ApiFault["limitOf"]): void;
}

/** The client of one call, which knows whether anything was changed through it. */
export interface CallClient extends ApiClient {
  /** Whether a request was sent that changes something, and not refused: it may have been done. */
  mayHaveChanged(): boolean;
}

/** What a client is made of, and what is left to its call. */
class Client implements Way {
  readonly provider: Provider;
  readonly fetch: typeof fetch;
  readonly limit: Way["limit"];
  readonly world: Pick<World, "sleep">;
  readonly budget: Budget = { left: MAX_CALL_BYTES };
  requests = 0;
  /** Requests that may have changed something. A count: what one of several is told speaks of it alone. */
  changes = 0;
  granted: readonly string[] = [];
  /** What leads to a cure, by what is wanting: where many are refused at once, one link is enough. */
  readonly cures = new Map<string, Promise<void>>();

  constructor(readonly whose: ApiClientOptions) {
    const { provider, fetch, limit, world } = whose;
    this.provider = provider;
    this.fetch = fetch;
    this.limit = limit;
    this.world = world;
  }
}

/** One request, and whether it is made for a JSON answer, in which a refusal may stand. */
interface Asked {
  url: URL;
  request: ApiRequest;
  wantsJson: boolean;
}

/**
 * An {@linkcode ApiClient} that asks for a fresh token once when the API
 * says that this one is dead, unless it was fresh. It is made for one call: that call's limits are its own.
 */
export function createApiClient(options: ApiClientOptions): CallClient {
  return new ClientOfCall(options);
}

/** A class: most of what a client has many calls do not need, and a function of its own each time costs. */
class ClientOfCall implements CallClient {
  readonly #options: ApiClientOptions;
  #made: Client | undefined;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  get #client(): Client {
    return this.#made ??= new Client(this.#options);
  }

  async json<T>(path: string, schema: z.ZodType<T>, request?: ApiRequest): Promise<T> {
    return (await this.page(path, schema, request)).value;
  }

  async page<T>(path: string, schema: z.ZodType<T>, request: ApiRequest = {}) {
    const client = this.#client;
    const url = urlOf(client.provider, path, request);
    const { response, json, at } = await send(client, { url, request, wantsJson: true });
    const parsed = schema.safeParse(json);
    if (!parsed.success) throw unavailable(client, NO_SENSE);
    return { value: parsed.data, headers: response.headers, url: at.href };
  }

  async text(path: string, maxBytes: number, request: ApiRequest = {}) {
    const { bytes, truncated } = await this.bytes(path, maxBytes, request);
    // As a stream: a character that was cut in half at the end is left out.
    return { text: new TextDecoder().decode(bytes, { stream: truncated }), truncated };
  }

  async bytes(path: string, maxBytes: number, request: ApiRequest = {}) {
    const client = this.#client;
    const url = urlOf(client.provider, path, request);
    const { response } = await send(client, { url, request, wantsJson: false });
    const contentType = response.headers.get("Content-Type") ?? "";
    return { ...await read(response, maxBytes, client), contentType };
  }

  granted(): readonly string[] {
    return this.#made?.granted ?? [];
  }

  mayHaveChanged(): boolean {
    return (this.#made?.changes ?? 0) > 0;
  }
}

/** Follows one redirect of a GET: within the API with the token, and elsewhere only without it. */
async function send(client: Client, asked: Asked): Promise<Answer & { at: URL }> {
  const { url, request } = asked;
  const first = await sendFresh(client, asked);
  if (!REDIRECTS.includes(first.response.status)) return { ...first, at: url };
  const location = first.response.headers.get("Location");
  const target = location ? URL.parse(location, url) : null;
  const isGet = (request.method ?? "GET") === "GET";
  const { servesElsewhere } = client.provider;
  if (isGet && request.elsewhere && target && servesElsewhere?.(target)) {
    return { ...await sendBare(client, target), at: target };
  }
  if (!isGet || target?.origin !== url.origin || target.username || target.password) {
    throw hasMoved(client);
  }
  if (target.search === "") target.search = url.search;
  const second = await sendFresh(client, { ...asked, url: target });
  if (!REDIRECTS.includes(second.response.status)) return { ...second, at: target };
  throw hasMoved(client);
}

/** Fetches what the provider keeps elsewhere. Nothing of the caller goes there, and it leads no further. */
async function sendBare(client: Client, url: URL): Promise<Answer> {
  const { fetch, limit: { signal } } = client;
  countRequest(client);
  let response: Response;
  try {
    response = await fetch(url, { redirect: "manual", signal });
  } catch {
    throw unavailable(client, signal.aborted ? LATE : "cannot be reached");
  }
  if (response.ok) return { response };
  await discard(response);
  const { status } = response;
  // Storage says 403 or 404 of what it keeps no longer.
  if (status >= 400 && status < 500) {
    const message = `${client.provider.title} keeps this no longer.`;
    throw new ApiError({ kind: "not_found", message });
  }
  throw unavailable(client, "does not give this at the moment");
}

function urlOf(provider: Provider, path: string, { query = {} }: ApiRequest): URL {
  const url = provider.apiUrl(path);
  const asked = Object.entries(query).filter(([, value]) => value !== undefined);
  if (asked.length === 0) return url;
  // Apart from the address, which would be read anew with each of them.
  const params = new URLSearchParams(url.search);
  for (const [name, value] of asked) {
    if (Array.isArray(value)) value.forEach((one) => params.append(name, one));
    else params.set(name, String(value));
  }
  url.search = params.toString();
  return url;
}

/** An answer that is no refusal. @throws {ApiError} else, or the cure where there is one. */
async function sendFresh(client: Client, asked: Asked): Promise<Answer> {
  let tokens = await client.whose.tokens();
  let answer = await sendOnce(client, asked, tokens);
  if (answer.fault?.kind === "unauthorized") {
    // GitHub kills the old access token at a refresh: what was read a moment ago may be dead.
    const fresh = await client.whose.tokens(tokens.accessToken);
    // The same one is only just issued: the API refuses, whatever the token.
    if (fresh.accessToken !== tokens.accessToken) {
      tokens = fresh;
      answer = await sendOnce(client, asked, tokens);
    }
  }
  const { fault } = answer;
  if (fault === undefined) return answer;
  const { kind, scopes = [], why } = fault;
  const said = why === undefined ? {} : { why };
  const { accessToken } = tokens;
  if (kind === "unauthorized") await cured(client, { kind: "sign_in" }, accessToken);
  if (kind === "missing_scope" && !asked.request.isOptional) {
    await cured(client, { kind: "scopes", scopes, ...said }, accessToken);
  }
  // What a refusal says of its own request says nothing of the others that were made for the call.
  throw new ApiError(fault.mayBeDone === undefined ? fault : { ...fault, mayBeDone: undefined });
}

async function cured(client: Client, wanting: Wanting, rejected: string): Promise<void> {
  const key = JSON.stringify(wanting);
  const curing = client.cures.get(key) ?? client.whose.cure?.(wanting, rejected);
  if (curing !== undefined) client.cures.set(key, curing);
  await curing;
}

/** When it is its turn. What the API says of its own limits counts for those who come after. */
async function sendOnce(client: Client, asked: Asked, tokens: TokenSet): Promise<Answer> {
  const { whose, limit: { signal } } = client;
  const send = async () => {
    const end = whose.timed?.();
    try {
      return await sendNow(client, asked, tokens);
    } finally {
      end?.();
    }
  };
  const answer = await (whose.turn?.(signal, send) ?? send());
  const { fault, response } = answer;
  // What it does not say itself is a guess, and holds nobody up.
  if (fault?.kind === "rate_limited" && saysWhen(response.headers)) {
    whose.slowDown?.(fault.retryAfter ?? 1, fault.limitOf);
  }
  return answer;
}

/** As GitHub does of an account's hour, too, though not of a limit for one kind of request. */
function saysWhen(headers: Headers): boolean {
  return headers.has("Retry-After") ||
    headers.get("x-ratelimit-remaining") === "0" && headers.has("x-ratelimit-reset") &&
      (headers.get("x-ratelimit-resource") ?? "core") === "core";
}

async function sendNow(
  client: Client,
  { url, request, wantsJson }: Asked,
  tokens: TokenSet,
): Promise<Answer> {
  const { provider, fetch, limit: { signal } } = client;
  const { method = "GET", body: json, rawBody, headers = {} } = request;
  const { contentType, body } = rawBody ??
    { contentType: "application/json", body: JSON.stringify(json) };
  const sent = new Headers(provider.apiHeaders);
  if (body !== undefined) sent.set("Content-Type", contentType);
  for (const [name, value] of Object.entries(headers)) sent.set(name, value);
  provider.authorize(sent, tokens);
  client.granted = tokens.scopes;
  countRequest(client);
  // Nothing is sent any more.
  if (signal.aborted) throw unavailable(client, LATE);
  const change = request.reads ?? method === "GET" ? 0 : 1;
  // Until it is known that it was refused.
  client.changes += change;
  let response: Response;
  try {
    // A redirect could carry the token to another host.
    const init = { method, headers: sent, body: body ?? null, redirect: "manual", signal } as const;
    response = await fetch(url, init);
  } catch (error) {
    if (isUnsent(error)) client.changes -= change;
    throw unavailable(client, signal.aborted ? LATE : "cannot be reached");
  }
  const { status } = response;
  if (isRefusal(status)) client.changes -= change;
  const answer = await judged(client, response, wantsJson);
  if (answer.fault !== undefined && status < 300 && isNo(answer.fault)) client.changes -= change;
  return answer;
}

function countRequest(client: Client): void {
  client.requests += 1;
  if (client.requests > MAX_CALL_REQUESTS) {
    throw unavailable(client, "would have to be asked too often for this");
  }
}

function hasMoved({ provider }: Client): ApiError {
  const message = `${provider.title} says that this has moved. Look it up under its new name.`;
  return new ApiError({ kind: "not_found", message });
}
