/**
 * Sends a request of the proxy on, and its answer back.
 *
 * @module
 */

import { discard, passOn } from "../../broker/core/bodies.ts";
import type { TokenSet } from "../../broker/core/connection.ts";
import { type Silence, silenceLimit } from "../../broker/core/deadline.ts";
import type { ProviderApi } from "../../broker/core/provider_api.ts";
import { readBytes } from "../http/body.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import { providerRequestId, requestHeaders, responseHeaders } from "./proxy_headers.ts";

/** A body that is not longer can be sent again after a 401. */
export const REPLAY_BYTES = 1024 * 1024;
/** So long nothing may come of what is waited for: the answer, or the next piece of a body. */
export const SILENCE_MS = 60_000;
const RETRY_SECONDS = 5;

/** Where a request goes, and the headers that say for which of the account's tenants. */
export interface Aim {
  url: URL;
  headers: Record<string, string>;
}

/** A request that may be sent. */
export interface Forwarding {
  request: Request;
  provider: ProviderApi;
  /** Where it goes with a token set, and as what. @throws {Refusal} */
  aimFor(tokens: TokenSet): Aim;
  /** Another token after one that the API refused, or the same one where that is of no use. */
  tokensOf(rejected?: string): Promise<TokenSet>;
  /** Told how the API calls this request, where it says so. */
  named?: ((id: string) => void) | undefined;
}

/**
 * The API's answer as ours.
 *
 * @throws {Refusal} `provider_unavailable`: none, or none that HTTP knows; and what `tokensOf` throws.
 */
export async function forward(deps: AppDeps, forwarding: Forwarding): Promise<Response> {
  const { request, tokensOf, aimFor } = forwarding;
  const first = await tokensOf();
  const aim = aimFor(first);
  const silence = silenceLimit(deps.world, SILENCE_MS);
  const stop = endedBy(request.signal, silence.signal);
  try {
    const body = await replayable(request, deps.world, silence);
    const send = (tokens: TokenSet) => {
      silence.listen();
      return sendOnce(deps, forwarding, { aim, tokens, body, signal: stop.signal });
    };
    let response = await send(first);
    let used = first;
    if (response.status === 401 && body.again) {
      silence.rest();
      const second = await tokensOf(first.accessToken).catch(async (error) => {
        await discard(response);
        throw error;
      });
      // The same one: only just issued, so it is the API that refuses, and what it says is handed on.
      if (second.accessToken !== first.accessToken) {
        await discard(response);
        response = await send(second);
        used = second;
      }
    }
    const named = providerRequestId(response.headers, used);
    if (named !== undefined) forwarding.named?.(named);
    return await answer(response, forwarding, { url: aim.url, silence });
  } catch (error) {
    silence.rest();
    // Whatever is still open to the provider: an upload, a connection that was switched over.
    stop.abort();
    throw error;
  }
}

/** Aborts with the first of them: whoever hangs up, or falls silent, ends the provider's side. */
function endedBy(...signals: AbortSignal[]): AbortController {
  const stop = new AbortController();
  for (const signal of signals) {
    const end = () => stop.abort(signal.reason);
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  }
  return stop;
}

async function sendOnce(
  { fetch, world }: AppDeps,
  { request, provider }: Forwarding,
  { aim, tokens, body, signal }: {
    aim: Aim;
    tokens: TokenSet;
    body: Sendable;
    signal: AbortSignal;
  },
): Promise<Response> {
  const end = world.timing?.begin("provider");
  try {
    return await fetch(aim.url, {
      method: request.method,
      headers: requestHeaders(request.headers, provider, { tokens, own: aim.headers }),
      body: body.take(),
      // Followed by the caller, if at all: the token must not go along.
      redirect: "manual",
      signal,
    });
  } catch {
    // Nobody is there to be told.
    request.signal.throwIfAborted();
    // By the error it cannot be told who failed: the provider, the way there, or the caller's body.
    // It is no cause of ours: the message may have the whole address in it.
    return unavailable(provider);
  } finally {
    end?.();
  }
}

/** The response, body and all, as far as HTTP allows one to be handed on. */
async function answer(
  response: Response,
  { request: { method }, provider }: Forwarding,
  { url, silence }: { url: URL; silence: Silence },
): Promise<Response> {
  const { status, body } = response;
  // `fetch` takes what a server says from 100 to 999; a response of ours is 200 to 599.
  if (status < 200 || status > 599) {
    await discard(response);
    return unavailable(provider);
  }
  silence.rest();
  const headers = responseHeaders(response.headers, provider, url);
  if (body === null || method === "HEAD") {
    await discard(response);
    return new Response(null, { status, headers });
  }
  return new Response(passOn(body, silence), { status, headers });
}

function unavailable({ title }: ProviderApi): never {
  return refuse({ code: "provider_unavailable", title, retryAfter: RETRY_SECONDS });
}

/** A caller's body, and whether it can be sent a second time. */
interface Sendable {
  again: boolean;
  take(): BodyInit | null;
}

/** The body as a stream, or kept where it is small enough to be sent twice. */
async function replayable(
  request: Request,
  world: AppDeps["world"],
  silence: Silence,
): Promise<Sendable> {
  const { body } = request;
  if (body === null) return { again: true, take: () => null };
  const length = Number(request.headers.get("Content-Length") ?? NaN);
  if (!(length <= REPLAY_BYTES)) {
    // Of what is being sent, both who sends it and who takes it can fall silent.
    return { again: false, take: () => passOn(body, silence, { listening: true }) };
  }
  const bytes = await readBytes(request, REPLAY_BYTES, world);
  return { again: true, take: () => bytes };
}
