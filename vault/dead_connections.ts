/**
 * Connections that have to be connected again, by the time since when. An entry
 * only says where to look: whether it is so stands in the connection's record.
 *
 * @module
 */

import { type DeadConnection, type DeadPage, LONGEST_DEAD_PAGE } from "../broker/core/counts.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { ConnectionRecord } from "./connection_records.ts";
import { connectionKey, deadPrefix } from "./keys.ts";
import type { RecordKey, Records } from "./records.ts";

/** Characters: of the longest key, with room. */
const LONGEST_PLACE = 10_000;

type DeadKey = [kind: string, at: number, Subject, provider: string, account: string];

/** A page of them, the latest first. */
export async function readDead(
  records: Records,
  { limit: wanted, before }: { limit: number; before?: string | undefined },
): Promise<DeadPage> {
  const limit = Math.max(1, Math.min(wanted, LONGEST_DEAD_PAGE));
  const end = placeOf(before);
  const range = { prefix: deadPrefix, end, limit: limit + 1, reverse: true };
  const found = await Array.fromAsync(records.list(range));
  const page = found.slice(0, limit);
  const connections = await Promise.all(page.map(({ key }) => deadAt(records, key)));
  const last = page.at(-1);
  const isMore = found.length > limit;
  return {
    connections: connections.filter((each) => each !== undefined),
    ...(isMore ? { next: textOf(last!.key) } : {}),
  };
}

/** What an entry says, if its connection still says so, too. */
export async function deadAt(
  records: Records,
  key: RecordKey,
): Promise<DeadConnection | undefined> {
  const [, at, subject, provider, account] = key as unknown as DeadKey;
  const ref = { subject, provider, account };
  const entry = await records.get<ConnectionRecord>(connectionKey(ref));
  const { dead, services = [] } = entry?.value.counted ?? {};
  return dead?.at === at ? { ...ref, at, reason: dead.why, services } : undefined;
}

/** Letters, digits, `_`, `-` and `.`: it stands in addresses. */
function textOf(key: RecordKey): string {
  const text = btoa(encodeURIComponent(JSON.stringify(key.slice(deadPrefix.length))));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ".");
}

/** A text that came from outside. */
function placeOf(text: string | undefined): RecordKey | undefined {
  if (text === undefined || text.length > LONGEST_PLACE) return undefined;
  const coded = text.replaceAll("-", "+").replaceAll("_", "/").replaceAll(".", "=");
  try {
    const parts: unknown = JSON.parse(decodeURIComponent(atob(coded)));
    const isPlace = Array.isArray(parts) && parts.length === 4 && typeof parts[0] === "number" &&
      parts.slice(1).every((part) => typeof part === "string");
    return isPlace ? [...deadPrefix, ...parts as [number, string, string, string]] : undefined;
  } catch {
    return undefined;
  }
}
