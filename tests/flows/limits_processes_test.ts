import { assert, assertEquals } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { freePort } from "../support/free_port.ts";
import { runDeno } from "../support/process.ts";

const [, ...START] = denoJson.tasks.start.command.split(" ");
const LIST = JSON.stringify({ jsonrpc: "2.0", method: "tools/list", id: 1 });
/** Limits of apps, which are called by them. */
const APP_LIMITS = [1, 5, 20, 60, 200, 500];
const nameOf = (limit: number) => `app${limit}`;

Deno.test("bursts at two processes on one file are admitted as often as one may, though one is killed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const ports = [freePort(), freePort()];
  const env = {
    PUBLIC_URL: `http://localhost:${ports[0]}`,
    DATA_DIR: folder,
    ENCRYPTION_KEYS: newKeyLine("k1"),
    API_KEYS: APP_LIMITS.map((limit) => `${nameOf(limit)}:sha256:${digestHex(nameOf(limit))}`)
      .join(","),
    APPS: JSON.stringify(Object.fromEntries(
      APP_LIMITS.map((limit) => [nameOf(limit), { limits: { api_key: `${limit}/10min` } }]),
    )),
    GITHUB_CLIENT_ID: "id",
    GITHUB_CLIENT_SECRET: "secret",
  };
  /** All at the same time; how many were admitted. */
  const burst = async (limit: number, count: number, at: (number | undefined)[]) => {
    const statuses = await Promise.all(Array.from({ length: count }, async (_, n) => {
      const response = await fetch(`http://localhost:${at[n % at.length]}/mcp`, {
        method: "POST",
        headers: {
          "X-Api-Key": nameOf(limit),
          "X-User-Id": `u${n % 7}`,
          "Content-Type": "application/json",
        },
        body: LIST,
      });
      await response.body?.cancel();
      const wait = Number(response.headers.get("Retry-After"));
      assert(response.status === 200 || wait > 0 && wait <= 600, `${response.status}, ${wait}`);
      return response.status;
    }));
    return statuses.filter((status) => status === 200).length;
  };
  {
    await using one = runDeno(START, { ...env, PORT: String(ports[0]) });
    await one.said(/"event":"listening"/);
    await using two = runDeno(START, { ...env, PORT: String(ports[1]) });
    await two.said(/"event":"listening"/);
    for (const limit of [1, 5, 20, 60, 500]) {
      const admitted = await burst(limit, limit + 40, ports);
      const most = limit + Math.floor(limit / 10);
      assert(admitted <= most && admitted >= 0.9 * limit, `${admitted} of ${limit}`);
      assert(admitted + await burst(limit, 20, ports) <= most, `${limit} and more`);
    }
    // What it has taken ahead is lost, and no more than that; what it has admitted is known.
    const before = await burst(200, 100, [ports[1]]);
    two.child.kill("SIGKILL");
    await two.ended;
    const after = await burst(200, 220, [ports[0]]);
    assertEquals(before, 100);
    assert(after <= 120 && after >= 80, `${after} after 100 of 200`);
  }
  await Deno.remove(folder, { recursive: true });
});
