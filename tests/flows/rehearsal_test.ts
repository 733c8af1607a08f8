/**
 * The program as Deno Deploy runs it, as far as that can be done on one machine:
 * `deno run --allow-all main.ts` without flags, its variables, the platform's own
 * KV (`DENO_KV_DEFAULT_PATH` is where `Deno.openKv()` goes then), nothing that
 * can be written, several processes, SIGINT. `deno task rehearsal` runs it by
 * Deno 2.5, which Deploy has.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Agent, request } from "node:http";
import { deployNameFault } from "../../tasks/deploy/env_file.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { freePort } from "../support/free_port.ts";
import { runDeno } from "../support/process.ts";

/** What the platform sets (docs.deno.com/deploy/reference/env_vars_and_contexts, November 2026). */
const PLATFORM = {
  DENO_DEPLOY: "true",
  DENO_DEPLOY_ORGANIZATION_ID: "6f1c9a0e-0000-4000-8000-000000000001",
  DENO_DEPLOY_ORGANIZATION_SLUG: "acme",
  DENO_DEPLOY_APPLICATION_ID: "6f1c9a0e-0000-4000-8000-000000000002",
  DENO_DEPLOY_APPLICATION_SLUG: "switchboard",
  DENO_DEPLOY_BUILD_ID: "b1",
  DENO_DEPLOYMENT_ID: "d1",
  DENO_TIMELINE: "production",
};
const HOST = "switchboard.acme.deno.net";
const API_KEY = "rehearsal-key";
/** What is loaded into Deploy's variables. */
const OWN = {
  ENCRYPTION_KEYS: newKeyLine("k1"),
  API_KEYS: `voice:sha256:${digestHex(API_KEY)}`,
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "secret",
  // The load is one user's, from one address.
  LIMITS: "subject=off,address=off,api_key=off,token=off",
};

/**
 * An isolate that has a folder for its database, and for files that are made in passing; whatever
 * tries to write elsewhere fails.
 */
function isolate(env: Record<string, string>, folder: string) {
  const port = freePort();
  const closed = `--deny-write=.,${Deno.env.get("HOME") ?? "/root"},/var,/etc,/usr`;
  const running = runDeno(["run", "--allow-all", closed, "main.ts"], {
    ...PLATFORM,
    DENO_KV_DEFAULT_PATH: `${folder}/kv.sqlite3`,
    TMPDIR: folder,
    PORT: String(port),
    ...env,
  });
  return { ...running, port };
}

async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

interface Answer {
  status: number;
  body: string;
  headers: Record<string, string | string[] | undefined>;
}

/** Asks as the platform's proxy does: by the public name. Rejects where the answer is not whole. */
function ask(
  port: number,
  path: string,
  { method = "GET", headers = {}, body, agent }: {
    method?: string;
    headers?: Record<string, string>;
    body?: unknown;
    agent?: Agent;
  } = {},
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const own = { Host: HOST, ...headers };
  const asked = request(
    { host: "127.0.0.1", port, path, method, headers: own, agent: agent ?? false },
    (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk) => text += chunk);
      answer.on("error", reject);
      answer.on("end", () => {
        const length = answer.headers["content-length"];
        const isWhole = length === undefined ||
          Number(length) === new TextEncoder().encode(text).length;
        if (!isWhole) return reject(new Error("The answer broke off"));
        resolve({ status: answer.statusCode!, body: text, headers: answer.headers });
      });
    },
  );
  asked.on("error", reject);
  asked.end(body === undefined ? undefined : JSON.stringify(body));
  return promise;
}

const LIST = {
  method: "POST",
  headers: {
    "Authorization": `Bearer ${API_KEY}`,
    "X-User-Id": "ada",
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
  },
  body: { jsonrpc: "2.0", id: 1, method: "tools/list" },
};

Deno.test("the first deployment, without a variable, does not exit, and says what it lacks", async () => {
  await using folder = await tempDir();
  await using first = isolate({}, folder.path);
  await first.said(/"event":"not_configured"/);
  assertStringIncludes(first.output(), "ENCRYPTION_KEYS: is not set");
  // The platform says it.
  assert(!first.output().includes("PUBLIC_URL: "));
  const health = await ask(first.port, "/health");
  assertEquals(health.status, 503);
  const called = await ask(first.port, "/mcp", LIST);
  assertEquals([called.status, called.headers["retry-after"]], [503, "30"]);
  const page = await ask(first.port, "/", { headers: { Accept: "text/html" } });
  assertEquals(page.status, 503);
  assertStringIncludes(page.body, "deno deploy env load .env.production");
  first.child.kill("SIGINT");
  await first.ended;
});

