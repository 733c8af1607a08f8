/**
 * Tokens of a provider have leaked: whatever was issued before a moment is
 * ended here, and at the provider where that is asked for. Beside gateways that
 * go on refreshing and connecting, and again after it broke off.
 *
 * First everything is laid down, then the provider is told: from the first on
 * nobody is served from a leaked token set, and of several connections of one
 * account none stands in the way of the others' end. What is newer stays as it
 * is, also where the leaked grant could only be ended together with it.
 *
 * @module
 */

import type { AuthorizationServer } from "../core/authorization_server.ts";
import { isAhead } from "../core/clock.ts";
import { type Connection, isUnnamed } from "../core/connection.ts";
import { sideBySide } from "../core/side_by_side.ts";
import type { ConnectionLedger, KeptHandoff, LedgerEntry, Store, Stored } from "../core/store.ts";
import { VaultError } from "../core/store_errors.ts";
import type { World } from "../core/world.ts";
import { type Tried, tryToEnd } from "../tokens/end_tokens.ts";
import { heldSince, LONGEST_HOLD_OFF_MS } from "../tokens/freshness.ts";
import { layDown } from "../tokens/lay_down.ts";

/** So much is done side by side: few enough for any provider. */
export const LEAK_CONCURRENCY = 5;
/** A provider that says when to come again is asked so often for one connection. */
export const REVOCATION_TRIES = 5;

/** What leaked. */
export interface Leak {
  provider: string;
  /** Epoch ms: what was issued earlier. */
  before: number;
  /** Where it is to be ended at the provider, too. */
  server?: AuthorizationServer | undefined;
  /** Only counts. */
  dryRun?: boolean | undefined;
}

/** What answering it needs. */
export interface LeakDeps {
  store: Pick<Store, "connections" | "handoffs">;
  ledger: ConnectionLedger;
  world: World;
}

/** What was done, in numbers alone. */
export interface LeakReport {
  /** Connections to the provider that were looked at. */
  seen: number;
  /** Issued since. */
  newer: number;
  laidDown: number;
  /** By an earlier run, or by a disconnect that is under way. */
  laidDownBefore: number;
  /** Cannot be opened, and last written before: laid down. The provider cannot be told. */
  unopened: number;
  /** Cannot be opened, and written since: nobody knows, and it stays as it is. */
  untold: number;
  /** What no app can claim any more. */
  handoffs: number;
  /** Cannot be opened. Somebody who has its key may still claim them. */
  untoldHandoffs: number;
  revoked: number;
  revokedBefore: number;
  /** The provider has no way to end them. */
  unsupported: number;
  /** A newer connection of the same account hangs on the same grant. */
  held: number;
  /** How often the provider gave which reason. */
  failed: Map<string, number>;
}

/** One run. */
interface Run extends LeakDeps {
  leak: Leak;
  report: LeakReport;
  /** Nobody asks the provider before this. */
  pausedUntil: number;
  /** Accounts all of whose tokens have ended, as far as they leaked. */
  over: Set<string>;
  /** Accounts that the provider is being asked about: who comes second has nothing left to end. */
  asking: Map<string, Promise<Tried>>;
  onProgress(report: LeakReport): void;
}

/** Answers a leak. What could not be done is in the report, and left to a later run. */
export async function answerLeak(
  deps: LeakDeps,
  leak: Leak,
  onProgress: (report: LeakReport) => void = () => {},
): Promise<LeakReport> {
  const run: Run = {
    ...deps,
    leak,
    report: emptyReport(),
    pausedUntil: 0,
    over: new Set(),
    asking: new Map(),
    onProgress,
  };
  // Hand-offs first: what is claimed until then is among the connections.
  const { opened, unopened } = await deps.store.handoffs.survey();
  run.report.untoldHandoffs = unopened;
  const ours = opened.filter(({ value: { provider, tokens } }) =>
    provider === leak.provider && isLeaked(run, { tokens, connectedAt: tokens.issuedAt })
  );
  await sideBySide(ours, LEAK_CONCURRENCY, (kept) => giveUp(run, kept));
  await sideBySide(deps.ledger.all(leak.provider), LEAK_CONCURRENCY, (entry) => mark(run, entry));
  if (leak.server === undefined || leak.dryRun) return run.report;
  for (const kept of ours) await endHandoff(run, leak.server, kept.digest);
  const { server } = leak;
  const all = deps.ledger.all(leak.provider);
  await sideBySide(all, LEAK_CONCURRENCY, (entry) => end(run, server, entry));
  return run.report;
}

/** Whether nothing is left to do. */
export function isAnswered(
  { untold, untoldHandoffs, held, failed, unopened }: LeakReport,
  { server }: Pick<Leak, "server">,
): boolean {
  const untouched = server === undefined ? 0 : unopened;
  return untold + untoldHandoffs + held + failed.size + untouched === 0;
}

/**
 * By the oldest secret that it holds: who refreshed yesterday with a refresh
 * token that had leaked shares what came of it. What a clock dated that ran
 * ahead may be of any time.
 */
function isLeaked(
  { leak: { before }, world }: Run,
  held: Pick<Connection, "tokens" | "connectedAt">,
): boolean {
  const since = heldSince(held);
  return since < before || isAhead(since, world.now());
}

