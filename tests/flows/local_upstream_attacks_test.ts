import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { freePort } from "../support/free_port.ts";
import { runDeno, type Running } from "../support/process.ts";

/**
 * What a local upstream gets at that is not its own. The gateway is a process of
 * its own, since the system keeps the environment that a process was started with.
 */

/** With the permissions that the tasks give, and no others. */
const [, ...START] = denoJson.tasks.start.command.split(" ");
const [, ...STDIO] = denoJson.tasks.stdio.command.split(" ");
const SCRIPT = new URL("../support/probing_upstream.sh", import.meta.url);
const SECRET = "client-secret-of-the-operator";

/** The server's file, where every user can read it, and the gateway's, where nobody else should. */
async function folders() {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  await Deno.chmod(path, 0o755);
  await Deno.copyFile(SCRIPT, `${path}/upstream.sh`);
  await Deno.chmod(`${path}/upstream.sh`, 0o755);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

const key = newKeyLine("k1");

function start(path: string, entry: Record<string, unknown>): { url: string; program: Running } {
  const port = freePort();
  const url = `http://localhost:${port}`;
  const upstream = { name: "prober", command: "/bin/sh", args: [`${path}/upstream.sh`], ...entry };
  const program = runDeno(START, {
    PORT: String(port),
    PUBLIC_URL: url,
    KV_PATH: `${path}/data/kv.sqlite`,
    ENCRYPTION_KEYS: key,
    API_KEYS: `voice:sha256:${digestHex("key")}`,
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: SECRET,
    UPSTREAMS: JSON.stringify([upstream]),
  });
  return { url, program };
}

/** Runs a line of shell in the upstream; what it printed, standard error with it. */
async function probe(url: string, script: string): Promise<string> {
  const params = { name: "prober_probe", arguments: { script64: btoa(script) } };
  const response = await fetch(`${url}/mcp`, {
    method: "POST",
    headers: { "X-Api-Key": "key", "X-User-Id": "u", "Content-Type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: crypto.randomUUID(), method: "tools/call", params }),
  });
  const text = await response.text();
  const { result } = JSON.parse(text);
  assert(result !== undefined && result.isError !== true, text);
  return atob(result.content[0].text);
}

/** What reads from the process above it, each with what it looks for there. */
const READ_PARENT = "tr '\\0' '\\n' < /proc/$PPID/environ";
const READ_MEMORY = "dd if=/proc/$PPID/mem bs=1 count=1 skip=$(($(printf '%d' 0x$(head -1 " +
  "/proc/$PPID/maps | cut -d- -f1)))) | wc -c";

const isRoot = Deno.build.os === "linux" && Deno.uid() === 0;

Deno.test({
  name:
    "a local upstream that runs as the gateway's own user reads its secrets: hence it must say so",
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using folder = await folders();
  const { url, program } = start(folder.path, { trust: "same_user" });
  await using _ = program;
  await program.said(/"event":"listening"/);
  assertStringIncludes(await probe(url, READ_PARENT), SECRET);
});

Deno.test({
  name: "a local upstream that runs as another user gets at none of the gateway's secrets",
  ignore: !isRoot,
}, async (t) => {
  await using folder = await folders();
  const { url, program } = start(folder.path, { user: "nobody", env: { OWN: "its own" } });
  await using _ = program;
  await program.said(/"event":"listening"/);
  const nobody = Number(await probe(url, "id -u"));
  assert(nobody > 0);

  await t.step("it has no group of the gateway's", async () => {
    assertMatch(await probe(url, "id -G"), /^[1-9]\d*\n$/);
  });
  await t.step("the environment of the process above it", async () => {
    const said = await probe(url, READ_PARENT);
    assertMatch(said, /permission denied/i);
    assert(!said.includes(SECRET));
  });
  await t.step("the memory of the process above it", async () => {
    assertMatch(await probe(url, READ_MEMORY), /permission denied/i);
  });
  await t.step("the open files of the process above it", async () => {
    assertMatch(
      await probe(url, "ls /proc/$PPID/fd/ && cat /proc/$PPID/fd/*"),
      /permission denied/i,
    );
  });
  await t.step("signals to the process above it", async () => {
    assertMatch(await probe(url, "kill -0 $PPID"), /not permitted/i);
  });
  await t.step("its own environment holds what it was given, and where programs are", async () => {
    const said = await probe(url, "tr '\\0' '\\n' < /proc/$$/environ");
    assertEquals(
      said.trim().split("\n").map((line) => line.split("=")[0]).sort(),
      ["HOME", "LOGNAME", "OWN", "PATH", "USER"],
    );
  });
  await t.step("its folder is none of the gateway's", async () => {
    assertEquals((await probe(url, "readlink /proc/$$/cwd")).trim(), "/");
  });
  await t.step("no file of the gateway is open in it", async () => {
    const said = await probe(url, "readlink /proc/$$/fd/*");
    assert(!/sqlite|socket:/.test(said), said);
  });
  await t.step("the KV file", async () => {
    assertMatch(await probe(url, `cat ${folder.path}/data/*`), /permission denied|no such file/i);
    await Deno.chmod(`${folder.path}/data`, 0o755);
    assertMatch(await probe(url, `cat ${folder.path}/data/kv.sqlite`), /permission denied/i);
    assertMatch(await probe(url, `cat ${folder.path}/data/kv.sqlite-wal`), /permission denied/i);
  });
  await t.step("it ends with the gateway", async () => {
    const child = (await probe(url, "echo $$")).trim();
    program.child.kill("SIGTERM");
    assertEquals((await program.ended).code, 0, program.output());
    assert(!await Deno.stat(`/proc/${child}`).then(() => true, () => false));
  });
});

Deno.test("a local upstream without a user and without trust stops the start, with the other faults", async () => {
  await using folder = await folders();
  await using program = runDeno(START, {
    DATA_DIR: folder.path,
    PORT: "no port",
    UPSTREAMS: JSON.stringify([{ name: "memory", command: "npx" }, { name: "x", command: "y" }]),
  });
  assertEquals((await program.ended).code, 1);
  const said = program.output();
  for (
    const part of ["PORT: ", "PUBLIC_URL: ", "UPSTREAMS: entry 0", '"trust": "same_user"', "; 1: "]
  ) {
    assertStringIncludes(said, part);
  }
});

Deno.test("deno task stdio starts no upstream: its environment holds people's tokens", async () => {
  await using folder = await folders();
  const mark = `${folder.path}/started`;
  const entry = { name: "spy", command: "touch", args: [mark], trust: "same_user" };
  await using program = runDeno(STDIO, {
    GITHUB_TOKEN: "token",
    UPSTREAMS: JSON.stringify([entry]),
  });
  assertEquals((await program.ended).code, 0, program.output());
  assertEquals(await Deno.stat(mark).then(() => true, () => false), false);
});
