/**
 * Asks in both ways, and holds the answers equal.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { type Behaviour, remoteTool } from "../../support/upstream_double.ts";
import { askedOf, type Draft } from "./corpus.ts";
import { keyOf, type Twins } from "./twins.ts";

export type Headers = Record<string, string>;

let users = 0;
/**
 * A backend with its API key, for a user of its own: what is remembered of calls begins anew.
 * `name`: which of the keys.
 */
export const backend = (name = "voice"): Headers => ({
  Authorization: `Bearer ${keyOf(name)}`,
  "X-User-Id": `user-{way}-${users++}`,
});

const TEXT = { type: "text", text: "x" };
/** Answers of every kind that an upstream gives. */
const ANSWERS: Record<string, unknown> = {
  say: undefined,
  steps: undefined,
  shape: {
    content: [{ ...TEXT, other: 1 }, { type: "image", data: "AA==", mimeType: "a/b" }],
    structuredContent: { x: [1, null] },
    other: { x: 1 },
    _meta: { y: 1 },
  },
  fail: { content: [], isError: true },
  odd: {
    content: [{ text: "x", type: "text" }, { type: "text", text: "y", annotations: {} }],
    isError: "true",
    structuredContent: JSON.parse('{"2":1,"1":{"__proto__":1}}'),
    _meta: { progressToken: "p" },
  },
  kinds: {
    content: [
      { type: "audio", data: "AA==", mimeType: "a/b", annotations: { priority: 1, x: 1 } },
      { type: "resource_link", uri: "notes:1", name: "one", icons: [{ src: "https://x.example" }] },
      { type: "resource", resource: { uri: "notes:1", text: "one", mimeType: "text/plain" } },
      { type: "resource", resource: { uri: "notes:2", blob: "AA==", _meta: { x: 1 } } },
      { type: "text", text: "\ud800\u2028 😀", _meta: { x: 1 } },
    ],
  },
  strange: { content: [{ type: "hologram", data: 1 }, TEXT] },
  bare: { structuredContent: { x: 1 } },
  later: { resultType: "input_required", content: [TEXT], inputRequests: {}, requestState: "s" },
  complete: { resultType: "complete", ttlMs: 5, cacheScope: "public", content: [TEXT] },
  typed: { content: [TEXT], structuredContent: { x: 1 } },
  mistyped: { content: [TEXT], structuredContent: { x: "1" } },
  asks: { content: [TEXT] },
  logs: { content: [TEXT] },
};
/** Those that stand in them. */
export const CONTENT_KINDS = new Set(
  Object.values(ANSWERS).flatMap((answer) => {
    const { content = [] } = (answer ?? {}) as { content?: { type: string }[] };
    return content.map(({ type }) => type);
  }),
);
const X = { type: "object", properties: { x: { type: "number" } }, required: ["x"] };
const MORE: Record<string, Record<string, unknown>> = {
  typed: { outputSchema: X },
  mistyped: { outputSchema: X },
  kinds: { annotations: { readOnlyHint: true, title: "K", x: 1 }, title: "Kinds", _meta: { x: 1 } },
};
const HEADED = {
  type: "object",
  properties: { text: { type: "string", "x-mcp-header": "Text" } },
};
const QUESTION = {
  method: "elicitation/create",
  params: { message: "Which?", requestedSchema: { type: "object", properties: {} } },
};

/** An upstream whose tools give them, and say and ask something before. */
export const UPSTREAM: Behaviour = {
  instructions: "Up is up.",
  capabilities: { prompts: {}, resources: {}, logging: {}, completions: {} },
  tools: [
    ...Object.keys(ANSWERS).map((name) => remoteTool(name, "Does it.", MORE[name])),
    remoteTool("nothing", "Does nothing."),
    // SEP-2243: of these arguments headers say the same.
    remoteTool("headed", "Is told twice.", { inputSchema: HEADED }),
    remoteTool("ask", "Asks.", { annotations: { readOnlyHint: true } }),
    // Of these `twins.ts` sees to it that they wait.
    remoteTool("wait", "Waits.", { annotations: { readOnlyHint: true } }),
    remoteTool("keep", "Changes something, and waits."),
  ],
  answer({ method, params: { name } }) {
    if (method.endsWith("/list")) return { [method.split("/")[0]!]: [], resourceTemplates: [] };
    if (name === "nothing") throw { code: -32001, message: "Nothing" };
    return ANSWERS[name];
  },
  progress: ({ params: { name } }) => name === "steps" ? ["one", "two"] : [],
  before({ params: { name } }) {
    if (name === "asks") return [{ id: "q", ...QUESTION }];
    const params = { level: "error", data: "\ud800", logger: "x" };
    return name === "logs" ? [{ method: "notifications/message", params }] : [];
  },
};

/** Without what goes on when its caller does not wait: to do it again would wait for that. */
export const ended = (drafts: Draft[]) =>
  drafts.filter(({ message }) => !JSON.stringify(message).includes('"lab_keep"'));

/** How often it was asked, how often the thin dispatch answered, and that without the router. */
export interface Counts {
  all: number;
  direct: number;
  quick: number;
}

/** Asks in both ways, and holds them equal. */
export async function assertSame(
  twins: Twins,
  drafts: Iterable<Draft>,
  caller: () => Headers = backend,
): Promise<Counts> {
  const counts = { all: 0, direct: 0, quick: 0 };
  for (const draft of drafts) {
    const asked = askedOf(draft, caller());
    const { direct, sdk, isDirect } = await twins.ask(asked);
    // To hold texts equal takes less than half as long as to go through both.
    if (JSON.stringify(direct) !== JSON.stringify(sdk)) {
      assertEquals(direct, sdk, JSON.stringify(asked));
    }
    counts.all++;
    if (!isDirect) continue;
    counts.direct++;
    // What the router answers says how its request is called.
    if (!direct.headers.some(([name]) => name === "x-request-id")) counts.quick++;
  }
  return counts;
}
