/**
 * An emulator with something in front of it, which answers what the emulator leaves out.
 *
 * @module
 */

import { createEmulator, type Emulator } from "emulate";
import { freePort } from "./free_port.ts";
import { closedHard } from "./hard_close.ts";
import { serve } from "./serve.ts";

/** An answer in the emulator's place, or another request for it; `undefined` leaves it as it is. */
export type Front = (request: Request, forward: typeof fetch) => Answered | Promise<Answered>;
type Answered = Response | Request | undefined;

/** Starts an emulator on a port of its own, and the front on `port`. */
export async function startBehind(
  service: "github" | "google" | "slack" | "linear",
  seed: Record<string, unknown>,
  port: number,
  front: Front,
): Promise<Emulator> {
  const inside = freePort();
  const baseUrl = `http://localhost:${port}`;
  const seeded = { [service]: seed };
  const emulator = closedHard(
    await createEmulator({ service, port: inside, baseUrl, seed: seeded }),
    inside,
  );
  // Connections that are kept alive can keep the emulator from closing (Deno 2.5.7).
  const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  const forward: typeof fetch = async (input) => {
    const request = input as Request;
    const { pathname, search } = new URL(request.url);
    const body = request.body === null ? null : await request.arrayBuffer();
    return await fetch(`http://127.0.0.1:${inside}${pathname}${search}`, {
      method: request.method,
      headers: withoutHost(request.headers),
      body,
      redirect: "manual",
      client,
    });
  };
  const server = serve(async (request) => {
    const answer = await front(request.clone(), forward);
    return answer instanceof Response ? answer : await forward(answer ?? request);
  }, port);
  return {
    url: baseUrl,
    generatedSecrets: emulator.generatedSecrets,
    reset: () => emulator.reset(),
    async close() {
      await server.close();
      client.close();
      await emulator.close();
    },
  };
}

function withoutHost(headers: Headers): Headers {
  const copy = new Headers(headers);
  for (const name of ["host", "content-length", "connection", "accept-encoding"]) copy.delete(name);
  return copy;
}

/**
 * The tokens that an emulator has issued and not taken back. By itself it takes any text as a token
 * of its first person.
 */
export class IssuedTokens {
  readonly #live = new Set<string>();
  readonly #revoked = new Set<string>();

  /** Remembers what an answer of the token endpoint issues; gives the answer on. */
  async note(answer: Response): Promise<Response> {
    if (!answer.ok) return answer;
    const { access_token } = await answer.clone().json();
    if (typeof access_token === "string") this.#live.add(access_token);
    return answer;
  }

  /** Whether it was one that is good. */
  revoke(token: string): boolean {
    const wasLive = this.#live.delete(token);
    if (wasLive) this.#revoked.add(token);
    return wasLive;
  }

  /** Whether a request has a token that was taken back. */
  isRevoked(request: Request): boolean {
    return this.#revoked.has(tokenIn(request));
  }

  /** Whether a request has a token that is good. */
  knows(request: Request): boolean {
    return this.#live.has(tokenIn(request));
  }
}

function tokenIn({ headers }: Request): string {
  return (headers.get("Authorization") ?? "").replace(/^(Bearer|token) /i, "");
}
