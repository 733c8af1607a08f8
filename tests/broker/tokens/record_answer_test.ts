/** What becomes of a provider's answer where the store, or a person, was in the way. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { NO_ACTIVITY } from "../../../broker/core/activity.ts";
import type { OAuthFlow, TokenAnswer } from "../../../broker/core/authorization_server.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { StoreError } from "../../../broker/core/store_errors.ts";
import {
  CLIENT_REFUSED_NOTE_MS,
  CLIENT_REFUSED_TOLD_MS,
  ProviderNotes,
  refusingClient,
} from "../../../broker/tokens/provider_notes.ts";
import { recordAnswer } from "../../../broker/tokens/record_answer.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, storedOf } from "../fixtures.ts";

const REFUSED: TokenAnswer = { kind: "rejected", code: "invalid_grant" };
const ISSUED: TokenAnswer = {
  kind: "issued",
  tokens: { accessToken: "new", tokenType: "Bearer", expiresIn: 3600 },
};

/** What is told to the provider of an answer that nobody keeps. */
const ENDS: [TokenAnswer, string[]][] = [[ISSUED, ["new"]], [REFUSED, []]];

async function start() {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const store = createStore(memoryRecords(), ring, world);
  const ended: string[] = [];
  const { credential } = serverOf();
  const flow: OAuthFlow = {
    ...credential as OAuthFlow,
    revoke: ({ accessToken }) => {
      ended.push(accessToken);
      return Promise.resolve({ kind: "revoked" });
    },
  };
  const { value } = storedOf("1", ["mail"]);
  const connection: Connection = { ...value, tokens: { ...value.tokens, refreshToken: "r" } };
  const version = (await store.connections.put(connection, null))!;
  const notes = new ProviderNotes({ store, world });
  const record = (answer: TokenAnswer, connections = store.connections) =>
    recordAnswer(
      { store: { ...store, connections }, notes, world, activity: NO_ACTIVITY },
      serverOf({ credential: flow }),
      { value: connection, version },
      answer,
      {},
    );
  return { world, store, connection, version, ended, notes, record };
}

Deno.test("of a connection that has ended meanwhile what was issued is ended, and a refusal is nothing", async () => {
  for (const [answer, told] of ENDS) {
    const { store: { connections }, connection, version, ended, record } = await start();
    const status = "reauthorization_required";
    await connections.put({ ...connection, status, endedAt: 7 }, version);
    await record(answer);
    assertEquals(ended, told);
    assertEquals((await connections.get(connection))?.value.tokens.accessToken, "token of 1");
  }
  for (const [answer, told] of ENDS) {
    const { store: { connections }, connection, version, ended, record } = await start();
    await connections.delete(connection, version);
    assertEquals((await record(answer)).outcome.kind, "gone");
    assertEquals(ended, told);
  }
});

Deno.test("a refusal that cannot be noted is a fault of the store's, and ends nothing", async () => {
  const { store: { connections }, ended, record } = await start();
  const never = new StoreError("put connections", new Error("too large"), true);
  const put = () => Promise.reject(never);
  const error = await assertRejects(() => record(REFUSED, { ...connections, put }), StoreError);
  assertEquals([error, ended], [never, []]);
});

Deno.test("a client that is refused is told of for a while, and noted from time to time", async () => {
  const { world, store: { providers }, notes } = await start();
  const told = () => refusingClient(providers, ["acme", "other"], world.now());
  assertEquals(await told(), []);
  await notes.clientRefused("acme");
  const noted = () => world.events.filter(({ event }) => event === "client_refused").length;
  assertEquals([await told(), noted()], [["acme"], 1]);
  world.skew += CLIENT_REFUSED_NOTE_MS - 1;
  await notes.clientRefused("acme");
  assertEquals(noted(), 1);
  world.skew += CLIENT_REFUSED_TOLD_MS - CLIENT_REFUSED_NOTE_MS + 1;
  assertEquals(await told(), ["acme"]);
  world.skew += 1;
  assertEquals(await told(), []);
  await notes.clientRefused("acme");
  assertEquals(noted(), 2);
  // A clock that is set back hours does not keep it silent until then.
  world.skew -= 24 * 3_600_000;
  await notes.clientRefused("acme");
  assertEquals(noted(), 3);
  assert(world.events.every(({ level }) => level !== "warn"));
});

Deno.test("what became of a refresh is counted as what it was", async () => {
  const answers: [TokenAnswer, string][] = [
    [ISSUED, "refreshed"],
    [REFUSED, "reauthorization_required"],
    [{ kind: "failed", reason: "503" }, "failed"],
    [{ kind: "rejected", code: "slow_down" }, "failed"],
  ];
  for (const [answer, outcome] of answers) {
    const { world, record } = await start();
    await record(answer);
    assertEquals(world.counted, [`refresh acme ${outcome}`]);
  }
});
