import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig } from "../../broker/config/config.ts";
import { NotOpenedError, StoreError, VaultError } from "../../broker/core/store_errors.ts";
import { lackingOf, timelineOf, unready } from "../../start/unready.ts";
import { newKeyLine } from "../../tasks/key.ts";

const KEY = newKeyLine("k1");
const DEPLOY = {
  DENO_DEPLOY: "true",
  DENO_DEPLOY_ORGANIZATION_SLUG: "acme",
  DENO_DEPLOY_APPLICATION_SLUG: "switchboard",
  DENO_TIMELINE: "production",
};
const NAMES = [{ name: "github", services: ["github"] }];

/** What these variables lack, and what is answered for it. */
async function answering(env: Record<string, string>) {
  let fault: unknown;
  try {
    await parseConfig({ ...DEPLOY, ...env }, NAMES, true);
  } catch (error) {
    fault = error;
  }
  assert(fault instanceof ConfigError);
  const lacking = lackingOf({ ...DEPLOY, ...env }, fault);
  const answer = unready(lacking, "1");
  const ask = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    answer(new Request(`https://switchboard.acme.deno.net${path}`, { method, headers }));
  return { lacking, ask };
}

const HTML = { Accept: "text/html,application/xhtml+xml" };

Deno.test("a deployment without any variable lacks a key ring alone, and says the next command", async () => {
  const { lacking, ask } = await answering({});
  assertEquals(lacking.missing.map(({ name }) => name), ["ENCRYPTION_KEYS"]);
  assertEquals([lacking.hasOthers, lacking.database], [false, undefined]);
  for (
    const [path, method] of [["/mcp", "POST"], ["/", "GET"], ["/token/github", "POST"]] as const
  ) {
    const response = await ask(path, {}, method);
    assertEquals([response.status, response.headers.get("retry-after")], [503, "30"]);
    const body = await response.json();
    assertEquals(body.error, "not_configured");
    assertEquals(body.missing[0].name, "ENCRYPTION_KEYS");
    assert(body.next.includes("deno deploy env load .env.production"));
  }
  const health = await ask("/health", HTML);
  assertEquals(health.status, 503);
  assertEquals(await health.json(), { status: "not_configured", version: "1" });
});

Deno.test("browsers are shown it as a page, in their language", async () => {
  for (const [language, title] of [["en", "Not set up yet"], ["de", "Noch nicht"], ["es", "Aún"]]) {
    const { ask } = await answering({});
    const response = await ask("/", { ...HTML, "Accept-Language": language! });
    assertEquals(response.status, 503);
    assertEquals(response.headers.get("content-type"), "text/html; charset=UTF-8");
    assertEquals(response.headers.get("cache-control"), "no-store");
    assert(response.headers.get("content-security-policy")!.startsWith("default-src 'none'"));
    const page = await response.text();
    for (const part of [`lang="${language}"`, title!, "ENCRYPTION_KEYS", "deno task key --env"]) {
      assertStringIncludes(page, part);
    }
  }
});

Deno.test("a stranger is not told what is set, which providers are meant, or what is wrong with them", async () => {
  const env = {
    ENCRYPTION_KEYS: KEY,
    PUBLIC_URL: "https://internal.example.com",
    GITHUB_CLIENT_ID: "hunter2",
    UPSTREAMS: '[{"name":"secretproject","url":"http://10.1.2.3/mcp"}]',
    API_KEYS: "voice:hunter2",
  };
  const { lacking, ask } = await answering(env);
  assertEquals([lacking.missing, lacking.hasOthers], [[], true]);
  for (const headers of [{}, HTML]) {
    const said = await (await ask("/", headers)).text();
    assert(!/hunter2|secretproject|10\.1\.2\.3|internal\.example/.test(said), said);
    assert(
      !/GITHUB|UPSTREAMS|API_KEYS|PUBLIC_URL/.test(said.replaceAll(/<style>.*<\/style>/gs, "")),
      said,
    );
    assertStringIncludes(said, "deno deploy logs");
    assert(!said.includes(KEY));
  }
});

Deno.test("a preview says that it has its own URL and database", async () => {
  const { lacking, ask } = await answering({ DENO_TIMELINE: "preview/17" });
  assertEquals(lacking.missing.map(({ name }) => name), ["ENCRYPTION_KEYS", "PUBLIC_URL"]);
  assertEquals(lacking.hasOthers, false);
  assertStringIncludes(await (await ask("/", HTML)).text(), "its own, empty database");
});

Deno.test("where no setting is wrong, the database is what is missing", () => {
  const error = new NotOpenedError("the platform gives none");
  const lacking = lackingOf({ ...DEPLOY, ENCRYPTION_KEYS: KEY }, error);
  assertEquals([lacking.missing, lacking.database, lacking.hasOthers], [[], "absent", true]);
});

Deno.test("a database that did not answer is no missing setting: it is asked again soon", async () => {
  const error = new StoreError("read", new Error("503"));
  const lacking = lackingOf({ ...DEPLOY, ENCRYPTION_KEYS: KEY }, error);
  const answer = unready(lacking, "1");
  const ask = (path: string, headers = {}) =>
    answer(new Request(`https://switchboard.acme.deno.net${path}`, { headers }));
  const { status, headers, ...response } = await told(ask("/mcp"));
  assertEquals([status, headers.get("retry-after")], [503, "3"]);
  assertEquals(JSON.parse(response.text).error, "store_unavailable");
  assertEquals(JSON.parse((await told(ask("/health"))).text).status, "database_unavailable");
  const page = (await told(ask("/", HTML))).text;
  assertStringIncludes(page, "does not answer");
  assert(!/deno deploy|KEYS|provision/.test(page), page);
});

Deno.test("what else a start can fail by is the log's to say, and no database's fault", () => {
  for (const error of [new VaultError("newer_schema", "newer"), new TypeError("a defect")]) {
    const lacking = lackingOf({ ...DEPLOY, ENCRYPTION_KEYS: KEY }, error);
    assertEquals([lacking.missing, lacking.database, lacking.hasOthers], [[], undefined, true]);
  }
});

async function told(answer: Promise<Response>) {
  const response = await answer;
  const { status, headers } = response;
  return { status, headers, text: await response.text() };
}

Deno.test("the log says where PUBLIC_URL comes from, and which timeline this is", () => {
  assertEquals(timelineOf({}), undefined);
  assertEquals(timelineOf({ ...DEPLOY, PUBLIC_URL: "https://sb.example.com" }), undefined);
  assertStringIncludes(timelineOf(DEPLOY)!.detail, "changes the issuer");
  const branch = { ...DEPLOY, DENO_TIMELINE: "git-branch/x", PUBLIC_URL: "https://sb.example.com" };
  assertStringIncludes(timelineOf(branch)!.detail, "its own, empty database");
});
