import { assertEquals } from "@std/assert";
import { createResources, LONGEST_QUERY, repeatable, splitQuery } from "../../gateway/resources.ts";

const URL = "https://sb.example.com";
const SERVICES = ["github", "google", "calendar"];
const resources = createResources(URL, (name) => SERVICES.includes(name));

/** Every path that leads to the MCP endpoint. */
const PATHS = ["/mcp", "/mcp/", "/mcp/sse", "/sse", ...SERVICES.map((name) => `/mcp/${name}`)];

const OTHER_PATHS = [
  "",
  "/",
  "mcp",
  "/mc",
  "/mcpx",
  "/MCP",
  "/sse/",
  "/mcp//",
  "/mcp/github/",
  "/mcp/github/x",
  "/mcp/GitHub",
  "/mcp/gitlab",
  "/mcp/constructor",
  "/mcp/../mcp",
  "/mcp/%67ithub",
  "/mcp?x",
  "/mcp#x",
  "/mcp\n",
  "/mcp/github\n",
  "/links",
  `/mcp/${"x".repeat(65)}`,
];

Deno.test("isPath() knows the endpoint's own paths, and one per service", () => {
  for (const path of PATHS) assertEquals(resources.isPath(path), true, path);
  for (const path of OTHER_PATHS) assertEquals(resources.isPath(path), false, path);
});

Deno.test("isPath() asks for services as they are named, and for nothing longer", () => {
  const asked: string[] = [];
  const all = createResources(URL, (name) => asked.push(name) > 0);
  const names = ["a", "my_notes-2", "x".repeat(64)];
  for (const name of names) assertEquals(all.isPath(`/mcp/${name}`), true, name);
  for (const name of ["x".repeat(65), "Notes", "a.b", "a/b", "é"]) {
    assertEquals(all.isPath(`/mcp/${name}`), false, name);
  }
  assertEquals(asked, names);
});

Deno.test("of() and metadataUrl() name a path without the slash at its end", () => {
  assertEquals(resources.of("/mcp/"), `${URL}/mcp`);
  assertEquals(resources.of("/mcp"), `${URL}/mcp`);
  assertEquals(resources.of("/mcp/github"), `${URL}/mcp/github`);
  const metadata = `${URL}/.well-known/oauth-protected-resource`;
  assertEquals(resources.metadataUrl("/mcp/"), `${metadata}/mcp`);
  assertEquals(resources.metadataUrl("/mcp/github"), `${metadata}/mcp/github`);
});

/** What is another spelling of a path that is here, as a resource. */
const SPELLINGS = ["", "/", "/sse/", "/mcp/github/", "/mcp?x"];

Deno.test("named() is the path's resource, with a slash at its end or a query", () => {
  const cases: [path: string, resource: string | undefined][] = [
    ["", ""],
    ["/", ""],
    ["/?a=1", ""],
    ["/mcp", "/mcp"],
    ["/mcp/", "/mcp"],
    ["/mcp?services=github", "/mcp"],
    ["/mcp/?services=github", "/mcp"],
    ["/mcp?services=github/", "/mcp"],
    ["/mcp?", "/mcp"],
    ["/mcp??x", "/mcp"],
    ["/mcp/github/", "/mcp/github"],
    ["/mcp/github?read_only=true", "/mcp/github"],
    ["/sse/", "/sse"],
    ["/mcp//", undefined],
    ["//", undefined],
    ["/mcp/github//", undefined],
    ["/mcp/none?services=github", undefined],
    ["?/mcp", ""],
    ["/links?/mcp", undefined],
    ["/mcp?x#y", undefined],
    ["/mcp#?x", undefined],
    ["/mcp#", undefined],
  ];
  for (const [path, resource] of cases) {
    const expected = resource === undefined ? undefined : URL + resource;
    assertEquals(resources.named(URL + path), expected, path);
  }
  assertEquals(resources.named(`https://evil.example/?${URL}/mcp`), undefined);
  assertEquals(resources.named(`${URL}.evil.example/mcp?x`), undefined);
});

Deno.test("metadataUrl() repeats a query that is one, and nothing that could end a header", () => {
  const metadata = `${URL}/.well-known/oauth-protected-resource`;
  const at = (search: string) => resources.metadataUrl("/mcp", search);
  for (
    const search of [
      "?services=github",
      "?services=github,calendar&read_only=true",
      "?x=%22%0D%0ASet-Cookie:%20a",
      "?x='(y)'!*~;$+:@/?",
      `?${"a".repeat(LONGEST_QUERY - 1)}`,
    ]
  ) {
    assertEquals(at(search), metadata + "/mcp" + search);
    assertEquals(repeatable(search), search);
  }
  for (
    const search of [
      "?",
      '?a"b',
      "?a\\b",
      "?a\r\nSet-Cookie: a",
      "?a\nb",
      "?a b",
      "?é",
      "?<x>",
      "?{x}",
      "?x|y",
      "?x^`y",
      "?%",
      "?%2",
      "?%zz",
      "?a#b",
      "?a\0",
      "services=github",
      `?${"a".repeat(LONGEST_QUERY)}`,
    ]
  ) assertEquals(at(search), metadata + "/mcp", search);
});

Deno.test("splitQuery() parts at the first question mark", () => {
  assertEquals(splitQuery("a?b?c"), { base: "a", search: "?b?c" });
  assertEquals(splitQuery("a"), { base: "a", search: "" });
});

Deno.test("includes() takes the gateway itself and its paths, and no other address", () => {
  for (const path of [...SPELLINGS, ...PATHS]) {
    assertEquals(resources.includes(URL + path), true, path);
  }
  const paths = OTHER_PATHS.filter((path) => !SPELLINGS.includes(path));
  for (const path of paths) assertEquals(resources.includes(URL + path), false, path);
  for (
    const url of [
      "",
      "/mcp",
      "http://sb.example.com/mcp",
      "https://SB.example.com/mcp",
      "https://sb.example.com:443/mcp",
      "https://sb.example.com:8443/mcp",
      "https://sb.example.com.evil.example/mcp",
      "https://sb.example.com@evil.example/mcp",
      "https://evil.example/https://sb.example.com/mcp",
      "https://sb.example.comm/mcp",
    ]
  ) assertEquals(resources.includes(url), false, url);
});

Deno.test("covers(): /mcp stands for all below it, a service for itself alone", () => {
  const github = `${URL}/mcp/github`;
  const cases: [audience: string, resource: string, covers: boolean][] = [
    [`${URL}/mcp`, `${URL}/mcp`, true],
    [`${URL}/mcp`, github, true],
    [`${URL}/mcp`, `${URL}/sse`, true],
    [URL, github, true],
    [github, github, true],
    [github, `${URL}/mcp`, false],
    [github, `${URL}/mcp/google`, false],
    [github, `${URL}/mcp/github2`, false],
    [`${URL}/mcp/git`, github, false],
    [`${URL}/sse`, `${URL}/mcp`, false],
    ["https://evil.example/mcp", `${URL}/mcp`, false],
    ["", `${URL}/mcp`, false],
  ];
  for (const [audience, resource, covers] of cases) {
    assertEquals(resources.covers(audience, resource), covers, `${audience} at ${resource}`);
  }
});

Deno.test("what of() names, includes() takes and covers() covers", () => {
  for (const path of PATHS) {
    const resource = resources.of(path);
    assertEquals(resources.includes(resource), true, path);
    assertEquals(resources.covers(resource, resource), true, path);
  }
});
