/**
 * Counts tokens (o200k) of the texts that come in as a JSON list, and prints a
 * list of numbers. It runs by itself, with `packages.json`: the table of tokens
 * is 2 MB, and what stands in the program's own `deno.json` is fetched by
 * everybody who starts the program.
 *
 * @module
 */

// Not written into the import: the program's own configuration knows of no such package.
const [encoding = ""] = Deno.args;
const { encode } = await import(encoding);
const texts: string[] = await new Response(Deno.stdin.readable).json();
// What looks like a control token in a text is text.
const plain = { disallowedSpecial: new Set<string>() };
console.log(JSON.stringify(texts.map((text) => encode(text, plain).length)));
