/**
 * Tells test files that start processes from others, which take little time; and
 * puts the others together, since each file for itself loads the whole program
 * anew, which takes longer than most of its tests.
 *
 * @module
 */

/** A module as `deno info --json` tells of it. */
interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string } }[];
}

const root = new URL("../../", import.meta.url);
const STARTS = /\bDeno\.(Command|execPath)\b/;

async function* testsBelow(path: string): AsyncGenerator<string> {
  if (path.endsWith("_test.ts")) return yield path;
  for await (const { name, isDirectory } of Deno.readDir(new URL(path, root))) {
    if (name === "node_modules") continue;
    const inside = `${path.replace(/\/$/, "")}/${name}`;
    if (isDirectory || name.endsWith("_test.ts")) yield* testsBelow(inside);
  }
}

/** All modules that are reached from some files, each with those that it imports. */
async function graphOf(files: string[]): Promise<Map<string, string[]>> {
  const imports = files.map((file) => `import ${JSON.stringify(new URL(file, root))};`);
  const entry = `data:application/typescript,${encodeURIComponent(imports.join(""))}`;
  const child = new Deno.Command(Deno.execPath(), { args: ["info", "--json", entry], cwd: root });
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(`deno info: ${new TextDecoder().decode(stderr)}`);
  const { modules }: { modules: Module[] } = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(modules.map(({ specifier, dependencies = [] }) => [
    specifier,
    dependencies.flatMap(({ code }) => code?.specifier ?? []),
  ]));
}

/** Test files, and which of them start processes; paths from the root, sorted. */
export interface TestFiles {
  starting: string[];
  others: string[];
}

/** The test files in some folders, or single ones. */
export async function testFiles(below: string[]): Promise<TestFiles> {
  const files = (await Promise.all(below.map((path) => Array.fromAsync(testsBelow(path))))).flat();
  const graph = await graphOf(files);
  const own = [...graph.keys()].filter((module) => module.startsWith(root.href));
  const starting = new Set<string>();
  for (const module of own) {
    if (STARTS.test(await Deno.readTextFile(new URL(module)))) starting.add(module);
  }
  /** Who imports one that starts processes is taken to start them. */
  const starts = (module: string, seen = new Set<string>()): boolean => {
    if (starting.has(module)) return true;
    if (seen.has(module)) return false;
    seen.add(module);
    return (graph.get(module) ?? []).some((next) => starts(next, seen));
  };
  const { true: found = [], false: others = [] } = Object.groupBy(
    files.sort(),
    (file) => String(starts(new URL(file, root).href)) as "true" | "false",
  );
  return { starting: found, others };
}

/** So many files share what they load. */
const TOGETHER = 8;
/** Said in the head of a file that needs a process nobody has used. */
const ALONE = /^\/\*\*(?:(?!\*\/)[^])*@alone\b/;

/**
 * Files that import the test files, in a folder of their own: those that take long are by themselves,
 * and first, so that at the end no single one is waited for.
 */
export async function grouped({ starting, others }: TestFiles): Promise<string> {
  const alone: string[] = [];
  const shared: string[] = [];
  for (const file of others) {
    const text = await Deno.readTextFile(new URL(file, root));
    (ALONE.test(text) ? alone : shared).push(file);
  }
  const groups = [...starting, ...alone].map((file) => [file]);
  for (let at = 0; at < shared.length; at += TOGETHER) {
    groups.push(shared.slice(at, at + TOGETHER));
  }
  const folder = await Deno.makeTempDir({ prefix: "switchboard_tests_" });
  for (const [at, files] of groups.entries()) {
    const text = files.map((file) => `import ${JSON.stringify(new URL(file, root))};\n`).join("");
    await Deno.writeTextFile(`${folder}/${String(at).padStart(4, "0")}_test.ts`, text);
  }
  return folder;
}
