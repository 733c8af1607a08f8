/**
 * The program as a command needs it: put together as a gateway is, with the same
 * variables, stores and rules, and asked by nobody. Gateways may run meanwhile.
 *
 * @module
 */

import { createActivityLog } from "../../audit/activity.ts";
import { isOnDeploy } from "../../broker/config/config.ts";
import { parseVaultConfig, type VaultConfig } from "../../broker/config/vault.ts";
import type { ActivityLog } from "../../broker/core/activity.ts";
import type { Actor } from "../../broker/core/actor.ts";
import { Callers } from "../../broker/core/callers.ts";
import { inOwnWords } from "../../broker/core/own_words.ts";
import { StoreError } from "../../broker/core/store_errors.ts";
import type { World } from "../../broker/core/world.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { createCarefulFetch } from "../../net/careful_fetch.ts";
import { createDocumentFetch } from "../../net/client_document.ts";
import { readConfig } from "../../start/configuration.ts";
import { Living } from "../../start/living.ts";
import { kvFileOf } from "../../vault/kv_files.ts";
import { openVault, type Vault } from "../../vault/vault.ts";
import { ownEnv } from "../../start/own_env.ts";
import { isThere } from "../is_there.ts";
import { taskWorld } from "../task_world.ts";

/** Who does what is done here. */
export const ADMIN: Actor = { kind: "operator", id: "admin" };

/** What a command works with. */
export interface Program {
  vault: Vault;
  living: Living;
  activity: ActivityLog;
  world: World;
}

/** Nothing is logged but what is wrong: what was done a command says by itself. */
export const world = taskWorld((event) => {
  if (event.level !== "info") console.error(JSON.stringify({ time: new Date(), ...event }));
});

/** Does something with the database of a gateway; one that is not there is not made. */
export async function withVault<T>(run: (vault: Vault) => Promise<T>): Promise<T> {
  const env = await ownEnv();
  return await inVault(parseVaultConfig(env, isOnDeploy(env)), run);
}

async function inVault<T>(
  { kvPath, encryptionKeys: keys }: Pick<VaultConfig, "kvPath" | "encryptionKeys">,
  run: (vault: Vault) => Promise<T>,
): Promise<T> {
  await requireDatabase(kvPath);
  const vault = await openVault({ kvPath, keys }, world);
  try {
    return await run(vault);
  } finally {
    await vault.close();
  }
}

/** Does something with the whole program. */
export async function withProgram<T>(run: (program: Program) => Promise<T>): Promise<T> {
  const options = await readConfig(await ownEnv());
  return await inVault(options.config, async (vault) => {
    const activity = createActivityLog({ store: vault.store, world });
    const living = await Living.start(options, world, {
      store: vault.store,
      activity,
      signingKeys: vault.ring,
      callers: new Callers(() => performance.now()),
      waiting: () => 0,
      fetch,
      fetchDocument: createDocumentFetch(),
      careful: createCarefulFetch(),
      checkHealth: () => Promise.resolve({ keys: undefined }),
      version: denoJson.version,
    });
    try {
      return await run({ vault, living, activity, world });
    } finally {
      await living.broker.idle();
      await living.close();
    }
  });
}

/** A path with a slip in it would make a database of its own, in which nobody is connected. */
export async function requireDatabase(kvPath: string | undefined): Promise<void> {
  const file = kvFileOf(kvPath);
  if (file === undefined) return;
  if (await isThere(file)) return;
  const missing = inOwnWords(new Error("there is no database where KV_PATH says"));
  throw new StoreError("open it", missing, true);
}
