/**
 * The world outside in a thread of its own, so that its work for attackers
 * keeps no honest caller's clock from running: the provider and the upstreams.
 *
 * @module
 */

import { serve, type TestServer } from "../../support/serve.ts";
import type { Told } from "./ledger.ts";
import { Provider } from "./provider.ts";
import { notes, wild, type WildList } from "./upstreams.ts";

/** What the thread is told. */
export type Order =
  | { kind: "start"; clientSecret: string; lifetime: number }
  /** The provider is out for everybody, for so long. */
  | { kind: "provider_out"; ms: number }
  /** `wild` is ended and comes back after so long, with another list. */
  | { kind: "restart_wild"; ms: number; list: WildList };

const SWEEP_EVERY_MS = 30_000;

const self = globalThis as unknown as {
  onmessage: (event: MessageEvent<Order>) => void;
  postMessage(told: Told): void;
};
const tell = (told: Told) => self.postMessage(told);

let provider: Provider;
let list: WildList = "tools";
let wildServer: TestServer;

function startWild(port?: number): TestServer {
  return serve((request) => wild(request, list), port);
}

function start({ clientSecret, lifetime }: Order & { kind: "start" }): void {
  provider = new Provider({ clientSecret, lifetime, tell });
  setInterval(() => provider.sweep(), SWEEP_EVERY_MS);
  const at = ({ port }: TestServer) => `http://127.0.0.1:${port}`;
  const base = serve((request) => provider.answer(request));
  const steady = serve((request) => notes(request, tell));
  wildServer = startWild();
  const upstreams = { notes: `${at(steady)}/mcp`, wild: `${at(wildServer)}/mcp` };
  tell({ kind: "listening", provider: at(base), upstreams });
}

async function restart({ ms, list: next }: Order & { kind: "restart_wild" }): Promise<void> {
  const { port } = wildServer;
  await wildServer.close();
  await new Promise((resolve) => setTimeout(resolve, ms));
  list = next;
  wildServer = startWild(port);
}

/** One after the other: a server is not restarted while it restarts. */
let restarting = Promise.resolve();

self.onmessage = ({ data }) => {
  switch (data.kind) {
    case "start":
      return start(data);
    case "provider_out":
      provider.outUntil = Date.now() + data.ms;
      return;
    case "restart_wild":
      restarting = restarting.then(() => restart(data));
      return;
  }
};
