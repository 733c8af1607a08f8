/** People, connections and API keys at the command line, with the real task beside a gateway that runs. */

import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { readArgs, UsageError } from "../../tasks/admin/command.ts";
import { readSubject } from "../../tasks/admin/subject.ts";
import { json, shown } from "../../tasks/admin/output.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { admin, type AdminRun } from "../support/admin.ts";
import { startReceiver } from "../support/event_receiver.ts";
import { API_KEY, type Gateway, startGateway } from "../support/gateway.ts";
import { startZoo, type Zoo } from "../support/zoo.ts";

const KEYS = newKeyLine("k1");

interface Both extends AsyncDisposable {
  gateway: Gateway;
  zoo: Zoo;
  admin(...args: string[]): Promise<AdminRun>;
  /** All that was printed so far. */
  printed(): string;
}

/** A gateway with some users of the zoo: `user_0` has the account `lion_0`, labelled `Leo 0`. */
async function start(users: number, more: Record<string, string> = {}): Promise<Both> {
  const zoo = startZoo();
  const set = {
    ENCRYPTION_KEYS: KEYS,
    PROVIDERS: JSON.stringify([zoo.spec]),
    ZOO_CLIENT_ID: "zoo-client",
    ZOO_CLIENT_SECRET: "zoo-secret",
    ...more,
  };
  const gateway = await startGateway({ env: set });
  await importUsers(gateway, zoo, users);
  let all = "";
  return {
    gateway,
    zoo,
    async admin(...args) {
      const run = await admin({
        ...set,
        PUBLIC_URL: gateway.url,
        KV_PATH: gateway.kvPath,
        API_KEYS: `voice:sha256:${digestHex(API_KEY)}`,
      }, ...args);
      all += run.out + run.err;
      return run;
    },
    printed: () => all,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await zoo[Symbol.asyncDispose]();
    },
  };
}

async function importUsers(gateway: Gateway, zoo: Zoo, users: number): Promise<void> {
  const items = Array.from({ length: users }, (_none, n) => {
    const { access_token, refresh_token } = zoo.issue();
    const account = { id: `lion_${n}`, label: `Leo ${n}` };
    const tokens = { access_token, refresh_token, expires_in: 3600 };
    return { service: "zoo", user_id: `user_${n}`, account, ...tokens };
  });
  await gateway.api("/connections/import?verify=none", { body: items });
}

const token = ({ gateway }: Both, user: number) =>
  gateway.api("/token/zoo", { body: { user_id: `user_${user}` } });

Deno.test("an operator sees how a deployment and a person stand, and no secret", async () => {
  await using both = await start(3);
  await both.gateway.broker.keepCounts();
  const session = await both.gateway.api("/sessions", {
    body: { user_id: "user_1", services: ["*"] },
  });
  const { json: status, err } = await both.admin("status", "--json");
  assertEquals(status.people, 3, err);
  assertEquals(status.connections, [{ provider: "zoo", status: "active", count: 3 }]);
  assertEquals(status.access, { grants: 0, session_tokens: 1, clients: 0, sessions: 0 });
  assertEquals(
    status.apps.map(({ realm, keys }: { realm: string; keys: unknown }) => [realm, keys]),
    [
      ["voice", [{ source: "env" }]],
    ],
  );
  assertEquals(status.processes.map(({ key }: { key: string }) => key), ["k1"]);
  const { json: user } = await both.admin("user", "voice:user_1", "--json");
  const [{ provider, account, label, status: stands }] = user.connections;
  assertEquals([provider, account, label, stands], ["zoo", "lion_1", "Leo 1", "active"]);
  assertEquals(user.session_tokens.length, 1);
  const { out } = await both.admin("user", "voice:user_1");
  assertStringIncludes(out, "connection   zoo, account lion_1 (Leo 1): active");
  assertEquals((await both.admin("find", "leo 2", "--json")).json.subject, "voice:user_2");
  assertMatch(
    (await both.admin("find", "lion_")).out,
    /^voice:user_0 .*\nvoice:user_1 .*\nvoice:user_2 /,
  );
  assertEquals((await both.admin("find", "nobody at all")).code, 1);
  // By what a page, or an answer, called the request in which a connect failed.
  const failed = await both.gateway.api("/connections/import?verify=none", {
    body: [{ service: "zoo", user_id: "user_1", access_token: "zoo-access-none", expires_in: 60 }],
  });
  await both.gateway.broker.idle();
  const reference = failed.headers.get("X-Request-Id")!;
  const told = (await both.admin("find", `Reference ${reference}`)).out;
  assertMatch(told, /^c-\w{10} {2}voice:user_1 {2}zoo at zoo: Failed\. Begun by app voice\n/);
  assertStringIncludes(told, "Failed: invalid_request");
  assertStringIncludes(told, "What was asked or handed over does not fit");
  const { connects } = (await both.admin("user", "voice:user_1", "--json")).json;
  const standings = connects.map(({ standing }: { standing: string }) => standing).toSorted();
  assertEquals(standings, ["done", "failed"]);
  for (
    const secret of ["zoo-access", "zoo-refresh", "zoo-secret", session.json.token, KEYS.slice(3)]
  ) {
    assert(!both.printed().includes(secret), "a secret was printed");
  }
});

