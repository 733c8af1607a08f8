/**
 * Faults that nobody waits for: a promise that is rejected with nobody there,
 * an exception in a timer. Deno ends the program for each.
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import denoJson from "../../deno.json" with { type: "json" };
import { startEmulator } from "../support/emulators.ts";
import { SECRET } from "../support/planted_secret.ts";
import { denoArgs, runDeno, systemEnv } from "../support/process.ts";
import { startProgram } from "../support/program.ts";

const PRELOAD = `--preload=${new URL("../support/planted_faults.ts", import.meta.url)}`;
const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

/** The log's lines of one event. */
function logged(output: string, event: string): Record<string, unknown>[] {
  return output.split("\n").filter((line) => line.includes(`"event":"${event}"`)).map((line) =>
    JSON.parse(line)
  );
}

Deno.test("faults that nobody waits for do not end the program, and are logged without what they say", async () => {
  await using program = await startProgram({ args: [PRELOAD] });
  for (let round = 0; round < 3; round++) {
    const response = await program.mcp(LIST, { headers: { "X-Plant": "1" } });
    assertEquals(response.status, 200);
    assertEquals((await response.json()).id, 1);
    assertEquals((await program.health()).status, "ok");
  }
  program.running.child.kill("SIGINT");
  assertEquals((await program.running.ended).code, 0, "it still ends when it is told to");
  const output = program.running.output();
  const rejections = logged(output, "unhandled_rejection");
  const errors = logged(output, "uncaught_error");
  assertEquals([rejections.length, errors.length], [27, 54]);
  for (const entry of [...rejections, ...errors]) {
    // Some come about in a request, which the line says then.
    const names = Object.keys(entry).filter((name) => !["request_id", "caller"].includes(name));
    assertEquals(names.sort(), ["at", "event", "level", "name", "time"]);
    assertEquals(entry.level, "error");
  }
  assertStringIncludes(String(rejections[0]!.at), "support/planted_faults.ts:");
  assert(!output.includes(SECRET), output);
});

Deno.test("a program that cannot start still ends, and says so", async () => {
  const program = runDeno(["run", "-A", PRELOAD, "main.ts"], { PORT: "x" });
  assertEquals((await program.ended).code, 1);
  assertMatch(program.output(), /PORT: /);
});

Deno.test("over stdio, faults that nobody waits for do not end the program either", {
  // The SDK's client leaves a timer behind.
  sanitizeOps: false,
  sanitizeResources: false,
}, async () => {
  const github = await startEmulator("github");
  const [, run = "", ...rest] = denoJson.tasks.stdio.command.split(" ");
  const transport = new StdioClientTransport({
    command: Deno.execPath(),
    args: denoArgs([run, PRELOAD, ...rest]),
    cwd: new URL("../../", import.meta.url).pathname,
    env: { ...systemEnv(), GITHUB_TOKEN: "from-env", GITHUB_BASE_URL: github.url },
    stderr: "pipe",
  });
  let output = "";
  transport.stderr?.on("data", (chunk) => output += chunk);
  const client = new Client({ name: "test", version: "1" });
  await client.connect(transport);
  for (const title of ["First", "Second"]) {
    const args = { repo: "octocat/hello-world", title };
    const { content } = await client.callTool({ name: "github_create_issue", arguments: args });
    assertMatch(JSON.stringify(content), /Created issue/);
  }
  await client.close();
  await github.close();
  assert(logged(output, "unhandled_rejection").length >= 9, output);
  assert(logged(output, "uncaught_error").length >= 18, output);
  assert(!output.includes(SECRET), output);
});
