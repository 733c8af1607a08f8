/** How the runner puts test files together. */

import { assert, assertEquals } from "@std/assert";
import { grouped, testFiles } from "./support/test_files.ts";

Deno.test("each test file is run once, and by itself where it needs that", async () => {
  const found = await testFiles(["tests/start", "tests/std", "tests/vault"]);
  const folder = await grouped(found);
  const groups: string[][] = [];
  for await (const { name } of Deno.readDir(folder)) {
    assert(name.endsWith("_test.ts"), name);
    const text = await Deno.readTextFile(`${folder}/${name}`);
    groups.push([...text.matchAll(/tests\/[\w/]+_test\.ts/g)].map(([file]) => file));
  }
  await Deno.remove(folder, { recursive: true });
  const all = [...found.starting, ...found.others];
  assertEquals(groups.flat().sort(), all.sort());
  assertEquals(new Set(all).size, all.length);
  const alone = new Set(groups.filter(({ length }) => length === 1).flat());
  for (const file of [...found.starting, "tests/vault/box_key_test.ts"]) assert(alone.has(file));
  assert(found.starting.includes("tests/start/rights_test.ts"), `${found.starting}`);
  assert(groups.length < all.length / 2);
});
