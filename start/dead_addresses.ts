/**
 * Addresses of the operator's own at which nobody listens: an emulator that is
 * not started, a mistyped host. Nothing is sent there.
 *
 * @module
 */

import type { Config } from "../broker/config/config.ts";
import type { Env } from "../broker/config/env.ts";
import type { Doubt } from "../broker/config/doubts/doubt.ts";
import { variable } from "../broker/core/variable.ts";

/** A connection within one network takes a few ms. */
const PATIENCE_MS = 3_000;

/** Of those that were set in the place of providers' own. */
export async function deadAddresses(
  { providers }: Pick<Config, "providers">,
  env: Env,
): Promise<Doubt[]> {
  // Behind a proxy this machine itself may reach nobody.
  if (Object.keys(env).some((name) => /^(https?|all)_proxy$/i.test(name))) return [];
  const named = [...providers].flatMap(([name, { baseUrl, apiUrl }]) => [
    ...(baseUrl === undefined ? [] : [[variable(name, "BASE_URL"), baseUrl] as const]),
    ...(apiUrl === undefined ? [] : [[variable(name, "API_URL"), apiUrl] as const]),
  ]);
  const doubts = await Promise.all(named.map(async ([variable, address]): Promise<Doubt[]> => {
    const why = await whyDead(new URL(address));
    if (why === undefined) return [];
    const cure = "Compare it letter by letter, and start what should listen there.";
    return [{ variable, found: `leads nowhere: ${why}.`, cure, isFault: true }];
  }));
  return doubts.flat();
}

async function whyDead({ hostname, port, protocol }: URL): Promise<string | undefined> {
  const connecting = Deno.connect({
    hostname: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port || (protocol === "https:" ? 443 : 80)),
  });
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve("nobody answers"), PATIENCE_MS);
  const told = connecting.then(
    (connection) => void connection.close(),
    (error) =>
      error instanceof Deno.errors.ConnectionRefused
        ? "nobody listens there"
        : "the host is not known or cannot be reached",
  );
  return await Promise.race([told, late]).finally(() => clearTimeout(timer)) ?? undefined;
}
