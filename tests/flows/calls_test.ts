import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway } from "../support/gateway.ts";

const ISSUE = { repo: "octocat/hello-world", title: "Once" };

async function startConnected() {
  const faults = faultyFetch();
  const gateway = await startGateway({ fetch: faults.fetch });
  await gateway.connect("github");
  return Object.assign(gateway, { faults });
}

async function titles(gateway: Gateway): Promise<string[]> {
  const url = `${gateway.emulators.github}/repos/octocat/hello-world/issues`;
  const issues: { title: string }[] = await (await fetch(url)).json();
  return issues.map(({ title }) => title);
}

const text = ({ json }: { json: { result: { content: { text: string }[] } } }) =>
  json.result.content[0]!.text;

Deno.test("the same call with the same id within a minute creates one issue", async () => {
  await using gateway = await startConnected();
  const [first, ...others] = await Promise.all(
    [1, 2, 3, 4].map(() => gateway.mcp(call("create_issue", ISSUE, 7))),
  );
  for (const other of others) assertEquals(text(other), text(first!));
  assertEquals(await titles(gateway), ["Once"]);
  await gateway.mcp(call("create_issue", { ...ISSUE, title: "Other words" }, 7));
  await gateway.mcp(call("create_issue", ISSUE, 8));
  assertEquals((await titles(gateway)).length, 3);
  gateway.world.skew = 61_000;
  await gateway.mcp(call("create_issue", ISSUE, 7));
  assertEquals((await titles(gateway)).length, 4);
});

Deno.test("an Idempotency-Key holds for a day, for one caller and one call", async () => {
  await using gateway = await startConnected();
  const headers = { "Idempotency-Key": "voice-42" };
  const create = (title: string, id: number) =>
    gateway.mcp(call("create_issue", { ...ISSUE, title }, id), { headers });
  const first = await create("Once", 1);
  gateway.world.skew = 23 * 3_600_000;
  assertEquals(text(await create("Once", 2)), text(first));
  const other = await create("Twice", 3);
  assertEquals(other.json.result.structuredContent.error, "idempotency_key_reused");
  assertEquals(await titles(gateway), ["Once"]);
  await gateway.connect("github", { userId: "somebody" });
  await gateway.mcp(call("create_issue", ISSUE), { headers, userId: "somebody" });
  assertEquals((await titles(gateway)).length, 2, "another user's key is another key");
  const bad = await gateway.mcp(call("create_issue", ISSUE), {
    headers: { "Idempotency-Key": "x".repeat(256) },
  });
  assertEquals(bad.status, 400);
});

Deno.test("a call that failed may be tried again with the same key", async () => {
  await using gateway = await startConnected();
  const headers = { "Idempotency-Key": "k" };
  gateway.faults.on("/issues", () => new Response(null, { status: 503 }));
  const failed = await gateway.mcp(call("create_issue", ISSUE), { headers });
  assertEquals(failed.json.result.isError, true);
  gateway.faults.reset();
  assertEquals(
    text(await gateway.mcp(call("create_issue", ISSUE), { headers })).slice(0, 16),
    "Created issue #1",
  );
});

Deno.test("a voice is not kept waiting, and the call goes on", async () => {
  await using gateway = await startConnected();
  let release = () => {};
  const asked = Promise.withResolvers<void>();
  gateway.faults.on("/issues", (_request, send) => {
    asked.resolve();
    return new Promise<void>((resolve) => release = resolve).then(send);
  });
  const body = call("create_issue", ISSUE, "v1");
  const answer = gateway.mcp(body, { path: "/mcp/sse?voice=true" });
  await asked.promise;
  gateway.world.speed = 50;
  const late = await answer;
  assertEquals(late.json.result.isError, true);
  assertStringIncludes(text(late), "GitHub takes longer than usual");
  release();
  gateway.world.speed = 1;
  const done = await gateway.mcp(body, { path: "/mcp/sse?voice=true" });
  assertStringIncludes(text(done), "Created issue #1");
  assertEquals(await titles(gateway), ["Once"]);
  const short = await gateway.mcp(body, { path: "/mcp?timeout_ms=soon" });
  assertEquals([short.status, short.json.error], [400, "invalid_request"]);
});

Deno.test("a caller narrows the list, and what is narrowed away cannot be called", async () => {
  await using gateway = await startConnected();
  const list = async (query: string) => {
    const body = { jsonrpc: "2.0", method: "tools/list", id: 1 };
    const { json } = await gateway.mcp(body, { path: `/mcp${query}` });
    return json.result.tools.map(({ name }: { name: string }) => name) as string[];
  };
  const all = await list("");
  assert((await list("?services=github")).every((name) => name.startsWith("github_")));
  assertEquals(
    (await list("?services=github,calendar")).length,
    all.filter((name) => /^(github|calendar)_/.test(name)).length,
  );
  assertEquals(await list("?tools=github_get_issue,gmail_send_message"), [
    "github_get_issue",
    "gmail_send_message",
  ]);
  const readers = await list("?read_only=true");
  assert(readers.includes("github_list_issues") && !readers.includes("github_create_issue"));
  assertEquals(await list("?services=nothing"), []);
  assertEquals(await list("/github?services=gmail"), []);
  const outside = await gateway.mcp(call("create_issue", ISSUE), { path: "/mcp?read_only=true" });
  assertEquals(outside.json.error.code, -32602);
  assertEquals(await titles(gateway), []);
});
