import { assertEquals } from "@std/assert";
import {
  agreed,
  allowsTool,
  type Choice,
  narrow,
  parseGatewayScopes,
  scopeOfTool,
  serviceOf,
  supportedScopes,
  usableScopes,
  widenable,
} from "../../../broker/core/gateway_scopes.ts";

const SERVICES = ["github", "calendar"];
const READING = ["github:read", "calendar:read"];
/** An address that can be used for all of them. */
const ALL = { services: SERVICES, readOnly: false };

Deno.test("supportedScopes() lists each service for all and for reading", () => {
  const all = ["github", "github:read", "calendar", "calendar:read"];
  assertEquals(supportedScopes(SERVICES), all);
});

Deno.test("usableScopes() leaves out what changes something where an address only reads", () => {
  assertEquals(usableScopes(ALL), supportedScopes(SERVICES));
  assertEquals(usableScopes({ ...ALL, readOnly: true }), READING);
  assertEquals(usableScopes({ services: [], readOnly: false }), []);
});

Deno.test("parseGatewayScopes() takes no scope that is known for what can be read", () => {
  const asked: [scope: string | undefined, scopes: string[]][] = [
    [undefined, READING],
    ["", READING],
    ["github", ["github"]],
    ["github:read", ["github:read"]],
    ["calendar github", ["calendar", "github"]],
    ["github github", ["github"]],
    // Reading says nothing beside everything.
    ["github:read github", ["github"]],
    ["github:read calendar", ["github:read", "calendar"]],
    ["openid github offline_access", ["github"]],
    // Who asks for what is not there has asked for nothing.
    [" ", READING],
    ["openid", READING],
    ["openid profile offline_access", READING],
    ["GitHub", READING],
    ["github:write", READING],
    ["github:read:read", READING],
    ["github,calendar", READING],
    ["constructor __proto__", READING],
  ];
  for (const [scope, scopes] of asked) {
    assertEquals(parseGatewayScopes(SERVICES, scope), scopes, String(scope));
  }
});

Deno.test("parseGatewayScopes() asks for no more than an address can use", () => {
  const only = (scope: string | undefined, readOnly: boolean) =>
    parseGatewayScopes(["github"], scope, { readOnly });
  assertEquals(only("github calendar", false), ["github"]);
  assertEquals(only("calendar", false), ["github:read"]);
  assertEquals(only("github", true), ["github:read"]);
  assertEquals(only("github github:read", true), ["github:read"]);
  assertEquals(only(undefined, true), ["github:read"]);
  assertEquals(parseGatewayScopes([], "github"), []);
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

const words = (text: string) => text.split(" ").filter(Boolean);

Deno.test("agreed() narrows what was asked for as narrow() does, where nothing is added", () => {
  for (const asked of ["github calendar", "github:read", "github calendar:read", ""]) {
    for (const services of [["github", "calendar"], ["github"], [], ["git"]]) {
      for (const readOnly of [true, false]) {
        const choice = { services, readOnly, changes: [] };
        assertEquals(agreed(words(asked), ALL, choice), narrow(words(asked), services, readOnly));
      }
    }
  }
});

Deno.test("agreed() adds what a person ticked, of what was asked to read and can be used", () => {
  const cases: [asked: string, choice: Partial<Choice>, scopes: string][] = [
    ["github:read calendar:read", { changes: ["github"] }, "github calendar:read"],
    ["github:read", { changes: ["github", "calendar", "gmail"] }, "github"],
    // Only with the service itself.
    ["github:read calendar:read", { services: ["calendar"], changes: ["github"] }, "calendar:read"],
    ["github:read", { services: [], changes: ["github"] }, ""],
    // What the client asked to change is the other choice's.
    ["github calendar:read", { readOnly: true, changes: ["github"] }, "github:read calendar:read"],
    ["github calendar:read", { readOnly: true, changes: ["calendar"] }, "github:read calendar"],
    ["github:read", { changes: ["github:read", "GITHUB", "*", ""] }, "github:read"],
  ];
  for (const [asked, choice, scopes] of cases) {
    const whole = { services: SERVICES, readOnly: false, changes: [], ...choice };
    assertEquals(agreed(words(asked), ALL, whole), words(scopes), JSON.stringify([asked, choice]));
  }
});

Deno.test("agreed() never goes beyond the address, whatever is ticked", () => {
  const choice = { services: SERVICES, readOnly: false, changes: SERVICES };
  const reading = { services: SERVICES, readOnly: true };
  assertEquals(agreed(["github:read"], reading, choice), ["github:read"]);
  assertEquals(widenable(["github:read"], reading), []);
  const elsewhere = { services: ["calendar"], readOnly: false };
  assertEquals(agreed(["github:read"], elsewhere, choice), ["github:read"]);
  assertEquals(widenable(["github", "calendar:read"], ALL), ["calendar"]);
});

Deno.test("serviceOf() is the scope without what says that it reads", () => {
  assertEquals(["github", "github:read", "a:read:read"].map(serviceOf), [
    "github",
    "github",
    "a:read",
  ]);
});
