/**
 * Prints the icons of the names that it is given, and what is said of them. It
 * runs by itself, with `packages.json`: the package has thousands of icons, and
 * what stands in the program's own `deno.json` is fetched by everybody who
 * starts the program.
 *
 * @module
 */

// Not written into the import: the program's own configuration knows of no such package.
const [about = "", ...slugs] = Deno.args;
const { default: data } = await import(about, { with: { type: "json" } });
const icons = new URL("../icons/", import.meta.resolve(about));
const printed = [];
for (const slug of slugs) {
  const said = data.find((icon: { slug: string }) => icon.slug === slug);
  const svg = said === undefined
    ? undefined
    : await Deno.readTextFile(new URL(`${slug}.svg`, icons));
  printed.push(said === undefined ? null : { ...said, svg });
}
console.log(JSON.stringify(printed));
