/**
 * A gateway whose users have connected the zoo.
 *
 * @module
 */

import { Browser } from "./browser.ts";
import { type ApiAnswer, type Gateway, startGateway, USER } from "./gateway.ts";
import { startZoo, type Zoo } from "./zoo.ts";

/** Both, as they run. */
export interface ZooGateway extends AsyncDisposable {
  gateway: Gateway;
  zoo: Zoo;
  /** Connects, as a person does; returns what the person sees in the end. */
  connect(userId?: string): Promise<string>;
  token(userId?: string): Promise<ApiAnswer>;
  /** Whatever was handed out before has ended. */
  later(ms?: number): void;
}

const HOUR_MS = 3_600_000;

/** Starts both; `spec`: members of the zoo's entry of `PROVIDERS`. */
export async function startZooGateway(
  { spec = {}, connected = true }: { spec?: Record<string, unknown>; connected?: boolean } = {},
): Promise<ZooGateway> {
  const zoo = startZoo();
  const gateway = await startGateway({
    env: {
      PROVIDERS: JSON.stringify([{ ...zoo.spec, ...spec }]),
      ZOO_CLIENT_ID: "zoo-client",
      ZOO_CLIENT_SECRET: "zoo-secret",
    },
  });
  const connect = async (userId = USER) => {
    zoo.person = `animal of ${userId}`;
    const { json } = await gateway.api("/links", { body: { user_id: userId, service: "zoo" } });
    const browser = new Browser();
    return (await browser.submit(await browser.open(json.url))).html;
  };
  if (connected) await connect();
  return {
    gateway,
    zoo,
    connect,
    token: (userId = USER) => gateway.api("/token/zoo", { body: { user_id: userId } }),
    later: (ms = HOUR_MS + 60_000) => void (gateway.world.skew += ms),
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await zoo[Symbol.asyncDispose]();
    },
  };
}
