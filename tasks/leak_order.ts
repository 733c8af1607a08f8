/**
 * What `deno task leak` is told to do.
 *
 * @module
 */

/** How to call it. */
export const USAGE = `Usage: deno task leak --provider <name> --before <time> --reconnect
       deno task leak --provider <name> --before <time> --revoke
       deno task leak --provider <name> --before <time> --dry-run

A time has a zone: 2026-11-20T00:00Z, 2026-11-20T01:00+01:00.`;

/** What to end. */
export interface LeakOrder {
  provider: string;
  /** Epoch ms. */
  before: number;
  mode: "revoke" | "reconnect" | undefined;
  dryRun: boolean;
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** The order, or what is wrong with it. */
export function parseOrder(args: string[], now: number): LeakOrder | string {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at]!;
    if (values.has(arg) || flags.has(arg)) return `${arg}: is there twice.`;
    if (["--provider", "--before"].includes(arg)) {
      const value = args[at += 1];
      if (value === undefined || value.startsWith("--")) return `${arg}: says nothing.`;
      values.set(arg, value);
    } else if (["--revoke", "--reconnect", "--dry-run"].includes(arg)) flags.add(arg);
    else return "There is an argument that means nothing.";
  }
  const [provider, time] = [values.get("--provider"), values.get("--before")];
  if (provider === undefined || time === undefined) return "Say --provider and --before.";
  const before = TIME.test(time) ? Date.parse(time) : NaN;
  if (Number.isNaN(before)) return "--before: is no time with a zone.";
  // Everybody would be asked to connect again, and after that once more.
  if (before > now) return "--before: lies ahead.";
  const dryRun = flags.has("--dry-run");
  if (flags.has("--revoke") && flags.has("--reconnect")) return "--revoke does --reconnect, too.";
  const mode = flags.has("--revoke")
    ? "revoke"
    : flags.has("--reconnect")
    ? "reconnect"
    : undefined;
  if (mode === undefined && !dryRun) return "Say --revoke, --reconnect or --dry-run.";
  return { provider, before, mode, dryRun };
}
