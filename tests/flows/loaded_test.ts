import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { newKeyLine } from "../../tasks/key.ts";
import { freePort } from "../support/free_port.ts";
import { loadedModules } from "../support/loaded.ts";
import { type Program, startProgram } from "../support/program.ts";

/** What no plain request needs; a start that loads one of them takes twice as long, and as much. */
const NEVER = [
  "/@modelcontextprotocol/",
  "/ajv/",
  "/arctic/",
  "/pdfjs-dist/",
  "/nodemailer/",
  "/htmlparser2/",
  "/@zip.js/",
  "/oauth4webapi/",
  "/@opentelemetry/",
  "/hono/",
  // An API key is no JWT.
  "/jose/",
  "/providers/catalogue/",
  "/providers/key_catalogue/",
  "/providers/client_catalogue/",
  "/providers/configured",
  "/providers/registry.ts",
  "/providers/discovered/",
  "/providers/oidc/",
  "/providers/documents/worker.ts",
  "/providers/asana/",
  "/providers/slack/",
  "/providers/linear/",
  "/routes/router.ts",
  "/routes/people/",
  "/routes/oauth/",
  "/zod-openapi/",
  "/routes/openapi/",
  "/routes/api/answers/",
  "/broker/core/marks/",
  "/mcp/eras/eras.ts",
  "/mcp/eras/era_2025.ts",
  "/all_providers.ts",
  "ext:deno_node/crypto.ts",
];
const TOOLS = ["/start/mcp.ts", "/mcp/catalogue.ts"];
/** What calls need, and lists do not. */
const CALLED = [
  "/zod/",
  "/mcp/call.ts",
  "/mcp/arguments/read.ts",
  "/github/tools.ts",
  "/github/find_issues.ts",
  "/google/tools.ts",
  "/google/gmail/tools.ts",
];
const APP = [
  "/compose.ts",
  "/broker/broker.ts",
  "/gateway/gateway.ts",
  "/github/github.ts",
];

/** What answers all but the plainest requests. */
const ROUTER = [
  "/hono/",
  "/routes/router.ts",
  "/routes/people/",
  "/routes/oauth/",
  "/routes/openapi/",
];

const ENV = {
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
  GOOGLE_CLIENT_ID: "id",
  GOOGLE_CLIENT_SECRET: "secret",
};

async function start(more: Record<string, string> = {}) {
  const inspector = freePort();
  const program = await startProgram({
    env: { ...ENV, ...more },
    args: [`--inspect=127.0.0.1:${inspector}`],
  });
  const loaded = async () => {
    const modules = await loadedModules(inspector);
    return (parts: string[]) => parts.filter((part) => modules.some((url) => url.includes(part)));
  };
  return { program, loaded };
}

Deno.test("/health is answered by little of the program", async () => {
  const { program, loaded } = await start();
  await using _program = program;
  assertEquals((await program.health()).status, "ok");
  const among = await loaded();
  assertEquals(among([...NEVER, ...TOOLS, ...CALLED, ...APP]), []);
  assertEquals(among(["/main.ts"]), ["/main.ts"]);
});

