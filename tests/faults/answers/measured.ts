/**
 * A process that takes one hostile answer, and says how that went and by how
 * much its memory grew at most. Run by memory_test.ts.
 *
 * @module
 */

import { startProcess } from "../../../start/machine.ts";
import { z } from "zod";
import { google } from "../../../providers/google/google.ts";
import { postToken } from "../../../providers/post_token.ts";
import { createApiClient } from "../../../mcp/api_client.ts";
import { tokenSetOf } from "../../support/api.ts";
import { API_KEY, call, startGateway, USER } from "../../support/gateway.ts";
import { systemEnv } from "../../support/process.ts";
import { testWorld } from "../../support/world.ts";

const settings = { clientId: "x", clientSecret: "x", redirectUri: "http://localhost/cb", fetch };

/** What is done with the address of a hostile server. */
const DEEDS: Record<string, (url: string) => Promise<unknown>> = {
  userinfo: (url) => google.create({ ...settings, baseUrl: url }).identify(tokenSetOf("t")),
  token: (endpoint) => postToken({ fetch, endpoint, form: { grant_type: "refresh_token" } }),
  api: (url) =>
    createApiClient({
      world: testWorld(),
      provider: google.create({ ...settings, baseUrl: url }),
      tokens: () => Promise.resolve(tokenSetOf("t")),
      fetch,
      limit: new AbortController(),
    }).json("/x", z.unknown()),
  upstream: (url) => callUpstream({ name: "up", url }),
  proxy: readSlowly,
  process: () =>
    callUpstream({
      name: "up",
      trust: "same_user",
      command: Deno.execPath(),
      args: ["run", "--quiet", "--no-config", new URL("flooding.ts", import.meta.url).pathname],
      env: systemEnv(),
    }),
};

/** 200 MB of a provider's answer, through the proxy, by somebody who reads a little at a time. */
async function readSlowly(url: string): Promise<string> {
  const gateway = await startGateway({ env: { GITHUB_API_URL: url } });
  await gateway.connect("github");
  const headers = { "X-Api-Key": API_KEY, "X-User-Id": USER };
  before = await memory("VmRSS");
  const answer = await fetch(`${gateway.url}/proxy/github/endless`, { headers });
  const reader = answer.body!.getReader();
  let read = 0;
  for (let megabytes = 1; megabytes <= 200; megabytes++) {
    while (read < megabytes * 1024 * 1024) read += (await reader.read()).value!.length;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  // And now not at all. Where it goes on all the same, it is kept somewhere.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  return `read ${read > 200_000_000}`;
}

/** The bytes that this process has in memory, or had at most. */
async function memory(what: "VmRSS" | "VmHWM"): Promise<number> {
  const status = await Deno.readTextFile("/proc/self/status");
  return Number(new RegExp(`^${what}:\\s*(\\d+) kB`, "m").exec(status)![1]) * 1024;
}

async function callUpstream(entry: Record<string, unknown>): Promise<string> {
  const gateway = await startGateway({
    startProcess,
    env: { UPSTREAMS: JSON.stringify([entry]) },
  });
  for (;;) {
    const { text } = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 });
    if (text.includes('"up_read"')) break;
    gateway.world.skew += 60_000;
  }
  before = await memory("VmRSS");
  return (await gateway.mcp(call("up_read"))).text.slice(0, 200);
}

const [deed = "", url = ""] = Deno.args;
let before = await memory("VmRSS");
const outcome = await DEEDS[deed]!(url).then(
  (value) => JSON.stringify(value).slice(0, 200),
  (error) => `${error.name}: ${error.message}`,
);
const grown = await memory("VmHWM") - before;
console.log(`ended ${JSON.stringify({ outcome, grown })}`);
// Whatever the deed has left open.
Deno.exit(0);
