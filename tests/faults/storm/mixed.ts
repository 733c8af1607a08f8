/**
 * `deno task soak --mixed`: many people do what people do, with nobody beside
 * them, for half an hour, at a share of what the machine can do. Fails for an
 * answer that is wrong or refused, for memory that grows, and for what is still
 * held when everybody has gone.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { holdings } from "../../support/disconnects.ts";
import { cpuUs } from "../../bench/process_tree.ts";
import { tableOf } from "../soak_report.ts";
import type { Process } from "./gateways.ts";
import { Storm } from "./run.ts";
import { Secrets } from "./secrets.ts";

const USAGE = `deno task soak --mixed [options]
  --minutes 30       at the share; the limit is measured for a minute before
  --share 0.7        of what was measured as the limit
  --people 800       three of four are an app's users, the others sign in and use an MCP client
  --processes 2      gateways on one KV file
  --lifetime 60      seconds that a provider's access token lives
  --seed 1           of every choice`;

const MINUTE_MS = 60_000;
/** Between two corrections of the pace. */
const TURN_MS = 30_000;
/** Before that, code is being compiled. */
const WARM_UP_MS = 20_000;
/** After the limit. */
const BREATH_MS = 20_000;
/** Deno looks every 90 seconds which connections nobody has used for 90: by then all are closed. */
const GONE_MS = 200_000;
const LOOK_MS = 2_000;
/** Beside what a process held before: what a keep-alive of the last moment still has. */
const SPARE_FILES = 4;
/** What is alive at the end, against the end of the first quarter. */
const MOST_ALIVE = 1.1;
const MEGABYTE = 1024 * 1024;

/** How a mixed soak is made up. */
export interface MixedOptions {
  minutes: number;
  share: number;
  people: number;
  processes: number;
  lifetime: number;
  seed: number;
}

const LEAST: MixedOptions = {
  minutes: 0.1,
  share: 0.05,
  people: 1,
  processes: 1,
  lifetime: 10,
  seed: 0,
};

/** Reads what was typed. @throws {TypeError} with the usage. */
export function mixedOptions(args: string[]): MixedOptions {
  const text = (fallback: string) => ({ type: "string", default: fallback }) as const;
  const { values } = parseArgs({
    args,
    options: {
      mixed: { type: "boolean" },
      minutes: text("30"),
      share: text("0.7"),
      people: text("800"),
      processes: text("2"),
      lifetime: text("60"),
      seed: text("1"),
    },
  });
  const number = (name: keyof MixedOptions) => {
    const value = Number(values[name]);
    if (value >= LEAST[name]) return value;
    throw new TypeError(`--${name} must be ${LEAST[name]} or more\n\n${USAGE}`);
  };
  return {
    minutes: number("minutes"),
    share: number("share"),
    people: number("people"),
    processes: number("processes"),
    lifetime: number("lifetime"),
    seed: number("seed"),
  };
}

/** Nobody looks for secrets here: to look costs more than to answer. The storm does. */
class NoSecrets extends Secrets {
  override add(): void {}
  override find(): [] {
    return [];
  }
}

/** The pause between two deeds of a person at which all together do so many in a second. */
export function paceFor(people: number, perSecond: number, answeredInMs: number): number {
  return Math.max(0, people / perSecond * 1_000 - answeredInMs);
}

/** What a part of a run came to. */
interface Rate {
  perSecond: number;
  /** Of one deed, on average. */
  answeredInMs: number;
}

/** Deeds of a span. */
async function rateOf(storm: Storm, ms: number, paceMs: number): Promise<Rate> {
  storm.options.paceMs = paceMs;
  const { report } = storm;
  const before = report.answers("calm");
  const waitedBefore = waitedIn(storm);
  const start = performance.now();
  await storm.calm({ ms });
  const deeds = report.answers("calm") - before;
  const seconds = (performance.now() - start) / 1_000;
  return {
    perSecond: deeds / seconds,
    answeredInMs: (waitedIn(storm) - waitedBefore) / Math.max(1, deeds),
  };
}

function waitedIn({ report }: Storm): number {
  return [...report.waits.calm.values()].flat().reduce((sum, ms) => sum + ms, 0);
}

/** What processes hold when nobody asks them for anything. */
interface Held {
  name: string;
  files: number;
  /** After a collection. */
  alive: number;
}

async function heldBy(processes: Process[]): Promise<Held[]> {
  return await Promise.all(processes.map(async (process) => ({
    name: process.name,
    files: (await holdings(process.pid)).files,
    alive: await process.alive(),
  })));
}

