/**
 * Prints where the packages of these tests lie, and unpacks their Chromium. It
 * runs by itself, with `packages.json`: what stands in the program's own
 * `deno.json` or lock is fetched by everybody who starts the program.
 *
 * `[folder]`: where Chromium is unpacked to; without it, it is not.
 *
 * @module
 */

/** Where a package's files are. Asked for one of them, which fetches it. */
async function folderOf(name: string): Promise<string> {
  const about = `${name}/package.json`;
  await import(about, { with: { type: "json" } });
  return new URL(".", import.meta.resolve(about)).href;
}

/** What is used of `@sparticuz/chromium`. */
interface Packed {
  /** Unpacks beside others of its kind in the folder for temporary files. */
  inflate(archive: string): Promise<string>;
}

/**
 * Chromium, what it needs of a system that is as bare as can be, and fonts.
 * Where to is said to the package by the folder for temporary files.
 */
async function unpack(into: string): Promise<void> {
  Deno.env.set("TMPDIR", into);
  const name = "@sparticuz/chromium";
  const { inflate }: Packed = await import(name);
  const archives = new URL("../bin/", import.meta.resolve(name));
  for (const each of ["chromium.br", "swiftshader.tar.br", "al2023.tar.br", "fonts.tar.br"]) {
    await inflate(new URL(each, archives).pathname);
  }
}

const [into] = Deno.args;
if (into !== undefined) await unpack(into);
const found = { driver: await folderOf("playwright-core"), axe: await folderOf("axe-core") };
console.log(JSON.stringify(found));
