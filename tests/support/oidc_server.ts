/**
 * The certified `oidc-provider` with dynamic registration (RFC 7591) and
 * resource indicators (RFC 8707), and an MCP endpoint that takes its tokens: a
 * server that nobody here wrote. Its sign-in page takes every name.
 *
 * @module
 */

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import Provider from "oidc-provider";
import { freePort } from "./free_port.ts";

/** The part of Koa's context that is used here; the library has no types of its own. */
interface Context {
  path: string;
  method: string;
  status: number;
  body: unknown;
  get(header: string): string;
  set(header: string, value: string): void;
}

/** The server, as it runs. */
export interface OidcServer extends AsyncDisposable {
  issuer: string;
  /** The protected MCP endpoint. */
  url: string;
}

/** What it knows from the start. */
interface OidcOptions {
  /** As the library has them. */
  clients?: Record<string, unknown>[];
  /** Of e-mail addresses, and whether they are verified. */
  email?(sub: string): { email: string; email_verified?: boolean };
}

/** Starts one. `methods`: how clients may say who they are at the token endpoint. */
export async function startOidcServer(
  methods: string[] = ["none"],
  { clients = [], email }: OidcOptions = {},
): Promise<OidcServer> {
  const port = freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const url = `${issuer}/mcp`;
  const provider = new Provider(issuer, {
    clients,
    scopes: ["openid", "offline_access", "notes"],
    claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
    clientAuthMethods: methods,
    cookies: { keys: [crypto.randomUUID()] },
    features: {
      registration: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => url,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: "notes",
          audience: url,
          accessTokenFormat: "opaque",
        }),
      },
    },
    findAccount: (_context: Context, sub: string) => ({
      accountId: sub,
      claims: () => ({ sub, name: `${sub} of Notes`, ...email?.(sub) }),
    }),
  });
  provider.use(async (context: Context, next: () => Promise<void>) => {
    switch (context.path) {
      case "/mcp": {
        const bearer = context.get("Authorization").replace(/^Bearer /, "");
        const token = bearer === "" ? undefined : await provider.AccessToken.find(bearer);
        context.status = token?.aud === url ? 200 : 401;
        context.body = { sub: token?.accountId, aud: token?.aud };
        if (context.status === 401) context.set("WWW-Authenticate", "Bearer");
        return;
      }
      case "/.well-known/oauth-protected-resource/mcp":
        context.body = {
          resource: url,
          authorization_servers: [issuer],
          scopes_supported: ["notes"],
        };
        return;
      default:
        await next();
    }
  });
  const listener: (request: IncomingMessage, response: ServerResponse) => void = provider
    .callback();
  const server = createServer(listener).listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    issuer,
    url,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
