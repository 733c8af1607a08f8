/**
 * Switchboard: starts, over HTTP or over stdio. Reads the configuration, opens
 * KV, and minds the clock and the signals.
 *
 * @module
 */

import denoJson from "./deno.json" with { type: "json" };
import { isLoopback } from "./broker/core/addresses.ts";
import { BrokenOff } from "./broker/core/bodies.ts";
import type { Callers } from "./broker/core/callers.ts";
import { type Config, type Env, isOnDeploy } from "./broker/config/config.ts";
import { lazily } from "./broker/core/lazily.ts";
import { traceOf } from "./broker/core/trace_of.ts";
import type { World } from "./broker/core/world.ts";
import { readConfig, vaultOptions, warnOfOpenKeys } from "./start/configuration.ts";
import { Drain } from "./start/draining.ts";
import { createFront } from "./start/front.ts";
import type { LivingOptions } from "./start/living.ts";
import { ownEnv } from "./start/own_env.ts";
import { serve } from "./start/listening.ts";
import { type Line, LogWriter, STDOUT } from "./start/log_writer.ts";
import { giveUpRights } from "./start/rights.ts";
import { checkSpans, createWorld, outliveFaults } from "./start/world.ts";
import { startTelemetry } from "./telemetry/telemetry.ts";
import type { Health } from "./routes/http/deps.ts";
import { failureOf } from "./tasks/failed.ts";
import { createKvTurns } from "./vault/kv_turns.ts";
import { roundTrip } from "./vault/store.ts";
import { openVault, type Vault } from "./vault/vault.ts";

const { version } = denoJson;
/** Whose work it is that comes before anybody has called. */
const NOBODY = "";
/** After its start a program says what looks wrong with it. */
const TELLING_AFTER_MS = 250;

/** What is done though nobody asks. */
interface Chores {
  keepHouse(): Promise<void>;
  refreshAhead(): Promise<void>;
}

/** Starts HTTP; returns what its crons do. */
async function start(env: Env): Promise<Chores> {
  const living = await readConfig(env);
  const { config } = living;
  const telemetry = await startTelemetry(version);
  const log = new LogWriter(STDOUT);
  let known: Callers | undefined;
  const leaving = new AbortController();
  const world = createWorld(
    telemetry,
    (line, level) => {
      log.flush();
      console[level](line);
    },
    () => known,
    leaving.signal,
  );
  // However it ends: by a signal, a fault, or by itself.
  addEventListener("unload", () => log.flush());
  let whose = () => NOBODY;
  const turns = createKvTurns(() => whose());
  const vault = await openVault({ ...vaultOptions(config), turns }, world);
  await warnOfOpenKeys(config.encryptionKeysFile, world);
  const { records } = vault;
  await giveUpRights(config.upstreams);
  if (isOnDeploy(env)) await tellTimeline(env, world);
  if (config.trustedProxies.length === 0 && !isOnDeploy(env)) {
    const detail =
      "TRUSTED_PROXIES is not set: callers from private addresses have no limits of their own";
    world.log({ level: "info", event: "no_trusted_proxies", detail });
  }
  const checkHealth = async (): Promise<Health> => {
    await roundTrip(records, world.now());
    return {
      keys: vault.lacksKeys() ? "missing" : undefined,
      clock: vault.isBehind() ? "behind" : undefined,
    };
  };
  const app = lazily(async () => {
    const { composeServing } = await import("./start/serving_parts.ts");
    // Who collects what is exported tells by the moment of writing to which request it belongs.
    const writesAtOnce = telemetry.nameRequest !== undefined;
    const writeRequest = (line: Line, isUrgent: boolean) => {
      if (writesAtOnce) return console.info(`${line}`);
      log.gather(line);
      if (isUrgent) log.flush();
    };
    const ports = { vault, telemetry, waiting: turns.waiting, checkHealth, version, writeRequest };
    const { switchboard, callers } = await composeServing(living, world, ports);
    whose = () => callers.now();
    known = callers;
    return switchboard;
  });
  const { nameRequest } = telemetry;
  const secure = config.publicUrl.startsWith("https:");
  const front = createFront({ world, version, checkHealth, secure, nameRequest, app });
  const drain = new Drain({ world, version, secure, leaving });
  const server = listen(config, world, drain.answering(front), !isOnDeploy(env));
  outliveFaults(world);
  const ending = new AbortController();
  endOnSignal(async () => {
    ending.abort();
    app.made?.stopEvents();
    await drain.end(server, config.drain, () => app.made?.rest());
    await app.made?.close();
    await vault.close();
  });
  await checkSpans(telemetry, world);
  // What runs beside this program, or is asked by it, should be there before the first client lists.
  if (config.upstreams.length > 0) await (await app()).warmUp();
  await checkKeys(vault, world);
  // Whoever waits for the first answer does not wait for that.
  await world.sleep(TELLING_AFTER_MS, ending.signal);
  if (!ending.signal.aborted) await tell(living, vault, world);
  const chore = (event: string, run: () => Promise<unknown>) => async () => {
    try {
      await run();
    } catch (error) {
      // Deno would print the message.
      world.log({ level: "error", event, ...traceOf(error) });
    }
  };
  /** A program that nobody has called yet need not be loaded to see that nothing is due. */
  const isAnythingDue = async () =>
    app.made !== undefined || (await vault.store.connections.due(world.now(), 1)).length > 0 ||
    await isAnythingToSend();
  const isAnythingToSend = async () => {
    for (const { name } of config.events) {
      if (await vault.store.events.waits(name, world.now())) return true;
    }
    return false;
  };
  return {
    keepHouse: chore("housekeeping_failed", async () => {
      await checkKeys(vault, world);
      const { keepVault } = await import("./vault/housekeeping.ts");
      await keepVault(records, vault.ring, world);
      const switchboard = await app();
      await switchboard.anchor();
      const broker = await switchboard.latestBroker();
      await broker.keepCounts();
      await broker.endUnclaimed();
      await broker.tellSecretEnds();
    }),
    refreshAhead: chore("refreshing_failed", async () => {
      if (!await isAnythingDue()) return;
      const made = await app();
      const broker = await made.latestBroker();
      // Neither waits for the other, nor is kept by it.
      const done = await Promise.allSettled([broker.sweep(ending.signal), made.sendEvents()]);
      for (const each of done) if (each.status === "rejected") throw each.reason;
    }),
  };
}