Deno.test("what an operator revokes ends at the provider, then here, and is said", async () => {
  await using both = await start(3);
  assertEquals((await token(both, 0)).status, 200);
  const asked = await both.admin("revoke", "voice:user_0");
  assertEquals([asked.code, both.zoo.asked.length], [2, 0]);
  assertStringIncludes(asked.err, "add --yes");

  const wrong = await both.admin("revoke", "voice:user_0", "--account", "lion_1", "--yes");
  assertEquals([wrong.code, (await token(both, 0)).status], [1, 200]);
  const revoked = await both.admin("revoke", "voice:user_0", "--account", "leo 0", "--yes");
  assertEquals([revoked.code, revoked.out], [
    0,
    "zoo, account lion_0 (Leo 0): revoked at the provider, and deleted here.\n",
  ]);
  assertEquals((await token(both, 0)).json.error, "not_connected");
  assertEquals(both.zoo.count("revoke") > 0, true);

  both.zoo.bend("revoke", { status: 500 });
  const half = await both.admin("revoke", "voice:user_1", "--service", "zoo", "--yes", "--json");
  assertEquals([half.code, half.json.connections[0].revocation.kind], [3, "failed"]);
  assertEquals((await token(both, 1)).json.error, "not_connected");
  assertEquals((await token(both, 2)).status, 200);
});

Deno.test("a person who is deleted at the command line is gone, and nothing new is kept", async () => {
  await using both = await start(2);
  assertEquals((await token(both, 0)).status, 200);
  const { code, out } = await both.admin("delete", "voice:user_0", "--yes");
  assertEquals(code, 0, out);
  assertStringIncludes(out, "revoked at the provider, and deleted here.");
  assertEquals((await both.gateway.api("/connections?user_id=user_0")).json.connections, []);
  assertEquals((await token(both, 1)).status, 200);
  const link = await both.gateway.api("/links", { body: { user_id: "user_0", service: "zoo" } });
  assertEquals(link.json.error, "user_deleted");
  const again = await both.admin("delete", "voice:user_0", "--yes", "--json");
  assertEquals([again.code, again.json.connections], [0, []]);
});

Deno.test("dead connections are listed with what they are dead of", async () => {
  await using both = await start(3);
  await both.gateway.broker.keepCounts();
  both.zoo.bend("refresh", { status: 400, body: { error: "invalid_grant" } });
  both.gateway.world.skew += 2 * 3_600_000;
  assertEquals((await token(both, 1)).json.error, "reauthorization_required");
  const { json: dead } = await both.admin("dead", "--provider", "zoo", "--json");
  assertEquals([dead.subject, dead.account, dead.reason], ["voice:user_1", "lion_1", "grant_over"]);
  assertEquals((await both.admin("dead", "--provider", "github")).out, "");
  assertEquals((await both.admin("status", "--json")).json.dead, { grant_over: 1 });
});

Deno.test("API keys come and go beside a gateway that runs, and rotate", async () => {
  await using both = await start(0);
  const works = async (key: string) => {
    both.gateway.world.skew += 6_000;
    return (await both.gateway.api("/services", { key })).status;
  };
  const first = await both.admin("keys", "add", "desk", "--services", "zoo", "--json");
  assertMatch(first.json.key, /^sb_/, first.err);
  assertEquals(await works(first.json.key), 200);
  const second = await both.admin("keys", "add", "desk");
  const secondKey = second.out.trim();
  assertEquals([await works(first.json.key), await works(secondKey)], [200, 200]);
  const third = await both.admin("keys", "add", "desk");
  assertEquals(third.code, 1);
  assertStringIncludes(third.err, "withdraw one first");

  const which = await both.admin("keys", "remove", "desk", "--yes");
  assertEquals(which.code, 2);
  assertEquals((await both.admin("keys", "remove", "desk", "--oldest", "--yes")).code, 0);
  assertEquals([await works(first.json.key), await works(secondKey)], [401, 200]);
  const { json: list, out } = await both.admin("keys", "list", "--json");
  const desk = list.find(({ app }: { app: string }) => app === "desk");
  assertEquals([desk.services, desk.keys.length], [["zoo"], 1]);
  assert(!out.includes(digestHex(secondKey)));
  // A key that is set by env is env's business.
  const byEnv = await both.admin("keys", "add", "voice");
  assertEquals(byEnv.code, 1);
  assertStringIncludes(byEnv.err, "set by API_KEYS");
});

