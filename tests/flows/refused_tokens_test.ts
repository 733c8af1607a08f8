/**
 * An API that answers 401 whatever the token: each refresh rotates, and would
 * help nobody.
 */

import { assert, assertEquals } from "@std/assert";
import { JUST_ISSUED_MS } from "../../broker/tokens/freshness.ts";
import { type AcmeGateway, startAcmeGateway } from "../support/acme_gateway.ts";
import { startUpstream } from "../support/upstream_double.ts";
import { call, startGateway } from "../support/gateway.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";

const refusing = () => Response.json({ error: "no" }, { status: 401 });

async function tenCalls({ proxy }: AcmeGateway) {
  const statuses = new Set<number>();
  for (let count = 0; count < 10; count++) {
    const response = await proxy("/things");
    assertEquals(await response.json(), { error: "no" });
    statuses.add(response.status);
  }
  assertEquals([...statuses], [401], "what the API says is handed on");
}

Deno.test("a token that was only just issued is not refreshed because the API refuses it", async () => {
  await using started = await startAcmeGateway({ api: refusing });
  await tenCalls(started);
  assertEquals([started.refreshes(), started.calls().length], [0, 10]);
});

Deno.test("an API that always refuses costs one refresh, not one for every call", async () => {
  await using started = await startAcmeGateway({ api: refusing });
  started.gateway.world.skew += JUST_ISSUED_MS;
  await tenCalls(started);
  assertEquals([started.refreshes(), started.calls().length], [1, 11], "the first is tried again");
  started.gateway.world.skew += JUST_ISSUED_MS;
  await tenCalls(started);
  assertEquals(started.refreshes(), 2, "later it may be the token after all");
});

Deno.test("ten calls at once that are refused cost one refresh", async () => {
  await using started = await startAcmeGateway({ api: refusing });
  started.gateway.world.skew += JUST_ISSUED_MS;
  const calls = Array.from({ length: 10 }, () => started.proxy("/things"));
  for (const response of await Promise.all(calls)) {
    assertEquals([response.status, await response.json()], [401, { error: "no" }]);
  }
  assertEquals(started.refreshes(), 1);
});

Deno.test("an API that refuses the old token, and takes the new one, is asked again", async () => {
  let old: string | null = null;
  await using started = await startAcmeGateway({
    api: ({ headers }) => {
      const token = headers.get("Authorization");
      old ??= token;
      return token === old ? refusing() : Response.json({ fine: true });
    },
  });
  started.gateway.world.skew += JUST_ISSUED_MS;
  const calls = Array.from({ length: 10 }, () => started.proxy("/things"));
  for (const response of await Promise.all(calls)) {
    assertEquals([response.status, await response.json()], [200, { fine: true }]);
  }
  assertEquals(started.refreshes(), 1);
});

Deno.test("a copy near by that is old does not hide the token that took the place of the refused one", async () => {
  let old: string | undefined;
  const lists: unknown[] = [];
  await using started = await startAcmeGateway({
    api: ({ headers }) => {
      old ??= headers.get("Authorization")!;
      return headers.get("Authorization") === old ? refusing() : Response.json({ fine: true });
    },
    store: (store) => ({
      ...store,
      connections: {
        ...store.connections,
        async list(subject, provider, consistency) {
          const list = await store.connections.list(subject, provider, consistency);
          if (consistency !== "eventual" || list.length === 0) return list;
          lists.push(list);
          return lists[0] as typeof list;
        },
      },
    }),
  });
  assertEquals(await (await started.proxy("/things")).json(), { error: "no" });
  await started.connect();
  assertEquals(await (await started.proxy("/things")).json(), { fine: true });
  assertEquals(started.refreshes(), 0);
});

Deno.test("ten tool calls that an API refuses cost one refresh", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  await gateway.connect("calendar");
  faults.on("/calendar/v3", refusing);
  gateway.world.skew += JUST_ISSUED_MS;
  for (let id = 0; id < 10; id++) {
    const { json } = await gateway.mcp(call("calendar_list_events", {}, id));
    // What the API says once is not kept, and the next call asks it again.
    const { error, connect_url } = json.result.structuredContent;
    assertEquals([error, URL.canParse(connect_url)], ["reauthorization_required", true]);
  }
  assertEquals([faults.count("/oauth2/token"), faults.count("/calendar/v3")], [2, 11]);
});

Deno.test("ten calls that an upstream refuses cost one refresh", async () => {
  let refuses = false;
  await using upstream = startUpstream({
    tools: [{ name: "look", inputSchema: { type: "object" } }],
  });
  let tokens = 0;
  let refusals = 0;
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "up", url: upstream.url, provider: "google" }]) },
    fetch: (input, init) => {
      const url = String(input instanceof Request ? input.url : input);
      if (/\/oauth2?\/.*token|\/token$/.test(url)) tokens += 1;
      if (!refuses || !url.startsWith(upstream.url)) return fetch(input, init);
      refusals += 1;
      return Promise.resolve(new Response(null, { status: 401 }));
    },
  });
  await gateway.connect("gmail");
  const before = tokens;
  assert(before > 0);
  assertEquals((await gateway.mcp(call("up_look"))).status, 200);
  gateway.world.skew += JUST_ISSUED_MS;
  refuses = true;
  for (let id = 0; id < 10; id++) {
    const { json } = await gateway.mcp(call("up_look", { id }, id));
    assertEquals(json.result.isError, true);
  }
  assertEquals([tokens - before, refusals], [1, 11], "the first is tried again");
});
