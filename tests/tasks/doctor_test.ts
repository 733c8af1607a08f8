/** The real task on the database of a gateway. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { optionsOf } from "../../tasks/doctor.ts";
import { startDeployment } from "./doctor/deployment.ts";
import { connectionFindings } from "../../tasks/doctor/vault.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { denoArgs, systemEnv } from "../support/process.ts";
import { createProviderStore } from "../../vault/provider_records.ts";
import { change } from "../support/settings.ts";
import { snapshot } from "../support/snapshot.ts";

const DOCTOR = denoJson.tasks.doctor.command.split(" ").slice(1);
const [K1, K2] = [newKeyLine("k1"), newKeyLine("k2")];
/** Another key by the id of the first. */
const FALSE_K1 = newKeyLine("k1");
const DIGEST = digestHex("a key that nobody guesses");

/** What is asked of nobody else: the tests of that are in `doctor/`. */
function doctor(env: Record<string, string>, ...args: string[]) {
  return run({ ...OFFLINE_ENV, ...env }, denoArgs([...DOCTOR, "--offline", ...args]));
}

const OFFLINE_ENV = {
  PUBLIC_URL: "https://gateway.example",
  API_KEYS: `voice:sha256:${DIGEST}`,
  GOOGLE_CLIENT_ID: "id.apps.googleusercontent.com",
  GOOGLE_CLIENT_SECRET: "the-clients-secret",
};

async function run(env: Record<string, string>, args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: new URL("../../", import.meta.url),
    clearEnv: true,
    env: {
      ...systemEnv(),
      NO_COLOR: "1",
      ...env,
    },
  }).output();
  const [said, failed] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, said: said!, failed: failed! };
}

const of = (gateway: Gateway, keys: string) => ({ ENCRYPTION_KEYS: keys, KV_PATH: gateway.kvPath });

async function withUsers(count: number): Promise<Gateway> {
  const gateway = await startGateway({ env: { ENCRYPTION_KEYS: K1 } });
  for (let n = 0; n < count; n++) await gateway.connect("google", { userId: `user_${n}` });
  return gateway;
}

Deno.test("where all is well it says so, counts, changes nothing, and ends with 0", async () => {
  await using gateway = await withUsers(2);
  const before = await snapshot(gateway.kv);
  const { code, said, failed } = await doctor(of(gateway, K1));
  assertEquals([code, failed], [0, ""]);
  assertMatch(said, /^ok +configuration: no fault; 1 providers: google\.$/m);
  assertMatch(said, /^(ok|note) +database: can be written and read, in \d+ ms\.$/m);
  assertMatch(said, /^ok +keys: all that is stored opens; k1 seals/m);
  assertMatch(said, /^ok +connections: 2; 0 wait for their person to connect again/m);
  assertEquals(await snapshot(gateway.kv), before);
});

Deno.test("connections that cannot be opened are counted by provider and key, until they heal or go", async () => {
  await using gateway = await withUsers(3);
  const lost = await doctor(of(gateway, K2));
  assertEquals(lost.code, 1);
  assertMatch(
    lost.said,
    /^fault +keys: k1, which sealed \d+ records, is not in ENCRYPTION_KEYS\.$/m,
  );
  assertMatch(lost.said, /^fault +connections: 3 of 3 cannot be opened: google 3 under k1\.$/m);
  assertStringIncludes(lost.said, "→ Put the missing key back into ENCRYPTION_KEYS.");
  const mistaken = await doctor(of(gateway, FALSE_K1));
  assertMatch(
    mistaken.said,
    /^fault +keys: k1, which sealed \d+ records, is another key by the same id/m,
  );
  assertMatch(mistaken.said, /^fault +connections: 3 of 3 cannot be opened/m);
  // As the cure says: one connects again, one is taken away.
  await using other = await startGateway({
    env: { ENCRYPTION_KEYS: K2, GOOGLE_BASE_URL: gateway.emulators.google },
    kvPath: gateway.kvPath,
  });
  await other.connect("google", { userId: "user_0" });
  await other.api("/connections/google?user_id=user_1", { method: "DELETE" });
  const partly = await doctor(of(gateway, K2), "--json");
  const { well, findings } = JSON.parse(partly.said);
  assertEquals([partly.code, well], [1, false]);
  const found = findings.filter(({ what }: { what: string }) => what === "connections")
    .map(({ found }: { found: string }) => found);
  assertStringIncludes(found[1], "1 of 2 cannot be opened: google 1 under k1.");
  const back = await doctor(of(gateway, `${K2},${K1}`));
  assertEquals(back.code, 0, back.said);
  assertStringIncludes(back.said, "`deno task rekey` seals everything under the first key.");
});

