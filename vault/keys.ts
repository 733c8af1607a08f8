/**
 * Every KV key of the program is spelled here and nowhere else; SCHEMA.md says
 * what stands under each.
 *
 * @module
 */

import type { ConnectionRef } from "../broker/core/connection.ts";
import type { RecordKey } from "./records.ts";
import type { Subject } from "../broker/core/subject.ts";

/** KV keys that are texts only: they are part of a box's additional data. */
export type TextKey = string[];

/** The first part of every key, and so the kinds of records that there are. */
export const prefixes = [
  "connections",
  "accounts",
  "marks",
  "indexes",
  "pieces",
  "leases",
  "providers",
  "due",
  "ends",
  "owned",
  "pending",
  "links",
  "handoffs",
  "codes",
  "grants",
  "session_tokens",
  "secrets",
  "sessions",
  "epochs",
  "clients",
  "calls",
  "imports",
  "lists",
  "proofs",
  "setups",
  "trails",
  "upstreams",
  "definitions",
  "discoveries",
  "texts",
  "reports",
  "settings",
  "versions",
  "health",
  "sealers",
  "retired",
  "closed",
  "tombstones",
  "activity",
  "chains",
  "figures",
  "counts",
  "subjects",
  "dead",
  "limits",
  "events",
  "feed",
  "outbox",
  "lanes",
  "wakes",
  "receivers",
] as const;
type Prefix = (typeof prefixes)[number];
export type RecordKind = Prefix;

/** The kind of a key; `undefined`: it is none of this program's. */
export function kindOfKey([kind]: RecordKey): RecordKind | undefined {
  return prefixes.find((each) => each === kind);
}

/**
 * Whose the records of each kind are, and so how all those of one person are found. A kind that is
 * missing here does not compile, and one that says `subject` is exported, counted and removed with
 * everything else of that person's (`owned_records.ts`).
 *
 * - `subject`: they stand under their kind and the subject.
 * - `named`: where one names a subject it has an entry in `owned`, in its own commits.
 * - `beside`: they are written and deleted in the commits of another record.
 * - `nobody`: no person can be told from them.
 */
const WHOSE = {
  connections: "subject",
  accounts: "beside",
  marks: "nobody",
  indexes: "nobody",
  pieces: "beside",
  leases: "subject",
  providers: "nobody",
  due: "named",
  ends: "beside",
  owned: "beside",
  pending: "named",
  links: "named",
  handoffs: "named",
  codes: "named",
  grants: "subject",
  session_tokens: "subject",
  secrets: "named",
  sessions: "named",
  epochs: "subject",
  clients: "nobody",
  calls: "named",
  imports: "named",
  lists: "named",
  proofs: "named",
  upstreams: "nobody",
  definitions: "nobody",
  discoveries: "nobody",
  texts: "nobody",
  reports: "nobody",
  health: "nobody",
  sealers: "nobody",
  retired: "nobody",
  closed: "nobody",
  tombstones: "nobody",
  settings: "nobody",
  versions: "nobody",
  setups: "nobody",
  trails: "named",
  activity: "subject",
  chains: "subject",
  figures: "nobody",
  counts: "nobody",
  subjects: "beside",
  dead: "beside",
  limits: "nobody",
  events: "subject",
  feed: "beside",
  outbox: "subject",
  lanes: "subject",
  wakes: "named",
  receivers: "nobody",
} as const satisfies Record<Prefix, "subject" | "named" | "beside" | "nobody">;
type Whose = (typeof WHOSE)[Prefix];

/** The kinds whose records are found in one way. */
export function kindsOf<W extends Whose>(whose: W) {
  type Kind = { [P in Prefix]: (typeof WHOSE)[P] extends W ? P : never }[Prefix];
  return prefixes.filter((kind): kind is Kind => WHOSE[kind] === whose);
}

/** All records of one kind of a subject: of kinds that say `subject`. */
export function ofSubjectPrefix(kind: Prefix, subject: Subject): TextKey {
  return textKey(kind, subject);
}

function textKey(prefix: Prefix, ...parts: (string | undefined)[]): TextKey {
  return [prefix, ...parts.filter((part) => part !== undefined)];
}

export function connectionKey({ subject, provider, account }: ConnectionRef): TextKey {
  return textKey("connections", subject, provider, account);
}