/** What is still held though everybody has gone, each in words. */
export function leftOver(before: Held[], after: Held[]): string[] {
  return after.flatMap(({ name, files, alive }, index) => {
    const then = before[index]!;
    const found: string[] = [];
    if (files > then.files + SPARE_FILES) {
      found.push(`${name} holds ${files} files and sockets, where it held ${then.files}`);
    }
    if (alive > then.alive * MOST_ALIVE) {
      found.push(`of ${name} ${mb(alive)} MB are alive, where ${mb(then.alive)} were`);
    }
    return found;
  });
}

function mb(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}

/** Runs it; returns the exit code. */
export async function mixed(options: MixedOptions, say = console.log): Promise<number> {
  const { minutes, share, people, processes, lifetime, seed } = options;
  await using storm = await Storm.start(
    { seed, people, processes, lifetime, attackers: 0, paceMs: 0, measuresHeap: true },
    new NoSecrets(),
  );
  const { report, gateways } = storm;
  const idle = await heldBy(gateways.processes);
  await rateOf(storm, Math.min(WARM_UP_MS, minutes * MINUTE_MS / 4), 0);
  const limit = await rateOf(storm, Math.min(MINUTE_MS, minutes * MINUTE_MS / 4), 0);
  say(`limit: ${limit.perSecond.toFixed(0)} deeds a second by ${people} people at once`);
  // At the limit itself some are told to come again, and so is who comes at once after it.
  const target = limit.perSecond * share;
  await rateOf(storm, Math.min(BREATH_MS, minutes * MINUTE_MS / 4), paceFor(people, target / 4, 0));
  say(`of ${report.answers("calm")} deeds up to there, ${report.failures.length} came to nothing`);
  report.failures.length = 0;
  report.waits.calm.clear();
  storm.forgetMemory();
  const end = performance.now() + minutes * MINUTE_MS;
  const rates: Rate[] = [];
  const cpu = () => gateways.processes.reduce((sum, { pid }) => sum + cpuUs(pid), 0);
  const cpuBefore = cpu();
  let answeredInMs = limit.answeredInMs * share / 4;
  let quarter: Held[] | undefined;
  while (performance.now() < end) {
    const left = end - performance.now();
    const rate = await rateOf(
      storm,
      Math.min(TURN_MS, left),
      paceFor(people, target, answeredInMs),
    );
    ({ answeredInMs } = rate);
    rates.push(rate);
    if (quarter === undefined && left < minutes * MINUTE_MS * 0.75) {
      quarter = await heldBy(gateways.processes);
    }
    if (rates.length % 4 === 0) {
      const { failures } = report;
      say(
        `${Math.round(left / MINUTE_MS)} minutes left: ${rate.perSecond.toFixed(0)} deeds a ` +
          `second, ${failures.length} failures`,
      );
    }
  }
  const deeds = report.answers("calm");
  const cpuMs = (cpu() - cpuBefore) / 1_000;
  const [held, faults] = await whenGone(storm, idle, quarter ?? idle);
  storm.look();
  report.isOver = true;
  const verdicts = [...report.verdicts(), ...faults];
  for (const verdict of verdicts.slice(0, 100)) console.error(verdict);
  const average = rates.reduce((sum, { perSecond }) => sum + perSecond, 0) / rates.length;
  say(report.text());
  say(tableOf([
    ["deeds", String(deeds)],
    [
      "a second",
      `${average.toFixed(1)}, ${(100 * average / limit.perSecond).toFixed(0)} % of the limit`,
    ],
    ["processor, a deed", `${(cpuMs / deeds).toFixed(2)} ms of all gateways`],
    ...held.map(({ name, files, alive }, index) => [
      `${name}, everybody gone`,
      `${files} files and sockets (${idle[index]!.files} before), ${mb(alive)} MB alive ` +
      `(${mb(quarter?.[index]?.alive ?? 0)} after a quarter)`,
    ]),
  ]));
  return verdicts.length > 0 ? 1 : 0;
}

/** Waits until no more is held than before, or nothing can be expected to go any more. */
async function whenGone(storm: Storm, idle: Held[], quarter: Held[]): Promise<[Held[], string[]]> {
  const before = idle.map(({ name, files }, index) => ({
    name,
    files,
    alive: quarter[index]!.alive,
  }));
  const until = performance.now() + GONE_MS;
  for (;;) {
    const held = await heldBy(storm.gateways.processes);
    const faults = leftOver(before, held);
    if (faults.length === 0 || performance.now() > until) return [held, faults];
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
