/** Processes as the system starts and ends them. */

import { assert, assertEquals } from "@std/assert";
import type { ProcessSpec } from "../../broker/core/system_user.ts";
import { canLimitMemory, startProcess } from "../../start/machine.ts";

const isUnix = Deno.build.os !== "windows";

function hasPrlimit(): boolean {
  try {
    return Deno.build.os === "linux" && Deno.statSync("/usr/bin/prlimit").isFile;
  } catch {
    return false;
  }
}

/** A shell that does as it is told. */
function shell(script: string, more: Partial<ProcessSpec> = {}) {
  const started = startProcess({ command: "/bin/sh", args: ["-c", script], env: {}, ...more });
  const errors = new Response(started.errors).text();
  return { ...started, said: new Response(started.output).text(), errors };
}

/** What it says that ends by itself. */
async function saidBy(script: string, more: Partial<ProcessSpec> = {}): Promise<string> {
  const { input, ended, said, errors } = shell(script, more);
  await input.close();
  await ended;
  await errors;
  return await said;
}

Deno.test(
  "a process has what it is given, and where programs and its home are",
  {
    ignore: !isUnix,
  },
  async () => {
    Deno.env.set("MACHINE_TEST_SECRET", "ours");
    try {
      const lines = (await saidBy("env", { env: { GIVEN: "1", USER: "given" } })).split("\n");
      const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
      assertEquals([env.GIVEN, env.USER], ["1", "given"]);
      for (const name of ["PATH", "HOME"]) assertEquals(env[name], Deno.env.get(name), name);
      assertEquals(env.MACHINE_TEST_SECRET, undefined);
    } finally {
      Deno.env.delete("MACHINE_TEST_SECRET");
    }
  },
);

Deno.test("a process of another user is that user's alone, in a folder that is anybody's", {
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
}, async () => {
  const user = { name: "nobody", uid: 65_534, gid: 65_533, home: "/nowhere" };
  const said = await saidBy("id -u; id -G; pwd; echo $HOME $USER $LOGNAME", { user });
  assertEquals(said, "65534\n65533\n/\n/nowhere nobody nobody\n");
});

Deno.test(
  "a process that does not end is told to, and one that does not heed that is killed",
  {
    ignore: !isUnix,
  },
  async () => {
    const scripts = [
      'trap "echo told; exit" TERM; echo up; while :; do sleep 0.05; done',
      // What it starts keeps none of its pipes open.
      'trap "" TERM; echo up; while :; do sleep 0.05 >/dev/null 2>&1; done',
    ];
    const started = scripts.map((script) => shell(script));
    // Its trap is set by the time that anybody is told: that is long before the patience is over.
    const ends = started.map(async ({ end, ended, said, input }) => {
      await end();
      await ended;
      await input.close().catch(() => {});
      return await said;
    });
    assertEquals(await Promise.all(ends), ["up\ntold\n", "up\n"]);
  },
);

Deno.test("a process is kept to its memory where that can be done, and by default to none", {
  ignore: !hasPrlimit(),
}, async () => {
  assert(canLimitMemory());
  assertEquals(await saidBy("ulimit -d", { memoryMb: 64 }), `${64 * 1024}\n`);
  assertEquals(await saidBy("ulimit -d"), await saidBy("ulimit -d", { memoryMb: undefined }));
  assert(await saidBy("ulimit -d") !== `${64 * 1024}\n`);
});