async function giveUp(run: Run, { digest }: KeptHandoff): Promise<void> {
  const { store: { handoffs }, leak: { dryRun }, report } = run;
  for (let kept = await handoffs.peek(digest); kept !== null; kept = await handoffs.peek(digest)) {
    const isOver = kept.value.usableUntil === 0;
    const done = isOver || dryRun ||
      await handoffs.replace(digest, { ...kept.value, usableUntil: 0 }, kept.version);
    if (!done) continue;
    report.handoffs += 1;
    return;
  }
}

async function endHandoff(run: Run, server: AuthorizationServer, digest: string): Promise<void> {
  const { handoffs } = run.store;
  const kept = await handoffs.peek(digest);
  // Housekeeping of a gateway was here first.
  if (kept === null) return;
  const { account, tokens } = kept.value;
  if (await ended(run, server, account.id, tokens)) await handoffs.take(digest, kept.version);
}

async function mark(run: Run, entry: LedgerEntry): Promise<void> {
  const { store: { connections }, ledger, world, leak, report } = run;
  report.seen += 1;
  run.onProgress(report);
  for (let at: LedgerEntry | null = entry; at !== null; at = await ledger.look(entry.ref)) {
    const stored = await open(run, at);
    if (stored === null) return;
    if (stored === "unopened") {
      // No token set is newer than its record.
      const isOver = at.endedAt !== undefined;
      const isOld = isOver || at.updatedAt < leak.before;
      const done = isOver || !isOld || leak.dryRun || await ledger.layDown(at, world.now());
      if (!done) continue;
      report[isOld ? "unopened" : "untold"] += 1;
      return;
    }
    if (!isLeaked(run, stored.value)) {
      report.newer += 1;
      return;
    }
    const isDown = stored.value.endedAt !== undefined;
    const done = isDown || leak.dryRun || await layDown(connections, stored, world.now()) !== null;
    // A refresh or a person wrote first: what is there now is looked at.
    if (!done) continue;
    report[isDown ? "laidDownBefore" : "laidDown"] += 1;
    return;
  }
}

/** Tells the provider of one that was laid down. */
async function end(run: Run, server: AuthorizationServer, entry: LedgerEntry): Promise<void> {
  const { connections } = run.store;
  if (entry.endedAt === undefined) return;
  const stored = await open(run, entry);
  if (stored === null || stored === "unopened") return;
  const { account, tokens, revokedAt } = stored.value;
  if (!isEnding(run, stored.value)) return;
  if (revokedAt !== undefined) run.report.revokedBefore += 1;
  else if (await ended(run, server, account, tokens)) {
    let last: Stored<Connection> | null = stored;
    // Somebody may connect again meanwhile: what is new has not ended.
    while (last !== null && isEnding(run, last.value)) {
      const value = { ...last.value, revokedAt: run.world.now() };
      if (await connections.put(value, last.version) !== null) return;
      last = await connections.get(entry.ref);
    }
  }
}

function isEnding(run: Run, connection: Connection): boolean {
  return connection.endedAt !== undefined && isLeaked(run, connection);
}

/** Whether the provider has confirmed the end; counts what it said. */
async function ended(
  run: Run,
  server: AuthorizationServer,
  account: string,
  tokens: Connection["tokens"],
): Promise<boolean> {
  const { report, over, asking } = run;
  // Connections to it are of as many people, and nobody waits for another.
  const earlier = isUnnamed(account) ? undefined : asking.get(account);
  const ask = async (): Promise<Tried> => {
    await earlier;
    if (over.has(account)) return { ended: { kind: "revoked" }, wholeGrant: true };
    return await patiently(run, () => tryToEnd(run, server, account, tokens));
  };
  const asked = ask();
  asking.set(account, asked);
  const tried = await asked;
  if (tried.wholeGrant && tried.ended?.kind === "revoked") over.add(account);
  switch (tried.ended?.kind) {
    case undefined:
      report.held += 1;
      return false;
    case "revoked":
      report.revoked += 1;
      return true;
    case "unsupported":
      report.unsupported += 1;
      return false;
    case "failed": {
      const { reason } = tried.ended;
      report.failed.set(reason, (report.failed.get(reason) ?? 0) + 1);
      return false;
    }
  }
}

/** Waits where the provider says so, all of the run together. */
async function patiently(run: Run, ask: () => Promise<Tried>): Promise<Tried> {
  const { world } = run;
  for (let tries = 1;; tries += 1) {
    while (run.pausedUntil > world.now()) await world.sleep(run.pausedUntil - world.now());
    const tried = await ask();
    const { ended } = tried;
    const retryAfter = ended?.kind === "failed" ? ended.retryAfter : undefined;
    if (retryAfter === undefined || tries === REVOCATION_TRIES) return tried;
    const wait = Math.min(retryAfter * 1000, LONGEST_HOLD_OFF_MS);
    run.pausedUntil = Math.max(run.pausedUntil, world.now() + wait);
  }
}

async function open(
  { store: { connections } }: Run,
  { ref }: LedgerEntry,
): Promise<Stored<Connection> | "unopened" | null> {
  try {
    return await connections.get(ref);
  } catch (error) {
    if (error instanceof VaultError) return "unopened";
    throw error;
  }
}

function emptyReport(): LeakReport {
  return {
    seen: 0,
    newer: 0,
    laidDown: 0,
    laidDownBefore: 0,
    unopened: 0,
    untold: 0,
    handoffs: 0,
    untoldHandoffs: 0,
    revoked: 0,
    revokedBefore: 0,
    unsupported: 0,
    held: 0,
    failed: new Map(),
  };
}
