/** Local upstreams: what they are given, whose they are, and what becomes of them when they fail. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { canLimitMemory, startProcess } from "../../start/machine.ts";
import { MAX_UNREAD } from "../../mcp/upstream/process_session.ts";
import { SESSION_IDLE_MS } from "../../mcp/upstream/sessions.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { heldSleeps } from "../support/world.ts";
import { denoArgs } from "../support/process.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const SCRIPT = new URL("../support/local_server.ts", import.meta.url).pathname;
let ids = 0;

function entry(more: Record<string, unknown> = {}, ...args: string[]) {
  const run = ["run", "-A", "--no-config", "--no-lock", "--no-remote", "--quiet", SCRIPT];
  const command = Deno.execPath();
  return {
    name: "local",
    title: "Local",
    trust: "same_user",
    command,
    args: denoArgs([...run, ...args]),
    ...more,
  };
}

function startWith(upstream: unknown, env: Record<string, string> = {}): Promise<Gateway> {
  return startGateway({ startProcess, env: { UPSTREAMS: JSON.stringify([upstream]), ...env } });
}

/** Lists until its tools are there: a process takes its time to start. */
async function listed(gateway: Gateway, userId = USER): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { text } = await gateway.mcp(LIST, { userId });
    if (text.includes("local_env")) return;
    gateway.world.skew += 60_000;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(JSON.stringify(gateway.world.events.slice(0, 5)));
}

async function ask(gateway: Gateway, tool: string, args = {}, userId = USER) {
  return (await gateway.mcp(call(tool, args, `l${ids++}`), { userId })).json.result;
}

async function environment(gateway: Gateway, userId = USER) {
  const { content: [{ text }] } = await ask(gateway, "local_env", {}, userId);
  return JSON.parse(text) as { pid: number; env: Record<string, string> };
}