Deno.test("a connection of a provider that is not set up is noted, and is no fault", async () => {
  await using gateway = await withUsers(1);
  await gateway.connect("github", { userId: USER });
  const { code, said } = await doctor(of(gateway, K1));
  assertEquals(code, 0);
  assertMatch(said, /^note +connections: 1 are of github, which is not set up/m);
});

Deno.test("a provider that refuses the client is a fault, until it takes it again", async () => {
  await using gateway = await withUsers(1);
  const events = createProviderStore(gateway.records);
  await events.note("google", "client_refused", Date.now() - 1000);
  const refused = await doctor(of(gateway, K1));
  assertEquals(refused.code, 1);
  assertMatch(
    refused.said,
    /^fault +providers: google does not accept this deployment's client\.$/m,
  );
  assertStringIncludes(refused.said, "Compare GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET");
  await events.note("google", "refreshed", Date.now());
  assertEquals((await doctor(of(gateway, K1))).code, 0);
});

Deno.test("an API that is not enabled is a fault, which calls find and nobody hears read aloud", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: K1 }, fetch: faults.fetch });
  await gateway.connect("calendar");
  const secret = "a word of the provider's";
  faults.on("/calendar/v3", () => {
    const metadata = { service: "calendar-json.googleapis.com", consumer: "projects/4711" };
    const details = [{ reason: "SERVICE_DISABLED", metadata }];
    const error = { code: 403, status: "PERMISSION_DENIED", message: secret, details };
    return Response.json({ error }, { status: 403 });
  });
  for (let id = 0; id < 3; id++) {
    const { json } = await gateway.mcp(call("calendar_list_events", {}, id));
    const [{ text }] = json.result.content;
    assertEquals(json.result.isError, true);
    assertStringIncludes(text, "The Google Calendar API is not switched on for this service.");
    assert(!/http|4711/.test(JSON.stringify(json)), text);
  }
  const page = "https://console.cloud.google.com/apis/library/calendar-json.googleapis.com";
  const detail = `The Google Calendar API is not enabled in project 4711: ${page}`;
  const logged = gateway.world.events.find(({ event }) => event === "provider_misconfigured");
  assertEquals(logged?.detail, detail);
  const { code, said } = await doctor(of(gateway, K1));
  assertEquals(code, 1);
  assertStringIncludes(said, `providers: google refused calls: ${detail}`);
  assert(!said.includes(secret), said);

  const { noteFault, lastFault } = createProviderStore(gateway.records);
  // Nobody says that it was mended: it is told for an hour after it was last found.
  await noteFault("google", { at: Date.now() - 61 * 60_000, detail });
  assertEquals((await doctor(of(gateway, K1))).code, 0);
  await noteFault("google", { at: 1, detail: "x".repeat(10_000) });
  assertEquals((await lastFault("google"))?.detail.length, 500);
});

Deno.test("every fault of the configuration is a line, and what can be looked at all the same is", async () => {
  await using gateway = await withUsers(1);
  const broken = { ...of(gateway, K1), PUBLIC_URL: "http://gateway.example", API_KEYS: "voice" };
  const { code, said } = await doctor(broken);
  assertEquals(code, 1);
  assertMatch(said, /^fault +configuration: PUBLIC_URL: /m);
  assertMatch(said, /^fault +configuration: API_KEYS: /m);
  assertMatch(said, /^ok +connections: 1;/m);
  const none = await doctor({ ENCRYPTION_KEYS: "k1:short" });
  assertMatch(none.said, /^note +database: was not looked at: its settings have faults\.$/m);
});

Deno.test("a database that is not there is not made", async () => {
  const kvPath = `${await Deno.makeTempDir()}/kv.sqlite`;
  const { code, said } = await doctor({ ENCRYPTION_KEYS: K1, KV_PATH: kvPath });
  assertEquals(code, 1);
  assertMatch(said, /^fault +database: .* is not there\.$/m);
  assertEquals(await Deno.stat(kvPath).catch(() => null), null);
});

