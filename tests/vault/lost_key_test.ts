/** What people and apps can still do when the key of a connection is gone, or its record was tampered with. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { parseKeyRing } from "../../broker/config/vault.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { findMissingKeys } from "../../vault/key_check.ts";
import type { ConnectionRecord } from "../../vault/connection_records.ts";
import type { Entry } from "../../vault/records.ts";
import { Browser } from "../support/browser.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";
import { personalToken } from "../support/attacks.ts";
import { signIn } from "../support/mcp_client.ts";
import { runDeno } from "../support/process.ts";
import { freePort } from "../support/free_port.ts";

const OTHER_USER = "somebody_else";
const START = denoJson.tasks.start.command.split(" ").slice(1);

type Found = Entry<ConnectionRecord>;

async function recordsOf(gateway: Gateway, kind = "connections"): Promise<Found[]> {
  return await Array.fromAsync(gateway.records.list<ConnectionRecord>({ prefix: [kind] }));
}

async function set(gateway: Gateway, { key, value }: Found, change: Partial<ConnectionRecord>) {
  await gateway.records.commit({ sets: [{ key, value: { ...value, ...change } }] });
}

/** Ways in which a box cannot be opened any more. `other` is another user's record. */
const FAULTS: Record<string, (own: Found, other: Found) => Partial<ConnectionRecord>> = {
  "whose key is lost": () => ({ key: "lost" }),
  "that was changed": ({ value: { box } }) => ({
    box: box.map((byte, at) => at === 30 ? byte ^ 1 : byte),
  }),
  "that was cut": ({ value: { box } }) => ({ box: box.slice(0, 20) }),
  "with another's box in it": (_own, { value: { box, key } }) => ({ box, key }),
};

function api(gateway: Gateway, userId = USER) {
  return {
    token: (account?: string) =>
      gateway.api("/token/github", { body: { user_id: userId, account } }),
    list: async () => (await gateway.api(`/connections?user_id=${userId}`)).json.connections,
    end: (account?: string) =>
      gateway.api(
        `/connections/github?user_id=${userId}${
          account === undefined ? "" : `&account=${account}`
        }`,
        { method: "DELETE" },
      ),
  };
}

/** Two people with one account each; what the first one stored cannot be opened. */
async function startBroken(fault: string): Promise<Gateway> {
  const gateway = await startGateway();
  await gateway.connect("github", { userId: OTHER_USER, account: "admin" });
  await gateway.connect("github", { account: "octocat" });
  const all = await recordsOf(gateway);
  const own = all.find(({ key }) => key[1] === `voice:${USER}`)!;
  const other = all.find(({ key }) => key[1] === `voice:${OTHER_USER}`)!;
  await set(gateway, own, FAULTS[fault]!(own, other));
  return gateway;
}

for (const fault of Object.keys(FAULTS)) {
  Deno.test(`a connection ${fault} is listed as one to connect again, and is healed by a sign-in`, async () => {
    await using gateway = await startBroken(fault);
    const { token, list } = api(gateway);
    const out = await token();
    assertEquals([out.status, out.json.error], [503, "vault_unavailable"]);
    const [row, ...others] = await list();
    assertEquals(others, []);
    assertEquals([row.provider, row.status, row.services, row.scope, row.default], [
      "github",
      "reauthorization_required",
      [],
      "",
      false,
    ]);
    assertEquals(row.label, row.account, "nothing of the box is known");

    const page = await gateway.connect("github", { account: "octocat" });
    assertStringIncludes(page.html, "✓ GitHub connected");
    assertEquals((await token()).json.label, "octocat");
    assertEquals((await list()).map(({ status }: { status: string }) => status), ["active"]);
    assertEquals((await recordsOf(gateway)).length, 2);
  });

  Deno.test(`a connection ${fault} is deleted by DELETE, and no other with it`, async () => {
    await using gateway = await startBroken(fault);
    const { end, list } = api(gateway);
    const { status, json } = await end();
    assertEquals(status, 200, JSON.stringify(json));
    assertEquals([json.deleted, json.revoked, json.services], [true, false, []]);
    assertEquals(json.revocation_error, "its tokens cannot be opened");
    assertEquals(await list(), []);
    const other = api(gateway, OTHER_USER);
    assertEquals((await other.token()).json.label, "admin");
    assertEquals((await end()).json.error, "not_connected");
  });
}

