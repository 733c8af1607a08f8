/**
 * Prints where packages lie, and fetches those that the machine does not have
 * yet. It runs by itself, with `packages.json`: what stands in the program's
 * own `deno.json` or lock is fetched by everybody who starts the program, and
 * these are half a gigabyte.
 *
 * @module
 */

const found: Record<string, string> = {};
for (const specifier of Deno.args) {
  const file = `${specifier}/package.json`;
  await import(file, { with: { type: "json" } });
  found[specifier] = import.meta.resolve(file);
}
console.log(JSON.stringify(found));
