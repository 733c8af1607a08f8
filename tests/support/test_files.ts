/**
 * Tells test files that start processes from others, which take little time.
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

/** The test files in some folders, or single ones, that start no processes; paths from the root. */
export async function withoutProcesses(below: string[]): Promise<string[]> {
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
  return files.filter((file) => !starts(new URL(file, root).href)).sort();
}
