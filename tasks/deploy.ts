/**
 * `deno task deploy`: the commands that bring this folder to Deno Deploy, from
 * nothing to a program that serves, with what is known filled in. Prints them,
 * and runs them one after another after asking.
 *
 * Written from the documentation of `deno deploy`
 * (docs.deno.com/runtime/reference/cli/deploy, of June 2026).
 *
 * @module
 */

import { parseArgs } from "node:util";
import { commandsFor, type Deployment, EXISTS, shown, type Step } from "./deploy/commands.ts";
import { envFaults } from "./deploy/env_file.ts";
import { failureOf } from "./failed.ts";

const USAGE = `Usage: deno task deploy --org <organization> --app <app> [options]
  --env-file <file>   the variables, .env.production if not given
  --database <name>   the KV database, <app>-kv if not given
  --region <region>   us, eu or global; us if not given
  --update            the app is there already: only its variables and its code
  --print             prints the commands, and runs none
  --yes               runs them without asking`;

const SLUG = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const REGIONS = ["us", "eu", "global"];

/** What the arguments say; a text: what is wrong with them. */
function parsed(args: string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      args,
      options: {
        ...{ org: text, app: text, database: text, update: flag, print: flag, yes: flag },
        ...{
          "env-file": { ...text, default: ".env.production" },
          region: { ...text, default: "us" },
        },
      },
    });
    return values;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Runs the task; returns the exit code. */
export async function deployTask(args: string[]): Promise<number> {
  const values = parsed(args);
  if (typeof values === "string") return usage(values);
  const isTerminal = Deno.stdin.isTerminal();
  const ask = (what: string) => (isTerminal ? prompt(what) : null) ?? undefined;
  const org = values.org ?? ask("The organization on Deno Deploy, as in its URL:");
  const app = values.app ?? ask("The name of the app there:");
  if (org === undefined || app === undefined) return usage("--org and --app are missing");
  const database = values.database ?? `${app}-kv`;
  for (const name of [org, app, database]) {
    if (!SLUG.test(name)) return usage("names are a-z, 0-9 and -");
  }
  if (!REGIONS.includes(values.region)) return usage("--region is us, eu or global");
  const deployment: Deployment = {
    ...{ org, app, database, region: values.region, envFile: values["env-file"] },
    isThere: values.update,
  };
  if (!await isFit(deployment)) return 1;
  const steps = commandsFor(deployment);
  console.log(`\nThe commands:\n\n${steps.map(shown).join("\n")}\n`);
  if (values.print || (!values.yes && !isTerminal)) return 0;
  return await run(steps, values.yes);
}

function usage(fault: string): number {
  console.error(`${fault}\n\n${USAGE}`);
  return 2;
}

/** Whether the variables are what the program needs there; says what is wrong, and no value. */
async function isFit({ envFile, org, app }: Deployment): Promise<boolean> {
  let text: string;
  try {
    text = await Deno.readTextFile(envFile);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    console.error(
      `There is no ${envFile}. The least of it:\n\n` +
        `  deno task key --env >> ${envFile}\n  deno task key voice --env >> ${envFile}\n`,
    );
    return false;
  }
  const { parse } = await import("dotenv");
  const faults = await envFaults(parse(text), { org, app });
  if (faults.length > 0) {
    console.error(`${envFile} is not what the program needs there.\n  ${faults.join("\n  ")}`);
    return false;
  }
  const { mode } = await Deno.stat(envFile);
  if (mode !== null && (mode & 0o077) !== 0) {
    console.error(`Others on this machine can read ${envFile}, which holds secrets: chmod 600 it.`);
  }
  return true;
}

/** Runs the commands in order, until one fails that has to succeed. */
async function run(steps: Step[], yes: boolean): Promise<number> {
  for (const step of steps) {
    console.log(`\n$ ${shown(step)}`);
    const answer = yes ? "y" : (prompt("Run it? y: yes, s: skip it, anything else: stop") ?? "");
    if (answer === "s") continue;
    if (answer !== "y") return 1;
    const { code } = await new Deno.Command("deno", {
      args: step.args,
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn().status;
    if (code === EXISTS && step.mayExist) {
      console.log("It is there already.");
    } else if (code !== 0) {
      console.error(`It ended with ${code}. Run \`deno task deploy\` again when that is cured.`);
      return 1;
    }
  }
  return 0;
}

if (import.meta.main) {
  try {
    Deno.exit(await deployTask(Deno.args));
  } catch (error) {
    console.error(failureOf("deploy", error));
    Deno.exit(1);
  }
}
