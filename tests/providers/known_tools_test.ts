import { assert, assertEquals } from "@std/assert";
import { providerModules } from "../../providers/registry.ts";
import { knownToolFiles } from "../../tasks/tools.ts";

const folder = new URL("../../providers/known_tools/", import.meta.url);
const CURE = "what is known of tools is not what their code says: run `deno task tools`";

Deno.test("what lists know of tools is what their code says", async () => {
  const said = new Map(
    [...await knownToolFiles()].map(([name, text]) => [name, JSON.parse(text)]),
  );
  const files = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name);
  assertEquals(files.toSorted(), [...said.keys()].toSorted(), CURE);
  for (const [name, tools] of said) {
    const written = JSON.parse(await Deno.readTextFile(new URL(name, folder)));
    assertEquals(written, tools, `${name}: ${CURE}`);
    // The order of a schema's members is that of the list.
    assertEquals(JSON.stringify(written), JSON.stringify(tools), `${name}: ${CURE}`);
  }
});

Deno.test("every provider reads its own file, and names each of its tools once", async () => {
  const names: string[] = [];
  for (const { name, laterTools } of providerModules) {
    assert(laterTools !== undefined, name);
    const known = await laterTools.known();
    const written = await Deno.readTextFile(new URL(`${name}.json`, folder));
    assertEquals(known, JSON.parse(written), name);
    names.push(...known.map(({ name }) => name));
  }
  assertEquals(names.length, new Set(names).size);
});
