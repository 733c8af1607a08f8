/**
 * What a connection counts as. A record that is counted says so in clear, and as
 * what; the version that leaves this folder says it too. So whoever writes the
 * record next knows without reading what to take from the counters and what to
 * add, and does it in the same commit: counters and records are never apart.
 * Pure.
 *
 * A record that says nothing is counted nowhere: it is of before there were
 * counters, or an older version has written it over. `count_records.ts` counts
 * it later. A counting is begun anew where an older version was at work; each
 * has its own name and its own counters, and a record says to which it belongs.
 *
 * @module
 */

import type { Connection, ConnectionRef, ConnectionStatus } from "../broker/core/connection.ts";
import { type DeadReason, deadReason } from "../broker/core/counts.ts";
import { countKey, deadKey } from "./keys.ts";
import type { PartialChange, RecordKey } from "./records.ts";

/** Of a record, in clear. */
export interface Counted {
  /** Which counting it belongs to. */
  in: string;
  /** Names of services. */
  services: string[];
  /** Since when it has to be connected again, and why; absent: it works. */
  dead?: Dead | undefined;
}

/** Epoch ms. */
export interface Dead {
  at: number;
  why: DeadReason;
}

/** What a record counts as. */
export interface Counting extends Counted {
  status: ConnectionStatus;
}

const MARK = "|";
const PART = "/";

/** A version that says what its record counts as. */
export function withCounting(version: string, counting: Counting | undefined): string {
  if (counting === undefined) return version;
  const { in: name, status, services, dead } = counting;
  const parts = [name, status, services.join(), dead?.at ?? "", dead?.why ?? ""];
  return `${version}${MARK}${parts.join(PART)}`;
}

/** The version without that, and what it says. */
export function partsOfVersion(
  version: string | null,
): { plain: string | null; counting: Counting | undefined } {
  const [plain = null, mark] = version?.split(MARK) ?? [];
  if (mark === undefined) return { plain, counting: undefined };
  const [name = "", status, services = "", at = "", why] = mark.split(PART);
  const dead = at === "" ? undefined : { at: Number(at), why: why as DeadReason };
  return {
    plain,
    counting: {
      in: name,
      status: status as ConnectionStatus,
      services: services === "" ? [] : services.split(","),
      ...(dead === undefined ? {} : { dead }),
    },
  };
}

/** What a connection will count as; `before`: what it counts as now. */
export function countingOf(
  connection: Pick<Connection, "status" | "endedAt" | "givenUpUntil" | "updatedAt">,
  name: string,
  { services, before }: { services: string[] | undefined; before?: Counting | undefined },
): Counting {
  const why = deadReason(connection);
  const at = before?.dead?.why === why ? before?.dead?.at : undefined;
  return {
    in: name,
    status: connection.status,
    services: services ?? before?.services ?? [],
    ...(why === undefined ? {} : { dead: { at: at ?? connection.updatedAt, why } }),
  };
}

/** What a record says of itself. */
export function countingAt(
  { status, counted }: { status: ConnectionStatus; counted?: Counted | undefined },
): Counting | undefined {
  return counted && { ...counted, status };
}

/** What a record has in clear. */
export function countedOf({ in: name, services, dead }: Counting): Counted {
  return { in: name, services, ...(dead === undefined ? {} : { dead }) };
}

/** From what a connection counted as to what it counts as. Nothing where that is the same. */
export function changeOf(
  ref: ConnectionRef,
  before: Counting | undefined,
  after: Counting | undefined,
): PartialChange {
  const sums = new Map<string, { key: RecordKey; by: number }>();
  const add = (key: RecordKey, by: number) => {
    const id = JSON.stringify(key);
    sums.set(id, { key, by: (sums.get(id)?.by ?? 0) + by });
  };
  for (const key of before === undefined ? [] : cellsOf(ref, before)) add(key, -1);
  for (const key of after === undefined ? [] : cellsOf(ref, after)) add(key, 1);
  const isSame = before?.dead?.at === after?.dead?.at && before?.dead?.why === after?.dead?.why;
  const sets = after?.dead === undefined || isSame
    ? []
    : [{ key: deadKey(after.dead.at, ref), value: after.dead.why }];
  const deletes = before?.dead === undefined || before.dead.at === after?.dead?.at
    ? []
    : [deadKey(before.dead.at, ref)];
  return { checks: [], sets, deletes, sums: [...sums.values()].filter(({ by }) => by !== 0) };
}

/** The counters in which it counts. */
function cellsOf({ provider }: ConnectionRef, { in: name, status, services }: Counting) {
  const all: (string | undefined)[] = [undefined, ...new Set(services)];
  return all.map((service) => countKey(name, { provider, status, service }));
}
