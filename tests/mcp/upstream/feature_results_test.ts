import { assertEquals } from "@std/assert";
import {
  completionOf,
  contentsOf,
  MAX_PARTS,
  promptOf,
} from "../../../mcp/upstream/feature_results.ts";
import { REMOTE } from "../../support/remote_spec.ts";

/** Of the upstream's URIs only its notes are ours to name. */
const toOurs = (uri: string) => uri.startsWith("note:") ? `ours+${uri}` : undefined;

Deno.test("completionOf() takes texts, and no more than MCP does", () => {
  const of = (completion: unknown) => {
    const answer = completionOf({ completion });
    return answer.kind === "result" && answer.result.completion;
  };
  for (const none of [undefined, null, "x", [], { values: "x" }, { values: null }]) {
    assertEquals(of(none), { values: [] });
  }
  assertEquals(of({ values: ["a", 7, null, "b"], total: 2, hasMore: false }), {
    values: ["a", "b"],
    total: 2,
    hasMore: false,
  });
  assertEquals(of({ values: ["a"], total: 1.5, hasMore: "x" }), { values: ["a"] });
  assertEquals(of({ values: Array(101).fill("a") }), {
    values: Array(100).fill("a"),
    hasMore: true,
  });
});

Deno.test("contentsOf() gives what has a URI of ours, and so much of it", () => {
  const of = (contents: unknown) => {
    const answer = contentsOf({ contents }, REMOTE, toOurs);
    return answer.kind === "result" && answer.result.contents as unknown[];
  };
  const note = { uri: "note:1", text: "hi" };
  const wrong = [{ uri: "file:///etc/passwd", text: "x" }, { uri: "note:1" }, null, "x", {
    text: "x",
  }];
  assertEquals(of([note, ...wrong]), [{ uri: "ours+note:1", text: "hi" }]);
  for (const none of [undefined, null, note, "x"]) assertEquals(of(none), []);
  assertEquals((of(Array(MAX_PARTS + 1).fill(note)) as unknown[]).length, MAX_PARTS);
});

Deno.test("promptOf() gives messages in the name of the person or the model, and of nobody else", () => {
  const of = (messages: unknown) => {
    const answer = promptOf({ messages }, REMOTE, toOurs);
    return answer.kind === "result" && answer.result.messages as unknown[];
  };
  const content = { type: "text", text: "hi" };
  const good = [{ role: "user", content }, { role: "assistant", content }];
  assertEquals(of([...good, { role: "system", content }, { content }, null, "x"]), good);
  assertEquals((of(Array(MAX_PARTS + 1).fill(good[0])) as unknown[]).length, MAX_PARTS);
  const unknown = [{ role: "user", content: { type: "hologram" } }];
  assertEquals(JSON.stringify(of(unknown)).includes("hologram that cannot be shown"), true);
});
