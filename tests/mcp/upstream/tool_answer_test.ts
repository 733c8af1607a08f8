import { assert, assertEquals, assertStringIncludes } from "@std/assert";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import { CallToolResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { specTypeSchemas } from "@modelcontextprotocol/client";
import { MAX_DESCRIBED, toolAnswer } from "../../../mcp/upstream/tool_answer.ts";

const text = (text: string) => ({ type: "text", text });
const PIXEL = "iVBORw0KGgo=";

/** Whether the clients of both eras take a result. */
async function assertTaken(result: unknown): Promise<void> {
  const first = CallToolResultSchema.safeParse(result);
  assert(first.success, JSON.stringify([result, first.error?.issues]));
  const second = await specTypeSchemas.CallToolResult["~standard"].validate(result);
  assertEquals(second.issues, undefined, JSON.stringify(result));
}

Deno.test("content that is missing, null, a text or one block alone is mended", async () => {
  const cases: [content: unknown, expected: unknown[]][] = [
    [undefined, []],
    [null, []],
    [[], []],
    ["done", [text("done")]],
    [text("done"), [text("done")]],
    [["a", text("b")], [text("a"), text("b")]],
    [7, [text("7")]],
    [[null, 7, true], [text("null"), text("7"), text("true")]],
  ];
  for (const [content, expected] of cases) {
    const result = toolAnswer({ content });
    assertEquals(result, { content: expected as never }, JSON.stringify(content));
    await assertTaken(result);
  }
});

Deno.test("a result without words shows its data", () => {
  assertEquals(toolAnswer({ structuredContent: { a: 1 } }).content, [text('{"a":1}')]);
  assertEquals(toolAnswer({ structuredContent: [1, 2] }).content, [text("[1,2]")]);
  assertEquals(toolAnswer({ toolResult: { a: 1 } }).content, [text('{"a":1}')]);
});

Deno.test("structured content that is no object is left out", async () => {
  for (const structuredContent of [null, [], [1], "x", 7, true, undefined]) {
    const result = toolAnswer({ content: [text("a")], structuredContent });
    assertEquals(result, { content: [text("a")] });
    await assertTaken(result);
  }
  assertEquals(toolAnswer({ content: [], structuredContent: {} }).structuredContent, {});
});

Deno.test("blocks that clients know go through as they are", async () => {
  const known = [
    { ...text("a"), annotations: { audience: ["user"], priority: 1 }, _meta: { "x/y": 1 } },
    { type: "image", data: PIXEL, mimeType: "image/png" },
    { type: "audio", data: PIXEL, mimeType: "audio/wav" },
    { type: "resource", resource: { uri: "file:///a", text: "a", mimeType: "text/plain" } },
    { type: "resource", resource: { uri: "file:///a", blob: PIXEL } },
    { type: "resource_link", uri: "file:///a", name: "a", description: "A.", size: 3 },
    { ...text("a"), extra: { of: "theirs" } },
  ];
  const result = toolAnswer({ content: known, extra: 1, _meta: { progress: 1 } });
  assertEquals(result.content, known);
  assertEquals([result.extra, result._meta], [1, { progress: 1 }]);
  await assertTaken(result);
});

Deno.test("blocks with nulls and wrong notes are mended, and others said in words", async () => {
  const cases: [block: unknown, expected: unknown][] = [
    [{ ...text("a"), annotations: null, _meta: null }, text("a")],
    [{ ...text("a"), annotations: { audience: "user" } }, text("a")],
    [{ ...text("a"), annotations: { priority: 7 }, _meta: [] }, text("a")],
    [
      { type: "resource_link", uri: "file:///a", name: "a", title: null, size: null },
      { type: "resource_link", uri: "file:///a", name: "a" },
    ],
    [
      { type: "resource", resource: { uri: "file:///a", text: "a", mimeType: null } },
      { type: "resource", resource: { uri: "file:///a", text: "a" } },
    ],
    [
      { type: "video", url: "https://v.example" },
      text('[content of the type "video": url: https://v.example]'),
    ],
    [{ text: "no type" }, text("no type")],
    [{ type: "text", text: null }, text('[content of the type "text": text: null]')],
    [{}, text('[content of the type "unknown"]')],
  ];
  for (const [block, expected] of cases) {
    const result = toolAnswer({ content: [block] });
    assertEquals(result.content, [expected], JSON.stringify(block));
    await assertTaken(result);
  }
});

Deno.test("a picture that is none, or of a kind that nobody knows, is said without its bytes", async () => {
  const data = "A".repeat(100_000);
  for (const type of ["model", "image"]) {
    const result = toolAnswer({ content: [{ type, data }] });
    const [block] = result.content;
    assert(block.text.length < MAX_DESCRIBED);
    assertStringIncludes(block.text, "more that cannot be shown");
    await assertTaken(result);
  }
});

Deno.test("an error is one, however its server spells it", () => {
  const isError = (isError: unknown) => toolAnswer({ content: [], isError }).isError;
  assertEquals([true, "true", 1].map(isError), [true, true, true]);
  assertEquals([false, null, undefined, "false", 0, "no"].map(isError), Array(6).fill(undefined));
});

Deno.test("what the upstream's SDK says of itself is not said in our name", () => {
  const _meta = { "io.modelcontextprotocol/serverInfo": { name: "evil" }, "x/y": 1 };
  const result = toolAnswer({ content: [], resultType: "complete", _meta });
  assertEquals(result, { content: [], _meta: { "x/y": 1 } });
});

Deno.test("a block of a kind that nobody knows is described, and not at length", () => {
  const of = (block: unknown) =>
    (toolAnswer({ content: [block] }).content as { text: string }[])[0]!.text;
  assertEquals(of({ type: "hologram", at: 7 }), '[content of the type "hologram": at: 7]');
  assertStringIncludes(of({ type: "x".repeat(500) }), `"${"x".repeat(40)}"`);
  const members = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`m${at}`, "x".repeat(100)]),
  );
  assertEquals(of({ type: "hologram", ...members }).length, MAX_DESCRIBED);
  assertStringIncludes(
    of({ type: "hologram", bytes: "x".repeat(10_000) }),
    "more that cannot be shown",
  );
});

Deno.test("a result whose data is null has nothing to show", () => {
  for (const none of [{ structuredContent: null }, { toolResult: null }, {}]) {
    assertEquals(toolAnswer(none).content, []);
  }
});
