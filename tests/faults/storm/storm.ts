/**
 * `deno task storm`: 200 honest people work with two real gateways while
 * attackers do what they can beside them, and the same people alone, in turns.
 * Then processes die, keys are rotated, the KV file is locked, the provider is
 * out. Fails when an honest answer is wrong or lost, when the p99 beside
 * attackers is more than twice that without, when a secret is found in any
 * output, or when memory grows.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { Dice } from "../../support/fuzz/dice.ts";
import { attacks } from "./attacks.ts";
import { Storm, type StormOptions } from "./run.ts";
import { Secrets } from "./secrets.ts";
import { upheavals } from "./upheavals.ts";

const USAGE = `deno task storm [options]
  --minutes 60       of faults; the control takes as long again, the upheavals a quarter of it
  --people 200       three of four are an app's users, the others sign in and use an MCP client
  --processes 2      gateways on one KV file
  --attackers 8      at a time
  --attacks a,b      only these kinds
  --pace 2000        ms between two requests of a person, on average
  --lifetime 60      seconds that an access token lives
  --seed 1           of every choice; the order in which things happen is still the machine's`;

const MINUTE_MS = 60_000;
/** Control and storm take turns this long: what else the machine does hits both. */
const TURN_MS = 30_000;

const numbers = {
  minutes: { fallback: "60", least: 0.1 },
  people: { fallback: "200", least: 1 },
  processes: { fallback: "2", least: 1 },
  attackers: { fallback: "8", least: 1 },
  pace: { fallback: "2000", least: 0 },
  lifetime: { fallback: "60", least: 10 },
  seed: { fallback: "1", least: 0 },
};
type Name = keyof typeof numbers;

/** Prints the usage and ends the program. */
function usage(fault: string): never {
  console.error(`${fault}\n\n${USAGE}`);
  return Deno.exit(2);
}

function attacksNamed(text: string | undefined): string[] | undefined {
  const wanted = text?.split(",").map((name) => name.trim());
  const known = attacks.map(({ name }) => name);
  const unknown = wanted?.find((name) => !known.includes(name));
  if (unknown !== undefined) usage(`--attacks: ${unknown} is none of ${known.join(", ")}`);
  return wanted;
}

function parse(args: string[]): { minutes: number; options: StormOptions } {
  const entries = Object.entries(numbers) as [Name, typeof numbers[Name]][];
  const texts = entries.map(([name, { fallback }]) =>
    [name, { type: "string", default: fallback }] as const
  );
  const options = { ...Object.fromEntries(texts), attacks: { type: "string" } as const };
  let values: Record<string, unknown>;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    return usage((error as Error).message);
  }
  const number = (name: Name) => {
    const value = Number(values[name]);
    if (!(value >= numbers[name].least)) {
      usage(`--${name} must be ${numbers[name].least} or more`);
    }
    return name === "minutes" ? value : Math.round(value);
  };
  return {
    minutes: number("minutes"),
    options: {
      seed: number("seed"),
      people: number("people"),
      processes: number("processes"),
      attackers: number("attackers"),
      attacks: attacksNamed(values.attacks as string | undefined),
      paceMs: number("pace"),
      lifetime: number("lifetime"),
    },
  };
}

function progress({ report }: Storm, began: number): void {
  const { failures, leaks } = report;
  const [calm, beside, through] = (["calm", "storm", "upheaval"] as const)
    .map((phase) => report.answers(phase));
  const faults = [...report.faults.values()].reduce((sum, count) => sum + count, 0);
  const minute = Math.round((performance.now() - began) / MINUTE_MS);
  console.log(
    `minute ${minute}: ${calm} answers alone, ${beside} beside ${faults} faults, ` +
      `${through} in upheaval; ${failures.length} failures, ${leaks.size} secrets found`,
  );
}

async function run(storm: Storm, minutes: number, dice: Dice): Promise<void> {
  // Code that runs for the first time is slow for either.
  await storm.calm({ ms: Math.min(TURN_MS, minutes * MINUTE_MS / 4) });
  await storm.storm({ ms: Math.min(TURN_MS, minutes * MINUTE_MS / 4) });
  for (const phase of ["calm", "storm"] as const) storm.report.waits[phase].clear();
  const turns = Math.max(1, Math.round(minutes * MINUTE_MS / TURN_MS));
  const ms = minutes * MINUTE_MS / turns;
  for (let turn = 0; turn < turns; turn++) {
    // Neither is always the first.
    if (turn % 2 === 0) await storm.calm({ ms });
    await storm.storm({ ms });
    if (turn % 2 === 1) await storm.calm({ ms });
  }
  await storm.upheaval({ ms: minutes * MINUTE_MS / 4 }, () => dice.pick(upheavals));
}

/**
 * Attackers have machines of their own: of this one they get what nobody else wants, so that the
 * gateways are slowed by what they send, and not by the work of sending it. Only Linux lets a
 * thread have a priority; elsewhere the figures are coarser.
 */
async function attackersGiveWay(): Promise<void> {
  if (Deno.build.os !== "linux") return;
  for await (const { name: id } of Deno.readDir("/proc/self/task")) {
    const name = await Deno.readTextFile(`/proc/self/task/${id}/comm`);
    // The second worker that was started; see run.ts.
    if (name.trim() !== "worker-2") continue;
    await new Deno.Command("renice", { args: ["-n", "19", "-p", id], stdout: "null" }).output();
  }
}

async function main(): Promise<void> {
  const { minutes, options } = parse(Deno.args);
  console.log(`seed ${options.seed}; about ${Math.ceil(minutes * 2.25 + 1)} minutes`);
  const began = performance.now();
  const storm = await Storm.start(options, new Secrets());
  await attackersGiveWay();
  // Looking takes half a second, in which no caller's clock goes right: each phase does it at its end.
  const timer = setInterval(() => progress(storm, began), MINUTE_MS);
  const end = async (code: number): Promise<never> => {
    clearInterval(timer);
    storm.look();
    storm.report.isOver = true;
    await storm[Symbol.asyncDispose]();
    const verdicts = storm.report.verdicts();
    for (const verdict of verdicts.slice(0, 200)) console.error(verdict);
    console.log(`\n${storm.report.text()}`);
    return Deno.exit(code || (verdicts.length > 0 ? 1 : 0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => void end(130));
  }
  await run(storm, minutes, new Dice(options.seed));
  await end(0);
}

await main();
