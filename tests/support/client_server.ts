/**
 * A provider for tests that issues tokens to clients that people make there
 * (RFC 6749 §4.4): it notes what it is asked, and every answer can be bent.
 *
 * @module
 */

import { serve } from "./serve.ts";

/** One request for a token. */
export interface AskedToken {
  form: Record<string, string>;
  headers: Headers;
}

/** A running double. */
export interface ClientServer extends AsyncDisposable {
  url: string;
  /** Client id → its secret. */
  clients: Map<string, string>;
  asked: AskedToken[];
  /** Tokens that its API takes. */
  good: Set<string>;
  /** Tokens that were ended. */
  ended: string[];
  /** In the place of an answer to a token request. */
  answer?: (() => Response | Promise<Response>) | undefined;
  /** Beside the token. */
  more: Record<string, unknown>;
  /** An entry of `PROVIDERS` for it. */
  spec: Record<string, unknown>;
}

/** A client that it knows. */
export const CLIENT = { client_id: "client-one", client_secret: "s3cret-of-one-0123456789" };
export const OTHER = { client_id: "client-two", client_secret: "s3cret-of-two-0123456789" };

/** Starts one whose tokens live for an hour. */
export function startClientServer(): ClientServer {
  let issued = 0;
  const double: Omit<ClientServer, "url" | "spec" | typeof Symbol.asyncDispose> = {
    clients: new Map(
      [CLIENT, OTHER].map(({ client_id, client_secret }) => [client_id, client_secret] as const),
    ),
    asked: [],
    good: new Set(),
    ended: [],
    more: {},
  };
  const isClient = (form: Record<string, string>) =>
    form.client_secret !== undefined && double.clients.get(form.client_id!) === form.client_secret;
  const server = serve(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/me") {
      const token = request.headers.get("Authorization")?.replace("Bearer ", "") ?? "";
      return double.good.has(token)
        ? Response.json({ id: "tenant-7", name: "Acme Ltd" })
        : Response.json({ error: "no" }, { status: 401 });
    }
    const form = Object.fromEntries(new URLSearchParams(await request.text()));
    if (pathname === "/revoke") {
      double.ended.push(form.token!);
      double.good.delete(form.token!);
      return new Response(null, { status: isClient(form) ? 200 : 401 });
    }
    double.asked.push({ form, headers: request.headers });
    if (double.answer !== undefined) return await double.answer();
    if (!isClient(form)) return Response.json({ error: "invalid_client" }, { status: 401 });
    const token = `token-${++issued}`;
    double.good.add(token);
    return Response.json({
      access_token: token,
      token_type: "bearer",
      expires_in: 3600,
      ...double.more,
    });
  });
  const url = `http://127.0.0.1:${server.port}`;
  return Object.assign(double, {
    url,
    spec: {
      name: "acme",
      title: "Acme",
      credential: "client_credentials",
      client_page: "https://acme.example/clients",
      client_how: "Choose New client.",
      token_endpoint: `${url}/token`,
      api_url: `${url}/api`,
    },
    [Symbol.asyncDispose]: () => server.close(),
  });
}
