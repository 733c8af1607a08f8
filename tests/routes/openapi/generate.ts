/**
 * Reads a document, and prints what the tools of others make of it: whether it
 * is valid, and the types of a client. It runs by itself, with `packages.json`:
 * what stands in the program's own `deno.json` is fetched by everybody who
 * starts the program.
 *
 * @module
 */

// Not written into the imports: the program's own configuration knows of no such packages.
const [validator = "", generator = ""] = [
  "@seriousme/openapi-schema-validator",
  "openapi-typescript",
];
const { Validator } = await import(validator);
const { default: typesOf, astToString } = await import(generator);

const document = await new Response(Deno.stdin.readable).json();
const validation = await new Validator().validate(structuredClone(document));
const types = astToString(await typesOf(document));
console.log(JSON.stringify({ validation, types }));