/** Two accounts of one person, the usual one of which cannot be opened. */
async function startHalfBroken(): Promise<Gateway & { lost: string; kept: string }> {
  const gateway = await startGateway();
  await gateway.connect("github", { account: "octocat" });
  gateway.world.skew += 1000;
  const [usual] = await recordsOf(gateway);
  await gateway.connect("github", { account: "admin" });
  await set(gateway, usual!, { key: "lost" });
  const ids = (await recordsOf(gateway)).map(({ key }) => String(key[3]));
  const lost = String(usual!.key[3]);
  return Object.assign(gateway, { lost, kept: ids.find((id) => id !== lost)! });
}

Deno.test("nobody gets another account's token in the place of one that cannot be opened", async () => {
  await using gateway = await startHalfBroken();
  const { token } = api(gateway);
  assertEquals((await token()).json.error, "vault_unavailable");
  assertEquals((await token(gateway.lost)).json.error, "vault_unavailable");
  assertEquals((await token("admin")).json.label, "admin");
});

Deno.test("nobody ends another account in the place of one that cannot be opened", async () => {
  await using gateway = await startHalfBroken();
  const { list, end } = api(gateway);
  const accounts = async () =>
    (await list()).map(({ account }: { account: string }) => account).sort();
  assertEquals(await accounts(), [gateway.lost, gateway.kept].sort());
  const unsure = await end();
  assertEquals(unsure.json.error, "unknown_account");
  assertStringIncludes(unsure.json.error_description, gateway.lost);
  assertEquals((await end("mallory")).json.error, "unknown_account");
  assertEquals((await accounts()).length, 2);
  const set = await gateway.api("/connections/github/default", {
    body: { user_id: USER, account: gateway.lost },
  });
  assertEquals(set.json.error, "vault_unavailable");
  assertEquals((await end(gateway.lost)).json.deleted, true);
  assertEquals(await accounts(), [gateway.kept]);
});

Deno.test("a connection that cannot be opened hides none of another provider", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  await set(gateway, (await recordsOf(gateway))[0]!, { key: "lost" });
  await gateway.connect("google");
  const rows = await api(gateway).list();
  assertEquals(
    rows.map(({ provider, status }: Record<string, string>) => `${provider} ${status}`).sort(),
    ["github reauthorization_required", "google active"],
  );
});

Deno.test("a connection that cannot be opened stands with each service of its provider, and no other", async () => {
  await using gateway = await startGateway();
  await gateway.connect("google");
  await set(gateway, (await recordsOf(gateway))[0]!, { key: "lost" });
  await gateway.connect("github");
  const { json } = await gateway.api(`/services?user_id=${USER}`);
  type Row = { name: string; provider: string; connections: { status: string }[] };
  for (const { name, provider, connections } of json.services as Row[]) {
    const expected = provider === "google" ? "reauthorization_required" : "active";
    assertEquals(connections.map(({ status }) => status), [expected], name);
  }
});

Deno.test("one that opens stands with what it was granted for alone, be it over or for nothing", async () => {
  await using gateway = await startGateway();
  await gateway.connect("gmail");
  await set(gateway, (await recordsOf(gateway))[0]!, { status: "reauthorization_required" });
  const nothing = { service: "calendar", user_id: USER, account: { id: "7" }, scopes: [] };
  await gateway.api("/connections/import?verify=none", {
    body: [{ ...nothing, access_token: "a", refresh_token: "r", expires_in: 3600 }],
  });
  const { json } = await gateway.api(`/services?user_id=${USER}`);
  type Row = { name: string; connections: unknown[] };
  const there = (json.services as Row[]).filter(({ connections }) => connections.length > 0);
  assertEquals(there.map(({ name, connections }) => [name, connections.length]), [["gmail", 1]]);
  assertEquals((await recordsOf(gateway)).length, 2);
});

