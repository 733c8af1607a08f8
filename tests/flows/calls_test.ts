import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Store } from "../../broker/core/store.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway } from "../support/gateway.ts";

const ISSUE = { repo: "octocat/hello-world", title: "Once" };

async function startConnected(store = (real: Store) => real) {
  const faults = faultyFetch();
  const gateway = await startGateway({ fetch: faults.fetch, store });
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

const REPEATED = "switchboard/repeated";

/** Which of the answers say that theirs was done by an earlier call, in `_meta` and in words. */
function repeats(answers: { json: { result: { _meta?: Record<string, unknown> } } }[]): unknown[] {
  return answers.map((answer) => [
    answer.json.result._meta?.[REPEATED] ?? false,
    text(answer as never).startsWith("That was done already: Created issue #1"),
  ]);
}

Deno.test("the same bare post with the same id within a minute creates one issue, and says so", async () => {
  await using gateway = await startConnected();
  const answers = await Promise.all(
    [1, 2, 3, 4].map(() => gateway.mcp(call("create_issue", ISSUE, 7))),
  );
  const told = repeats(answers).sort();
  assertEquals(told, [[false, false], [true, true], [true, true], [true, true]]);
  const data = answers.map(({ json }) => {
    const { notes: _notes, ...own } = json.result.structuredContent;
    return own;
  });
  for (const each of data) assertEquals(each, data[0]);
  assertEquals(await titles(gateway), ["Once"]);
  await gateway.mcp(call("create_issue", { ...ISSUE, title: "Other words" }, 7));
  await gateway.mcp(call("create_issue", ISSUE, 8));
  assertEquals((await titles(gateway)).length, 3);
  gateway.world.skew = 61_000;
  await gateway.mcp(call("create_issue", ISSUE, 7));
  assertEquals((await titles(gateway)).length, 4);
});

/** How full clients are told: each of them starts its ids at 1 in every process. */
const FULL: Record<string, Record<string, string>> = {
  "the revision of its header": { "Mcp-Protocol-Version": "2025-06-18" },
  "the session that it was given": { "Mcp-Session-Id": "no-elicitation.x" },
};

for (const [name, headers] of Object.entries(FULL)) {
  Deno.test(`an equal id of a client that is known by ${name} is another call`, async () => {
    await using gateway = await startConnected();
    for (let run = 1; run <= 3; run++) {
      const { json } = await gateway.mcp(call("create_issue", ISSUE, 1), { headers });
      assertEquals(json.result._meta, undefined);
      assertStringIncludes(json.result.content[0].text, `Created issue #${run}:`);
    }
    assertEquals((await titles(gateway)).length, 3);
  });

  Deno.test(`an equal call that is sent again while it runs is not done again: ${name}`, async () => {
    let begun = 0;
    const both = Promise.withResolvers<void>();
    const store = (real: Store): Store => {
      const add: Store["calls"]["add"] = async (...note) => {
        const version = await real.calls.add(...note);
        if (++begun === 2) both.resolve();
        return version;
      };
      return { ...real, calls: { ...real.calls, add } };
    };
    await using gateway = await startConnected(store);
    gateway.faults.on("/issues", (_request, send) => both.promise.then(send));
    const answers = await Promise.all(
      [1, 2].map(() => gateway.mcp(call("create_issue", ISSUE, 1), { headers })),
    );
    assertEquals(repeats(answers).sort(), [[false, false], [true, true]]);
    assertEquals((await titles(gateway)).length, 1);
  });
}

Deno.test("two runs of a stock client do two things, in every revision", async () => {
  await using gateway = await startConnected();
  for (const version of ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]) {
    for (let run = 0; run < 2; run++) {
      const greeting = await gateway.mcp({
        jsonrpc: "2.0",
        id: 0,
        method: "initialize",
        params: {
          protocolVersion: version,
          capabilities: {},
          clientInfo: { name: "stock", version: "1" },
        },
      });
      const session = greeting.headers.get("Mcp-Session-Id")!;
      const headers: Record<string, string> = { "Mcp-Session-Id": session };
      if (version >= "2025-06-18") headers["Mcp-Protocol-Version"] = version;
      const { json } = await gateway.mcp(call("create_issue", ISSUE, 1), { headers });
      assertStringIncludes(json.result.content[0].text, "Created issue #");
      assertEquals(json.result._meta, undefined, version);
    }
  }
  assertEquals((await titles(gateway)).length, 8);
});

Deno.test("an Idempotency-Key holds for a day, for one caller and one call", async () => {
  await using gateway = await startConnected();
  const headers = { "Idempotency-Key": "voice-42" };
  const create = (title: string, id: number) =>
    gateway.mcp(call("create_issue", { ...ISSUE, title }, id), { headers });
  const first = await create("Once", 1);
  gateway.world.skew = 23 * 3_600_000;
  const again = await create("Once", 2);
  assertEquals(text(again), text(first), "who brings a key compares answers");
  assertEquals(repeats([first, again]), [[false, false], [true, false]]);
  const path = "/mcp?voice=true";
  const spoken = await gateway.mcp(call("create_issue", ISSUE, 9), { headers, path });
  assertEquals(repeats([spoken]), [[true, true]]);
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

Deno.test("the same Idempotency-Key for an act's earlier name and its new one does it once", async () => {
  await using gateway = await startConnected();
  await gateway.mcp(call("create_issue", ISSUE));
  const headers = { "Idempotency-Key": "k" };
  const comment = { repo: ISSUE.repo, number: 1, body: "Once" };
  const errors: unknown[] = [];
  for (const name of ["comment_on_issue", "github_comment_on_issue", "github_comment"]) {
    const { json } = await gateway.mcp(call(name, comment), { headers });
    errors.push(json.result.structuredContent.error);
  }
  // They take different arguments: nobody can say that it is the same call.
  assertEquals(errors, [undefined, "idempotency_key_reused", "idempotency_key_reused"]);
  const url = `${gateway.emulators.github}/repos/octocat/hello-world/issues/1/comments`;
  const comments: unknown[] = await (await fetch(url)).json();
  assertEquals(comments.length, 1);
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
  assertEquals(await list("?tools=github_read_issue,gmail_send_message"), [
    "github_read_issue",
    "gmail_send_message",
  ]);
  const readers = await list("?read_only=true");
  assert(readers.includes("github_find_issues") && !readers.includes("github_create_issue"));
  assertEquals(await list("?services=nothing"), []);
  assertEquals(await list("/github?services=gmail"), []);
  const outside = await gateway.mcp(call("create_issue", ISSUE), { path: "/mcp?read_only=true" });
  assertEquals(outside.json.error.code, -32602);
  assertEquals(await titles(gateway), []);
});
