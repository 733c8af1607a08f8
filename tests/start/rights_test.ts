import { assertEquals } from "@std/assert";
import { runDeno } from "../support/process.ts";

const CODE = `
import { giveUpRights } from "${new URL("../../start/rights.ts", import.meta.url)}";
const kv = await Deno.openKv(Deno.args[0]);
await giveUpRights(Deno.args[1] === "local" ? [{ kind: "stdio" }] : []);
await kv.set(["a"], 1);
const may = [];
for (const name of ["write", "run", "ffi", "net", "read", "env"]) {
  if (Deno.permissions.querySync({ name }).state === "granted") may.push(name);
}
console.log("may: " + may.join(","));
kv.close();
`;

Deno.test("a program that has started writes no files and starts no processes, but local upstreams", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  try {
    const file = `${folder}/rights.ts`;
    await Deno.writeTextFile(file, CODE);
    for (const [upstreams, may] of [["none", "net,read,env"], ["local", "run,net,read,env"]]) {
      const args = ["run", "-A", "--unstable-kv", "--no-check", file, `${folder}/kv`, upstreams!];
      await using program = runDeno(args, {});
      assertEquals((await program.said(/may: (\S*)/))[1], may);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
