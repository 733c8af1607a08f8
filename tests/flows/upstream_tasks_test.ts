import { assert, assertEquals } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { newKeyLine } from "../../tasks/key.ts";
import { runDeno } from "../support/process.ts";
import { mount, SERVICE } from "../support/upstream_service.ts";

const LEAK = denoJson.tasks.leak.command.split(" ").slice(1);

Deno.test("a leak can be answered for the connections of an MCP server, too", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({}, { env: { ENCRYPTION_KEYS } });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  const UPSTREAMS = JSON.stringify([{ name: SERVICE, url: server.url }]);
  const time = new Date().toISOString();
  await using program = runDeno([...LEAK, "--provider", SERVICE, "--dry-run", "--before", time], {
    KV_PATH: gateway.kvPath,
    UPSTREAMS,
    ENCRYPTION_KEYS,
  });
  const { code } = await program.ended;
  assertEquals(code, 0, program.output());
});

Deno.test("the doctor knows connections of an MCP server that is set up", async () => {
  const ENCRYPTION_KEYS = newKeyLine("k1");
  await using mounted = await mount({}, { env: { ENCRYPTION_KEYS } });
  const { server, gateway } = mounted;
  await mounted.connect("ana");
  await using program = runDeno(denoJson.tasks.doctor.command.split(" ").slice(1), {
    KV_PATH: gateway.kvPath,
    UPSTREAMS: JSON.stringify([{ name: SERVICE, url: server.url }]),
    PUBLIC_URL: gateway.url,
    API_KEYS: `voice:sha256:${"a".repeat(64)}`,
    ENCRYPTION_KEYS,
  });
  await program.ended;
  assert(!program.output().includes("not set up"), program.output());
});
