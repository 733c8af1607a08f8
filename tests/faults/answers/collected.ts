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

/** Aborts some collections after the answer has begun, of which the test tells. */
const stop = new AbortController();
Deno.addSignalListener("SIGUSR1", () => {
  setInterval(() => gc(), 10);
  setTimeout(() => stop.abort(new Error("ended")), 100);
});
const { signal } = stop;

/** Long enough for an answer to begin, on a busy machine too. */
const timeoutMs = 2_000;

const DEEDS: Record<string, () => Promise<unknown>> = {
  body: async () => await readBytes(await fetch(url, { signal }), { limit: 1e9, signal }),
  account: () => askWithin({ fetch, title: "It", timeoutMs })("this", { url, headers: {} }),
  token: () => postToken({ fetch, endpoint: url, form: { grant_type: "x" }, timeoutMs }),
  async upstream() {
    const entry = { name: "up", url, timeout_ms: 120_000 };
    const gateway = await startGateway({ env: { UPSTREAMS: JSON.stringify([entry]) } });
    for (;;) {
      const { text } = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 });
      if (text.includes('"up_read"')) break;
      gateway.world.skew += 60_000;
    }
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
    const answer = await fetch(`${gateway.url}/proxy/github/trickle`, { headers, signal });
    await readBytes(answer, { limit: 1e9, signal });
  },
};

const outcome = await DEEDS[deed]!().then((value) => JSON.stringify(value), String);
console.log(`ended ${outcome}`);
// The process stays: what it has not ended goes on.
await new Promise((resolve) => setTimeout(resolve, 3_600_000));
