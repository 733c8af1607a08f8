/**
 * `deno task admin setup`: a code for the first setup of a deployment that has
 * no operator yet. Who is named in `OPERATORS` needs none.
 *
 * @module
 */

import { ConfigError, type Env, isOnDeploy } from "../../broker/config/config.ts";
import { faultOf } from "../../broker/config/env.ts";
import { read, required } from "../../broker/config/readers.ts";
import { publicUrl } from "../../broker/config/values.ts";
import { parseVaultConfig } from "../../broker/config/vault.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { createSetupCode, SETUP_CODE_MS } from "../../gateway/setup.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { createSealer } from "../../vault/sealers.ts";
import { createStore } from "../../vault/store.ts";
import { ownEnv } from "../../start/own_env.ts";
import type { Command } from "./command.ts";

/** Where the code is typed in. */
const SETUP_PATH = "/console/setup";

const world = { now: () => Date.now(), secret: randomSecret, log: () => {} };

export const command: Command = {
  usage: "setup",
  shape: { positionals: 0 },
  run: setUp,
};

async function setUp(): Promise<number> {
  const env = await ownEnv();
  const address = publicUrlOf(env);
  if (env.OPERATORS) {
    console.error(`OPERATORS names who runs this program: sign in at ${address}/sign-in instead.`);
    return 1;
  }
  const { kvPath, encryptionKeys } = parseVaultConfig(env, isOnDeploy(env));
  const records = await openRecords(kvPath);
  try {
    const ring = await importKeyRing(encryptionKeys);
    const sealer = createSealer(records, ring, world);
    const store = createStore(records, ring, world, sealer);
    const operators = (await store.settings.read())?.value.operators ?? [];
    if (operators.length > 0) {
      console.error(
        `There are ${operators.length} operators already: one of them signs in at ` +
          `${address}/sign-in. Where none of them can, name another one in OPERATORS.`,
      );
      return 1;
    }
    await sealer.begin();
    const { secret } = await createSetupCode({ store, world });
    await sealer.leave();
    console.log(
      `Open ${address}${SETUP_PATH} and type this code in. It works once, within ` +
        `${SETUP_CODE_MS / 60_000} minutes, and whoever has it can name who runs this program:\n` +
        secret,
    );
    return 0;
  } finally {
    records.close();
  }
}

/** @throws {ConfigError} */
function publicUrlOf({ PUBLIC_URL }: Env): string {
  const { value, faults } = read(required(publicUrl), PUBLIC_URL || undefined);
  if (value !== undefined) return value;
  throw new ConfigError(faults.map((fault) => faultOf("PUBLIC_URL", fault)));
}
