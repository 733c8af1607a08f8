/**
 * The program's types, for tests that ask what an expression is. TypeScript's
 * own resolution knows nothing of Deno's, so each import goes where `deno info`
 * says that it goes, and a package is read where Deno keeps it. Nothing is
 * installed, and nothing is left out in silence: what cannot be resolved throws.
 *
 * @module
 */

import ts from "typescript";

const root = new URL("../../../", import.meta.url);
/** Where packages seem to be, for TypeScript to apply their `exports`. */
const PACKAGES = "/packages/node_modules/";
const GLOBALS = "/globals/lib.deno.d.ts";
/** The language's own types come with TypeScript, the rest of the globals with Deno. */
const LIBRARY = ts.sys.getExecutingFilePath().replace(/[^/]*$/, "");
/** Node's types come with Deno and lie in no file; nodemailer has none. */
const UNTYPED = /^node:|^nodemailer\//;

/** Newer Denos leave these to Node's types. */
const TIMERS = `
declare function setTimeout(then: (...args: any[]) => void, ms?: number, ...args: any[]): number;
declare function setInterval(then: (...args: any[]) => void, ms?: number, ...args: any[]): number;
declare function clearTimeout(id?: number): void;
declare function clearInterval(id?: number): void;
`;

interface Info {
  modules: { specifier: string; dependencies?: Dependency[] }[];
  npmPackages: Record<string, { name: string; version: string; registryUrl: string }>;
}
interface Dependency {
  specifier: string;
  code?: { specifier?: string };
  type?: { specifier?: string };
}

async function deno(...args: string[]): Promise<string> {
  const how = { args, cwd: root, env: { NO_COLOR: "1" } };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), how).output();
  if (!success) throw new Error(`deno ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

/** Which folder each package is in. */
async function foldersOf({ npmPackages }: Info): Promise<Map<string, string>> {
  const { npmCache } = JSON.parse(await deno("info", "--json"));
  return new Map(
    Object.values(npmPackages).map(({ name, version, registryUrl }) => {
      const { host, pathname } = new URL(registryUrl);
      return [name, `${npmCache}/${host.replace(":", "_")}${pathname}${name}/${version}/`];
    }),
  );
}

/** `npm:/@scope/name@1.2.3_peer@1/sub` → `@scope/name/sub` */
function packagePath(specifier: string): string {
  return specifier.replace(/^npm:\/?((?:@[^/]+\/)?[^/@]+)(?:@[^/]*)?/, "$1");
}

/** Sources that are not on the disk, by their path. */
export type Extra = Record<string, string>;

/** What is asked. */
export interface Typed {
  checker: ts.TypeChecker;
  /** The program's own files, without packages and tests. */
  files: ts.SourceFile[];
  /** The path from the root, and the line. */
  placeOf(node: ts.Node): string;
}

/** Reads the types of everything that an entry point needs. */
export async function typesOf(entries: string[], extra: Extra = {}): Promise<Typed> {
  const imports = entries.map((entry) => `import ${JSON.stringify(new URL(entry, root))};`);
  const entry = `data:application/typescript,${encodeURIComponent(imports.join(""))}`;
  // Offers what a fresh machine does not have yet.
  await deno("cache", "--quiet", ...entries);
  const info: Info = JSON.parse(await deno("info", "--json", entry));
  const folders = await foldersOf(info);
  const globals = await deno("types") + TIMERS;
  const local = info.modules.filter(({ specifier }) => specifier.startsWith(root.href));
  const targets = new Map(local.map(({ specifier, dependencies = [] }) => [
    new URL(specifier).pathname,
    new Map(dependencies.map(({ specifier, type, code }) => [
      specifier,
      type?.specifier ?? code?.specifier,
    ])),
  ]));

  const realPath = (path: string): string => {
    if (!path.startsWith(PACKAGES)) return path;
    const [, name = "", rest = ""] = /^((?:@[^/]+\/)?[^/]+)\/?(.*)$/.exec(
      path.slice(PACKAGES.length),
    ) ?? [];
    return (folders.get(name) ?? "/nowhere/") + rest;
  };
  const { readFile, fileExists, directoryExists } = ts.sys;
  const text = (path: string): string | undefined =>
    path === GLOBALS ? globals : extra[path] ?? readFile(realPath(path));
  const options: ts.CompilerOptions = {
    lib: ["lib.esnext.d.ts"],
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    allowImportingTsExtensions: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    jsx: ts.JsxEmit.ReactJSX,
    jsxImportSource: "hono/jsx",
    types: [],
  };
  const host: ts.CompilerHost = {
    getSourceFile: (path, target) => {
      const source = text(path);
      return source === undefined ? undefined : ts.createSourceFile(path, source, target, true);
    },
    getDefaultLibFileName: () => LIBRARY + "lib.esnext.d.ts",
    getDefaultLibLocation: () => LIBRARY,
    writeFile: () => {},
    getCurrentDirectory: () => root.pathname,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    fileExists: (path) => path === GLOBALS || path in extra || fileExists(realPath(path)),
    directoryExists: (path) => path === "/packages/node_modules" || directoryExists(realPath(path)),
    readFile: text,
    resolveModuleNameLiterals: (literals, containing) =>
      literals.map(({ text: specifier }) => ({ resolvedModule: resolve(specifier, containing) })),
  };
  const unresolved = new Set<string>();
  const resolve = (specifier: string, containing: string): ts.ResolvedModuleFull | undefined => {
    const target = targets.get(containing)?.get(specifier) ??
      (containing in extra && specifier.startsWith(".")
        ? new URL(specifier, `file://${containing}`).href
        : specifier);
    if (target.startsWith("file:")) {
      const { pathname } = new URL(target);
      const extension = /\.d\.ts$|\.\w+$/.exec(pathname)?.[0] ?? ".ts";
      return { resolvedFileName: pathname, extension, isExternalLibraryImport: false };
    }
    const inPackage = containing.startsWith(PACKAGES);
    const from = inPackage ? containing : `${PACKAGES}../importer.ts`;
    const name = inPackage ? specifier : packagePath(target);
    const { resolvedModule } = ts.resolveModuleName(name, from, options, host);
    if (resolvedModule === undefined && !inPackage && !UNTYPED.test(name)) {
      unresolved.add(`${containing}: ${specifier}`);
    }
    return resolvedModule;
  };

  const paths = [...targets.keys(), ...Object.keys(extra)];
  const program = ts.createProgram({ rootNames: [GLOBALS, ...paths], options, host });
  if (unresolved.size > 0) throw new Error(`Cannot resolve ${[...unresolved].join(", ")}`);
  return {
    checker: program.getTypeChecker(),
    files: paths.flatMap((path) => program.getSourceFile(path) ?? []),
    placeOf: (node) => {
      const file = node.getSourceFile();
      const { line } = file.getLineAndCharacterOfPosition(node.getStart());
      return `${file.fileName.replace(root.pathname, "")}:${line + 1}`;
    },
  };
}
