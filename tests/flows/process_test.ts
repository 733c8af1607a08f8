import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { request } from "node:http";
import denoJson from "../../deno.json" with { type: "json" };
import { createActivityReader } from "../../audit/reader.ts";
import { parseKeyRing } from "../../broker/config/vault.ts";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { onKv } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { Browser } from "../support/browser.ts";
import { signInForm, startEmulator } from "../support/emulators.ts";
import { runDeno } from "../support/process.ts";
import { freePort } from "../support/free_port.ts";

/** What `deno task` runs. Without the task's own process in between, a kill ends the program. */
function commandOf(task: keyof typeof denoJson.tasks): string[] {
  const [deno, ...args] = denoJson.tasks[task].command.split(" ");
  assertEquals(deno, "deno");
  return args;
}

const START = commandOf("start");
const DEV = commandOf("dev");

async function tempDir(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

Deno.test("deno task start serves, keeps what it stored, and drains on SIGINT", async () => {
  await using folder = await tempDir();
  const github = await startEmulator("github");
  const port = freePort();
  const base = `http://localhost:${port}`;
  const env = {
    PORT: String(port),
    PUBLIC_URL: base,
    DATA_DIR: folder.path,
    ENCRYPTION_KEYS: newKeyLine("k1"),
    API_KEYS: `voice:sha256:${digestHex("key")}`,
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: "secret",
    GITHUB_BASE_URL: github.url,
  };
  const post = (path: string, body: unknown) =>
    fetch(base + path, {
      method: "POST",
      headers: { "X-Api-Key": "key", "Content-Type": "application/json" },
      body: JSON.stringify(body),
    }).then((response) => response.json());
  {
    await using program = runDeno(START, env);
    await program.said(/"event":"listening"/);
    const health = await fetch(`${base}/health`);
    assertEquals(await health.json(), { status: "ok", version: denoJson.version });
    const { url } = await post("/links", { user_id: "u", service: "github" });
    const browser = new Browser();
    const signIn = await browser.submit(await browser.open(url));
    await browser.submit(signIn, { form: signInForm(signIn) });
    program.child.kill("SIGINT");
    assertEquals((await program.ended).code, 0, program.output());
  }
  assert((await Deno.stat(`${folder.path}/switchboard.sqlite`)).isFile);
  await using again = runDeno(START, env);
  await again.said(/"event":"listening"/);
  const token = await post("/token/github", { user_id: "u" });
  assertMatch(token.access_token, /^gho_/);
  assert(!again.output().includes(token.access_token));
  again.child.kill("SIGTERM");
  assertEquals((await again.ended).code, 0);
  // What was done in the last moments of both is written.
  const kv = await Deno.openKv(`${folder.path}/switchboard.sqlite`);
  const ring = await importKeyRing(parseKeyRing(env.ENCRYPTION_KEYS));
  const clock = { now: () => Date.now() };
  const { activity } = createStore(onKv(kv), ring, clock);
  const { entries } = await createActivityReader(activity, clock).page("voice:u", { limit: 10 });
  assertEquals(entries.map(({ what, outcome }) => [what, outcome]), [
    ["token_handed_out", "ok"],
    ["connected", "ok"],
  ]);
  kv.close();
  await github.close();
});

Deno.test("deno task start tells all that is missing and does not listen", async () => {
  await using program = runDeno(START, { GITHUB_CLIENT_ID: "id", PORT: "x" });
  assertEquals((await program.ended).code, 1);
  for (const name of ["PORT", "PUBLIC_URL", "ENCRYPTION_KEYS", "GITHUB_CLIENT_SECRET"]) {
    assertStringIncludes(program.output(), `${name}: `);
  }
  assert(!program.output().includes("    at "), "no stack trace for a wrong setting");
});

Deno.test("deno task start names a port that is taken", async () => {
  await using folder = await tempDir();
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using program = runDeno(START, {
    PORT: String(taken.addr.port),
    PUBLIC_URL: "http://localhost",
    DATA_DIR: folder.path,
    ENCRYPTION_KEYS: newKeyLine("k1"),
  });
  assertEquals((await program.ended).code, 1);
  assertStringIncludes(program.output(), "Set PORT");
});

/** What the pasted `curl` of the welcome text would do. */
function pasted(text: string): Promise<Response> {
  const [, url = "", rest = ""] =
    /curl -s (\S+) \\\n(.*?'\})'\n/s.exec(text.replace("}'\n", "}'}'\n")) ??
      [];
  const headers = [...rest.matchAll(/-H '([^:]+): ([^']+)'/g)].map(([, n = "", v = ""]) => [n, v]);
  const [, body = ""] = /-d '(\{.*\})'/.exec(rest) ?? [];
  return fetch(url, { method: "POST", headers: Object.fromEntries(headers), body });
}

Deno.test("deno task dev needs nothing, and what it prints works", async () => {
  await using folder = await tempDir();
  const env = { PORT: String(freePort()), DATA_DIR: folder.path };
  {
    await using program = runDeno(DEV, env);
    await program.said(/Ctrl\+C/);
    const text = program.output();
    const before = await (await pasted(text)).json();
    assertStringIncludes(before.result.content[0].text, "GitHub is not connected yet. Open http");
    for (const [name, title] of [["GitHub", "GitHub"], ["Google", "Gmail, Google Calendar"]]) {
      const [, url = ""] = new RegExp(`${name} +(http\\S+)`).exec(text) ?? [];
      const browser = new Browser();
      const signIn = await browser.submit(await browser.open(url));
      const done = await browser.submit(signIn, { form: signInForm(signIn) });
      assertStringIncludes(done.html, `✓ ${title}`);
    }
    const after = await (await pasted(text)).json();
    assertMatch(
      after.result.content[0].text,
      /^Created issue #1: http:.*\/hello-world\/issues\/1$/,
    );
    program.child.kill("SIGINT");
    assertEquals((await program.ended).code, 0);
  }
  const { mode } = await Deno.stat(`${folder.path}/encryption_keys`);
  assertEquals(mode! & 0o077, 0, "only the owner reads the key ring");
  await using again = runDeno(DEV, env);
  await again.said(/Ctrl\+C/);
  const call = await (await pasted(again.output())).json();
  // The same bare call within a minute, known over the restart.
  assertMatch(
    call.result.content[0].text,
    /^That was done already: Created issue/,
    "a restart opens what it sealed",
  );
});

Deno.test("deno task dev refuses to run where it looks deployed", async () => {
  for (
    const env of [{ DENO_DEPLOYMENT_ID: "x" }, { PUBLIC_URL: "https://switchboard.example.com" }]
  ) {
    await using folder = await tempDir();
    await using program = runDeno(DEV, { DATA_DIR: folder.path, ...env });
    assertEquals((await program.ended).code, 1);
    assertStringIncludes(program.output(), "this looks like a deployment");
  }
});

/** Asks the playground as somebody who comes through a tunnel does. */
async function throughTunnel(base: string, key: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  // fetch() does not send a Host of one's own.
  const headers = { Host: "demo.tunnel.example", Authorization: `Bearer ${key}` };
  request(`${base}/connections?user_id=user_123`, { headers, agent: false }, (answer) => {
    answer.resume().on("end", () => resolve(answer.statusCode!));
  }).on("error", reject).end();
  return await promise;
}

Deno.test("a playground that others reach has a key of its own, and lets nobody sign in", async () => {
  for (const shared of [{ ALLOWED_HOSTS: "demo.tunnel.example" }, { HOST: "0.0.0.0" }]) {
    await using folder = await tempDir();
    const port = freePort();
    const base = `http://localhost:${port}`;
    const env = { PORT: String(port), DATA_DIR: folder.path, ...shared };
    await using program = runDeno(DEV, env);
    const [, key = ""] = await program.said(/the API key of this run is (sb_\S+),/);
    await program.said(/Ctrl\+C/);
    assertMatch(key, /^sb_[A-Za-z0-9_-]{43}$/);
    const ask = (key: string) =>
      fetch(`${base}/connections?user_id=user_123`, { headers: { "X-Api-Key": key } })
        .then(async (response) => (await response.body?.cancel(), response.status));
    assertEquals([await ask("dev-voice-key"), await ask(key)], [401, 200]);
    if ("ALLOWED_HOSTS" in shared) {
      const statuses = [await throughTunnel(base, "dev-voice-key"), await throughTunnel(base, key)];
      assertEquals(statuses, [401, 200]);
    }
    const browser = new Browser();
    const page = await browser.open(`${base}/sign-in`);
    const form = page.forms.find(({ action }) => action === "/sign-in/github")!;
    const signIn = await browser.submit(page, { form });
    const { html } = await browser.submit(signIn, { form: signInForm(signIn) });
    assertStringIncludes(html, "may not sign in here");
    assert(!program.output().includes("dev-voice-key"));
  }
});

Deno.test("a playground that others reach does not take the known key from API_KEYS", async () => {
  await using folder = await tempDir();
  await using program = runDeno(DEV, {
    DATA_DIR: folder.path,
    ALLOWED_HOSTS: "localhost, demo.tunnel.example",
    API_KEYS: `voice:sha256:${digestHex("dev-voice-key").toUpperCase()}`,
  });
  assertEquals((await program.ended).code, 1);
  assertStringIncludes(program.output(), "API_KEYS holds the well-known key");
});

Deno.test({
  name: "a key file that every user can read is told of at the start, and no other",
  ignore: Deno.build.os === "windows",
}, async () => {
  for (const [mode, isTold] of [[0o644, true], [0o640, false], [0o600, false]] as const) {
    await using folder = await tempDir();
    const file = `${folder.path}/keys`;
    await Deno.writeTextFile(file, newKeyLine("k1"));
    await Deno.chmod(file, mode);
    await using program = runDeno(START, {
      PORT: "0",
      PUBLIC_URL: "http://localhost",
      DATA_DIR: folder.path,
      ENCRYPTION_KEYS_FILE: file,
    });
    await program.said(/"event":"listening"/);
    assertEquals(program.output().includes("keys_file_is_open_to_others"), isTold);
  }
});