/** As many marks stand for all connections. */
const MARKS = 1024;

/**
 * Written with each connection that is added, changed or deleted, of this subject at this provider or
 * of others: a mark names nobody, and whoever shares one with somebody looks once more than it had to.
 * `key`: of a connection, or of all of one subject at one provider. What else there is has no mark.
 */
export function markKey([kind, ...whose]: RecordKey): RecordKey | undefined {
  const [subject, provider] = whose;
  if (kind !== "connections" || subject === undefined || provider === undefined) return undefined;
  const text = `${subject} ${provider}`;
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash, 31) + text.charCodeAt(at) | 0;
  return ["marks", (hash >>> 0) % MARKS];
}

/** All connections, of one subject, of one subject at one provider. */
export function connectionPrefix(subject?: Subject, provider?: string): TextKey {
  return textKey("connections", subject, provider);
}

/**
 * Whose connection to an account works. The account's id stands there as it stands in the key of
 * the connection itself: a digest beside that would hide nothing.
 */
export function accountKey({ subject, provider, account }: ConnectionRef): TextKey {
  return textKey("accounts", provider, account, subject);
}

/** All connections that work, of one provider, of one account. */
export function accountPrefix(provider: string, account?: string): TextKey {
  return textKey("accounts", provider, account);
}

/** Says that everything stands in the index of accounts. */
export const accountsIndexedKey: TextKey = textKey("indexes", "accounts");

/** The pieces of one record that does not fit into one value, of a kind's records, of all. */
export function piecePrefix(...of: TextKey): TextKey {
  return textKey("pieces", ...of);
}

/** Sorted by number; the first piece stands in the record itself. */
export function pieceKey(of: TextKey, at: number): RecordKey {
  return [...piecePrefix(...of), at];
}

export function leaseKey({ subject, provider, account }: ConnectionRef): TextKey {
  return textKey("leases", subject, provider, account);
}

export function providerKey(provider: string, event: string): TextKey {
  return textKey("providers", provider, event);
}

/** Sorted by time: KV orders numbers as numbers. */
export function dueKey({ subject, provider, account }: ConnectionRef, at: number): RecordKey {
  return [...duePrefix, at, subject, provider, account];
}

export const duePrefix: TextKey = textKey("due");

/** Says that a record ends at a time: sorted by it, as what is due is. */
export function endKey(key: TextKey, at: number): RecordKey {
  return [...endPrefix, at, ...key];
}

export const endPrefix: TextKey = textKey("ends");

/** Says that everything that ends stands in the index of ends, or how far it does. */
export const endsIndexedKey: TextKey = textKey("indexes", "ends");

/** Says that a record is a subject's, where its own key does not. */
export function ownedKey(subject: Subject, key: RecordKey): RecordKey {
  return [...ownedPrefix(subject), ...key];
}

/** All such records, of whoever. */
export const ownedKindPrefix: TextKey = textKey("owned");

/** All such records of a subject, of one kind. */
export function ownedPrefix(subject: Subject, kind?: Prefix): TextKey {
  return textKey("owned", subject, kind);
}

/** The record that an entry of that index is about. */
export function keyOfOwned(key: RecordKey): RecordKey {
  return key.slice(2);
}

/** Says that everything stands in the index of what is whose, or how far it does. */
export const ownedIndexedKey: TextKey = textKey("indexes", "owned");

/**
 * Whose record it is that stands under a key, and which record that is: the subject of one that
 * is under it, or of an entry of `owned`. Absent for all else.
 */
export function ownerIn(key: RecordKey): { subject: Subject; record: RecordKey } | undefined {
  const [kind, subject] = key as [Prefix, Subject];
  if (kind === "owned") return { subject, record: keyOfOwned(key) };
  return WHOSE[kind] === "subject" ? { subject, record: key } : undefined;
}

/** What lets somebody in for a person: it goes first. */
export const accessKinds: Prefix[] = ["grants", "session_tokens", "secrets", "codes"];

/** The kinds of records by which somebody gets in, for an operator to count. */
export const entryKinds = [
  "grants",
  "session_tokens",
  "clients",
  "sessions",
] as const satisfies Prefix[];

/** What a person is signed in with, and what ends it: it goes last, in this order. */
export const lastKinds: Prefix[] = ["sessions", "epochs"];

