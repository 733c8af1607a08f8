/** The record through the front door: by `GET /audit`, and by the task. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DEPLOYMENT } from "../../broker/core/activity.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import {
  API_KEY,
  call,
  type Gateway,
  OTHER_API_KEY,
  startGateway,
  USER,
} from "../support/gateway.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { runDeno } from "../support/process.ts";
import { change, makeApp } from "../support/settings.ts";

const NARROW_KEY = "test-narrow-key";
const AUDIT = denoJson.tasks.audit.command.split(" ").slice(1);
const KEYS = newKeyLine("k1");

function linesOf(text: string) {
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

async function audit(gateway: Gateway, query: string, key = API_KEY) {
  await gateway.broker.idle();
  const answer = await gateway.api(`/audit?${query}`, { key });
  return { ...answer, lines: answer.status === 200 ? linesOf(answer.text) : [] };
}

async function task(gateway: Gateway, ...args: string[]) {
  await gateway.broker.idle();
  const running = runDeno([...AUDIT, ...args], { ENCRYPTION_KEYS: KEYS, KV_PATH: gateway.kvPath });
  await using _ = running;
  const { code } = await running.ended;
  return { code, said: running.output() };
}

Deno.test("a backend reads what was done for its user, as lines, page by page", async () => {
  await using gateway = await startGateway();
  await gateway.connect("calendar");
  gateway.world.skew += 1;
  const middle = new Date(gateway.world.now()).toISOString();
  for (const _ of [1, 2, 3]) {
    await gateway.api("/token/calendar", { body: { user_id: USER } });
    await gateway.mcp(call("calendar_list_events", { time_zone: "UTC" }));
    gateway.world.skew += 61_000;
  }
  const all = await audit(gateway, `user_id=${USER}`);
  assertEquals(all.headers.get("Content-Type"), "application/x-ndjson");
  assertEquals(all.headers.get("Cache-Control"), "no-store");
  assertEquals(all.headers.get("Link"), null);
  assertEquals(all.lines.map(({ what }) => what), [
    ...["tool_called", "token_handed_out", "tool_called", "token_handed_out"],
    ...["tool_called", "token_handed_out", "connected"],
  ]);
  const { at: _at, since: _since, account, request_id: _id, ...first } = all.lines[0];
  assertEquals(first, {
    ...{ count: 1, what: "tool_called", actor: { kind: "app", id: "voice" }, provider: "google" },
    ...{ service: "calendar", tool: "calendar_list_events", outcome: "ok" },
  });
  assert(typeof account === "string");
  let [query, read]: [string | undefined, unknown[]] = [`user_id=${USER}&limit=2`, []];
  while (query !== undefined) {
    const page = await audit(gateway, query);
    assert(page.lines.length <= 2);
    read = [...read, ...page.lines];
    const [, next] = /^<[^>]*\/audit\?([^>]*)>; rel="next"$/.exec(page.headers.get("Link") ?? "") ??
      [];
    query = next;
  }
  assertEquals(read, all.lines);
  const late = await audit(gateway, `user_id=${USER}&after=${encodeURIComponent(middle)}`);
  assertEquals(late.lines.length, 6);
});

Deno.test("nobody reads another app's users, or the deployment's record, or asks for nonsense", async () => {
  const apiKeys = [
    `voice:sha256:${digestHex(API_KEY)}`,
    `other:sha256:${digestHex(OTHER_API_KEY)}`,
    `narrow:sha256:${digestHex(NARROW_KEY)}:github`,
  ];
  await using gateway = await startGateway({ env: { API_KEYS: apiKeys.join() } });
  await gateway.connect("calendar");
  await change(gateway, { kind: "app", realm: "desk", app: {} });
  assertEquals((await audit(gateway, `user_id=${USER}`)).lines.length, 1);
  const unknown = await audit(gateway, "user_id=nobody");
  assertEquals([unknown.status, unknown.text], [200, ""]);
  assertEquals((await audit(gateway, `user_id=${USER}`, OTHER_API_KEY)).text, "");
  const none = await gateway.api(`/audit?user_id=${USER}`, { key: null });
  assertEquals(none.status, 401);
  const place = "00000000000000000000000000a.1";
  for (
    const query of [
      ...["", "user_id=", `user_id=${"x".repeat(200)}`, "user_id=~deployment:log", "user_id=a:b"],
      ...[`user_id=${USER}&limit=0`, `user_id=${USER}&limit=101`, `user_id=${USER}&limit=x`],
      ...[`user_id=${USER}&after=yesterday`, `user_id=${USER}&before=${"9".repeat(101)}`],
      `user_id=${USER}&user_id=other`,
    ]
  ) {
    const { status, json } = await audit(gateway, query);
    assertEquals([status, json.error], [400, "invalid_request"], query);
  }
  assertEquals((await audit(gateway, `user_id=${USER}&before=${place}`)).status, 200);
  // A key for some services reads of these, and what its app did itself.
  gateway.world.skew += 1;
  await gateway.connect("github", { key: NARROW_KEY });
  assertEquals((await audit(gateway, `user_id=${USER}`, NARROW_KEY)).lines.length, 1);
});

Deno.test("what operators change is on the deployment's record, by whom, and holds no secret", async () => {
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: KEYS } });
  const key = await makeApp(gateway, "desk");
  await change(gateway, { kind: "operator", provider: "github", email: "eve@example.com" });
  const { code, said } = await task(gateway, "--subject", "deployment");
  assertEquals(code, 0, said);
  const lines = linesOf(said);
  assertEquals(lines.map(({ what, about }) => `${what} ${about}`), [
    "changed_by_operator operator github",
    "changed_by_operator key desk",
    "changed_by_operator app desk",
  ]);
  assert(lines.every(({ actor }) => actor.kind === "operator" && actor.id.length > 0));
  for (const secret of [key, digestHex(key), "eve@"]) assert(!said.includes(secret));
  assertEquals((await gateway.activity.page(DEPLOYMENT, { limit: 10 })).entries.length, 3);
});

Deno.test("deno task audit --verify ends with 1 and names what somebody did to the file", async () => {
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: KEYS } });
  await gateway.connect("calendar");
  await gateway.connect("github", { userId: "bo" });
  const whole = await task(gateway, "--verify");
  assertEquals(whole.code, 0, whole.said);
  assertStringIncludes(whole.said, "2 subjects");
  const subject = `voice:${USER}`;
  const raw = await Deno.openKv(gateway.kvPath);
  const [block] = await Array.fromAsync(raw.list({ prefix: ["activity", subject] }));
  await raw.delete(block!.key);
  const cut = await task(gateway, "--verify", "--subject", subject);
  assertEquals(cut.code, 1);
  assertStringIncludes(cut.said, `${subject}: block 1 is missing: the end was cut off.`);
  const [bos] = await Array.fromAsync(raw.list({ prefix: ["activity", "voice:bo"] }));
  await raw.set(block!.key, bos!.value);
  raw.close();
  const swapped = await task(gateway, "--verify", "--json");
  assertEquals(swapped.code, 1);
  assertMatch(swapped.said, /"kind":"block_unreadable".*"fault":"altered"/);
  const wrong = await Promise.all(
    [["--subject"], ["--subject", "x"], []].map((args) => task(gateway, ...args)),
  );
  assertEquals(wrong.map(({ code }) => code), [2, 2, 2]);
});
