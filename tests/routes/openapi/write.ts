/**
 * `deno task openapi`: makes the examples of the document, and then the types of
 * a client of it, and writes both down.
 *
 * @module
 */

import { madeOf, typesFile } from "./made.ts";
import { examples, examplesFile } from "./scenario.ts";

await Deno.writeTextFile(examplesFile, JSON.stringify(await examples(), null, 2));
// Loaded after that: it has the examples in it.
const { documentOf } = await import("../../../routes/openapi/document.ts");
const document = documentOf({ publicUrl: "https://switchboard.example.com", version: "0.2.0" });
const { validation, types } = await madeOf(document);
if (!validation.valid) throw new Error(JSON.stringify(validation.errors, null, 2));
await Deno.writeTextFile(typesFile, types);