Deno.test("no secret is told, whatever is wrong", async () => {
  await using gateway = await withUsers(1);
  for (const keys of [K1, K2, FALSE_K1, `${K2},${K1}`]) {
    const { said, failed } = await doctor(of(gateway, keys));
    for (const secret of [K1.slice(3), K2.slice(3), "the-clients-secret", DIGEST, "user_0"]) {
      assert(!(said + failed).includes(secret));
    }
  }
});

Deno.test("what it does not know it refuses, and a key that would travel in clear", async () => {
  const { code, failed } = await doctor({}, "--all");
  assertEquals([code, failed.split("\n")[0]], [
    2,
    "Usage: deno task doctor [--offline] [--json] [--key <API key>]",
  ]);
  assertEquals(optionsOf(["--url", "http://mine.org"]), undefined);
  assertEquals(optionsOf(["--url=https://ana:pw@mine.org"]), undefined);
  assertEquals(optionsOf(["--url=https://mine.org", "--offline"]), undefined);
  assertEquals(optionsOf(["--key"]), undefined);
  const options = { asJson: true, url: "https://mine.org", key: "sb_x" };
  assertEquals(optionsOf(["--json", "--url", "https://mine.org/mcp", "--key=sb_x"]), options);
});

Deno.test("the real task ends with 0 in a deployment without a fault, else with 1, and prints no key", async () => {
  await using deployment = await startDeployment();
  const { env, url } = deployment;
  // By the system's own clock, by which answers are dated.
  const well = await run({ ...env, SWITCHBOARD_API_KEY: API_KEY }, DOCTOR);
  assertEquals(well.code, 0, well.said + well.failed);
  assertMatch(well.said, /^ok +MCP: 2026-07-28: \d+ tools are listed\.$/m);
  assertMatch(
    well.said,
    /^ok +redirect URIs: google: http:\S+\/callback\/google\n +→ Register exac/m,
  );
  const wrong = await run({ ...env, GOOGLE_CLIENT_SECRET: "another" }, [...DOCTOR, "--json"]);
  const { well: isWell, findings } = JSON.parse(wrong.said);
  assertEquals([wrong.code, isWell], [1, false]);
  const faults = findings.filter(({ state }: { state: string }) => state === "fault");
  assertEquals(faults.map(({ what }: { what: string }) => what), ["clients"]);
  const outside = await run({}, [...DOCTOR, "--url", url, "--key", "sb_another"]);
  assertEquals(outside.code, 1);
  assertMatch(outside.said, /^fault +MCP: the API key is not known there\.$/m);
  for (const { said, failed } of [well, wrong, outside]) {
    assert(!/sb_another|another"/.test(said + failed) && !(said + failed).includes(API_KEY));
  }
});

Deno.test("connectionFindings() adds up over providers and keys", () => {
  const byStatus = { active: 4, reauthorization_required: 2, moved: 1 };
  const counts = [
    { provider: "acme", connections: 7, byStatus, unopened: { k0: 2, k1: 1 } },
    { provider: "zoo", connections: 7, byStatus, unopened: {} },
  ];
  const [all, closed, ...others] = connectionFindings(counts, ["acme", "zoo"]);
  assertStringIncludes(
    all!.found,
    "14; 4 wait for their person to connect again, 2 were moved out.",
  );
  assertEquals(closed!.found, "3 of 14 cannot be opened: acme 2 under k0, 1 under k1.");
  assertEquals(others, []);
});

Deno.test("what the console has is counted, and what of it is left out is a fault", async () => {
  await using gateway = await startGateway({ env: { ENCRYPTION_KEYS: K1 } });
  const none = await doctor(of(gateway, K1));
  assert(!/^\w+ +console:/m.test(none.said));
  await change(gateway, { kind: "app", realm: "desk", app: {} });
  const credentials = { clientId: "pasted-id", clientSecret: "pasted-secret" };
  await change(gateway, { kind: "credentials", provider: "linear", ...credentials });
  const well = await doctor(of(gateway, K1));
  assertEquals(well.code, 0, well.said);
  assertMatch(well.said, /^ok +console: 1 apps, 1 clients, 0 MCP servers, 0 operators\.$/m);
  const UPSTREAMS = '[{"name":"desk","url":"https://desk.example/mcp","oauth":false}]';
  const taken = await doctor({ ...of(gateway, K1), UPSTREAMS });
  assertEquals(taken.code, 1);
  assertMatch(taken.said, /console: app desk is left out: an MCP server has this name\./);
  for (const { said, failed } of [well, taken]) assert(!(said + failed).includes("pasted-secret"));
});
