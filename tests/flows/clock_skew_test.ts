/** Two gateways whose clocks are ten minutes apart: what one begins, the other one ends. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { MAX_CLOCK_SKEW_MS } from "../../broker/core/clock.ts";
import { CODE_MS } from "../../gateway/grants/codes.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { assertRefused, assertWorks, signedIn } from "../support/attacks.ts";
import { freePort } from "../support/free_port.ts";
import { type Gateway, USER } from "../support/gateway.ts";
import { exchange, newClient, obtainCode } from "../support/mcp_client.ts";
import { runDeno } from "../support/process.ts";
import {
  browserCookie,
  confirmAt,
  openAt,
  startTwo,
  throughProvider,
} from "../support/two_gateways.ts";

const MINUTE_MS = 60_000;
const RETURN_TO = "https://app.example.com/connected";
const APART = [10 * MINUTE_MS, -10 * MINUTE_MS];
const env = { RETURN_URLS: RETURN_TO, SIGN_IN_ALLOW: "*" };

/** One after the other: each of the two is ahead once, and begins once. */
async function eachWay(
  run: (here: Gateway, there: Gateway, isPublic: boolean) => Promise<void>,
): Promise<void> {
  for (const skew of APART) {
    await using two = await startTwo({ env, is: {} });
    two.before.world.skew = skew;
    // Each seals something, and has told its time by that.
    for (const gateway of [two.before, two.after]) {
      await gateway.api("/links", { body: { user_id: "somebody", service: "github" } });
    }
    await run(two.before, two.after, true);
    await run(two.after, two.before, false);
  }
}

async function linkOf(at: Gateway, more: Record<string, unknown> = {}): Promise<string> {
  const body = { user_id: USER, service: "github", ...more };
  return (await at.api("/links", { body })).json.url;
}

Deno.test("a link of one gateway is opened, confirmed and ended at the other", async () => {
  await eachWay(async (here, there) => {
    const link = await linkOf(here);
    assertEquals((await openAt(there, link)).status, 200);
    const cookie = await browserCookie(there);
    const { location } = await confirmAt(there, link, cookie);
    const callback = await throughProvider(location);
    const back = await fetch(here.url + callback, { headers: { Cookie: cookie } });
    assertEquals(back.status, 200, (await back.text()).slice(-500));
  });
});

Deno.test("what was connected through one gateway is claimed at the other", async () => {
  await eachWay(async (here, there) => {
    const link = await linkOf(here, { return_to: RETURN_TO });
    const cookie = await browserCookie(here);
    const { location } = await confirmAt(here, link, cookie);
    const headers = { Cookie: cookie };
    const callback = await throughProvider(location);
    const back = await fetch(here.url + callback, { headers, redirect: "manual" });
    await back.body?.cancel();
    const code = new URL(back.headers.get("Location")!).searchParams.get("code");
    const claimed = await there.api("/links/claim", { body: { user_id: USER, code } });
    assertEquals(claimed.status, 200, claimed.text);
  });
});

Deno.test("a client's code of one gateway is exchanged at the other, and its token works at both", async () => {
  await eachWay(async (here, there, isPublic) => {
    // People sign in at the address that all of them have.
    if (!isPublic) return;
    const client = await newClient(here);
    const code = await obtainCode(here, client, await signedIn(here, "google"));
    const { status, json } = await exchange(there, client, code);
    assertEquals(status, 200, JSON.stringify(json));
    for (const gateway of [here, there]) await assertWorks(gateway, json.access_token);
  });
});

Deno.test("what is over by either clock is over, and what was used is used", async () => {
  await using two = await startTwo({ env, is: {} });
  const { before, after } = two;
  before.world.skew = -10 * MINUTE_MS;
  await linkOf(after);
  const link = await linkOf(before);
  const client = await newClient(before);
  const code = await obtainCode(before, client, await signedIn(before, "google"));
  const once = await obtainCode(before, client, await signedIn(before, "google"));
  assertEquals((await exchange(after, client, once)).status, 200);
  assertRefused(await exchange(before, client, once));
  for (const gateway of [before, after]) gateway.world.skew += CODE_MS + MAX_CLOCK_SKEW_MS;
  for (const gateway of [before, after]) {
    assertEquals((await openAt(gateway, link)).status, 410);
    assertRefused(await exchange(gateway, client, code));
  }
});

Deno.test("a gateway alone gives no minute more than it has promised", async () => {
  await using two = await startTwo({ env, is: {} });
  const { before } = two;
  const link = await linkOf(before);
  before.world.skew += 10 * MINUTE_MS;
  assertEquals((await openAt(before, link)).status, 410);
});

Deno.test("a process that finds its clock behind another's says so, in the log and on /health", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const [, ...START] = denoJson.tasks.start.command.split(" ");
  const keys = newKeyLine("k1");
  const start = (minutes: number) => {
    const port = freePort();
    const moved = new URL(`../support/moved_clock.ts?minutes=${minutes}`, import.meta.url);
    const program = runDeno(START.toSpliced(1, 0, `--preload=${moved}`), {
      PORT: String(port),
      PUBLIC_URL: `http://localhost:${port}`,
      KV_PATH: `${folder}/kv.sqlite`,
      ENCRYPTION_KEYS: keys,
      API_KEYS: `voice:sha256:${digestHex("key")}`,
    });
    return {
      program,
      health: async () => await (await fetch(`http://localhost:${port}/health`)).json(),
    };
  };
  const ahead = start(10);
  await using _ahead = ahead.program;
  await ahead.program.said(/"event":"listening"/);
  const behind = start(0);
  await using _behind = behind.program;
  const [line] = await behind.program.said(/.*"event":"clock_is_behind".*/);
  assertMatch(line, /"seconds":(59\d|60\d)\b/);
  assertEquals((await behind.health()).clock, "behind");
  assertEquals((await ahead.health()).clock, undefined);
  assert(!ahead.program.output().includes("clock_is_behind"));
  for (const { program } of [ahead, behind]) {
    program.child.kill("SIGTERM");
    await program.ended;
  }
  await Deno.remove(folder, { recursive: true });
});