Deno.test("lists load no code of tools, calls that of their provider, and neither SDKs nor router", async () => {
  const { program, loaded } = await start();
  await using _program = program;
  const ask = async (body: unknown) => {
    const response = await program.mcp(body, {
      headers: { Accept: "application/json, text/event-stream" },
    });
    assertEquals(response.status, 200);
    return await response.json();
  };
  const { result } = await ask({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  assert(result.tools.length > 20);
  const listed = await loaded();
  assertEquals(listed([...NEVER, ...CALLED]), []);
  assertEquals(listed([...TOOLS, ...APP]), [...TOOLS, ...APP]);
  const params = { name: "github_list_issues", arguments: { repo: "a/b" } };
  const called = await ask({ jsonrpc: "2.0", id: 2, method: "tools/call", params });
  assertEquals(called.result.isError, true);
  const among = await loaded();
  assertEquals(among(NEVER), []);
  assertEquals(among(CALLED), CALLED.filter((part) => !part.startsWith("/google/")));
});

Deno.test("a first list needs no schema, whichever providers of our own are set up", async () => {
  const names = ["ASANA", "LINEAR", "SLACK"];
  const more = names.flatMap((
    name,
  ) => [[`${name}_CLIENT_ID`, "id"], [`${name}_CLIENT_SECRET`, "s"]]);
  const { program, loaded } = await start(Object.fromEntries(more));
  await using _program = program;
  const response = await program.mcp({ jsonrpc: "2.0", id: 1, method: "tools/list" }, {
    headers: { Accept: "application/json, text/event-stream" },
  });
  const { result } = await response.json();
  assert(result.tools.length > 45);
  const among = await loaded();
  const providers = ["/asana/asana.ts", "/linear/linear.ts", "/slack/slack.ts"];
  assertEquals(among([...providers, ...CALLED, "/hono/", "/jose/"]), providers);
});

Deno.test("a token is handed out without the tools, what speaks MCP, the router, and any schema", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  const kept = { KV_PATH: `${folder}/kv.sqlite`, ENCRYPTION_KEYS: newKeyLine("k1") };
  const ask = (program: Program, path: string, body: unknown) =>
    fetch(program.url + path, {
      method: "POST",
      headers: program.headers,
      body: JSON.stringify(body),
    });
  {
    await using program = await startProgram({ env: { ...ENV, ...kept } });
    const account = { id: "1", label: "ana" };
    const connection = { service: "github", user_id: "ana", account, access_token: "gho_1" };
    const answer = await ask(program, "/connections/import?verify=none", [connection]);
    assertStringIncludes(await answer.text(), '"imported"');
  }
  const { program, loaded } = await start(kept);
  await using _program = program;
  const token = await ask(program, "/token/github", { user_id: "ana" });
  assertEquals((await token.json()).access_token, "gho_1");
  assertEquals((await loaded())([...NEVER, ...TOOLS, ...CALLED]), []);
  // That nobody is connected is the router's to say.
  const none = await ask(program, "/token/github", { user_id: "nobody" });
  assertEquals((await none.json()).error, "not_connected");
  const among = await loaded();
  assertEquals(among(NEVER.filter((part) => !ROUTER.includes(part))), []);
  assertEquals(among([...TOOLS, ...CALLED]), ["/zod/"]);
});

Deno.test("marks of services are loaded for whoever asks for them", async () => {
  const { program, loaded } = await start();
  await using _program = program;
  const response = await fetch(`${program.url}/services`, { headers: program.headers });
  const { services } = await response.json();
  assertEquals(services[0].name, "github");
  assert(services[0].mark.svg.includes("<path "));
  const among = await loaded();
  const rest = NEVER.filter((part) => !ROUTER.includes(part));
  assertEquals(among(rest), ["/broker/core/marks/"]);
});

Deno.test("what describes the REST part is loaded for whoever asks for it", async () => {
  const { program, loaded } = await start();
  await using _program = program;
  const parts = ["/routes/openapi/document.ts", "/routes/api/answers/", "/zod-openapi/"];
  assertEquals((await program.health()).status, "ok");
  await (await fetch(`${program.url}/nowhere`)).body?.cancel();
  assertEquals((await loaded())([...parts, "/routes/openapi/openapi.ts"]), [
    "/routes/openapi/openapi.ts",
  ]);
  const response = await fetch(`${program.url}/openapi.json`);
  assertEquals((await response.json()).openapi, "3.1.0");
  assertEquals((await loaded())(parts), parts);
});

Deno.test("what scopes mean in a language is loaded with the first page in it", async () => {
  const { program, loaded } = await start();
  await using _program = program;
  const link = await fetch(`${program.url}/links`, {
    method: "POST",
    headers: program.headers,
    body: JSON.stringify({ user_id: "ada", service: "github" }),
  });
  const { url } = await link.json();
  const inLanguage = async (language: string) => {
    const headers = { "Accept": "text/html", "Accept-Language": language };
    const page = await fetch(url, { headers });
    assertEquals(page.status, 200);
    assert((await page.text()).includes(`<html lang="${language}"`));
    return (await loaded())(["/words/en.ts", "/words/scopes_de.ts", "/words/scopes_es.ts"]);
  };
  assertEquals(await inLanguage("en"), ["/words/en.ts"]);
  assertEquals(await inLanguage("de"), ["/words/en.ts", "/words/scopes_de.ts"]);
});
