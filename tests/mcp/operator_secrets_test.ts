import { assertEquals } from "@std/assert";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import { LEAST_SECRET } from "../../mcp/secrets_in.ts";
import { operatorSecrets } from "../../mcp/upstream/operator_secrets.ts";

const common = { name: "notes", title: "Notes", timeoutMs: 1000 };

function http(headers: Record<string, string>, url = "https://notes.example/mcp"): UpstreamSpec {
  return { ...common, kind: "http", url, headers };
}

function stdio(env: Record<string, string>, args: string[] = []): UpstreamSpec {
  return { ...common, kind: "stdio", command: "notes", args, env };
}

/** Those that are looked for. */
const looked = (spec: UpstreamSpec) =>
  [...new Set(operatorSecrets(spec))].filter((text) => text.length >= LEAST_SECRET).sort();

Deno.test("a header's value is a secret, and so is what it is made of", () => {
  const basic = btoa("ana:pass-word");
  const found: [Record<string, string>, string[]][] = [
    [{ Authorization: "Bearer abc-def-ghi" }, ["Bearer abc-def-ghi", "abc-def-ghi"]],
    [{ "X-Api-Key": "abc-def-ghi" }, ["abc-def-ghi"]],
    [{ Authorization: `Basic ${basic}` }, [`Basic ${basic}`, basic, "ana:pass-word", "pass-word"]],
    [{ Cookie: "session=abc-def-ghi; theme=dark; id=jkl-mno-pqr" }, ["abc-def-ghi", "jkl-mno-pqr"]],
    [{ Accept: "application/json", "User-Agent": "gateway/1.0", "X-Version": "2022-06-28" }, []],
  ];
  for (const [headers, secrets] of found) assertEquals(looked(http(headers)), secrets.sort());
});

Deno.test("an address is no secret, but its password, its query and what nobody can guess are", () => {
  const found: [string, string[]][] = [
    ["https://notes.example/long/path/of/words/mcp", []],
    ["https://notes.example/mcp?key=abc-def-ghi&v=2022-06-28", ["abc-def-ghi"]],
    ["https://notes.example/s/MDEyMzQ1Njc4OWFiY2RlZg/mcp", ["MDEyMzQ1Njc4OWFiY2RlZg"]],
    ["https://ana:pa%24%24word@notes.example/mcp", ["pa$$word", "pa%24%24word"]],
    ["https://token-of-ana@notes.example/mcp", ["token-of-ana"]],
  ];
  for (const [url, secrets] of found) {
    assertEquals(looked(http({}, url)), secrets.sort());
    assertEquals(looked(stdio({ NOTES_URL: url })), secrets.sort());
    assertEquals(looked(stdio({}, [url])), secrets.sort());
  }
});

Deno.test("a variable's value is a secret, but where things are is none", () => {
  const plain = {
    PATH: "/usr/local/bin:/usr/bin",
    HOME: "/home/operator",
    LC_ALL: "de_DE.UTF-8",
    MEMORY_FILE_PATH: "/data/memory.jsonl",
    NOTES_DIR: "~/notes-of-ana",
    API_VERSION: "2022-06-28",
  };
  assertEquals(looked(stdio(plain)), []);
  const secret = { NOTES_TOKEN: "abc-def-ghi", KEY_PATH: "not-a-place", PATHS: "/home/operator" };
  assertEquals(looked(stdio(secret)), Object.values(secret).sort());
  const json = { HEADERS: '{"Authorization":"Bearer abc-def-ghi","a":["jkl-mno-pqr"],"b":7}' };
  assertEquals(looked(stdio(json)), ["Bearer abc-def-ghi", "abc-def-ghi", "jkl-mno-pqr"]);
  assertEquals(looked(stdio({ A: "{not json" })), ["{not json"]);
  assertEquals(looked(stdio({ A: '[null,{"b":null},"abc-def-ghi"]' })), ["abc-def-ghi"]);
});

Deno.test("an argument is a secret where its option says so", () => {
  const found: [string[], string[]][] = [
    [["--api-key", "abc-def-ghi", "/data/folder", "npm:some-server@1.2.3"], ["abc-def-ghi"]],
    [["--token=abc-def-ghi", "--port=12345678", "--root", "/data/folder"], ["abc-def-ghi"]],
    [["--header", "X-Key: abc-def-ghi"], ["X-Key: abc-def-ghi", "abc-def-ghi"]],
    [["-e", "plain-words", "--verbose", "abc-def-ghi"], []],
  ];
  for (const [args, secrets] of found) assertEquals(looked(stdio({}, args)), secrets.sort());
});

Deno.test("of a server's arguments those are secrets that are called so, and addresses with a password", () => {
  const found: [string[], string[]][] = [
    [["--api-key=abc-def-ghi"], ["abc-def-ghi"]],
    [["--api-key", "abc-def-ghi"], ["abc-def-ghi"]],
    [["--header", "Authorization: Bearer abc-def-ghi"], [
      "Authorization: Bearer abc-def-ghi",
      "Bearer abc-def-ghi",
      "abc-def-ghi",
    ]],
    [["--mode=abc-def-ghi", "--log", "abc-def-ghi", "abc-def-ghi"], []],
    [["notes:abc-def-ghi?key=jkl-mno-pqr"], []],
    [["https://notes.example/mcp?key=jkl-mno-pqr"], ["jkl-mno-pqr"]],
  ];
  for (const [args, secrets] of found) assertEquals(looked(stdio({}, args)), secrets.sort());
});
