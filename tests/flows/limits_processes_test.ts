import { assert, assertEquals } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { freePort } from "../support/free_port.ts";
import { runDeno } from "../support/process.ts";

const [, ...START] = denoJson.tasks.start.command.split(" ");
const LIST = JSON.stringify({ jsonrpc: "2.0", method: "tools/list", id: 1 });
const LIMIT = 500;

Deno.test("a burst at two processes on one file is admitted as often as one may, and no more", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const ports = [freePort(), freePort()];
  const env = {
    PUBLIC_URL: `http://localhost:${ports[0]}`,
    DATA_DIR: folder,
    ENCRYPTION_KEYS: newKeyLine("k1"),
    API_KEYS: `voice:sha256:${digestHex("key")}`,
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: "secret",
    LIMITS: `api_key=${LIMIT}/10min`,
  };
  {
    await using one = runDeno(START, { ...env, PORT: String(ports[0]) });
    await one.said(/"event":"listening"/);
    await using two = runDeno(START, { ...env, PORT: String(ports[1]) });
    await two.said(/"event":"listening"/);
    const waits: number[] = [];
    let admitted = 0;
    const ask = async (n: number) => {
      const response = await fetch(`http://localhost:${ports[n % 2]}/mcp`, {
        method: "POST",
        headers: {
          "X-Api-Key": "key",
          "X-User-Id": `u${n % 7}`,
          "Content-Type": "application/json",
        },
        body: LIST,
      });
      await response.body?.cancel();
      if (response.status === 200) admitted += 1;
      else waits.push(Number(response.headers.get("Retry-After")));
    };
    for (let n = 0; n < 2 * LIMIT; n += 50) {
      await Promise.all(Array.from({ length: 50 }, (_, more) => ask(n + more)));
    }
    assert(admitted <= 1.1 * LIMIT && admitted >= 0.9 * LIMIT, `${admitted} of ${LIMIT}`);
    assertEquals(waits.length, 2 * LIMIT - admitted);
    assert(waits.every((wait) => wait > 0 && wait <= 600), `${waits[0]}`);
  }
  await Deno.remove(folder, { recursive: true });
});