/** While it is there, nothing new is kept of whom it stands for: under a pseudonym. */
export function closedKey(pseudonym: string): TextKey {
  return textKey("closed", pseudonym);
}

export const tombstonePrefix: TextKey = textKey("tombstones");

/** What is left of a person who was deleted: under a pseudonym. */
export function tombstoneKey(pseudonym: string): TextKey {
  return textKey("tombstones", pseudonym);
}

export function grantKey(subject: Subject, id: string): TextKey {
  return textKey("grants", subject, id);
}

export function grantPrefix(subject?: Subject): TextKey {
  return textKey("grants", subject);
}

export function sessionTokenKey(subject: Subject, id: string): TextKey {
  return textKey("session_tokens", subject, id);
}

export function sessionTokenPrefix(subject?: Subject): TextKey {
  return textKey("session_tokens", subject);
}

export function epochKey(subject: Subject): TextKey {
  return textKey("epochs", subject);
}

/** Of before 0.2.0, and only read. */
export function upstreamKey(name: string): TextKey {
  return textKey("upstreams", name);
}

/** Of a tool, by our name, or of a server's instructions. */
export function definitionKey(
  { upstream, tool }: { upstream: string; tool?: string | undefined },
): TextKey {
  return textKey("definitions", upstream, tool === undefined ? "instructions" : "tool", tool);
}

/** All definitions, or those of one upstream. */
export function definitionPrefix(upstream?: string): TextKey {
  return textKey("definitions", upstream);
}

/** What is known of an MCP server that asks for OAuth. */
export function discoveryKey({ name, url }: { name: string; url: string }): TextKey {
  return textKey("discoveries", name, url);
}

/** The text of one definition of a tool, or of a server's instructions. */
export function textOfKey(
  { upstream, tool }: { upstream: string; tool?: string | undefined },
  digest: string,
): TextKey {
  return textKey("texts", upstream, ...(tool === undefined ? [] : [tool]), digest);
}

/** What was left out of the lists of all upstreams, of one. */
export const reportPrefix: TextKey = textKey("reports");

export function reportKey(upstream: string): TextKey {
  return textKey("reports", upstream);
}

/** The kinds of records that expire. */
export const expiringKinds = [
  "pending",
  "links",
  "handoffs",
  "codes",
  "secrets",
  "sessions",
  "clients",
  "calls",
  "imports",
  "lists",
  "proofs",
  "setups",
  "trails",
] as const satisfies Prefix[];
export type ExpiringKind = (typeof expiringKinds)[number];

export function expiringKey(kind: ExpiringKind, digest: string): TextKey {
  return textKey(kind, digest);
}

/** All records of one kind. */
export function expiringPrefix(kind: ExpiringKind): TextKey {
  return textKey(kind);
}

/** Sorted by time, as the ids of blocks are. */
export function activityKey(subject: Subject, id: string): TextKey {
  return textKey("activity", subject, id);
}

export function activityPrefix(subject?: Subject): TextKey {
  return textKey("activity", subject);
}

/** The head of the chain of a subject's blocks. */
export function chainKey(subject: Subject): TextKey {
  return textKey("chains", subject);
}

export const chainPrefix: TextKey = textKey("chains");

/** Which counting of connections is under way, or done. */
export const countingKey: TextKey = textKey("indexes", "counting");

/** Says that everything is counted, or how far it is. */
export const countedKey: TextKey = textKey("indexes", "counted");

/** How many connections there are; of one service, where one is named. */
export function countKey(
  counting: string,
  { provider, status, service }: { provider: string; status: string; service?: string | undefined },
): TextKey {
  return textKey("counts", counting, "connections", provider, status, service);
}

/** How many subjects have one. */
export function peopleKey(counting: string): TextKey {
  return textKey("counts", counting, "people");
}

/** All numbers, those of one counting, of connections. */
export function countPrefix(counting?: string, of?: "connections"): TextKey {
  return textKey("counts", counting, of);
}

/** How many counted connections a subject has. */
export function subjectKey(subject: Subject, counting: string): TextKey {
  return textKey("subjects", subject, counting);
}

export function subjectPrefix(subject: Subject): TextKey {
  return textKey("subjects", subject);
}

