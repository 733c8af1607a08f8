/**
 * `deno task leak --provider github --before 2026-11-20T00:00Z`: after tokens
 * of a provider have leaked, ends what it issued before that moment. With
 * `--reconnect` it is ended here, so that people are asked to connect again;
 * with `--revoke` at the provider as well; with `--dry-run` it is counted.
 * Gateways may run meanwhile. What could not be done is done by a later run.
 *
 * @module
 */

import { isOnDeploy } from "../broker/config/config.ts";
import { ConfigError, type Env, faultOf } from "../broker/config/env.ts";
import { providerConfig } from "../broker/config/providers.ts";
import { parseUpstreams } from "../broker/config/upstreams.ts";
import { parseVaultConfig } from "../broker/config/vault.ts";
import { ownEnv } from "../start/own_env.ts";
import { answerLeak, isAnswered, type Leak, type LeakReport } from "../broker/connect/leak.ts";
import type { AuthorizationServer } from "../broker/core/authorization_server.ts";
import type { Store } from "../broker/core/store.ts";
import type { UpstreamSpec } from "../broker/core/upstream.ts";
import type { StoredSettings } from "../broker/core/settings.ts";
import { allModules } from "../start/all_providers.ts";
import { createDiscovered } from "../start/upstreams.ts";
import { providerSpecs } from "../start/machine.ts";
import { createCarefulFetch } from "../net/careful_fetch.ts";
import { officialServers } from "../providers/discovered/official.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { createConnectionLedger } from "../vault/connection_ledger.ts";
import { tellReceivers } from "./told_receivers.ts";
import { openVault } from "../vault/vault.ts";
import { taskWorld } from "./task_world.ts";
import { failureOf } from "./failed.ts";
import { keptSettings, keptUpstreams, withKeptClient } from "./kept_settings.ts";
import { type LeakOrder, parseOrder, USAGE } from "./leak_order.ts";

/** Between two lines of progress. */
const EACH = 1_000;

const world = taskWorld((event) => console.error(JSON.stringify({ time: new Date(), ...event })));

/** Runs the task; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const order = parseOrder(args, world.now());
  if (typeof order === "string") {
    console.error(`${order}\n\n${USAGE}`);
    return 2;
  }
  const env = await ownEnv();
  const { kvPath, encryptionKeys: keys } = parseVaultConfig(env, isOnDeploy(env));
  const vault = await openVault({ kvPath, keys }, world);
  try {
    const { store, records } = vault;
    const kept = await keptSettings(store, console.error);
    const serverIn = await readServer(order, env, kept);
    const { modules } = allModules(await providerSpecs(env));
    await tellReceivers(store, env, modules.map(({ name }) => name));
    const deps = { store, ledger: createConnectionLedger(records), world };
    const leak: Leak = { ...order, server: await serverIn(store) };
    const report = await answerLeak(deps, leak, showProgress);
    for (const line of linesOf(report, leak)) console.log(line);
    return isAnswered(report, leak) ? 0 : 1;
  } finally {
    await vault.close();
  }
}

/** The provider as a store knows it, where it is to be told. */
type ServerIn = (store: Store) => Promise<AuthorizationServer | undefined>;

/** @throws {ConfigError} */
async function readServer(
  { provider, mode }: LeakOrder,
  env: Env,
  kept: StoredSettings,
): Promise<ServerIn> {
  const { modules, faults } = allModules(await providerSpecs(env));
  const module = modules.find(({ name }) => name === provider);
  const specs = [...upstreamsOf(env, faults), ...keptUpstreams(kept, env)];
  const spec = specs.find(({ name }) => name === provider);
  if (spec !== undefined && faults.length === 0) {
    return async (store) => mode === "revoke" ? await createUpstreamServer(spec, store) : undefined;
  }
  if (module === undefined && faults.length === 0) {
    faults.push("--provider: is the name of none. A service, such as gmail, is its provider's.");
  }
  const client = withKeptClient(env, kept, provider);
  const settings = providerConfig(module ?? { name: provider }, client, faults);
  if (mode === "revoke" && settings === undefined && faults.length === 0) {
    faults.push(
      "--revoke: needs the client id and secret of the provider, in the environment or the console.",
    );
  }
  if (faults.length > 0) throw new ConfigError(faults);
  const server = mode === "revoke" ? createServer(module!, settings!) : undefined;
  return () => Promise.resolve(server);
}

/** The upstreams that people connect; adds what is wrong to `faults`. */
function upstreamsOf(env: Env, faults: string[]): UpstreamSpec[] {
  try {
    const { UPSTREAMS = "" } = env;
    const specs = parseUpstreams(UPSTREAMS || "[]", { official: officialServers, env });
    return specs.filter((spec) => spec.kind === "http" && spec.oauth !== undefined);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    faults.push(faultOf("UPSTREAMS", error.message));
    return [];
  }
}

/** Nobody signs in with it here, so it has no address to come back to. */
async function createUpstreamServer(
  spec: UpstreamSpec,
  store: Store,
): Promise<AuthorizationServer | undefined> {
  const careful = createCarefulFetch();
  const config = { upstreams: [spec], publicUrl: "http://localhost" };
  const [server] = await createDiscovered(config, world, { store, fetch, careful }, []);
  return server;
}

function createServer(
  module: ProviderModule,
  settings: NonNullable<ReturnType<typeof providerConfig>>,
): AuthorizationServer {
  return module.create({ ...settings, redirectUri: "", fetch });
}

function showProgress({ seen }: LeakReport): void {
  if (seen % EACH === 0) console.error(`${seen} connections looked at …`);
}

/** Numbers, and no name of anybody. */
function linesOf(report: LeakReport, { provider, server, dryRun }: Leak): string[] {
  const { seen, newer, laidDown, laidDownBefore, unopened, handoffs } = report;
  const [were, was] = dryRun ? ["would be", "would be"] : ["were", "was"];
  const lines = [
    `${seen} connections to ${provider}: ${newer} are newer and stay as they are.`,
    `${laidDown} ${were} ended here; ${laidDownBefore} had been before.`,
    `${handoffs} that waited to be claimed ${were} given up.`,
    unopened > 0 && `${unopened} that cannot be opened with these keys ${was} ended here, alone.`,
    report.untold > 0 &&
    `${report.untold} cannot be opened with these keys and stay as they are: nobody knows how old ` +
      `they are. Run this again with their keys.`,
    report.untoldHandoffs > 0 &&
    `${report.untoldHandoffs} hand-offs cannot be opened with these keys. Run this again with ` +
      `their keys; in 65 minutes they are gone.`,
  ];
  if (server !== undefined && !dryRun) {
    lines.push(
      `${report.revoked} were ended at ${server.title}; ${report.revokedBefore} had been before.`,
      report.unsupported > 0 &&
        `${report.unsupported} cannot be ended at ${server.title}: it has no way to do so.`,
      report.held > 0 &&
        `${report.held} were not ended at ${server.title}: a newer connection of the same account ` +
          `would have ended with each.`,
      ...[...report.failed].map(([reason, count]) =>
        `${count} could not be ended at ${server.title}: ${reason}. Run this again.`
      ),
    );
  }
  if (dryRun) lines.push("Nothing was changed.");
  return lines.filter((line) => line !== false);
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  console.error(failureOf("answer the leak", error));
  Deno.exit(1);
}
