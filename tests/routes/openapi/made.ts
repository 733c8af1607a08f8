/**
 * What is made of the document by packages of others; see `generate.ts`.
 *
 * @module
 */

const root = new URL("../../../", import.meta.url);
const folder = "tests/routes/openapi";

/** What they say. */
export interface Made {
  validation: { valid: boolean; errors?: unknown };
  /** TypeScript. */
  types: string;
}

const HEADER = `// deno-fmt-ignore-file
// deno-lint-ignore-file
// Made of /openapi.json by openapi-typescript: \`deno task openapi\` writes it.

`;

/** Where the types stand. */
export const typesFile = new URL("client_types.ts", import.meta.url);

/** Validates a document, and makes the types of a client. */
export async function madeOf(document: unknown): Promise<Made> {
  const config = `${folder}/packages.json`;
  const args = ["run", "--allow-all", "--quiet", "--config", config, `${folder}/generate.ts`];
  const how = { args, cwd: root, env: { NO_COLOR: "1" }, stdin: "piped", stdout: "piped" } as const;
  const making = new Deno.Command(Deno.execPath(), how).spawn();
  const input = making.stdin.getWriter();
  await input.write(new TextEncoder().encode(JSON.stringify(document)));
  await input.close();
  const { success, stdout } = await making.output();
  if (!success) throw new Error("Cannot make a client of the document");
  const { validation, types } = JSON.parse(new TextDecoder().decode(stdout));
  return { validation, types: HEADER + types };
}
