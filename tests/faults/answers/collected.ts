/**
 * A process that collects its garbage while an answer trickles in, and then
 * ends what it waits for. Run by collected_test.ts.
 *
 * @module
 */

import { readBytes } from "../../../broker/core/bodies.ts";
import { postToken } from "../../../providers/post_token.ts";
import { askWithin } from "../../../providers/whose_account.ts";
import { API_KEY, call, startGateway, USER } from "../../support/gateway.ts";

/** What `--expose-gc` brings. */
declare function gc(): void;

const [deed = "", url = ""] = Deno.args;

/** Collects for as long as something takes. */
const collecting = setInterval(() => gc(), 10);

/** Ends after a few collections. */
async function soon(): Promise<AbortSignal> {
  const stop = new AbortController();
  await new Promise((resolve) => setTimeout(resolve, 100));
  setTimeout(() => stop.abort(new Error("ended")), 100);
  return stop.signal;
}

const DEEDS: Record<string, () => Promise<unknown>> = {
  async body() {
    const signal = await soon();
    await readBytes(await fetch(url, { signal }), { limit: 1e9, signal });
  },
  account: () => askWithin({ fetch, title: "It", timeoutMs: 200 })("this", { url, headers: {} }),
  token: () => postToken({ fetch, endpoint: url, form: {}, timeoutMs: 200 }),
  async upstream() {
    const entry = { name: "up", url, timeout_ms: 120_000 };
    const gateway = await startGateway({ env: { UPSTREAMS: JSON.stringify([entry]) } });
    for (;;) {
      const { text } = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 });
      if (text.includes('"up_read"')) break;
      gateway.world.skew += 60_000;
    }
    const signal = await soon();
    await fetch(`${gateway.url}/mcp`, {
      method: "POST",
      headers: {
        "Authorization": `Bearer ${API_KEY}`,
        "X-User-Id": USER,
        "Content-Type": "application/json",
      },
      body: JSON.stringify(call("up_read")),
      signal,
    });
  },
  async proxy() {
    const gateway = await startGateway({ env: { GITHUB_API_URL: url } });
    await gateway.connect("github");
    const headers = { "X-Api-Key": API_KEY, "X-User-Id": USER };
    const signal = await soon();
    const answer = await fetch(`${gateway.url}/proxy/github/trickle`, { headers, signal });
    await readBytes(answer, { limit: 1e9, signal });
  },
};

const outcome = await DEEDS[deed]!().then((value) => JSON.stringify(value), String);
console.log(`ended ${outcome}`);
// The process stays: what it has not ended goes on.
await new Promise((resolve) => setTimeout(resolve, 3_600_000));
clearInterval(collecting);
