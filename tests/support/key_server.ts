/**
 * A provider for tests that is connected by API keys: it knows whose each key
 * is, and notes what it is asked.
 *
 * @module
 */

import { serve } from "./serve.ts";

/** What one request showed. */
export interface Asked {
  path: string;
  /** By the name of the header. */
  headers: Headers;
}

/** A running double. */
export interface KeyServer extends AsyncDisposable {
  url: string;
  asked: Asked[];
  /** Key → its account. */
  keys: Map<string, { id: string; email: string }>;
  /** In the place of an answer to all that comes. */
  answer?: (() => Response) | undefined;
  /** An entry of `PROVIDERS` for it. */
  spec: Record<string, unknown>;
}

/** Good keys of two accounts. */
export const ADAS = "key_ada_0123456789";
export const ADAS_NEXT = "key_ada_9876543210";
export const GRACES = "key_grace_0123456789";

/** Starts one that wants its keys in `X-Acme-Key`. */
export function startKeyServer(): KeyServer {
  const ada = { id: "a-1", email: "ada@acme.example" };
  const double: Omit<KeyServer, "url" | "spec" | typeof Symbol.asyncDispose> = {
    asked: [],
    keys: new Map([
      [ADAS, ada],
      [ADAS_NEXT, ada],
      [GRACES, { id: "g-2", email: "grace@acme.example" }],
    ]),
  };
  const server = serve((request) => {
    const { pathname: path } = new URL(request.url);
    double.asked.push({ path, headers: request.headers });
    if (double.answer !== undefined) return double.answer();
    const account = double.keys.get(request.headers.get("X-Acme-Key") ?? "");
    if (account === undefined) return Response.json({ error: "bad key" }, { status: 401 });
    return Response.json(account);
  });
  const url = `http://127.0.0.1:${server.port}`;
  return Object.assign(double, {
    url,
    spec: {
      name: "acme",
      title: "Acme",
      credential: "api_key",
      key_page: "https://acme.example/keys",
      key_how: "Choose New key.",
      key_pattern: "key_[a-z0-9_]{8,60}",
      key_header: "X-Acme-Key",
      verify_endpoint: `${url}/me`,
    },
    [Symbol.asyncDispose]: () => server.close(),
  });
}
