/** The numbers that an operator sees, through the front door. */

import { assertEquals } from "@std/assert";
import { createCountsReader } from "../../audit/counts.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";

const HOUR_MS = 60 * 60_000;

async function readerOf({ records, world }: Gateway) {
  const store = createStore(
    records,
    await importKeyRing([{ id: "x", bytes: new Uint8Array(32) }]),
    world,
  );
  const reader = createCountsReader({ store, world });
  return {
    ...reader,
    async connections() {
      const { people, connections } = await reader.read();
      const all = connections.map(({ provider, service = "", state, count }) =>
        [provider, service, state, count].filter((part) => part !== "").join(" ")
      );
      return [people, ...all.sort()];
    },
  };
}

Deno.test("people, connections, refreshes and calls are counted as they are made", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  const { broker, world } = gateway;
  const reader = await readerOf(gateway);
  await gateway.connect("calendar");
  assertEquals((await reader.read()).isWhole, false);
  assertEquals(await broker.keepCounts(), true);
  const mine = ["google active 1", "google calendar active 1"];
  assertEquals(await reader.connections(), [1, ...mine]);
  await gateway.connect("github");
  await gateway.connect("gmail", { userId: "other" });
  assertEquals(await reader.connections(), [
    2,
    "github active 1",
    "github github active 1",
    "google active 2",
    "google calendar active 1",
    "google gmail active 1",
  ]);
  await gateway.mcp(call("calendar_list_events", { time_zone: "UTC" }));
  await gateway.mcp(call("calendar_create_event", { title: "x" }, 2));
  await gateway.api(`/connections/github?user_id=${USER}`, { method: "DELETE" });

  world.skew += 2 * HOUR_MS;
  await gateway.api("/token/google", { body: { user_id: USER } });
  faults.on("/oauth2/token", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
  await gateway.api("/token/google", { body: { user_id: "other" } });
  world.skew += 2 * HOUR_MS;
  faults.on("/oauth2/token", () => Response.json({ error: "invalid_client" }, { status: 401 }));
  await gateway.api("/token/google", { body: { user_id: USER } });
  world.skew += 2 * HOUR_MS;
  faults.on("/oauth2/token", () => new Response("", { status: 500 }));
  await gateway.api("/token/google", { body: { user_id: USER } });
  assertEquals(await reader.connections(), [
    2,
    ...mine,
    "google gmail reauthorization_required 1",
    "google reauthorization_required 1",
  ]);
  const { connections } = await reader.dead({ limit: 10 });
  assertEquals(
    connections.map(({ subject, provider, services, reason }) =>
      [subject, provider, ...services, reason].join(" ")
    ),
    ["voice:other google gmail grant_over"],
  );
  await broker.idle();
  const { hours } = await reader.read();
  const summed = hours.filter(({ provider }) => provider === "google").map((each) => [
    each.connected,
    each.toolCalls,
    each.toolErrors,
    each.refreshed,
    ...Object.values(each.refreshFailed),
  ]);
  assertEquals(summed, [
    [0, 0, 0, 0, 1, 0, 0],
    [0, 0, 0, 0, 0, 0, 1],
    [0, 0, 0, 1, 0, 1, 0],
    [2, 2, 1, 0, 0, 0, 0],
  ]);
  const [github] = hours.filter(({ provider }) => provider === "github");
  assertEquals([github?.connected, github?.disconnected], [1, 1]);
});

Deno.test("a deleted person, and one who disconnects, are counted no more", async () => {
  await using gateway = await startGateway();
  await gateway.broker.keepCounts();
  const reader = await readerOf(gateway);
  for (const userId of ["a", "b"]) {
    await gateway.connect("calendar", { userId });
    await gateway.connect("github", { userId });
  }
  await gateway.api("/connections/github?user_id=a", { method: "DELETE" });
  const actor = { kind: "operator", id: "test" } as const;
  await gateway.broker.erase({ subject: "voice:b", actor });
  assertEquals(await reader.connections(), [1, "google active 1", "google calendar active 1"]);
  await gateway.api("/connections/google?user_id=a", { method: "DELETE" });
  assertEquals(await reader.connections(), [0]);
});
