/** Starts that say what is wrong, in the real program. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { newKeyLine } from "../../tasks/key.ts";
import { freePort } from "../support/free_port.ts";
import { startProgram } from "../support/program.ts";
import { runDeno } from "../support/process.ts";

const [, ...START] = denoJson.tasks.start.command.split(" ");
const root = new URL("../../", import.meta.url);

async function printed(
  env: Record<string, string>,
  args = START,
  folder?: string,
): Promise<string> {
  await using program = runDeno(args, env, undefined, folder);
  // There it goes on, and answers with what it lacks.
  if ("DENO_DEPLOYMENT_ID" in env) await program.said(/"event":"not_configured"/);
  else assertEquals((await program.ended).code, 1);
  return program.output();
}

const ENV = { PUBLIC_URL: "http://localhost:8000", ENCRYPTION_KEYS: newKeyLine("k1") };

Deno.test("a fault of folder or database is one line, with what is there of the path and the cure", async () => {
  const file = await Deno.makeTempFile({ prefix: "switchboard_" });
  await Deno.writeTextFile(file, "These are notes, and no database. ".repeat(50));
  for (const env of [{ KV_PATH: file }, { DATA_DIR: file }]) {
    const said = await printed({ ...ENV, ...env });
    assertMatch(said.trim().split("\n").at(-1)!, /^Cannot open the database: \S+ \(KV_PATH, or/);
    assertStringIncludes(said, file);
    assert(!/\n +at |\.ts:\d/.test(said), said);
  }
  await Deno.remove(file);
});

Deno.test("it says in one line what it is, and in one for each thing what is doubtful", async () => {
  const dead = `http://127.0.0.1:${freePort()}`;
  await using program = await startProgram({
    env: {
      GITHUB_CLIENTID: "sk_live_MARK",
      GOOGLE_CLIENT_ID: "id",
      GOOGLE_CLIENT_SECRET: "sk_live_MARK",
      GOOGLE_BASE_URL: dead,
      SIGN_IN_ALLOW: "*@mine.org,ana@else.org",
      OPERATORS: "google:ana@mine.org",
    },
  });
  const { running } = program;
  await running.said(
    /"setting":"GOOGLE_BASE_URL","detail":"leads nowhere: nobody listens there\."/,
  );
  const lines = running.output().trim().split("\n").map((line) => JSON.parse(line));
  const { time: _, level: __, kv, ...started } = lines.find(({ event }) => event === "started");
  assertEquals(started, {
    event: "started",
    providers: "google",
    mcp_servers: "none",
    api_keys: 2,
    sign_in: "everybody @mine.org, 1 addresses",
    operators: 1,
    keys: "k1 seals",
    records_under_unknown_keys: "none seen",
    limits: "by the address that connects",
    grants: "30 days unused, 180 in all",
  });
  assertMatch(kv, /\/switchboard\.sqlite$/);
  assertMatch(running.output(), /"setting":"GITHUB_CLIENTID","detail":"is read by nobody/);
  assert(!/MARK|ana@/.test(running.output()), running.output());
});

/** As `deno task` starts a program: in a folder, with `INIT_CWD`. */
async function inFolder(
  env: Record<string, string>,
  dotEnv?: string,
  { command, program } = { command: START, program: "main.ts" },
): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  try {
    if (dotEnv !== undefined) await Deno.writeTextFile(`${folder}/.env`, dotEnv);
    const main = new URL(program, root).href;
    const config = new URL("deno.json", root).pathname;
    const args = command.flatMap((arg, at) =>
      arg === program ? [`--config=${config}`, main] : at === 0 ? [arg, "-q"] : [arg]
    );
    return await printed(env, args, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test(".env counts under `deno task` alone, behind the environment, and a start says where it looked", async () => {
  // It ends by the file that is no folder, and so says that the rest was read.
  const file = "DATA_DIR=/dev/null/x\n";
  const all = `PUBLIC_URL="http://localhost:8000"\nENCRYPTION_KEYS='${newKeyLine("k1")}'\n${file}`;
  assertStringIncludes(await inFolder({ INIT_CWD: "/x" }, all), "/dev/null (KV_PATH, or DATA_DIR)");
  const own = await inFolder({ INIT_CWD: "/x", PUBLIC_URL: "http://mine.org" }, all);
  assertStringIncludes(own, "PUBLIC_URL: must be https");
  const other = await inFolder({}, all);
  assertStringIncludes(other, "PUBLIC_URL: is not set");
  assertStringIncludes(other, "Looked for in the environment alone: .env is read by `deno task`.");
  const onDeploy = await inFolder({ INIT_CWD: "/x", PORT: "0", DENO_DEPLOYMENT_ID: "x" }, all);
  assertStringIncludes(onDeploy, "PUBLIC_URL: is not set");
  const [, ...command] = denoJson.tasks.audit.command.split(" ");
  const audit = { command: [...command, "--verify"], program: "tasks/audit.ts" };
  assertStringIncludes(await inFolder({ INIT_CWD: "/x" }, all, audit), "/dev/null");
  const none = await inFolder({ INIT_CWD: "/x" });
  assertMatch(none, /Looked for in the environment, and in \S+\/\.env, which is not there\./);
  const empty = await inFolder({ INIT_CWD: "/x" }, "PUBLIC_URL=\nENCRYPTION_KEYS=\n");
  assertMatch(
    empty,
    /PUBLIC_URL: is not set.*Looked for in the environment, and in \S+\/\.env\.\n/s,
  );
});
