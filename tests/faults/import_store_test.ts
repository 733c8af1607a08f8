/** An import whose store is out for a moment, at each of its writes. */

import { assert, assertEquals } from "@std/assert";
import type { Store } from "../../broker/core/store.ts";
import { StoreError } from "../../broker/core/store_errors.ts";
import { startGateway } from "../support/gateway.ts";
import { startZoo } from "../support/zoo.ts";

/** How often it is written, at the least, from what was brought to the connection. */
const WRITES = 3;

type Fault = { at: number; isDone: boolean };

/** The same store, whose `at`th write of a connection fails: before it is done, or after. */
function failingOnce(store: Store, fault: Fault): Store {
  let writes = 0;
  const { connections } = store;
  return {
    ...store,
    connections: {
      ...connections,
      async put(...args) {
        const fails = ++writes === fault.at;
        const error = new StoreError("put connections", new Error("out of order"));
        if (fails && !fault.isDone) throw error;
        const version = await connections.put(...args);
        if (fails) throw error;
        return version;
      },
    },
  };
}

/** The same store. What is held gets a twin by the hand of another process: imported as it was, of a lion. */
function withTwin(store: Store): Store {
  const { connections } = store;
  return {
    ...store,
    connections: {
      ...connections,
      async put(connection, ...args) {
        const version = await connections.put(connection, ...args);
        if (args[0] !== null || !connection.subject.startsWith("~import:")) return version;
        const twin = {
          ...connection,
          subject: "voice:ana" as const,
          account: "lion",
          label: "Leo",
        };
        await connections.put(twin, null);
        return version;
      },
    },
  };
}

Deno.test("what was imported as it was, while it was refreshed, gets what the refresh gave", async () => {
  await using zoo = startZoo();
  await using gateway = await startGateway({
    env: {
      PROVIDERS: JSON.stringify([zoo.spec]),
      ZOO_CLIENT_ID: "zoo-client",
      ZOO_CLIENT_SECRET: "zoo-secret",
    },
    store: withTwin,
  });
  const { access_token, refresh_token } = zoo.issue();
  const body = [{ service: "zoo", user_id: "ana", access_token, refresh_token }];
  const { json } = await gateway.api("/connections/import?verify=refresh", { body });
  assertEquals([json.results[0].status, json.results[0].account], ["imported", "lion"]);
  const token = await gateway.api("/token/zoo", { body: { user_id: "ana" } });
  assertEquals([token.json.access_token, token.json.label], ["zoo-access-2", "Leo"]);
  assertEquals(zoo.count("refresh"), 1);
});

for (let at = 1; at <= WRITES; at++) {
  for (const isDone of [false, true]) {
    const what = isDone ? "whose answer is lost" : "that fails";
    Deno.test(`an import goes on after write ${at} ${what}, and no refresh is lost or repeated`, async () => {
      await using zoo = startZoo();
      await using gateway = await startGateway({
        env: {
          PROVIDERS: JSON.stringify([zoo.spec]),
          ZOO_CLIENT_ID: "zoo-client",
          ZOO_CLIENT_SECRET: "zoo-secret",
        },
        store: (store) => failingOnce(store, { at, isDone }),
      });
      const { access_token, refresh_token } = zoo.issue();
      const body = [{ service: "zoo", user_id: "ana", access_token, refresh_token }];
      const fate = async () => {
        const { json } = await gateway.api("/connections/import?verify=refresh", { body });
        return json.results[0];
      };
      const first = await fate();
      const outcomes = ["imported", "unchanged", "store_unavailable"];
      assert(outcomes.includes(first.error ?? first.status), JSON.stringify(first));
      const second = await fate();
      assert(["imported", "unchanged"].includes(second.status), JSON.stringify(second));
      assertEquals((await fate()).status, "unchanged");
      assertEquals(zoo.count("refresh"), 1);
      const { json } = await gateway.api("/token/zoo", { body: { user_id: "ana" } });
      assertEquals(json.access_token, "zoo-access-2");
      const records = await Array.fromAsync(gateway.kv.list({ prefix: ["connections"] }));
      assertEquals(records.length, 1);
    });
  }
}
