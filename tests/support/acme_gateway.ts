/**
 * A gateway whose user has connected `acme`, and calls its API by the proxy.
 *
 * @module
 */

import { type Acme, type Asked, startAcme } from "./acme.ts";
import { Browser } from "./browser.ts";
import { API_KEY, type Gateway, type GatewayOptions, startGateway, USER } from "./gateway.ts";

/** A gateway and its provider. */
export interface AcmeGateway extends AsyncDisposable {
  gateway: Gateway;
  acme: Acme;
  /** What the API was asked, not the rest of the provider. */
  calls(): Asked[];
  /** How often a token was asked for with a refresh token. */
  refreshes(): number;
  proxy(path: string, init?: RequestInit): Promise<Response>;
  /** Connects once more: the provider issues other tokens. */
  connect(): Promise<void>;
}

/** How it differs from the usual. */
export interface AcmeOptions {
  api?: (asked: Asked) => Response | Promise<Response>;
  /** Members of its entry of `PROVIDERS`. */
  spec?: Record<string, unknown>;
  env?: Record<string, string>;
  store?: GatewayOptions["store"];
}

/** Starts both, and connects. */
export async function startAcmeGateway(options: AcmeOptions = {}): Promise<AcmeGateway> {
  const acme = startAcme(options.api);
  const gateway = await startGateway({
    env: {
      PROVIDERS: JSON.stringify([{ ...acme.spec, ...options.spec }]),
      ACME_CLIENT_ID: "acme-client",
      ACME_CLIENT_SECRET: "acme-secret",
      ...options.env,
    },
    ...(options.store === undefined ? {} : { store: options.store }),
  });
  const connect = async () => {
    const { json } = await gateway.api("/links", { body: { user_id: USER, service: "acme" } });
    const browser = new Browser();
    await browser.submit(await browser.open(json.url));
  };
  await connect();
  return {
    gateway,
    acme,
    connect,
    calls: () => acme.asked.filter(({ url }) => url.pathname.startsWith("/api/")),
    refreshes: () =>
      acme.asked.filter(({ body }) => body.includes("grant_type=refresh_token")).length,
    proxy: (path, init = {}) =>
      fetch(`${gateway.url}/proxy/acme${path}`, {
        redirect: "manual",
        ...init,
        headers: { "X-Api-Key": API_KEY, "X-User-Id": USER, ...init.headers },
      }),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await acme[Symbol.asyncDispose]();
    },
  };
}
