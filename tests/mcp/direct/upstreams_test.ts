/**
 * Upstreams that answer nonsense, refuse, or are not there: their callers are told
 * so as by the SDKs.
 */

import { assert } from "@std/assert";
import { remoteTool } from "../../support/upstream_double.ts";
import { calls, type Draft, HOT, request } from "./corpus.ts";
import { assertSame, UPSTREAM } from "./same.ts";
import { startTwins } from "./twins.ts";

/** What a tool's result is, and the code, words and data of errors. */
const RESULTS: unknown[] = ["x", 1, true, [], [{}], {}, { content: {} }, { result: {} }];
const PAGE = { mode: "url", message: "Open.", url: "https://up.example.com", elicitationId: "e" };
const ERRORS: unknown[] = [
  ...[-32021, -32020, -32002, -32042, -32600, -32601, -32602, -32603, -32700, -32000, 0, 404]
    .map((code) => ({ code, message: `MCP error ${code}: x`, data: { x: 1 } })),
  { code: -32042, message: "x", data: { elicitations: [PAGE] } },
  { code: 1.5, message: "x" },
  { code: "x", message: "x" },
  { code: 1, message: 5 },
  { code: 1 },
  {},
  "x",
  null,
];

const json = (text: string, status = 200) =>
  new Response(text, { status, headers: { "Content-Type": "application/json" } });
const stream = (text: string) =>
  new Response(text, { headers: { "Content-Type": "text/event-stream" } });
/** Answers in HTTP that are none in MCP. */
const WHOLE: Record<string, () => Response> = {
  nothing: () => new Response(null, { status: 202 }),
  page: () => new Response("<p>x", { headers: { "Content-Type": "text/html" } }),
  text: () => json("nul"),
  empty: () => json(""),
  alien: () => json('{"jsonrpc":"2.0","id":"other","result":{}}'),
  message: () => json('{"message":"x"}'),
  silent: () => stream(""),
  broken: () => stream("data: {\n\n"),
  unsaid: () => stream(": x\n\n"),
  bad: () => json('{"error":"x"}', 400),
  forbidden: () => json("{}", 403),
  failed: () => json("", 500),
  away: () => new Response(null, { status: 302, headers: { Location: "https://x.example.com" } }),
};

const named = (kind: string, values: readonly unknown[]) => values.map((_, at) => `${kind}_${at}`);
const TOOLS = [
  ...named("result", RESULTS),
  ...named("error", ERRORS),
  ...Object.keys(WHOLE).map((name) => `whole_${name}`),
];

Deno.test("what an upstream answers wrongly is said as by the SDKs", async () => {
  const part = (name: string, kind: string) =>
    name?.startsWith(`${kind}_`) ? name.slice(kind.length + 1) : undefined;
  await using twins = await startTwins({
    tools: TOOLS.map((name) => remoteTool(name, name, { annotations: { readOnlyHint: true } })),
    answer({ params: { name } }) {
      const [result, error] = [part(name, "result"), part(name, "error")];
      if (error !== undefined) throw ERRORS[Number(error)];
      return result === undefined ? undefined : RESULTS[Number(result)];
    },
    whole: ({ params: { name } = {} }) => WHOLE[part(name, "whole") ?? ""]?.(),
  });
  const { all, direct } = await assertSame(
    twins,
    calls("/mcp", {}, TOOLS.map((name) => `up_${name}`)),
  );
  assert(direct > all / 3, `${direct} of ${all}`);
});

Deno.test("an upstream that is gone is missed as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  const { gateway, upstream } = twins;
  const all: Draft[] = [
    ...HOT.map((draft) => ({ ...draft, path: "/mcp" })),
    ...calls("/mcp", {}, ["up_say", "up_kinds", "up_headed", "nothing"]),
    ...calls("/mcp?voice=true", {}, ["up_say"]),
  ];
  const same = async () => {
    // What is found out once, and noted then, is nobody's of the two.
    await gateway.mcp(request("tools/list"));
    await assertSame(twins, all);
  };
  await same();
  upstream!.whole = () => new Response(null, { status: 500 });
  await same();
  // What is known of its tools has to be asked for again.
  gateway.world.skew += 60 * 60_000;
  await same();
  upstream!.whole = () => undefined;
  gateway.world.skew += 60 * 60_000;
  await same();
});