Deno.test("what was imported for somebody is nobody else's while it cannot be opened, nor put over unasked", async () => {
  await using gateway = await startGateway();
  const fateOf = async (user_id: string, token: string, replace = false) => {
    const item = { service: "calendar", user_id, account: { id: "7" }, expires_in: 3600, replace };
    const { json } = await gateway.api("/connections/import?verify=none", {
      body: [{ ...item, access_token: `${token}'s`, refresh_token: token }],
    });
    return json.results[0].error ?? json.results[0].status;
  };
  assertEquals(await fateOf(USER, "first"), "imported");
  const [own] = await recordsOf(gateway);
  await set(gateway, own!, { key: "lost" });
  assertEquals(await fateOf(OTHER_USER, "first"), "invalid_request");
  assertEquals(await fateOf(USER, "second"), "exists", "its key may come back");
  const [same, ...others] = await recordsOf(gateway);
  assertEquals([same!.version === own!.version, same!.value.key, others], [false, "lost", []]);
  assertEquals(await fateOf(USER, "second", true), "imported");
  assertEquals((await recordsOf(gateway)).map(({ value: { key } }) => key), ["k1"]);
});

Deno.test("what cannot be opened does not stand before the others on the list of refreshes", async () => {
  await using gateway = await startGateway();
  await gateway.connect("google");
  await set(gateway, (await recordsOf(gateway))[0]!, { key: "lost" });
  gateway.world.skew = 54 * 60_000;
  assertEquals(await gateway.broker.sweep(), 1);
  assertEquals(await gateway.broker.sweep(), 0);
  assert(gateway.world.events.some(({ event }) => event === "sweep_failed"));
});

Deno.test("a person whose session cannot be opened signs in again, and sees the page", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const browser = new Browser();
  const enter = async () => await signIn(browser, await browser.open(`${gateway.url}/sign-in`));
  await enter();
  const page = await browser.open(gateway.url);
  assertStringIncludes(page.html, "Signed in as");
  await personalToken({ browser, home: page });
  for (const kind of ["sessions", "grants"]) {
    for (const record of await recordsOf(gateway, kind)) {
      await set(gateway, record, { key: "lost" });
    }
  }
  const out = await browser.open(gateway.url);
  assert(out.url.endsWith("/sign-in"), out.url);
  await enter();
  assertStringIncludes((await browser.open(gateway.url)).html, "Signed in as");
});

Deno.test("findMissingKeys() names a key none of whose records opens, and no other", async () => {
  const keys = newKeyLine("k1");
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: keys } });
  for (const userId of ["a", "b", "c"]) await gateway.connect("github", { userId });
  const named = async (line: string) => {
    const ring = await importKeyRing(parseKeyRing(line));
    return (await findMissingKeys(gateway.records, ring)).map(({ id }) => id);
  };
  const all = await recordsOf(gateway);
  assertEquals([await named(keys), await named(newKeyLine("k1"))], [[], ["k1"]]);
  assertEquals(await named(newKeyLine("k9")), ["k1"]);
  // Changed or moved records say nothing of their key, wherever they stand.
  for (const whole of all) {
    for (const record of all) {
      const box = record === whole ? record.value.box : whole.value.box;
      await set(gateway, record, { box });
    }
    assertEquals(await named(keys), [], String(whole.key[1]));
    for (const record of all) await set(gateway, record, {});
  }
  await set(gateway, all[1]!, { key: "lost" });
  assertEquals(await named(keys), ["lost"]);
});

Deno.test("a gateway that lacks a key says so at its start and in /health, and works on", async () => {
  const keys = newKeyLine("k1");
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: keys } });
  await gateway.connect("github");
  const port = freePort();
  const base = `http://localhost:${port}`;
  const health = async (line: string) => {
    await using program = runDeno(START, {
      PORT: String(port),
      PUBLIC_URL: base,
      KV_PATH: gateway.kvPath,
      ENCRYPTION_KEYS: line,
    });
    await program.said(/"event":"listening"/);
    if (line !== keys) await program.said(/"event":"key_missing"/);
    const response = await fetch(`${base}/health`);
    return { code: response.status, ...await response.json(), output: program.output() };
  };
  const wrong = await health(newKeyLine("k9"));
  assertEquals([wrong.code, wrong.keys], [200, "missing"]);
  assertStringIncludes(wrong.output, `"level":"error","event":"key_missing"`);
  const right = await health(keys);
  assertEquals([right.code, right.keys], [200, undefined]);
  assert(!right.output.includes("key_missing"), right.output);
});
