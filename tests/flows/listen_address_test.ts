import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { ConfigError, parseConfig } from "../../broker/config/config.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { newKeyLine } from "../../tasks/key.ts";
import { freePort } from "../support/free_port.ts";
import { runDeno, type Running } from "../support/process.ts";

const [, ...START] = denoJson.tasks.start.command.split(" ");
/** As where a reverse proxy stands in front. */
const ENV = { PUBLIC_URL: "https://switchboard.example.com", ENCRYPTION_KEYS: newKeyLine("k1") };
/** Of this machine, for others. */
const outside = Deno.networkInterfaces().find(({ family, address }) =>
  family === "IPv4" && !address.startsWith("127.")
)?.address;

async function isOpen(hostname: string, port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

async function listening(env: Record<string, string>) {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const port = freePort();
  const program: Running = runDeno(START, { ...ENV, DATA_DIR: folder, PORT: String(port), ...env });
  return {
    port,
    program,
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test({
  name: "with HOST=127.0.0.1 nobody gets past the reverse proxy in front",
  ignore: outside === undefined,
}, async () => {
  await using gateway = await listening({ HOST: "127.0.0.1" });
  await gateway.program.said(/"event":"listening"/);
  assert(await isOpen("127.0.0.1", gateway.port));
  assertEquals(await isOpen(outside!, gateway.port), false);
});

Deno.test({
  name: "without HOST a public gateway listens for everybody",
  ignore: outside === undefined,
}, async () => {
  await using gateway = await listening({});
  await gateway.program.said(/"event":"listening"/);
  assert(await isOpen(outside!, gateway.port));
});

Deno.test("an address that is not this machine's stops the start, by its variable", async () => {
  await using gateway = await listening({ HOST: "192.0.2.1" });
  assertEquals((await gateway.program.ended).code, 1);
  assertStringIncludes(gateway.program.output(), "HOST is no address of this machine");
});

Deno.test("HOST is an address, and nothing else", async () => {
  for (const HOST of ["127.0.0.1", "0.0.0.0", "::1", "::", "localhost", "10.0.0.7"]) {
    assertEquals((await parseConfig({ ...ENV, HOST }, [], false)).host, HOST);
  }
  for (const HOST of ["eth0", "[::1]", "127.0.0.1:80", "http://127.0.0.1", "1.2.3", "*", " "]) {
    const { message } = await assertRejects(
      () => parseConfig({ ...ENV, HOST }, [], false),
      ConfigError,
    );
    assertStringIncludes(message, "HOST: is not an IP address or localhost", HOST);
  }
  assertEquals(
    (await parseConfig({ ...ENV, HOST: "127.0.0.1" }, [], true)).host,
    undefined,
    "on Deploy",
  );
  assertEquals((await parseConfig({ ...ENV, HOST: "" }, [], false)).host, undefined);
});
