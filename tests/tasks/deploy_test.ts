import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { deployNameFault } from "../../tasks/deploy/env_file.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { runDeno } from "../support/process.ts";

const [, ...TASK] = denoJson.tasks.deploy.command.split(" ");
const GOOD = {
  ENCRYPTION_KEYS: newKeyLine("k1"),
  GITHUB_CLIENT_ID: "id",
  GITHUB_CLIENT_SECRET: "hunter2",
};

/** A folder with a `deno` that writes down how it is called, and ends with `codes` by its words. */
async function stub(codes: Record<string, number> = {}) {
  const path = await Deno.makeTempDir({ prefix: "switchboard_" });
  const cases = Object.entries(codes).map(([words, code]) => `*"${words}"*) exit ${code};;`);
  const script = `#!/bin/sh\necho "$@" >> ${path}/calls\ncase "$*" in ${cases.join(" ")} esac\n`;
  await Deno.writeTextFile(`${path}/deno`, script, { mode: 0o755 });
  await Deno.writeTextFile(`${path}/calls`, "");
  return {
    path,
    calls: async () =>
      (await Deno.readTextFile(`${path}/calls`)).trim().split("\n").filter(Boolean),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function deploy(args: string[], { env = GOOD as Record<string, string>, codes = {} } = {}) {
  await using deno = await stub(codes);
  const file = `${deno.path}/env`;
  const text = Object.entries(env).map(([name, value]) => `${name}=${value}\n`).join("");
  await Deno.writeTextFile(file, text, { mode: 0o600 });
  const all = [...TASK, "--org", "acme", "--app", "switchboard", "--env-file", file, ...args];
  await using program = runDeno(all, { PATH: `${deno.path}:${Deno.env.get("PATH")}` });
  const { code } = await program.ended;
  const calls = (await deno.calls()).map((call) => call.replaceAll(file, "FILE"));
  return { code, output: program.output().replaceAll(file, "FILE"), calls };
}

const AT = "--org acme --app switchboard";
const OWN = "--ignore .env --ignore FILE --ignore .data";
const ALL = [
  `deploy create ${AT} --source local --runtime-mode dynamic --entrypoint main.ts --region eu ${OWN}`,
  "deploy database provision switchboard-kv --kind denokv --org acme",
  `deploy database assign switchboard-kv ${AT}`,
  `deploy env load FILE ${AT} --replace`,
  `deploy --prod ${AT} ${OWN}`,
];

Deno.test("deno task deploy runs the commands in order, and no value of a variable is among them", async () => {
  const { code, output, calls } = await deploy(["--region", "eu", "--yes"]);
  assertEquals([code, calls], [0, ALL], output);
  for (const call of ALL) assertStringIncludes(output, `deno ${call}`);
  assert(!output.includes("hunter2"));
});

Deno.test("without a terminal and without --yes it prints them, and runs none", async () => {
  for (const args of [[], ["--print", "--yes"]]) {
    const { code, output, calls } = await deploy(["--region", "eu", ...args]);
    assertEquals([code, calls], [0, []]);
    for (const call of ALL) assertStringIncludes(output, `deno ${call}`);
  }
});

Deno.test("what is there already is no failure, anything else stops it", async () => {
  const there = await deploy(["--yes"], { codes: { "deploy create": 5, "database provision": 5 } });
  assertEquals([there.code, there.calls.length], [0, 5]);
  const failing = await deploy(["--yes"], { codes: { "env load": 3 } });
  assertEquals([failing.code, failing.calls.length], [1, 4]);
  const update = await deploy(["--yes", "--update"]);
  assertEquals(update.calls, ALL.slice(3));
});

Deno.test("what the platform or the program would not take is said before anything is run", async () => {
  const env = {
    ENCRYPTION_KEYS: "k1:short",
    DENO_FOO: "hunter2",
    AWS_ROLE_ARN: "hunter2",
    KV_PATH: "/var/lib/kv",
    PROVIDERS: `[${" ".repeat(17_000)}]`,
    GITHUB_CLIENT_ID: "id",
  };
  const { code, output, calls } = await deploy(["--yes"], { env });
  assertEquals([code, calls], [1, []]);
  for (
    const said of [
      "DENO_FOO: begins with DENO_",
      "AWS_ROLE_ARN: is the platform's own",
      "KV_PATH: is for a machine of your own",
      "PROVIDERS: has 17002 bytes",
      "ENCRYPTION_KEYS: entry 1",
      "GITHUB_CLIENT_SECRET: is not set",
    ]
  ) assertStringIncludes(output, said);
  assert(!output.includes("hunter2"));
});

Deno.test("names that would be options or paths are refused", async () => {
  for (
    const args of [["--database", "--help"], ["--database", "a b"], ["--region", "mars"], ["--x"]]
  ) {
    const { code, calls } = await deploy(["--yes", ...args]);
    assertEquals([code, calls], [2, []]);
  }
});

Deno.test("the platform's rules of names", () => {
  for (const name of ["LD_PRELOAD", "OTEL_X", "DENO_DIR", "AZURE_CLIENT_ID", "A".repeat(129)]) {
    assert(deployNameFault(name) !== undefined, name);
  }
  for (const name of ["DENO_DEPLOY_TOKEN", "A".repeat(128), "GITHUB_CLIENT_ID"]) {
    assertEquals(deployNameFault(name), undefined, name);
  }
});
