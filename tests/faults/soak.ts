/**
 * `deno task soak`: thousands of callers at several processes on one KV file,
 * while the provider's tokens expire for real and the processes are killed in
 * the middle of refreshing them. Fails when a connection is lost that could be
 * saved.
 *
 * @module
 */

import { parseArgs } from "node:util";
import { Fleet } from "./fleet.ts";
import { type Mode, modes } from "./protocol.ts";
import { type Death, deaths, type Report, table } from "./soak_report.ts";
import { Soak, type SoakOptions } from "./soak_run.ts";

const USAGE = `deno task soak [options]
  --seconds 60       each mode runs at least this long, and until all its kills are done
  --mode all         fast, slow (2 s), rotating (refresh tokens), or all, one after the other
  --token-endpoint   the same as --mode
  --processes 3      gateways on one KV file
  --callers 1000     released at once at every expiry, over all processes and connections
  --connections 4
  --kills 20         in each mode
  --kill-points before,during,after,random
                     where in the refresh a process dies, or none
  --lifetime 8       seconds that an access token lives
  --seed 1           of every choice; the order in which things happen is still the machine's
  --mixed            all that people do, for half an hour: see tests/faults/storm/mixed.ts`;

/** Prints the usage and ends the program. */
function usage(fault: string): never {
  console.error(`${fault}\n\n${USAGE}`);
  return Deno.exit(2);
}

function number(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) usage(`--${name} must be ${least} or more`);
  return value;
}

function oneOf<T extends string>(name: string, text: string, known: readonly T[]): T[] {
  const wanted = text.split(",").filter((item) => item !== "" && item !== "none");
  const unknown = wanted.find((item) => !known.includes(item as T));
  if (unknown !== undefined) usage(`--${name}: ${unknown} is none of ${known.join(", ")}`);
  return wanted as T[];
}

function parse(args: string[]): { modes: Mode[]; options: Omit<SoakOptions, "mode"> } {
  const text = (fallback: string) => ({ type: "string", default: fallback }) as const;
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        seconds: text("60"),
        seed: text("1"),
        processes: text("3"),
        callers: text("1000"),
        connections: text("4"),
        mode: text("all"),
        "token-endpoint": { type: "string" },
        kills: text("20"),
        "kill-points": text(deaths.join()),
        lifetime: text("8"),
      },
    }));
  } catch (error) {
    return usage((error as Error).message);
  }
  const mode = values["token-endpoint"] ?? values.mode;
  if (mode === "none") usage("--mode must name one");
  const points: Death[] = oneOf("kill-points", values["kill-points"], deaths);
  return {
    modes: mode === "all" ? [...modes] : oneOf("mode", mode, modes),
    options: {
      seconds: number("seconds", values.seconds, 1),
      seed: number("seed", values.seed, 0),
      processes: number("processes", values.processes, 1),
      callers: number("callers", values.callers, 1),
      connections: number("connections", values.connections, 1),
      kills: points.length === 0 ? 0 : number("kills", values.kills, 0),
      points,
      // Shorter, and a token is stale before a thousand callers are served.
      lifetime: number("lifetime", values.lifetime, 4),
    },
  };
}

async function run(fleet: Fleet, options: SoakOptions): Promise<Report> {
  const soak = new Soak(fleet, options);
  const report = await soak.run();
  for (const violation of report.violations) console.error(`${options.mode}: ${violation}`);
  return report;
}

/** Half an hour of everything. */
async function runMixed(args: string[]): Promise<never> {
  const { mixed, mixedOptions } = await import("./storm/mixed.ts");
  let options;
  try {
    options = mixedOptions(args);
  } catch (error) {
    console.error((error as Error).message);
    return Deno.exit(2);
  }
  return Deno.exit(await mixed(options));
}

async function main(): Promise<void> {
  // `deno task soak -- --mixed` hands the first two dashes on.
  const args = Deno.args[0] === "--" ? Deno.args.slice(1) : Deno.args;
  if (args.includes("--mixed")) return await runMixed(args);
  const { modes, options } = parse(args);
  const { processes, lifetime } = options;
  console.log(`seed ${options.seed}`);
  const reports: Report[] = [];
  let fleet: Fleet | undefined;
  const stop = async () => {
    await fleet?.[Symbol.asyncDispose]();
    if (reports.length > 0) console.log(table(reports));
    Deno.exit(130);
  };
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  for (const mode of modes) {
    fleet = await Fleet.start({ processes, accessTokenSeconds: lifetime });
    try {
      reports.push(await run(fleet, { ...options, mode }));
    } finally {
      await fleet[Symbol.asyncDispose]();
    }
  }
  console.log(table(reports));
  Deno.exit(reports.some(({ failed }) => failed) ? 1 : 0);
}

await main();
