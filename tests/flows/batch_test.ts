import { assert, assertEquals, assertMatch } from "@std/assert";
import { MAX_BATCH, MAX_BATCH_ANSWER } from "../../mcp/batch.ts";
import { call, startGateway } from "../support/gateway.ts";
import { startSlowUpstream } from "../support/slow_upstream.ts";

const list = (id: number | string) => ({ jsonrpc: "2.0", method: "tools/list", id });
const cancel = (requestId: unknown) => ({
  jsonrpc: "2.0",
  method: "notifications/cancelled",
  params: { requestId },
});

Deno.test("a batch of too many messages is refused as a whole, whatever they are", async () => {
  // However many it holds, it counts for no more than one that may be so long.
  await using gateway = await startGateway({ env: { LIMITS: "subject=600/min" } });
  const many = (count: number) => Array.from({ length: count }, (_, id) => list(id));
  const full = await gateway.mcp(many(MAX_BATCH));
  assertEquals([full.status, full.json.length], [200, MAX_BATCH]);
  const notification = { jsonrpc: "2.0", method: "notifications/initialized" };
  for (
    const batch of [
      many(MAX_BATCH + 1),
      [...many(MAX_BATCH), notification],
      Array(MAX_BATCH + 1).fill(notification),
      Array(MAX_BATCH + 1).fill(null),
      Array(10_000).fill(null),
      Array(200_000).fill([]),
    ]
  ) {
    const { status, json } = await gateway.mcp(batch);
    assertEquals([status, json.error.code, json.id], [400, -32600, null]);
  }
});

Deno.test("a batch counts for as many messages as it holds, and for no more than one may hold", async () => {
  await using gateway = await startGateway({ env: { LIMITS: `subject=${2 * MAX_BATCH + 2}/min` } });
  const full = Array.from({ length: MAX_BATCH }, (_, id) => list(id));
  assertEquals((await gateway.mcp(full)).status, 200);
  assertEquals((await gateway.mcp(Array(10_000).fill(null))).status, 400);
  const statuses: number[] = [];
  for (const id of [1, 2, 3]) statuses.push((await gateway.mcp(list(id))).status);
  assertEquals(statuses, [200, 200, 429]);
  // One that holds nothing is a request, too.
  gateway.world.skew += 60_000;
  for (let sent = 0; sent < 2 * MAX_BATCH + 2; sent++) await gateway.mcp([]);
  assertEquals((await gateway.mcp(list(1))).status, 429);
});

Deno.test("a batch with one id twice is refused, and nothing of it is done", async () => {
  await using upstream = startSlowUpstream();
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([upstream.entry]) },
  });
  for (const id of [1, "a", 0]) {
    const batch = [call("slow_work", { a: 1 }, id), list("x"), call("slow_work", { a: 2 }, id)];
    const { status, json } = await gateway.mcp(batch);
    assertEquals([status, json.error.code], [400, -32600]);
  }
  // Were one of them done, this would get it.
  const next = upstream.called();
  const answer = gateway.mcp(call("slow_work", { a: 3 }, 3));
  (await next).finish("the third");
  assertEquals((await answer).json.result.content[0].text, "the third");
  const different = await gateway.mcp([list(1), list("1")]);
  assertEquals(different.json.length, 2, "a number is no text");
});

Deno.test("a batch that cancels what stands beside it is answered all the same", async () => {
  await using gateway = await startGateway();
  const batches = [[list(1), cancel(1)], [cancel(1), list(1)], [list(1), cancel(1), list(2)]];
  for (const batch of batches) {
    const { status, json } = await gateway.mcp(batch);
    assertEquals(status, 200);
    const ids = [json].flat().map(({ id }: { id: number }) => id);
    assertEquals(ids.sort(), batch.flatMap((message) => "id" in message ? [message.id] : []));
  }
  assertEquals((await gateway.mcp([cancel(1)])).status, 202);
  assertEquals((await gateway.mcp(cancel(1))).status, 202);
});

Deno.test("the answers to a batch are bounded together, and what was done is said", async () => {
  await using upstream = startSlowUpstream();
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([upstream.entry]) },
  });
  const text = "x".repeat(500_000);
  const count = Math.ceil(MAX_BATCH_ANSWER / text.length) + 2;
  const batch = Array.from({ length: count }, (_, n) => call("slow_work", { n }, n));
  const answer = gateway.mcp(batch);
  for (let n = 0; n < count; n++) (await upstream.called()).finish(text);
  const { status, text: whole, json } = await answer;
  assertEquals([status, json.length], [200, count]);
  assert(whole.length < MAX_BATCH_ANSWER + 10_000, `${whole.length} bytes`);
  const refused = json.filter(({ error }: { error?: unknown }) => error !== undefined);
  assertEquals(refused.length, 3);
  for (const { error } of refused) {
    assertEquals(error.code, -32603);
    assertMatch(error.message, /The tool was called, but .* Send one request alone\.$/);
  }
});

Deno.test("the requests of a batch begin one after the other, with others' turns in between", async () => {
  await using gateway = await startGateway();
  const { world } = gateway;
  let sleeps = 0;
  const { sleep } = world;
  world.sleep = async (ms, signal) => {
    if (ms === 0) sleeps += 1;
    await sleep(ms, signal);
  };
  const batch = [list(1), call("github_list_issues", {}, 2), list(3)];
  assertEquals((await gateway.mcp(batch)).json.length, 3);
  assertEquals(sleeps, 3);
  assertEquals((await gateway.mcp(list(4))).status, 200);
  assertEquals(sleeps, 3, "who asks alone does not wait");
});
