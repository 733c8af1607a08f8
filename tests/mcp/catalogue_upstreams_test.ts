/** Lists of our own tools and of upstreams': what of them is kept ready, and for whom it is not. */

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { Subject } from "../../broker/core/subject.ts";
import { createCatalogue, type ToolFilter } from "../../mcp/catalogue.ts";
import { formOf } from "../../mcp/listing.ts";
import type { UpstreamTool } from "../../mcp/upstream/list.ts";
import type { Upstream } from "../../mcp/upstream/upstream.ts";
import { modulesWithTools } from "../support/own_tools.ts";

function toolsOf(name: string, ...tools: string[]): UpstreamTool[] {
  return tools.map((tool) => ({
    remoteName: tool,
    listed: {
      name: `${name}_${tool}`,
      title: tool,
      description: tool,
      inputSchema: { type: "object" },
      annotations: { readOnlyHint: tool.startsWith("read") },
    },
    readOnly: tool.startsWith("read"),
    idempotent: false,
  }));
}

/** An upstream whose list the test sets; of one that has a provider each person has an own one. */
function upstream(name: string, { provider }: { provider?: string } = {}) {
  const state = {
    lists: new Map<string, UpstreamTool[]>(),
    tools: toolsOf(name, "read", "write"),
    isSlow: false,
  };
  const spec = { kind: "http", name, title: name, url: `https://${name}.example/mcp`, provider };
  const tools = ({ subject }: { subject: string }) => {
    const own = state.lists.get(subject) ?? state.tools;
    return state.isSlow ? Promise.resolve(own) : own;
  };
  return { state, upstream: { spec, tools } as unknown as Upstream };
}

function start(...upstreams: { upstream: Upstream }[]) {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const providers = modulesWithTools.filter(({ name }) => name === "github")
    .map((module) => module.create(settings));
  const catalogue = createCatalogue(providers, upstreams.map(({ upstream }) => upstream));
  return (filter: ToolFilter = {}, subject: Subject = "voice:ana") =>
    catalogue.listing({ subject, actor: { kind: "app", id: "voice" }, filter });
}

const FILTERS: ToolFilter[] = [
  {},
  { readOnly: true },
  { outputSchemas: true },
  { readOnly: true, outputSchemas: true },
  { services: ["one"] },
  { services: ["github", "two"] },
  { tools: ["one_read", "github_comment"] },
  { scopes: ["one", "two:read"] },
  { policy: { allow: ["one_*"] } },
  { policy: { readOnly: true }, readOnly: true },
];

Deno.test("a list with upstreams' tools is what it is without anything kept, for each filter, in any order", async () => {
  const [one, two] = [upstream("one"), upstream("two")];
  const list = start(one, two);
  const expected = async (filter: ToolFilter) => {
    const { text } = await start(one, two)(filter);
    return text;
  };
  for (let round = 0; round < 3; round++) {
    for (const filter of FILTERS) {
      const { tools, text } = await list(filter);
      assertEquals(text, `[${tools.map((tool) => formOf(tool).text).join()}]`);
      assertEquals(text, await expected(filter), JSON.stringify(filter));
    }
    // Each has its own version from then on.
    if (round === 0) one.state.tools = toolsOf("one", "read", "write", "read_more");
    if (round === 1) two.state.tools = [];
    FILTERS.reverse();
  }
});

Deno.test("what is known is listed at once, and made once until an upstream lists something else", () => {
  const [one, two] = [upstream("one"), upstream("two")];
  const list = start(one, two);
  const first = list();
  assert(!(first instanceof Promise));
  assertStrictEquals(list(), first);
  assertStrictEquals(list({}, "voice:ben"), first, "it is everybody's");
  const reading = list({ readOnly: true });
  assert(reading !== first);
  assertStrictEquals(list({ readOnly: true }), reading);
  assertStrictEquals(list(), first);
  two.state.tools = toolsOf("two", "read");
  const second = list();
  assert(!(second instanceof Promise) && second !== first);
  assertEquals(second.tools.length, first.tools.length - 1);
  assertStrictEquals(list(), second);
});

Deno.test("with upstreams that list nothing the list is that of our own tools, each time", () => {
  const [one, two] = [upstream("one"), upstream("two")];
  one.state.tools = [];
  two.state.tools = [];
  const list = start(one, two);
  const own = start()();
  assert(!(own instanceof Promise));
  for (let time = 0; time < 3; time++) {
    const all = list();
    assert(!(all instanceof Promise));
    assertEquals(all.text, own.text);
  }
});

Deno.test("who has to be waited for is, beside others", async () => {
  const [one, two] = [upstream("one"), upstream("two")];
  const list = start(one, two);
  const known = await list();
  two.state.isSlow = true;
  const listed = list();
  assert(listed instanceof Promise);
  assertEquals((await listed).text, known.text);
});

Deno.test("what an upstream lists for one person is shown to nobody else, and not kept", async () => {
  const own = upstream("own", { provider: "github" });
  const shared = upstream("one");
  const list = start(own, shared);
  const ana = toolsOf("own", "read_ana");
  own.state.lists.set("voice:ana", ana).set("voice:ben", toolsOf("own", "read_ben"));
  for (let time = 0; time < 3; time++) {
    const [hers, his] = [await list({}, "voice:ana"), await list({}, "voice:ben")];
    assert(hers.text.includes("own_read_ana") && !hers.text.includes("own_read_ben"));
    assert(his.text.includes("own_read_ben") && !his.text.includes("own_read_ana"));
    assert(hers.text.includes("one_write") && his.text.includes("one_write"));
  }
  assert(await list({}, "voice:ana") !== await list({}, "voice:ana"));
  // Hers may change in place: nothing of it was kept.
  ana.push(...toolsOf("own", "read_more"));
  assert((await list({}, "voice:ana")).text.includes("own_read_more"));
});