/** Where on Deploy it runs, as far as that is more than it seems. */
async function tellTimeline(env: Env, world: World): Promise<void> {
  const { timelineOf } = await import("./start/unready.ts");
  const told = timelineOf(env);
  if (told !== undefined) world.log({ level: "info", ...told });
}

/** A gateway that lacks a key works on for all whose connections it opens, and says so. */
async function checkKeys(vault: Vault, world: World): Promise<void> {
  try {
    await vault.check();
  } catch {
    world.log({ level: "warn", event: "keys_not_checked" });
  }
}

/** What it is, and what looks wrong. A start that cannot say so starts all the same. */
async function tell(living: LivingOptions, vault: Vault, world: World): Promise<void> {
  try {
    const { tellStart } = await import("./start/told.ts");
    const missingKeys = vault.missingKeys();
    const hasSettings = async () => await vault.store.settings.version() !== null;
    await tellStart({ ...living, missingKeys, hasSettings }, world);
  } catch (error) {
    world.log({ level: "warn", event: "start_not_told", ...traceOf(error) });
  }
}

function listen(
  { port, host, publicUrl }: Config,
  world: World,
  handle: Deno.ServeHandler,
  isWatched: boolean,
) {
  // What only this machine may call, only this machine can reach.
  const usual = isLoopback(new URL(publicUrl).hostname) ? "127.0.0.1" : undefined;
  return serve({
    port,
    hostname: host ?? usual,
    handle,
    isWatched,
    onListen(port) {
      hasListened = true;
      world.log({ level: "info", event: "listening", port, public_url: publicUrl });
    },
    // What breaks off in the middle of an answer comes here. Deno itself would print the message.
    onError(error) {
      const expected = error instanceof BrokenOff;
      if (!expected) world.log({ level: "error", event: "answer_failed", ...traceOf(error) });
      return new Response(null, { status: 500 });
    },
  }, world);
}

/**
 * Lets running requests and refreshes finish: a refresh that dies may cost a connection. None is
 * begun ahead of need any more. Who signals again does not want to wait.
 */
function endOnSignal(finish: () => Promise<void>): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) Deno.exit(130);
    isEnding = true;
    // Whatever fails on the way out, out it goes.
    void finish().then(() => Deno.exit(0), () => Deno.exit(1));
  };
  Deno.addSignalListener("SIGINT", end);
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", end);
}

async function main(): Promise<Chores | undefined> {
  try {
    const env = await ownEnv();
    if (!stdio) return await start(env);
    const { startStdio } = await import("./start/stdio.ts");
    await startStdio(env, version);
    return undefined;
  } catch (error) {
    const env = Deno.env.toObject();
    if (!stdio && isOnDeploy(env) && !hasListened) {
      console.error(failureOf("start", error));
      const { serveUnready } = await import("./start/unready.ts");
      serveUnready(env, error, version);
      return undefined;
    }
    if (error instanceof Deno.errors.AddrInUse) {
      console.error("Cannot start: another program listens on this port. Set PORT to a free one.");
    } else if (error instanceof Deno.errors.AddrNotAvailable) {
      console.error("Cannot start: HOST is no address of this machine.");
    } else {
      console.error(failureOf("start", error));
    }
    return Deno.exit(1);
  }
}

/** From then on a program that fails has nothing more to say on its port. */
let hasListened = false;
const stdio = Deno.args.includes("--stdio");
const started = main();
// Deploy finds cron jobs at the top level of the entry point only.
if (!stdio) {
  const ended = (error: unknown) => console.error(`A cron has ended: ${traceOf(error).name}`);
  Deno.cron("housekeeping", "*/5 * * * *", async () => await (await started)?.keepHouse())
    .catch(ended);
  // Seldom anything is due: that is one read.
  Deno.cron("refreshing", "* * * * *", async () => await (await started)?.refreshAhead())
    .catch(ended);
}
await started;