Deno.test("what is typed wrong changes nothing, and is not repeated", async () => {
  await using both = await start(1);
  const wrong = [
    ["delete", "user_0", "--yes"],
    ["delete", "voice:user_0", "--yes", "--sk-live-secret"],
    ["constructor"],
  ];
  const runs = await Promise.all(wrong.map((args) => both.admin(...args)));
  for (const { code, err } of runs) {
    assertEquals(code, 2, err);
    assert(!err.includes("sk-live"));
  }
  assertEquals((await token(both, 0)).status, 200);
});

Deno.test("a database that is not there is not made", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const kvPath = `${folder}/kv.sqlite`;
  const { code, err } = await admin({ ENCRYPTION_KEYS: KEYS, KV_PATH: kvPath }, "dead");
  assertEquals([code, err], [1, "Cannot open it: there is no database where KV_PATH says\n"]);
  assertEquals(Array.from(Deno.readDirSync(folder)), []);
  await Deno.remove(folder);
});

Deno.test("options are read as they stand, and a user's id is none", () => {
  const shape = { positionals: 1, values: ["key"], switches: ["yes"] };
  const read = (...args: string[]) => readArgs(args, shape);
  assertEquals(read("a", "--key=--b", "--yes").value("key"), "--b");
  assertEquals(read("--", "--yes").positionals, ["--yes"]);
  assertEquals(read("--", "--yes").has("yes"), false);
  for (
    const args of [["a", "--yes", "--yes"], ["a", "--yes=1"], ["a", "--key"], ["a", "--key="], []]
  ) {
    assertThrows(() => read(...args), UsageError);
  }
});

Deno.test("who it is, is read as a gateway reads it", () => {
  assertEquals(readSubject("github:583231"), "github:583231");
  assertEquals(readSubject("voice:--yes"), "voice:--yes");
  for (
    const text of [
      "user_0",
      "voice:",
      ":u",
      "~import:x",
      "voice:a b",
      "voice:u\u001b[2J",
      "Voice:u",
    ]
  ) {
    assertThrows(() => readSubject(text), UsageError);
  }
});

Deno.test("names of others cannot steer a terminal", () => {
  const evil = "\u001b]0;owned\u0007 \u009b31m Bob\u202e\u2066 \n2nd";
  assertMatch(shown(evil), /^[\x20-\x7e]*$/);
  assertMatch(json({ evil }), /^[\x20-\x7e]*$/);
  assertEquals(JSON.parse(json({ evil })).evil, evil);
});

Deno.test("a receiver of events is looked at, switched on and told again, by gateways that run", async () => {
  await using voice = startReceiver();
  await using both = await start(1, { EVENTS: JSON.stringify({ voice: voice.config }) });
  const { gateway } = both;
  voice.answer = () => new Response(null, { status: 410 });
  await gateway.api("/connections/zoo?user_id=user_0", { method: "DELETE" });
  await gateway.eventsSent();
  const { json, err } = await both.admin("events", "status", "--json");
  const [{ name, offSince, waiting }] = json.receivers;
  assertEquals([name, typeof offSince, waiting], ["voice", "number", 1], err);

  voice.answer = undefined;
  assertEquals((await both.admin("events", "on", "nobody")).code, 1);
  assertEquals((await both.admin("events", "on", "voice")).code, 0);
  assertEquals(voice.taken, []);
  gateway.world.skew += 60_000;
  await gateway.sendEvents();
  assertEquals(voice.taken.length, 1);

  assertEquals((await both.admin("events", "replay", "voice", "--since", "soon")).code, 2);
  const { out } = await both.admin("events", "replay", "voice", "--since", "2020-01-01");
  assertStringIncludes(out, "1 event will be sent");
  // The command's clock is the real one.
  gateway.world.skew += 60_000;
  await gateway.sendEvents();
  assertEquals(voice.taken.map(({ id }) => id), [voice.taken[0]!.id, voice.taken[0]!.id]);
  assert(!both.printed().includes(voice.secret), "a secret was printed");
});
