/**
 * An MCP server that asks for OAuth, mounted in a gateway, and people who
 * connect it.
 *
 * @module
 */

import { Browser, type Page } from "./browser.ts";
import { type Gateway, type GatewayOptions, startGateway, USER } from "./gateway.ts";
import { type OAuthBehaviour, type OAuthServer, startOAuthServer } from "./oauth_server.ts";

/** What the server is called in the gateway. */
export const SERVICE = "notes";

/** Both. */
export interface Mounted extends AsyncDisposable {
  server: OAuthServer;
  gateway: Gateway;
  /** A person of the app connects it; signed in over there as `login`. Returns the last page. */
  connect(
    userId?: string,
    options?: { login?: string; account?: string; scope?: string },
  ): Promise<Page>;
  /** `POST /token/notes`. */
  token(userId?: string, more?: Record<string, unknown>): ReturnType<Gateway["api"]>;
}

/** Starts both. */
export async function mount(
  behaviour: OAuthBehaviour = {},
  { env = {}, entry = {}, ...options }: GatewayOptions & { entry?: Record<string, unknown> } = {},
): Promise<Mounted> {
  const server = startOAuthServer(behaviour);
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: server.url, ...entry }]);
  const gateway = await startGateway({ ...options, env: { UPSTREAMS, ...env } });
  return {
    server,
    gateway,
    connect: (userId = USER, { login = userId, ...more } = {}) =>
      connectAt(gateway, server, { userId, login, ...more }),
    token: (userId = USER, more = {}) =>
      gateway.api(`/token/${SERVICE}`, { body: { user_id: userId, ...more } }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** The whole way of a person: the link, the page that asks, the authorization server, and back. */
export async function connectAt(
  gateway: Gateway,
  server: OAuthServer,
  { userId, login, account, scope, service = SERVICE }: {
    userId: string;
    login: string;
    account?: string | undefined;
    scope?: string | undefined;
    service?: string;
  },
): Promise<Page> {
  const body = { user_id: userId, service, account, scope };
  const link = await gateway.api("/links", { body });
  if (link.status !== 200) throw new Error(`No link: ${link.text}`);
  const browser = new Browser();
  const asked = await browser.open(link.json.url);
  // The other side signs in whoever its settings name.
  const { login: before } = server.behaviour;
  server.behaviour.login = login;
  try {
    return await browser.submit(asked);
  } finally {
    server.behaviour.login = before;
  }
}

/** The names of the tools that a user is shown. */
export async function namesFor(gateway: Gateway, userId: string): Promise<string[]> {
  const { json } = await gateway.mcp(
    { jsonrpc: "2.0", method: "tools/list", params: {}, id: 1 },
    { path: `/mcp/${SERVICE}`, userId },
  );
  return json.result.tools.map(({ name }: { name: string }) => name);
}

/** Another process on the same store. */
export async function second(
  { server, gateway }: Mounted,
  ENCRYPTION_KEYS: string,
  more: Record<string, string> = {},
): Promise<Gateway> {
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, title: "Notes", url: server.url }]);
  const other = await startGateway({
    kvPath: gateway.kvPath,
    env: { ENCRYPTION_KEYS, UPSTREAMS, PUBLIC_URL: gateway.url, ...more },
  });
  other.world.skew = gateway.world.now() - other.world.now() + 1;
  return other;
}
