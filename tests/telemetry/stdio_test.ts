import { assert, assertEquals } from "@std/assert";
import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import denoJson from "../../deno.json" with { type: "json" };
import { startEmulator } from "../support/emulators.ts";
import { startOtlpReceiver } from "../support/otlp_receiver.ts";
import { denoArgs, systemEnv } from "../support/process.ts";

const [, ...command] = denoJson.tasks.stdio.command.split(" ");
const SEARCH = "divorce lawyer near me";

/** The SDK's stdio client leaves a timer behind; see `tests/flows/stdio_test.ts`. */
const LEAKY = { sanitizeOps: false, sanitizeResources: false };

Deno.test("over stdio, too, what is searched for is in no trace", LEAKY, async () => {
  await using otlp = startOtlpReceiver();
  const github = await startEmulator("github");
  const env = { ...otlp.env, GITHUB_TOKEN: "token-from-env", GITHUB_BASE_URL: github.url };
  const client = new Client({ name: "test", version: "1" });
  const transport = new StdioClientTransport({
    command: Deno.execPath(),
    args: denoArgs(command),
    cwd: new URL("../../", import.meta.url).pathname,
    env: { ...systemEnv(), ...env },
    stderr: "pipe",
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  const name = "github_search_issues";
  const found = await client.callTool({ name, arguments: { query: SEARCH } });
  assert(!found.isError, JSON.stringify(found));
  const exported = otlp.next(({ kind, text }) => kind === 3 && !text.includes('"data"'));
  await client.close();
  await exported;
  for (const secret of [SEARCH, "divorce", "search/issues", "token-from-env"]) {
    assertEquals(otlp.raw().indexOf(secret), -1, secret);
  }
  await github.close();
});
