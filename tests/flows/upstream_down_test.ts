import { assert, assertEquals } from "@std/assert";
import { LIST_PATIENCE_MS, LIST_TTL_MS, RETRY_MS } from "../../mcp/upstream/lists.ts";
import { call, startGateway } from "../support/gateway.ts";
import { startUpstream, toolOf } from "../support/scripted_upstream.ts";

Deno.test("nobody waits for an upstream that was down a moment ago, and whose tools are known", async () => {
  const says: ("tools" | "error" | "nothing")[] = ["tools", "error", "nothing"];
  const asked = Promise.withResolvers<void>();
  const mended = Promise.withResolvers<void>();
  await using upstream = startUpstream({
    async "tools/list"({ id }) {
      const how = says.shift();
      if (how === "error") return new Response("down", { status: 503 });
      if (how === "nothing") {
        asked.resolve();
        await mended.promise;
        return Response.json({ jsonrpc: "2.0", id, result: { tools: [toolOf("new", true)] } });
      }
      return Response.json({ jsonrpc: "2.0", id, result: { tools: [toolOf("old", true)] } });
    },
  });
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "notes", url: upstream.url }]) },
  });
  const { world } = gateway;
  let waits = 0;
  let isListing = false;
  const { sleep } = world;
  world.sleep = async (ms, signal) => {
    if (isListing && ms === LIST_PATIENCE_MS) waits += 1;
    await sleep(ms, signal);
  };
  const listed = async () => {
    // What is set is looked at from time to time, and for as long: not with the list, then.
    isListing = false;
    await gateway.api("/services");
    isListing = true;
    const { json } = await gateway.mcp({ jsonrpc: "2.0", method: "tools/list", id: 1 });
    const names: string[] = json.result.tools.map(({ name }: { name: string }) => name);
    return names.filter((name) => name.startsWith("notes_"));
  };
  assertEquals([await listed(), waits], [["notes_old"], 1]);
  world.skew += LIST_TTL_MS;
  assertEquals([await listed(), waits], [["notes_old"], 2]);
  // It is down by now, and hangs when it is asked again.
  world.skew += RETRY_MS;
  for (let caller = 0; caller < 3; caller++) {
    assertEquals([await listed(), waits], [["notes_old"], 2]);
  }
  await asked.promise;
  mended.resolve();
  let now = await listed();
  for (let tries = 0; tries < 100 && now[0] !== "notes_new"; tries++) now = await listed();
  assertEquals([now, waits], [["notes_new"], 2]);
  assert(says.length === 0);
});

Deno.test("of an upstream that never answered nobody is told that it has no such tool", async () => {
  let isDown = true;
  await using upstream = startUpstream({
    "tools/list": ({ id }) =>
      isDown
        ? new Response("down", { status: 503 })
        : Response.json({ jsonrpc: "2.0", id, result: { tools: [toolOf("add", false)] } }),
  });
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "notes", url: upstream.url }]) },
  });
  const { json: { result } } = await gateway.mcp(call("notes_add"));
  assertEquals([result.isError, result.structuredContent.error], [true, "unavailable"]);
  assertEquals(result.content[0].text, "notes could not be used just now.");
  // What narrows a caller's tools narrows these too.
  const narrowed = await gateway.mcp(call("notes_add"), { path: "/mcp?services=github" });
  assertEquals(narrowed.json.error.code, -32602);
  assertEquals((await gateway.mcp(call("no_such_tool"))).json.error.code, -32602);

  isDown = false;
  gateway.world.skew += RETRY_MS;
  assertEquals(
    (await gateway.mcp(call("notes_gone"))).json.error.message,
    "Unknown tool: notes_gone",
  );
  // It was listed once: what it does not have it does not have, also while it is down.
  isDown = true;
  gateway.world.skew += LIST_TTL_MS;
  assertEquals(
    (await gateway.mcp(call("notes_gone"))).json.error.message,
    "Unknown tool: notes_gone",
  );
});

Deno.test("what can be no tool's name is no tool of an upstream that does not answer, and in no log", async () => {
  const down = { "tools/list": () => new Response("down", { status: 503 }) };
  await using upstream = startUpstream(down);
  await using gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify([{ name: "notes", url: upstream.url, prefix: "" }]) },
  });
  // Any name can be one of an upstream's without a prefix.
  const { json: { result } } = await gateway.mcp(call("anything"));
  assertEquals(result.structuredContent.error, "unavailable");
  for (
    const name of [`marked ${"x".repeat(50_000)}`, `marked${"x".repeat(60)}`, "marked\n", "märked"]
  ) {
    const { json } = await gateway.mcp(call(name));
    assertEquals(json.error.code, -32602, name.slice(0, 20));
  }
  const logged = JSON.stringify(gateway.world.events);
  assert(!/m[aä]rked/.test(logged), logged.slice(0, 1_000));
});
