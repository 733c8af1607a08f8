/**
 * The commands of `deno deploy`, by its documentation of June 2026.
 *
 * @module
 */

/** What is deployed, and where. */
export interface Deployment {
  org: string;
  app: string;
  /** The name of the KV database. */
  database: string;
  region: string;
  /** A file of variables. Its name alone is ever an argument, no value. */
  envFile: string;
  /** The app and its database are there. */
  isThere: boolean;
}

/** One command. */
export interface Step {
  /** Behind `deno`. */
  args: string[];
  /** That something of this name is there already is no failure. */
  mayExist: boolean;
}

/** How `deno deploy` ends where what it should make is there already. */
export const EXISTS = 5;

/** All of them, in order. What holds secrets here is not uploaded as source. */
export function commandsFor(
  { org, app, database, region, envFile, isThere }: Deployment,
): Step[] {
  const at = ["--org", org, "--app", app];
  const own = [".env", envFile, ".data"].flatMap((path) => ["--ignore", path]);
  const make = (...args: string[]): Step => ({ args: ["deploy", ...args], mayExist: true });
  const must = (...args: string[]): Step => ({ args: ["deploy", ...args], mayExist: false });
  const dynamic = ["--source", "local", "--runtime-mode", "dynamic", "--entrypoint", "main.ts"];
  return [
    ...(isThere ? [] : [
      make("create", ...at, ...dynamic, "--region", region, ...own),
      make("database", "provision", database, "--kind", "denokv", "--org", org),
      make("database", "assign", database, ...at),
    ]),
    must("env", "load", envFile, ...at, "--replace"),
    must("--prod", ...at, ...own),
  ];
}

/** As it is typed. */
export function shown({ args }: Step): string {
  const words = args.map((arg) =>
    /^[\w./:-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", `'\\''`)}'`
  );
  return ["deno", ...words].join(" ");
}
