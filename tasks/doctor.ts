/**
 * `deno task doctor`: what is wrong with a deployment, and what to do. Reads
 * the environment that the gateway would read, and its database; gateways may
 * run meanwhile. With `--url` it looks at a running gateway from outside, and
 * reads neither. Ends with 0 only where all is well.
 *
 * @module
 */

import { isSecureAddress, parseUrl } from "../broker/core/addresses.ts";
import { ownVariables } from "../start/own_env.ts";
import { PATIENCE } from "./doctor/check.ts";
import { type Examination, examine } from "./doctor/examine.ts";
import { countsOf, isWell, linesOf, summaryOf } from "./doctor/finding.ts";
import { failureOf } from "./failed.ts";

const USAGE = "Usage: deno task doctor [--offline] [--json] [--key <API key>]\n" +
  "       deno task doctor --url <https://the.gateway> [--json] [--key <API key>]\n\n" +
  "An API key is better set as SWITCHBOARD_API_KEY: arguments can be seen by others on this machine.";

/** What it was told to do; `undefined` for what nobody understands. */
export function optionsOf(args: string[]): Examination & { asJson: boolean } | undefined {
  const options: Examination & { asJson: boolean } = { asJson: false };
  const rest = args.flatMap((arg) => {
    const [, name, value] = /^(--(?:url|key))=(.*)$/s.exec(arg) ?? [];
    return name === undefined ? [arg] : [name, value!];
  });
  while (rest.length > 0) {
    const arg = rest.shift();
    if (arg === "--json") options.asJson = true;
    else if (arg === "--offline") options.offline = true;
    else if (arg === "--key" && rest[0]) options.key = rest.shift();
    else if (arg === "--url" && isSecureAddress(rest[0] ?? "")) {
      options.url = parseUrl(rest.shift()!)!.origin;
    } else return undefined;
  }
  return options.url !== undefined && options.offline ? undefined : options;
}

/** Runs the task; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const options = optionsOf(args);
  if (options === undefined) {
    console.error(USAGE);
    return 2;
  }
  const env = await ownVariables();
  const key = options.key ?? (env.SWITCHBOARD_API_KEY || undefined);
  const ways = { fetch, now: () => Date.now(), patience: PATIENCE };
  const findings = await examine(env, { ...options, key }, ways);
  const lines = options.asJson
    ? [JSON.stringify({ well: isWell(findings), ...countsOf(findings), findings })]
    : [...linesOf(findings), "", summaryOf(findings)];
  for (const line of lines) console.log(line);
  return isWell(findings) ? 0 : 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(failureOf("examine it", error));
    Deno.exit(1);
  }
}