Deno.test("two isolates on one KV: the first request is a call, and SIGINT under load loses none", async () => {
  await using folder = await tempDir();
  {
    await using one = isolate(OWN, folder.path);
    await one.said(/"event":"listening"|not_configured/);
    await using two = isolate(OWN, folder.path);
    await two.said(/"event":"listening"/);
    assertStringIncludes(one.output(), `"public_url":"https://${HOST}"`);
    assertStringIncludes(one.output(), '"event":"public_url_by_platform"');
    const cold = await ask(one.port, "/mcp", LIST);
    assertEquals(cold.status, 200, cold.body);
    assert(JSON.parse(cold.body).result.tools.length > 10);

    // What one has stored the other knows.
    const link = await ask(one.port, "/links", {
      ...LIST,
      body: { user_id: "ada", service: "github" },
    });
    const { url } = JSON.parse(link.body);
    assertMatch(url, new RegExp(`^https://${HOST}/auth/github\\?`));
    const page = await ask(two.port, new URL(url).pathname + new URL(url).search, {
      headers: { Accept: "text/html" },
    });
    assertEquals(page.status, 200);
    assertStringIncludes(page.body, "voice");

    // A balancer that goes by /health, as the platform goes by its own knowledge.
    const agent = new Agent({ keepAlive: true });
    let isAway = false;
    let isOver = false;
    const seen = { one: 0, two: 0, after: 0 };
    const watching = (async () => {
      while (!isAway) {
        const { status, body } = await ask(one.port, "/health");
        isAway = status === 503;
        if (isAway) assertEquals(JSON.parse(body).status, "draining");
      }
    })();
    const calling = Array.from({ length: 8 }, async (_, caller) => {
      for (let turn = caller; !isOver; turn++) {
        const at = !isAway && turn % 2 === 0 ? one : two;
        const answer = await ask(at.port, "/mcp", { ...LIST, agent });
        assertEquals(answer.status, 200, answer.body);
        seen[at === one ? "one" : "two"] += 1;
        if (isAway) seen.after += 1;
      }
    });
    const failed = Promise.race(calling);
    while (seen.one < 50) await Promise.race([failed, new Promise((done) => setTimeout(done))]);
    one.child.kill("SIGINT");
    const { code } = await one.ended;
    isOver = true;
    await Promise.all([...calling, watching]);
    agent.destroy();
    assertEquals(code, 0, one.output());
    assert(seen.one >= 50 && seen.after > 0, JSON.stringify(seen));
    assert(!one.output().includes("cut_off"), one.output());
    two.child.kill("SIGINT");
    assertEquals((await two.ended).code, 0);
    for (const { output } of [one, two]) {
      assert(!/NotCapable|"level":"error"/.test(output()), output());
    }
  }
  const left = [...Deno.readDirSync(folder.path)].map(({ name }) => name);
  assertEquals(
    left.filter((name) => !name.startsWith("kv.sqlite3")),
    [],
    "nothing else is written",
  );
});

Deno.test("a deployment without a database says so, and does not exit", async () => {
  await using folder = await tempDir();
  await using first = isolate({ ...OWN, DENO_KV_DEFAULT_PATH: "/etc/kv.sqlite3" }, folder.path);
  await first.said(/"event":"not_configured"/);
  const { status, body } = await ask(first.port, "/mcp", LIST);
  assertEquals(status, 503);
  assertStringIncludes(body, "deno deploy database assign");
});

Deno.test("no variable of ours has a name that Deploy forbids", async () => {
  const example = await Deno.readTextFile(new URL("../../.env.example", import.meta.url));
  const { knownModules } = await import("../../providers/known.ts");
  const { variable } = await import("../../broker/core/variable.ts");
  const names = [
    ...[...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name = ""]) => name),
    ...knownModules.flatMap(({ name }) =>
      ["CLIENT_ID", "CLIENT_SECRET", "BASE_URL", "API_URL"].map((part) => variable(name, part))
    ),
  ];
  assert(names.length > 200);
  for (const name of names) assertEquals(deployNameFault(name), undefined, name);
});
