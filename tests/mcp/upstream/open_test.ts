import { assertEquals } from "@std/assert";
import {
  discoveryOf,
  envelope,
  greetingOf,
  STATEFUL_REVISION,
  STATELESS_REVISION,
} from "../../../mcp/upstream/open.ts";

Deno.test("of a greeting counts what can be used, and a revision that can be a header", () => {
  const capabilities = { tools: {} };
  assertEquals(greetingOf({ protocolVersion: "2025-06-18", capabilities, instructions: "read" }), {
    revision: "2025-06-18",
    capabilities,
    instructions: "read",
  });
  const nothing = { revision: STATEFUL_REVISION, capabilities: {}, instructions: undefined };
  assertEquals(greetingOf({}), nothing);
  for (const odd of [7, null, ["a"], true]) {
    const said = { protocolVersion: odd, capabilities: "all", instructions: odd };
    assertEquals(greetingOf(said), nothing, JSON.stringify(odd));
  }
  for (const protocolVersion of ["", "a b", "1\r\nX-Evil: 1", "é", "x".repeat(33)]) {
    assertEquals(greetingOf({ protocolVersion }).revision, STATEFUL_REVISION, protocolVersion);
  }
});

Deno.test("a server is of the era without sessions where it says that it knows it", () => {
  const supportedVersions = ["2025-11-25", STATELESS_REVISION];
  assertEquals(
    discoveryOf({ supportedVersions, protocolVersion: "1" })?.revision,
    STATELESS_REVISION,
  );
  for (const odd of [undefined, STATELESS_REVISION, [], ["2025-11-25"], [[STATELESS_REVISION]]]) {
    assertEquals(discoveryOf({ supportedVersions: odd }), undefined, JSON.stringify(odd));
  }
});

Deno.test("each request says who asks and that a page can be opened, beside what it says itself", () => {
  const clientInfo = { name: "c", version: "1" };
  const said = (params: Record<string, unknown>, capabilities: Record<string, unknown>) =>
    (envelope(params, { clientInfo, capabilities }) as { _meta: Record<string, unknown> })._meta;
  const whole = said({ _meta: { progressToken: 1 } }, { elicitation: { form: {} }, other: {} });
  assertEquals(whole, {
    progressToken: 1,
    "io.modelcontextprotocol/protocolVersion": STATELESS_REVISION,
    "io.modelcontextprotocol/clientInfo": clientInfo,
    "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {}, url: {} }, other: {} },
  });
  const odd = said({ _meta: ["x"] }, { elicitation: "yes" });
  assertEquals(Object.keys(odd).length, 3);
  assertEquals(odd["io.modelcontextprotocol/clientCapabilities"], { elicitation: { url: {} } });
});
