/**
 * Where the browser is that tests drive, and what drives it. All of it comes
 * from the package registry, the first time; a machine's own Chromium is taken
 * where it is named, or where the packaged one does not run.
 *
 * @module
 */

import listed from "./packages.json" with { type: "json" };

/** `CHROMIUM_PATH=/usr/bin/chromium`: this one, and no other. */
const CHROMIUM_PATH = "CHROMIUM_PATH";
/** The answer of {@linkcode findPlaces}, for the processes that follow. */
export const PLACES = "SWITCHBOARD_BROWSER";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** A Chromium that starts. */
interface Chromium {
  path: string;
  /** Variables that it needs beside those of this process. */
  env: Record<string, string>;
}

/** What the tests need. Folders are URLs that end with a slash. */
export interface Places {
  driver: string;
  axe: string;
  chromium: Chromium;
}

/** The folder of this file; git knows nothing of what is unpacked there. */
const here = new URL("./", import.meta.url);
const [, version = ""] = /([\d.]+)$/.exec(listed.imports["@sparticuz/chromium"]) ?? [];
const unpacked = new URL(`.chromium/${version}/`, here);

/** Finds all of it, and fetches and unpacks what is missing. Throws an `Error` that names the cure. */
export async function findPlaces(): Promise<Places> {
  const known = Deno.env.get(PLACES);
  if (known !== undefined) return JSON.parse(known);
  const named = Deno.env.get(CHROMIUM_PATH);
  // The package has a program for this kind of machine alone.
  const hasPacked = Deno.build.os === "linux" && Deno.build.arch === "x86_64";
  const unpacks = named === undefined && hasPacked && !await exists(unpacked);
  const places = unpacks ? await unpack() : await prepare();
  return { ...places, chromium: await findChromium(named, hasPacked) };
}

async function findChromium(named: string | undefined, hasPacked: boolean): Promise<Chromium> {
  const candidates: Chromium[] = [];
  if (named !== undefined) candidates.push({ path: named, env: {} });
  else {
    if (hasPacked) candidates.push(...await packed());
    candidates.push(...SYSTEM.map((path) => ({ path, env: {} })));
  }
  const faults: string[] = [];
  for (const candidate of candidates) {
    const fault = await faultOf(candidate);
    if (fault === undefined) return candidate;
    faults.push(`  ${candidate.path}: ${fault}`);
  }
  throw new Error(
    `No Chromium starts here:\n${[...new Set(faults)].join("\n")}\n` +
      `Install one (on Debian and Ubuntu: apt-get install chromium), or name one: ` +
      `${CHROMIUM_PATH}=/path/to/chromium deno task test:browser`,
  );
}

/** The packaged one: by itself, and with the libraries that came with it, for a bare machine. */
async function packed(): Promise<Chromium[]> {
  const path = new URL("chromium", unpacked).pathname;
  const fonts = await exists(new URL("file:///etc/fonts/fonts.conf"))
    ? {}
    : { FONTCONFIG_FILE: new URL("fonts.conf", unpacked).pathname };
  const libraries = new URL("al2023/lib", unpacked).pathname;
  return [{ path, env: fonts }, { path, env: { ...fonts, LD_LIBRARY_PATH: libraries } }];
}

/** Why one does not start. */
async function faultOf({ path, env }: Chromium): Promise<string | undefined> {
  try {
    const asked = new Deno.Command(path, { args: ["--version"], env, stdin: "null" });
    const { success, stderr } = await asked.output();
    return success ? undefined : new TextDecoder().decode(stderr).trim() || "it ends at once";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "there is none";
    if (error instanceof Deno.errors.PermissionDenied) return "it may not be run";
    throw error;
  }
}

/** Unpacks beside, and moves: nobody finds half of it, and of two who unpack one is first. */
async function unpack(): Promise<Omit<Places, "chromium">> {
  await Deno.mkdir(new URL("../", unpacked), { recursive: true });
  const fresh = await Deno.makeTempDir({ dir: new URL("../", unpacked).pathname });
  try {
    const places = await prepare(fresh);
    await Deno.writeTextFile(`${fresh}/fonts.conf`, fontsIn(new URL("fonts", unpacked).pathname));
    await Deno.rename(fresh, unpacked);
    return places;
  } catch (error) {
    await Deno.remove(fresh, { recursive: true });
    if (await exists(unpacked)) return await prepare();
    throw error;
  }
}

function fontsIn(folder: string): string {
  return `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${folder}/cache</cachedir></fontconfig>
`;
}

async function prepare(...into: string[]): Promise<Omit<Places, "chromium">> {
  const args = ["run", "--allow-all", "--quiet", "--frozen", "--config", "packages.json"];
  const how = { args: [...args, "prepare.ts", ...into], cwd: here, env: { NO_COLOR: "1" } };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), how).output();
  if (!success) throw new Error(`Cannot prepare: ${new TextDecoder().decode(stderr)}`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function exists(url: URL): Promise<boolean> {
  try {
    await Deno.stat(url);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
