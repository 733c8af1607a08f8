/**
 * `deno task admin setup`, run as an operator runs it.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };
import type { Gateway } from "./gateway.ts";
import { denoArgs, systemEnv } from "./process.ts";

const ADMIN = denoJson.tasks.admin.command.split(" ").slice(1);

/** Runs it beside a gateway, with its encryption keys. */
export async function adminSetup(
  gateway: Gateway,
  keys: string,
  env: Record<string, string> = {},
  args = ["setup"],
) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: denoArgs([...ADMIN, ...args]),
    cwd: new URL("../../", import.meta.url),
    clearEnv: true,
    env: {
      ...systemEnv(),
      NO_COLOR: "1",
      PUBLIC_URL: gateway.url,
      ENCRYPTION_KEYS: keys,
      KV_PATH: gateway.kvPath,
      ...env,
    },
  }).output();
  const [said, failed] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, said: said!, failed: failed!, setup: /^sb_setup_\S+$/m.exec(said!)?.[0] };
}
