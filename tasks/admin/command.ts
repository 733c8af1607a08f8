/**
 * What `deno task admin` is told: a command, what it is about, and how.
 *
 * @module
 */

/** What arguments a command takes. */
export interface Shape {
  /** How many there are that are no options. */
  positionals: number;
  /** Names of options that say something, without the hyphens. */
  values?: string[] | undefined;
  /** Names of those that are there or not. */
  switches?: string[] | undefined;
}

/** Arguments, read. */
export interface Args {
  positionals: string[];
  value(name: string): string | undefined;
  has(name: string): boolean;
}

/** One command. */
export interface Command {
  /** What stands behind `deno task admin`. */
  usage: string;
  shape: Shape;
  /** Resolves with the exit code, see {@linkcode EXIT}. */
  run(args: Args): Promise<number>;
}

/** How a command ends. */
export const EXIT = {
  done: 0,
  failed: 1,
  /** What was asked for cannot be understood. */
  usage: 2,
  /** Done here, but somebody else was not told, or could not do it: an operator has to. */
  partly: 3,
};

/** The arguments make no sense. Its message repeats none of them: one may be a secret. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/**
 * Reads arguments. What begins with two hyphens is an option wherever it stands, and must be known:
 * a user's id cannot become one. After `--` nothing is. `--name=value` takes any value.
 *
 * @throws {UsageError}
 */
export function readArgs(args: string[], shape: Shape): Args {
  const positionals: string[] = [];
  const values = new Map<string, string>();
  const switches = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]!;
    if (arg === "--") {
      positionals.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("--")) {
      positionals.push(arg);
      continue;
    }
    const [name = "", same] = arg.slice(2).split(/=(.*)/s);
    if (values.has(name) || switches.has(name)) throw new UsageError(`--${name} is there twice.`);
    if (shape.switches?.includes(name) && same === undefined) switches.add(name);
    else if (shape.values?.includes(name)) {
      const value = same ?? args[at += 1];
      if (!value || (same === undefined && value.startsWith("--"))) {
        throw new UsageError(`--${name} says nothing.`);
      }
      values.set(name, value);
    } else throw new UsageError("There is an option that this command does not have.");
  }
  if (positionals.length !== shape.positionals || positionals.includes("")) {
    throw new UsageError("There is an argument too many, or too few.");
  }
  return {
    positionals,
    value: (name) => values.get(name),
    has: (name) => switches.has(name),
  };
}
