import { assertEquals } from "@std/assert";
import { reachOf } from "../../gateway/address_reach.ts";

const PROVIDERS: Record<string, string[]> = {
  google: ["gmail", "calendar"],
  github: ["github"],
  microsoft: ["microsoft", "outlook"],
};
const SERVICES = ["github", "gmail", "calendar", "microsoft", "outlook", "notes"];
const NAMES = {
  services: SERVICES,
  ofProvider: (name: string) => Object.hasOwn(PROVIDERS, name) ? PROVIDERS[name] : undefined,
};

const services = (path: string, search = "") => reachOf(NAMES, path, search)?.services;
const readOnly = (search: string) => reachOf(NAMES, "/mcp", search)?.readOnly;

Deno.test("reachOf(): the endpoint's own paths reach everything, a service's its own alone", () => {
  for (const path of ["", "/mcp", "/mcp/", "/mcp/sse", "/mcp/sse/", "/sse"]) {
    assertEquals(services(path), SERVICES, path);
  }
  assertEquals(services("/mcp/gmail"), ["gmail"]);
  assertEquals(services("/mcp/gmail/"), ["gmail"]);
  assertEquals(services("/mcp/google"), ["gmail", "calendar"]);
  // A service before the provider that is called as it.
  assertEquals(services("/mcp/microsoft"), ["microsoft"]);
  for (const name of ["none", "GitHub", "constructor", "%67ithub", "a/b"]) {
    assertEquals(services(`/mcp/${name}`)?.length ?? 0, name === "a/b" ? SERVICES.length : 0, name);
  }
});

Deno.test("reachOf(): a list narrows, and never widens what the path says", () => {
  assertEquals(services("/mcp", "?services=github,notes"), ["github", "notes"]);
  assertEquals(services("/mcp", "?services= notes , github "), ["github", "notes"]);
  assertEquals(services("/mcp", "?services=google"), ["gmail", "calendar"]);
  assertEquals(services("/mcp", "?services=microsoft"), ["microsoft", "outlook"]);
  assertEquals(services("/mcp/google", "?services=gmail,github"), ["gmail"]);
  assertEquals(services("/mcp/github", "?services=gmail"), []);
  for (const list of ["", "none", ",", "GITHUB", "constructor", "github%00"]) {
    assertEquals(services("/mcp", `?services=${list}`), [], list);
  }
  assertEquals(services("/mcp", "?Services=github&service=gmail&tools=x"), SERVICES);
});

Deno.test("reachOf(): read_only is true or false, and anything else is no address", () => {
  assertEquals(["", "?read_only=true", "?read_only=false", "?READ_ONLY=true"].map(readOnly), [
    false,
    true,
    false,
    false,
  ]);
  for (
    const search of [
      "?read_only=",
      "?read_only=1",
      "?read_only=TRUE",
      "?read_only=true&read_only=false",
      "?services=github&services=gmail",
      `?services=${"a".repeat(1001)}`,
    ]
  ) assertEquals(reachOf(NAMES, "/mcp", search), undefined, search);
});