async function logged(gateway: Gateway, name: string) {
  for (;;) {
    const found = gateway.world.events.find(({ event }) => event === name);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

Deno.test("a local server's environment is what its entry says, and where it finds its things", async () => {
  Deno.env.set("GATEWAYS_OWN_SECRET", "not for others");
  const env = { PLAIN: "text", TOKEN: "Bearer ${NOTES_TOKEN}" };
  await using gateway = await startWith(entry({ env }), { NOTES_TOKEN: "of the notes" });
  Deno.env.delete("GATEWAYS_OWN_SECRET");
  await listed(gateway);
  const { env: given } = await environment(gateway);
  // What Deno itself sets.
  const names = Object.keys(given).filter((name) => !name.startsWith("DENO_"));
  const allowed = ["HOME", "LOGNAME", "PATH", "PLAIN", "TOKEN", "USER"];
  assertEquals(names.filter((name) => !allowed.includes(name)), []);
  assertEquals([given.PLAIN, given.PATH], ["text", Deno.env.get("PATH")]);
  // It is looked for in answers, since it was given along.
  assertEquals(given.TOKEN, "[removed]");
});

Deno.test("each person has a process of their own, with their own token in it", async () => {
  await using gateway = await startWith(
    entry({ per: "person", provider: "github", token_env: "GITHUB_TOKEN" }),
  );
  await gateway.connect("github", { userId: "ana", account: "octocat" });
  await gateway.connect("github", { userId: "ben", account: "admin" });
  await listed(gateway, "ana");
  await listed(gateway, "ben");
  const [ana, ben] = [await environment(gateway, "ana"), await environment(gateway, "ben")];
  assert(ana.pid !== ben.pid);
  assertEquals((await environment(gateway, "ana")).pid, ana.pid);
  // Neither gets its own token back in an answer.
  assertEquals([ana.env.GITHUB_TOKEN, ben.env.GITHUB_TOKEN], ["[removed]", "[removed]"]);
  // Who is not connected has none.
  const stranger = await ask(gateway, "local_env", {}, "stranger");
  assertStringIncludes(stranger.structuredContent.connect_url, "/auth/github?");
});

Deno.test("a process with an old token is ended, and one with the new token takes its place", async () => {
  await using gateway = await startWith(
    entry({ per: "person", provider: "google", token_env: "GOOGLE_TOKEN" }),
  );
  await gateway.connect("gmail");
  await listed(gateway);
  const before = await environment(gateway);
  assertEquals((await environment(gateway)).pid, before.pid);
  // The token has expired by then, and is refreshed for the call.
  gateway.world.skew += 2 * 60 * 60_000;
  const after = await environment(gateway);
  assert(after.pid !== before.pid);
});

Deno.test("more people than places take turns, and nobody gets another's process", async () => {
  await using gateway = await startWith(entry({ per: "person", max_processes: 2 }));
  for (const userId of ["a", "b", "c"]) await listed(gateway, userId);
  const pids = new Map<number, string>();
  for (const userId of ["a", "b", "c", "a", "c"]) {
    const { pid } = await environment(gateway, userId);
    assertEquals(pids.get(pid) ?? userId, userId);
    pids.set(pid, userId);
  }
});

Deno.test("a person's process that nobody uses is ended", async () => {
  await using gateway = await startWith(entry({ per: "person" }));
  const idle = heldSleeps(gateway.world, SESSION_IDLE_MS);
  await listed(gateway);
  const { pid } = await environment(gateway);
  assert(isRunning(pid));
  idle.end();
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
  idle.letGo();
  assert((await environment(gateway)).pid !== pid);
});

function isRunning(pid: number): boolean {
  try {
    // SIGCONT does nothing to a process that runs.
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}

Deno.test("a server that ends within a call may have done it, is started again, and its last words are logged", async () => {
  const secret = "s3cret-of-the-server";
  await using gateway = await startWith(entry({ env: { NOTES_KEY: secret } }));
  await listed(gateway);
  const opaque = "q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6j7k8";
  const last = `Cannot read ${secret}\u001b[31m, nor ${opaque}`;
  const ended = await ask(gateway, "local_change", { last });
  assertEquals(ended.structuredContent.error, "may_have_been_done");
  for (const event of ["upstream_process_ended", "upstream_call_failed"]) {
    const { stderr } = await logged(gateway, event);
    assertStringIncludes(String(stderr), "Cannot read [removed]", event);
    for (const part of [secret, opaque, "\u001b"]) assert(!String(stderr).includes(part));
  }
  assertEquals((await ask(gateway, "local_env")).isError, undefined);
});

Deno.test("a server that cannot start says why in the log, and is not started all the time", async () => {
  await using gateway = await startWith(entry({}, "--fail"));
  for (let n = 0; n < 5; n++) {
    await gateway.mcp(LIST);
    gateway.world.skew += 30_000;
  }
  const { stderr } = await logged(gateway, "upstream_not_started");
  assertStringIncludes(String(stderr), "no notes here");
  await using other = await startWith(entry({ command: "/no/such/command" }));
  await other.mcp(LIST);
  const { detail } = await logged(other, "upstream_not_started");
  assertEquals(detail, "NotFound");
});

Deno.test("of what a server does not read only so much is kept for it", async () => {
  await using gateway = await startWith(entry());
  await listed(gateway);
  const long = "x".repeat(20_000);
  gateway.world.speed = 20;
  // By the time that this one is given up it reads nothing any more.
  const first = await ask(gateway, "local_deaf", { long });
  assertEquals(first.structuredContent.error, "timeout");
  const deaf = Array.from({ length: 2 * MAX_UNREAD }, () => ask(gateway, "local_deaf", { long }));
  // Who comes last is told so at once; the others hear that it takes too long.
  const codes = (await Promise.all(deaf)).map(({ structuredContent: { error } }) => error);
  assertEquals(new Set(codes), new Set(["timeout", "unavailable"]));
  const kept = codes.filter((code) => code === "timeout").length;
  // And what pipes hold.
  assert(kept <= MAX_UNREAD * 1.5, String(kept));
});

Deno.test("what a server writes to its standard error does not stop it", async () => {
  await using gateway = await startWith(entry());
  await listed(gateway);
  assertEquals((await ask(gateway, "local_chatter")).content[0].text, "said");
});

Deno.test({
  name: "a server that keeps more memory than it may is ended alone",
  ignore: !canLimitMemory(),
  async fn() {
    await using gateway = await startWith(entry({ memory_mb: 1024 }));
    await listed(gateway);
    assertEquals((await ask(gateway, "local_fill", { mb: 20 })).content[0].text, "kept 20");
    assertEquals((await ask(gateway, "local_fill", { mb: 2_000 })).isError, true);
    await logged(gateway, "upstream_process_ended");
    assertEquals((await ask(gateway, "local_fill", { mb: 20 })).content[0].text, "kept 20");
  },
});
