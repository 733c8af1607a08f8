/** The whole program on a database that is no Deno KV: what is below the seal is one file. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { JUST_ISSUED_MS } from "../../broker/tokens/freshness.ts";
import { prefixes } from "../../vault/keys.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, startGateway, USER } from "../support/gateway.ts";
import { memoryRecords } from "../support/memory_records.ts";
import { snapshot } from "../support/snapshot.ts";

Deno.test("a gateway works on another database, and leaves the KV file alone", async () => {
  const records = memoryRecords();
  const kinds = async () => {
    const found = new Set<unknown>();
    for (const prefix of prefixes) {
      for await (const { key } of records.list({ prefix: [prefix] })) found.add(key[0]);
    }
    return [...found].sort();
  };
  const faults = faultyFetch();
  await using gateway = await startGateway({ records, fetch: faults.fetch });
  const token = () => gateway.api("/token/calendar", { body: { user_id: USER } });

  const page = await gateway.connect("calendar");
  assertStringIncludes(page.html, "✓ Google Calendar connected");
  assertEquals(await kinds(), [
    "accounts",
    "connections",
    "due",
    "ends",
    "events",
    "feed",
    "links",
    "owned",
    "pending",
    "sealers",
  ]);
  const { json: first } = await token();

  // The API takes this access token for ended: it is refreshed once, and the call done again.
  let refused = 0;
  faults.on("/calendar/v3", (request) => {
    const isOld = request.headers.get("Authorization") === `Bearer ${first.access_token}`;
    return isOld ? (refused++, new Response(null, { status: 401 })) : undefined;
  });
  gateway.world.skew += JUST_ISSUED_MS;
  const { json } = await gateway.mcp(call("calendar_list_events"));
  assertEquals(json.result.isError, undefined, JSON.stringify(json));
  assert(refused > 0);
  assertEquals(faults.count("/oauth2/token"), 2, "one exchange, one refresh");
  const { json: second } = await token();
  assert(second.access_token !== first.access_token);

  const register = await gateway.api("/oauth/register", {
    body: { redirect_uris: ["https://app.example.com/cb"] },
    key: null,
  });
  assertEquals(register.status, 201);
  assertEquals(await kinds(), [
    "accounts",
    "clients",
    "connections",
    "due",
    "ends",
    "events",
    "feed",
    "links",
    "owned",
    "pending",
    "providers",
    "sealers",
  ]);
  assertEquals((await gateway.api("/health", { key: null })).status, 200);

  const connections = `/connections/calendar?user_id=${USER}`;
  const gone = await gateway.api(connections, { method: "DELETE" });
  assertEquals([gone.status, gone.json.revoked], [200, true]);
  assertEquals((await token()).json.error, "not_connected");
  assertEquals((await kinds()).includes("connections"), false);
  assertEquals(await snapshot(gateway.kv), []);
});
