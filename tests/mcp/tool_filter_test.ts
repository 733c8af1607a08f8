import { assertEquals } from "@std/assert";
import { mayHear, type Needs, passes, type ToolFilter } from "../../mcp/tool_filter.ts";
import type { Upstream } from "../../mcp/upstream/upstream.ts";

const READS: Needs = { name: "lab_read", aliases: ["read"], service: "lab", readOnly: true };
const WRITES: Needs = { name: "lab_write", aliases: [], service: "lab", readOnly: false };

Deno.test("a filter lets a tool through that all of its parts let through", () => {
  const cases: [ToolFilter, reads: boolean, writes: boolean][] = [
    [{}, true, true],
    [{ services: ["lab"] }, true, true],
    [{ services: ["other"] }, false, false],
    [{ services: [] }, false, false],
    [{ tools: ["lab_read"] }, true, false],
    [{ tools: ["read"] }, true, false],
    [{ tools: [] }, false, false],
    [{ readOnly: true }, true, false],
    [{ readOnly: false }, true, true],
    [{ scopes: ["lab"] }, true, true],
    [{ scopes: ["lab:read"] }, true, false],
    [{ scopes: ["other"] }, false, false],
    [{ scopes: [] }, false, false],
    [{ scopes: ["lab"], services: ["other"] }, false, false],
    [{ scopes: ["other"], services: ["lab"], tools: ["lab_read"], readOnly: true }, false, false],
    [{ scopes: ["lab"], services: ["lab"], tools: ["lab_write"], readOnly: true }, false, false],
    [{ scopes: ["lab"], services: ["lab"], tools: ["lab_read"], readOnly: true }, true, false],
  ];
  for (const [filter, reads, writes] of cases) {
    assertEquals([passes(READS, filter), passes(WRITES, filter)], [reads, writes], show(filter));
  }
});

Deno.test("an upstream hears of a caller only where some tool of it could be let through", () => {
  const up = (prefix?: string) => ({ spec: { name: "up", prefix } }) as unknown as Upstream;
  const cases: [ToolFilter, heard: boolean][] = [
    [{}, true],
    [{ services: ["up"] }, true],
    [{ services: ["other"] }, false],
    [{ scopes: ["up"] }, true],
    [{ scopes: ["up:read"] }, true],
    [{ scopes: ["other"] }, false],
    [{ tools: ["up_say"] }, true],
    [{ tools: ["say", "upper_say"] }, false],
    [{ tools: [] }, false],
    [{ scopes: ["other"], services: ["up"], tools: ["up_say"] }, false],
    [{ scopes: ["up"], services: ["other"], tools: ["up_say"] }, false],
    [{ scopes: ["up"], services: ["up"], tools: ["say"] }, false],
    [{ scopes: ["up"], services: ["up"], tools: ["up_say"] }, true],
  ];
  for (const [filter, heard] of cases) assertEquals(mayHear(up(), filter), heard, show(filter));
  // Its tools are called as it calls them: any name may be one's.
  assertEquals(mayHear(up(""), { tools: ["say"] }), true);
  // Of a call it hears where that very tool is let through.
  assertEquals(mayHear(up(), { tools: ["up_say"] }, "up_say"), true);
  assertEquals(mayHear(up(), { tools: ["up_say"] }, "up_do"), false);
  assertEquals(mayHear(up(""), { tools: ["say"] }, "do"), false);
});

function show(filter: ToolFilter): string {
  return JSON.stringify(filter);
}