/** A connection that has to be connected again, since then: sorted by that. */
export function deadKey(at: number, { subject, provider, account }: ConnectionRef): RecordKey {
  return [...deadPrefix, at, subject, provider, account];
}

export const deadPrefix: TextKey = textKey("dead");

export const figurePrefix: TextKey = textKey("figures");

/** What happened in the hour that begins then; sorted by it. */
export function figureKey(hour: number, provider: string, figure: string): RecordKey {
  return [...figurePrefix, hour, provider, figure];
}

/** An event. `lane`: whom it is about, or a name of its own where nothing is kept of them. */
export function eventKey(lane: string, id: string): TextKey {
  return textKey("events", lane, id);
}

/** Events of a realm, in the order of their commits; a stamp is the version of one. */
export function feedPrefix(realm?: string): TextKey {
  return textKey("feed", realm);
}

export function feedKey(realm: string, stamp: string): TextKey {
  return textKey("feed", realm, stamp);
}

/** What waits to be sent of a lane, in its order. */
export function outboxPrefix(lane?: string): TextKey {
  return textKey("outbox", lane);
}

/** Who sends a lane's events. */
export function laneKey(lane: string): TextKey {
  return textKey("lanes", lane);
}

/** That a lane has something for a receiver from a time on; sorted by it. */
export function wakeKey(receiver: string, at: number, lane: string): RecordKey {
  return [...wakePrefix(receiver), at, lane];
}

/** An entry of it, and whose it is: by time nobody would find it. */
export function wakeKeys(
  receiver: string,
  at: number,
  lane: string,
): [wake: RecordKey, owned: RecordKey] {
  const key = wakeKey(receiver, at, lane);
  return [key, ownedKey(lane as Subject, key)];
}

/** Whose an entry is that says so in its own key: of what is due, and of who is woken. */
export function ownerByKey(key: RecordKey): Subject | undefined {
  if (key[0] === duePrefix[0]) return key[2] as Subject;
  return key[0] === wakePrefix()[0] ? key[3] as Subject : undefined;
}

export function wakePrefix(receiver?: string): TextKey {
  return textKey("wakes", receiver);
}

export function receiverKey(name: string): TextKey {
  return textKey("receivers", name);
}

/** The kinds of records whose `expires_at` says when they end. */
export const endingKinds = [
  "session_tokens",
  ...expiringKinds,
  "closed",
  "tombstones",
  "activity",
  "limits",
  "chains",
  "events",
] as const satisfies Prefix[];

/** Whether a record of this key ends by itself. */
export function doesEnd([kind]: RecordKey): boolean {
  return endingKinds.some((each) => each === kind);
}

/** The kinds of records that hold a box. */
export const sealedKinds = [
  "connections",
  "grants",
  "discoveries",
  "settings",
  "session_tokens",
  "activity",
  "chains",
  "events",
  ...expiringKinds,
] as const satisfies Prefix[];

/** All that an operator has set in the console, but for pictures. */
export const settingsKey: TextKey = textKey("settings", "all");

/** The picture of an app. */
export function logoKey(realm: string): TextKey {
  return textKey("settings", "logo", realm);
}

export const settingsVersionKey: TextKey = textKey("versions", "settings");

/** What was handed out of a limit to processes: under a pseudonym. */
export function limitKey(pseudonym: string): TextKey {
  return textKey("limits", pseudonym);
}

/** In which form everything is kept. */
export const schemaKey: TextKey = textKey("versions", "schema");

export const healthKey: TextKey = textKey("health");

export const sealerPrefix: TextKey = textKey("sealers");

export function sealerKey(process: string): TextKey {
  return textKey("sealers", process);
}

export const retiredPrefix: TextKey = textKey("retired");

export function retiredKey(id: string): TextKey {
  return textKey("retired", id);
}

/** What is good for one use, or ends within the hour: not worth having again from a backup. */
export const singleUseKinds = [
  "pending",
  "links",
  "handoffs",
  "codes",
  "setups",
] as const satisfies Prefix[];

/** What lets somebody in: of a backup it may have been ended since. */
export const restoredAccessKinds = [
  "sessions",
  "secrets",
  "grants",
  "session_tokens",
] as const satisfies Prefix[];

/** What says who works at the moment. */
export const workingKinds = ["leases", "sealers"] as const satisfies Prefix[];
