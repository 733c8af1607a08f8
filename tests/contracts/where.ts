/**
 * Prints where packages lie, and fetches those that the machine does not have
 * yet. It runs by itself, with `packages.json`: what stands in the program's
 * own `deno.json` or lock is fetched by everybody who starts the program, and
 * these are half a gigabyte.
 *
 * @module
 */

/** A package is asked for one of its files, which fetches it. Some keep `package.json` to themselves. */
async function folderOf(specifier: string): Promise<URL> {
  const about = `${specifier}/package.json`;
  try {
    await import(about, { with: { type: "json" } });
    return new URL(".", import.meta.resolve(about));
  } catch (error) {
    const main = URL.parse(import.meta.resolve(specifier));
    if (main?.protocol !== "file:") throw error;
    const folder = await above(main, specifier.replace(/^npm:/, "").replace(/(?<=.)@.*/, ""));
    if (folder === undefined) throw error;
    return folder;
  }
}

/** The folder above a file that holds a package of this name. */
async function above(file: URL, name: string): Promise<URL | undefined> {
  const folder = new URL(file.pathname.endsWith("/") ? "../" : "./", file);
  if (folder.pathname === "/") return undefined;
  const text = await Deno.readTextFile(new URL("package.json", folder)).catch(() => "{}");
  return JSON.parse(text).name === name ? folder : await above(folder, name);
}

const found: Record<string, string> = {};
for (const specifier of Deno.args) found[specifier] = (await folderOf(specifier)).href;
console.log(JSON.stringify(found));
