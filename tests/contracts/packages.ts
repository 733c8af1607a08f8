/**
 * What the vendors publish of their APIs, from the package registry. The files
 * of these packages are read, they are no part of any module graph.
 *
 * @module
 */

import listed from "./packages.json" with { type: "json" };

/** `CONTRACT_PACKAGES="@octokit/openapi@24.0.0 asana@3.3.0"`: in the place of those that are listed. */
const VARIABLE = "CONTRACT_PACKAGES";

const root = new URL("../../", import.meta.url);
const names = Object.keys(listed.imports);
const found = new Map<string, Promise<Map<string, URL>>>();

/** The folder of a package that `packages.json` names. */
export async function packageFolder(name: string): Promise<URL> {
  const others = (Deno.env.get(VARIABLE) ?? "").split(/[\s,]+/).filter(Boolean);
  for (const other of others) {
    if (!names.some((one) => other.startsWith(`${one}@`))) {
      throw new Error(`${VARIABLE}: ${other} is none of ${names.join(", ")}`);
    }
  }
  const other = others.find((one) => one.startsWith(`${name}@`));
  const places = other === undefined ? fetched(names) : fetched([`npm:${other}`], "--no-lock");
  const folder = (await places).get(other === undefined ? name : `npm:${other}`);
  if (folder === undefined) throw new Error(`packages.json does not name ${name}`);
  return folder;
}

/** The text of a file of a package. */
export async function readPackaged(name: string, path: string): Promise<string> {
  return await Deno.readTextFile(new URL(path, await packageFolder(name)));
}

/** Where packages lie; asked once, for it starts a process. */
function fetched(specifiers: string[], ...flags: string[]): Promise<Map<string, URL>> {
  const key = specifiers.join(" ");
  const asked = found.get(key) ?? ask(specifiers, flags);
  found.set(key, asked);
  return asked;
}

async function ask(specifiers: string[], flags: string[]): Promise<Map<string, URL>> {
  const config = "tests/contracts/packages.json";
  const script = "tests/contracts/where.ts";
  const args = ["run", "--allow-all", "--quiet", "--config", config, ...flags, script];
  const how = { args: [...args, ...specifiers], cwd: root, env: { NO_COLOR: "1" } };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), how).output();
  if (!success) throw new Error(`deno ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  const places: Record<string, string> = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(Object.entries(places).map(([name, folder]) => [name, new URL(folder)]));
}
