import { assertEquals } from "@std/assert";
import {
  allowsTool,
  narrow,
  parseGatewayScopes,
  scopeOfTool,
  supportedScopes,
} from "../../../broker/core/gateway_scopes.ts";

const SERVICES = ["github", "calendar"];
const EVERYTHING = ["github", "calendar"];

Deno.test("supportedScopes() lists each service for all and for reading", () => {
  const all = ["github", "github:read", "calendar", "calendar:read"];
  assertEquals(supportedScopes(SERVICES), all);
});

Deno.test("parseGatewayScopes() takes no scope for everything, and unknown ones for nothing", () => {
  const asked: [scope: string | undefined, scopes: string[]][] = [
    [undefined, EVERYTHING],
    ["", EVERYTHING],
    ["github", ["github"]],
    ["github:read", ["github:read"]],
    ["calendar github", ["calendar", "github"]],
    ["github github", ["github"]],
    // Reading says nothing beside everything.
    ["github:read github", ["github"]],
    ["github:read calendar", ["github:read", "calendar"]],
    ["openid github offline_access", ["github"]],
    // Who asks for what is not there gets nothing, and not everything.
    [" ", []],
    ["openid", []],
    ["GitHub", []],
    ["github:write", []],
    ["github:read:read", []],
    ["github,calendar", []],
    ["constructor __proto__", []],
  ];
  for (const [scope, scopes] of asked) {
    assertEquals(parseGatewayScopes(SERVICES, scope), scopes, String(scope));
  }
});

Deno.test("allowsTool() asks for the service, or for reading where a tool changes nothing", () => {
  const tools: [scopes: string[], reads: boolean, changes: boolean][] = [
    [["github"], true, true],
    [["github:read"], true, false],
    [["github:read", "github"], true, true],
    [["calendar"], false, false],
    [["calendar:read", "githubs", "git", "github:write", "GitHub"], false, false],
    [[], false, false],
  ];
  for (const [scopes, reads, changes] of tools) {
    const may = (readOnly: boolean) => allowsTool(scopes, { service: "github", readOnly });
    assertEquals([may(true), may(false)], [reads, changes], scopes.join(" "));
  }
});

Deno.test("scopeOfTool() is the least that lets the tool run", () => {
  for (const readOnly of [true, false]) {
    const tool = { service: "github", readOnly };
    assertEquals(allowsTool([scopeOfTool(tool)], tool), true);
  }
  const reading = scopeOfTool({ service: "github", readOnly: true });
  assertEquals(allowsTool([reading], { service: "github", readOnly: false }), false);
});

Deno.test("narrow() keeps what was both asked for and agreed to", () => {
  const agreed: [asked: string, services: string, readOnly: boolean, scopes: string][] = [
    ["github calendar", "github calendar", false, "github calendar"],
    ["github calendar", "github", false, "github"],
    ["github calendar", "", false, ""],
    ["github", "github calendar", false, "github"],
    ["", "github", false, ""],
    // Agreeing to a service gives no more of it than was asked for.
    ["github:read", "github", false, "github:read"],
    ["github calendar:read", "github calendar", true, "github:read calendar:read"],
    ["github github:read", "github", true, "github:read"],
    ["github:read", "github:read", false, ""],
    ["github", "git", true, ""],
  ];
  for (const [asked, services, readOnly, scopes] of agreed) {
    assertEquals(
      narrow(asked.split(" ").filter(Boolean), services.split(" "), readOnly),
      scopes.split(" ").filter(Boolean),
      `${asked} | ${services} | ${readOnly}`,
    );
  }
});
