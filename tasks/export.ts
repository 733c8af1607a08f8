/**
 * `deno task export --realm voice --to receiver.jwk`: moves connections out,
 * each as a line that only the receiver can read. Each is marked as moved before
 * its line leaves. `deno task export --open private.jwk` opens such lines.
 *
 * @module
 */

import { isOnDeploy } from "../broker/config/config.ts";
import { parseVaultConfig } from "../broker/config/vault.ts";
import { ownEnv } from "../start/own_env.ts";
import { type Moved, moveOf, moveOut } from "../broker/moving/move_out.ts";
import { readLines } from "../broker/core/bodies.ts";
import type { ConnectionRef } from "../broker/core/connection.ts";
import { VaultError } from "../broker/core/store_errors.ts";
import { partsOf, type Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";
import { connectionPrefix } from "../vault/keys.ts";
import { openVault, type Vault } from "../vault/vault.ts";
import { taskWorld } from "./task_world.ts";
import { failureOf } from "./failed.ts";
import { KeyFault, openerOf, type Receiver, receiverOf } from "./sealed_line.ts";

const USAGE = `Usage: deno task export --realm <API key's name> --to <public JWK file>
         [--provider <name>] [--user <id>] [--dry-run] [--again]
       deno task export --open <private JWK file> < lines

Lines go to stdout, everything else to stderr.`;

/** What is moved, and how. */
interface Wish {
  realm: string;
  to: string;
  provider?: string | undefined;
  user?: string | undefined;
  dryRun: boolean;
  again: boolean;
}

/** Of a sealed line, in bytes: a token set of the largest size, in base64url. */
const LONGEST_LINE = 1024 * 1024;

type Fate = Moved["kind"] | "unopened";

const WORDS: Record<Fate, string> = {
  moved: "moved",
  moved_before: "were moved before; --again gives those once more that went to this key",
  over: "are over, and stay: their people connect again at the receiver",
  key: "are API keys, clients or installations, which no import takes, and stay",
  gone: "were disconnected meanwhile",
  found: "are of MCP servers that know this program alone, and stay",
  busy: "were being refreshed, and stay: run this again",
  unopened: "cannot be opened with these keys, and stay",
};

/** Runs the task; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const named = optionsOf(args);
  if (named?.get("open") !== undefined && named.size === 1) return await open(named.get("open")!);
  const wish = named && wishOf(named);
  if (wish === undefined) {
    console.error(USAGE);
    return 2;
  }
  const receiver = await receiverOf(await Deno.readTextFile(wish.to));
  const env = await ownEnv();
  const { encryptionKeys: keys, kvPath } = parseVaultConfig(env, isOnDeploy(env));
  const world = taskWorld((event) => console.error(JSON.stringify(event)));
  const vault = await openVault({ kvPath, keys }, world);
  try {
    return await moveAll(vault, world, receiver, wish);
  } finally {
    await vault.close();
  }
}

async function moveAll(
  vault: Vault,
  world: World,
  receiver: Receiver,
  wish: Wish,
): Promise<number> {
  const counts = new Map<string, number>();
  const count = (provider: string, fate: Fate) =>
    counts.set(`${provider} ${fate}`, (counts.get(`${provider} ${fate}`) ?? 0) + 1);
  for await (const ref of chosen(vault, wish)) {
    const outcome = await moveOne(vault, world, ref, { ...wish, to: receiver.thumbprint });
    if (outcome !== "unopened" && outcome.kind === "moved" && !wish.dryRun) {
      await write(await receiver.seal(outcome.connection));
    }
    count(ref.provider, outcome === "unopened" ? outcome : outcome.kind);
  }
  for (const [what, many] of [...counts].sort()) {
    const [provider = "", fate = ""] = what.split(" ");
    console.error(`${provider}: ${many} ${WORDS[fate as Fate]}.`);
  }
  const end = wish.dryRun ? "Nothing was changed." : "The receiver has to import them now.";
  console.error(`To the key ${receiver.thumbprint}. ${end}`);
  return [...counts.keys()].some((what) => /busy|unopened/.test(what)) ? 1 : 0;
}

async function moveOne(
  { store }: Vault,
  world: World,
  ref: ConnectionRef,
  { to, again, dryRun }: Wish,
): Promise<Moved | "unopened"> {
  const { connections, leases } = store;
  try {
    if (!dryRun) return await moveOut({ connections, leases, world }, ref, { to, again });
    const stored = await connections.get(ref);
    return stored === null ? { kind: "gone" } : moveOf(stored.value, { to, again }, world.now());
  } catch (error) {
    if (error instanceof VaultError) return "unopened";
    throw error;
  }
}

/** The connections that are meant, as the database lists them. */
async function* chosen(
  { records }: Vault,
  { realm, provider, user }: Wish,
): AsyncGenerator<ConnectionRef> {
  for await (const { key } of records.list({ prefix: connectionPrefix() })) {
    const [, subject, of, account] = key as [string, Subject, string, string];
    const parts = partsOf(subject);
    const isMeant = parts.realm === realm && (user === undefined || parts.userId === user) &&
      (provider === undefined || of === provider);
    if (isMeant) yield { subject, provider: of, account };
  }
}

/** A line is out before the next connection is marked. */
async function write(line: string): Promise<void> {
  let bytes = new TextEncoder().encode(`${line}\n`);
  while (bytes.length > 0) bytes = bytes.subarray(await Deno.stdout.write(bytes));
}

/** The receiver's side: lines from stdin to stdout, for `POST /connections/import`. */
async function open(file: string): Promise<number> {
  const opened = await openerOf(await Deno.readTextFile(file));
  let failed = 0;
  for await (const line of readLines({ body: Deno.stdin.readable }, { limit: LONGEST_LINE })) {
    if (line?.trim() === "") continue;
    try {
      await write(await opened(line?.trim() ?? ""));
    } catch {
      failed += 1;
    }
  }
  if (failed > 0) console.error(`${failed} lines are not for this key, or were changed.`);
  return failed > 0 ? 1 : 0;
}

/** `--name value` and `--flag`; `undefined` where something is not known or there twice. */
function optionsOf(args: string[]): Map<string, string> | undefined {
  const named = new Map<string, string>();
  for (let at = 0; at < args.length; at++) {
    const name = args[at]!.replace(/^--/, "");
    const isFlag = ["dry-run", "again"].includes(name);
    const value = isFlag ? "" : args[++at];
    const isKnown = isFlag || ["realm", "to", "provider", "user", "open"].includes(name);
    if (!isKnown || value === undefined || named.has(name)) return undefined;
    named.set(name, value);
  }
  return named;
}

function wishOf(named: Map<string, string>): Wish | undefined {
  const [realm, to] = [named.get("realm"), named.get("to")];
  if (realm === undefined || to === undefined || named.has("open")) return undefined;
  const [provider, user] = [named.get("provider"), named.get("user")];
  return { realm, to, provider, user, dryRun: named.has("dry-run"), again: named.has("again") };
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof KeyFault ? error.message : failureOf("export", error));
    Deno.exit(1);
  }
}
