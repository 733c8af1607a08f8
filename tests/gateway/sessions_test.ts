/** Who is signed in, whose turns a session's calls have, and what ends it. */

import { assertEquals, assertRejects } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import {
  endSession,
  readSession,
  SESSION_MS,
  type SessionDeps,
  startSession,
} from "../../gateway/sessions.ts";
import { createSignInRule } from "../../gateway/sign_in_rule.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { serverOf } from "../broker/fixtures.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { testWorld } from "../support/world.ts";

const GITHUB = serverOf({ name: "github" });
const ANA = { id: "1", label: "ana", verifiedEmail: "ana@example.com" };

async function start(records = memoryRecords()) {
  const world = testWorld();
  const store = createStore(records, await importKeyRing(parseKeyRing(newKeyLine("k1"))), world);
  const callers: string[] = [];
  const identified = { caller: (name: string) => void callers.push(name) };
  const deps = (...allow: string[]): SessionDeps => ({
    ...{ store, world, identified },
    rule: createSignInRule(allow, ["github"]),
  });
  const signIn = async () => (await startSession(deps("*"), GITHUB, ANA)).secret;
  const whose = async (secret: unknown, ...allow: string[]) =>
    (await readSession(deps(...allow.length > 0 ? allow : ["*"]), secret))?.subject;
  return { world, records, deps, callers, signIn, whose };
}

Deno.test("a session is its person's, in turns of that person's own, and nobody else's", async () => {
  const { world, callers, signIn, whose } = await start();
  const secret = await signIn();
  assertEquals([await whose(secret), callers], ["github:1", ["person github:1"]]);
  for (const other of [undefined, "", world.secret(), `${secret}x`, [secret], 7]) {
    assertEquals(await whose(other), undefined);
  }
  assertEquals(callers.length, 1);
});

Deno.test("a session ends with its time, and rests while its person may not sign in", async () => {
  const { world, callers, deps, signIn, whose } = await start();
  const secret = await signIn();
  assertEquals(await whose(secret, "ben@example.com"), undefined);
  assertEquals(world.events.at(-1), {
    level: "warn",
    event: "sign_in_refused",
    provider: "github",
    what: "session",
  });
  assertEquals(callers, []);
  await assertRejects(() => startSession(deps("ben@example.com"), GITHUB, ANA), Refusal);
  assertEquals(await whose(secret, "*@example.com"), "github:1");
  world.skew += SESSION_MS - 1;
  assertEquals(await whose(secret), "github:1");
  world.skew += 1;
  assertEquals(await whose(secret), undefined);
  // A clock that ran ahead made it: it does not last until then.
  world.skew -= 3 * SESSION_MS;
  assertEquals(await whose(secret), undefined);
});

Deno.test("signing out ends this session, or all of the person's and nobody else's", async () => {
  const { world, deps, signIn, whose } = await start();
  const [one, two] = [await signIn(), await signIn()];
  const ben = (await startSession(deps("*"), GITHUB, { ...ANA, id: "2" })).secret;
  const who = async () => [await whose(one), await whose(two), await whose(ben)];
  await endSession(deps("*"), one, { everywhere: false });
  assertEquals(await who(), [undefined, "github:1", "github:2"]);
  await endSession(deps("*"), world.secret(), { everywhere: true });
  assertEquals(await who(), [undefined, "github:1", "github:2"]);
  const three = await signIn();
  await endSession(deps("*"), three, { everywhere: true });
  assertEquals([...await who(), await whose(three)], [undefined, undefined, "github:2", undefined]);
  assertEquals(await whose(await signIn()), "github:1");
});

Deno.test("a session that cannot be opened is none, and ends nothing", async () => {
  const { records, signIn } = await start();
  const secret = await signIn();
  const after = await start(records);
  assertEquals(await after.whose(secret), undefined);
  await endSession(after.deps("*"), secret, { everywhere: true });
});
