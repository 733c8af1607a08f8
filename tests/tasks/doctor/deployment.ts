/**
 * A deployment for the doctor: a gateway behind a proxy, two providers that
 * know one client each, an MCP server; all of it can be bent.
 *
 * @module
 */

import { randomSecret } from "../../../broker/core/secrets.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import type { Ways } from "../../../tasks/doctor/ways.ts";
import { freePort } from "../../support/free_port.ts";
import { API_KEY, type Gateway, startGateway } from "../../support/gateway.ts";
import { type OAuthServer, startOAuthServer } from "../../support/oauth_server.ts";
import { digestHex } from "../../../tasks/key.ts";
import { serve } from "../../support/serve.ts";

/** In the place of an answer, or `undefined` for the usual one. */
export type Bend = (request: Request) => Response | Promise<Response> | undefined;

/** What a test bends. */
export interface Deployment extends AsyncDisposable {
  gateway: Gateway;
  /** Where callers reach it. */
  url: string;
  /** Where the two providers are. */
  provider: string;
  mcp: OAuthServer;
  env: Record<string, string>;
  /** What stands between callers and the gateway, and the providers, at the moment. */
  bends: {
    proxy?: Bend | undefined;
    after?: ((answer: Response) => Response) | undefined;
    provider?: Bend | undefined;
  };
}

/** A key ring that sealed something. */
export const KEY = newKeyLine("k1");
const CLIENTS = new Map([["github", randomSecret()], ["google", randomSecret()]]);

/** By the clock that answers are dated by, wherever the tests' own clock is. */
export const WAYS: Ways = {
  fetch,
  now: () => performance.timeOrigin + performance.now(),
  patience: { answerMs: 3_000, checkMs: 10_000 },
};

/** Starts all of it, well configured. */
export async function startDeployment(): Promise<Deployment> {
  const bends: Deployment["bends"] = {};
  const port = freePort();
  const url = `http://localhost:${port}`;
  const gateway = await startGateway({
    env: { PUBLIC_URL: url, ENCRYPTION_KEYS: KEY },
  });
  const proxy = serve(async (request) => {
    const bent = await bends.proxy?.(request);
    if (bent !== undefined) return bent;
    const { pathname, search } = new URL(request.url);
    const answer = await gateway.handle(new Request(url + pathname + search, request));
    return bends.after?.(answer) ?? answer;
  }, port);
  await gateway.connect("google");
  const server = serve(async (request) =>
    await bends.provider?.(request) ?? await answerAsProvider(request)
  );
  const provider = `http://127.0.0.1:${server.port}`;
  const mcp = startOAuthServer();
  return {
    ...{ gateway, url, provider, mcp, bends },
    env: {
      PUBLIC_URL: url,
      PORT: String(port),
      KV_PATH: gateway.kvPath,
      ENCRYPTION_KEYS: KEY,
      API_KEYS: `voice:sha256:${digestHex(API_KEY)}`,
      OPERATORS: "google:me@mine.org",
      UPSTREAMS: JSON.stringify([{ name: "notes", url: mcp.url }]),
      ...Object.fromEntries(
        [...CLIENTS].flatMap(([name, secret]) => [
          [`${name.toUpperCase()}_CLIENT_ID`, `${name}-client`],
          [`${name.toUpperCase()}_CLIENT_SECRET`, secret],
          [`${name.toUpperCase()}_BASE_URL`, provider],
        ]),
      ),
    },
    async [Symbol.asyncDispose]() {
      await mcp[Symbol.asyncDispose]();
      await Promise.all([proxy.close(), server.close()]);
      await gateway[Symbol.asyncDispose]();
    },
  };
}

/** As GitHub and Google do: each in its dialect, and the client is looked at before the code. */
async function answerAsProvider(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const form = new URLSearchParams(await request.text());
  const isGood = (name: string) =>
    form.get("client_id") === `${name}-client` && form.get("client_secret") === CLIENTS.get(name);
  switch (pathname) {
    case "/login/oauth/access_token":
      return Response.json({
        error: isGood("github") ? "bad_verification_code" : "incorrect_client_credentials",
      });
    case "/oauth2/token":
      return isGood("google")
        ? Response.json({ error: "invalid_grant" }, { status: 400 })
        : Response.json({ error: "invalid_client" }, { status: 401 });
    case "/o/oauth2/v2/auth":
    case "/login/oauth/authorize":
      return new Response("<p>Sign in", { headers: { "Content-Type": "text/html" } });
    default:
      return new Response("Not here", { status: 404 });
  }
}
