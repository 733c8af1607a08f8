/**
 * What a run was made on: figures mean little without it.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };

const lockFile = new URL("../../deno.lock", import.meta.url);
/** Packages that the hot paths run through. */
const PACKAGES = ["hono", "zod", "@modelcontextprotocol/sdk", "@modelcontextprotocol/server"];

/** The machine, in a line. */
export async function machine(): Promise<string> {
  const cpus = await Deno.readTextFile("/proc/cpuinfo").catch(() => "");
  const [, model = Deno.build.arch] = /^model name\s*:\s*(.*)$/m.exec(cpus) ?? [];
  const gigabytes = Math.round(Deno.systemMemoryInfo().total / 2 ** 30);
  return `${model}, ${navigator.hardwareConcurrency} cores, ${gigabytes} GB, ${Deno.build.os}`;
}

/** The versions, in a line. */
export async function versions(): Promise<string> {
  const { deno, v8 } = Deno.version;
  const node = await nodeVersion();
  const { specifiers } = JSON.parse(await Deno.readTextFile(lockFile));
  return [
    `Switchboard ${denoJson.version}`,
    `Deno ${deno}`,
    `V8 ${v8}`,
    ...(node === undefined ? [] : [`Node.js ${node}`]),
    ...PACKAGES.map((name) => `${name} ${versionOf(name, specifiers)}`),
  ].join(", ");
}

/** How many processes wanted to run, over the last minute. */
export function loadAverage(): number {
  return Deno.loadavg()[0] ?? 0;
}

function versionOf(name: string, specifiers: Record<string, string>): string {
  const [, locked = "?"] = Object.entries(specifiers)
    .find(([specifier]) => specifier.startsWith(`npm:${name}@`)) ?? [];
  return locked.replace(/_.*/, "");
}

async function nodeVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await new Deno.Command("node", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).trim().replace(/^v/, "");
  } catch {
    return undefined;
  }
}
