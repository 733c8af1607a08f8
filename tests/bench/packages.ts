/**
 * The packages of others, which `packages.json` names and `packages.lock` holds:
 * fetched by whoever measures them, and by nobody else.
 *
 * @module
 */

import listed from "./packages.json" with { type: "json" };

/** Where they lie; Node looks for them there by itself. */
const modules = new URL("node_modules/", import.meta.url);

let fetched: Promise<void> | undefined;

/** Fetches them, once. */
export function fetchPackages(): Promise<void> {
  return fetched ??= install();
}

/** A file of a package. */
export function packaged(path: string): string {
  return new URL(path, modules).pathname;
}

/** The version that is measured. */
export function peerVersion(name: keyof typeof listed.imports): string {
  const specifier = listed.imports[name];
  return specifier.slice(specifier.lastIndexOf("@") + 1);
}

/** The program of Cloudflare's runtime, which is another package on each kind of machine. */
export async function workerdBinary(): Promise<string> {
  const stored = new URL(".deno/", modules);
  for await (const { name } of Deno.readDir(stored)) {
    const [, kind] = /^@cloudflare\+(workerd-[\w-]+)@/.exec(name) ?? [];
    if (kind === undefined) continue;
    return new URL(`${name}/node_modules/@cloudflare/${kind}/bin/workerd`, stored).pathname;
  }
  throw new Error("workerd has no program for this machine");
}

async function install(): Promise<void> {
  const config = new URL("packages.json", import.meta.url).pathname;
  const args = ["install", "--quiet", "--frozen", "--config", config];
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: new URL("./", import.meta.url),
  }).output();
  if (!success) throw new Error(`deno ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
