/**
 * What was done for a person: the ports by which it is noted, and by which it is
 * read. Of a call nothing is noted but who made it, for what, and how it ended:
 * never what was said in it, and never what came of it. Times are epoch ms.
 *
 * @module
 */

import type { Actor } from "./actor.ts";
import type { ConnectTrail, TrailNote } from "./connect_trail.ts";
import type { Subject } from "./subject.ts";

/** What happened. */
export type ActivityKind =
  | "connected"
  | "disconnected"
  /** A way to a connection came to nothing; the outcome says why. */
  | "connect_failed"
  /** A refresh found that the connection has to be connected again. */
  | "refresh_failed"
  /** An app got a provider token. */
  | "token_handed_out"
  /** An app had a request made with a provider token, which it did not see. */
  | "api_called"
  | "tool_called"
  | "signed_in"
  /** An MCP client, a personal token or a session token may act from now on. */
  | "access_allowed"
  | "access_narrowed"
  | "access_ended"
  /** An operator has changed a setting; of what kind the change was, and of what, says `about`. */
  | "changed_by_operator"
  /** Everything was sealed anew, or a key was retired. `about`: the ids of the keys. */
  | "keys_rotated"
  /** A user was deleted, of whom nothing is said. `about`: the name of their chain. */
  | "user_deleted";

/** Who did it. `system`: this program, by itself. */
export interface ActivityActor {
  kind: Actor["kind"] | "system";
  id: string;
  /** As people know it at that time: the name of the API key, the MCP client, the personal token. */
  name?: string | undefined;
}

/** What is said of everything that happened. */
interface Happened {
  what: ActivityKind;
  actor: ActivityActor;
  provider?: string | undefined;
  /** A service, or what else was named in its place. */
  service?: string | undefined;
  /** {@linkcode Account.id} */
  account?: string | undefined;
  tool?: string | undefined;
  /** Of access that was allowed, narrowed or ended: whose, by its name. */
  app?: string | undefined;
  /** What was changed, where that is nothing of a user's. */
  about?: string | undefined;
  /** `ok`, the code of a refusal, or `error`; of a call that was not made again: `repeated`. */
  outcome: string;
  /**
   * In which request, as its answer and the log call it: of entries that are one, the last one's.
   * Absent: in none.
   */
  requestId?: string | undefined;
}

/** What is noted. */
export interface ActivityEntry extends Happened {
  at: number;
  subject: Subject;
}

/** What is read: entries that were the same, and close together, are one. */
export interface ActivityView extends Happened {
  /** When it last happened. */
  at: number;
  /** When it first happened; the same as `at` where it happened once. */
  since: number;
  /** How often. */
  count: number;
}

/** A page of them, the newest first. */
export interface ActivityPage {
  entries: ActivityView[];
  /** `before` of the next page, in letters and digits, `_`, `-` and `.`; absent: there is none. */
  next?: string | undefined;
  /** How many were not kept, of the time that the page is about, since there were too many. */
  leftOut: number;
}

/** Which page is wanted. */
export interface ActivityRange {
  /** At most so many entries, and no more than {@linkcode LONGEST_ACTIVITY_PAGE}. */
  limit: number;
  /** `next` of the page before. What is no such text means the first page. */
  before?: string | undefined;
  /** Nothing older, to within some minutes. */
  since?: number | undefined;
}

/** When an account was last used for a service. */
export interface LastUse {
  provider: string;
  account: string;
  /** Absent where it was used as a whole: its token was handed out by the provider's name. */
  service?: string | undefined;
  at: number;
  actor: ActivityActor;
  tool?: string | undefined;
}

/** What is counted for the hour in which it happened, by provider, and of nobody in particular. */
export type Figure =
  | "connected"
  | "disconnected"
  | "tool_calls"
  | "tool_errors"
  | "refreshed"
  /** A refresh failed, and will be tried again. */
  | "refresh_transient"
  /** A refresh failed: the grant is over, or is taken to be. */
  | "refresh_over"
  /** A refresh failed: the provider does not accept this program's client. */
  | "refresh_refused";

/** Where things are noted. Costs its caller nothing but a place in a list: nobody waits for it. */
export interface Activity {
  note(entry: ActivityEntry): void;
  count(figure: Figure, provider: string): void;
  /** A step of a connect. */
  step(note: TrailNote): void;
  /** How the request is called that is being answered; `undefined`: there is none. */
  requestId(): string | undefined;
}

/** Where it is read. May throw what the store throws. */
export interface ActivityReader {
  /** What was noted up to about a second ago. */
  page(subject: Subject, range: ActivityRange): Promise<ActivityPage>;
  /** One for each account and service that was used in the last 30 days; the latest first. */
  lastUse(subject: Subject): Promise<LastUse[]>;
}

/** Where connects are read, step by step. May throw what the store throws. */
export interface TrailReader {
  /** The connects of a subject, the latest first, and whether there are more than are read. */
  trails(subject: Subject): Promise<{ trails: ConnectTrail[]; areAll: boolean }>;
  /** By its own id, or by the reference of a request in which it failed; `undefined`: there is none. */
  trail(reference: string): Promise<ConnectTrail | undefined>;
}

/** Both. */
export interface ActivityLog extends Activity, ActivityReader, TrailReader {
  /**
   * Writes down what the chains are that this process wrote since it did so last: what is cut back
   * from then on shows. Resolves when that is done, or could not be.
   */
  anchor(): Promise<void>;
  /** Resolves when nothing that was noted by then waits to be written. */
  idle(): Promise<void>;
}

/** Entries of one page. */
export const LONGEST_ACTIVITY_PAGE = 100;

/** What is written at a time: entries of one subject, of some minutes, whichever process noted them. */
export interface ActivityBlock {
  subject: Subject;
  /** In the order of the times at which blocks begin. Letters and digits. */
  id: string;
  /** Its number in its chain, from 1. */
  sequence: number;
  /** In the order in which each was first written down; what is there keeps its place. */
  entries: ActivityView[];
  /** Of all blocks up to this one. */
  uses: LastUse[];
  /** How many entries were not kept. */
  leftOut: number;
  /** Until then it is kept. */
  expiresAt: number;
  /** Absent: of a version before there were chains. */
  link?: ChainLink | undefined;
  /** In the chain of anchors alone: what other chains were. */
  anchors?: Anchor[] | undefined;
}

/** How a block hangs in its subject's chain. */
export interface ChainLink {
  /** Which chain. A subject has another one once all of the first has ended. */
  chain: string;
  /** When it was begun. */
  begunAt: number;
  /** How often the chain had been written by then, this time included. */
  writes: number;
  /** The block before, as it was when it was closed; absent: this is the first. */
  previous?: { mac: string; expiresAt: number } | undefined;
  /** The latest anchor that its process knew of; absent: none. */
  witness?: Witness | undefined;
}

/** That the chain of anchors had a block, until when it is kept. */
export type Witness = [chain: string, sequence: number, expiresAt: number];

/**
 * What a chain was at a time: which one, its last block that was closed and the MAC of that, how
 * often it had been written, and when it ended. It does not say whose it is.
 */
export type Anchor = [
  chain: string,
  sequence: number,
  mac: string,
  writes: number,
  expiresAt: number,
];

/**
 * What is noted of the deployment, and of nobody who uses it: what operators change. No user and no
 * API key can be called so.
 */
export const DEPLOYMENT: Subject = "~deployment:log";

/** Whose chain the anchors are. */
export const ANCHORS: Subject = "~deployment:anchors";

/** What a chain was when it was last written: what is there of its blocks is held against it. */
export interface ActivityHead {
  subject: Subject;
  chain: string;
  /** Of the MACs of its blocks; a random secret. */
  key: string;
  /** The latest block: its number, its name, and the MAC of what it says. */
  sequence: number;
  block: string;
  mac: string;
  writes: number;
  /** Of the time that it was written: random, as two processes may write the same. */
  mark: string;
  /** With the latest block, which ends last. */
  expiresAt: number;
}

/** A head as it was found; without `head` it cannot be opened. */
export interface FoundHead {
  version: string;
  head?: ActivityHead | undefined;
  fault?: RecordFault | undefined;
}

/**
 * What is wrong with a record. `unknown_key`: no key of this program opens it. `altered`: it is not
 * what was written there. `end_altered`: only its end is another one outside of the box.
 */
export type RecordFault = "unknown_key" | "altered" | "end_altered";

/** A block as it was found; without `block` it cannot be opened. */
export interface FoundBlock {
  id: string;
  block?: ActivityBlock | undefined;
  fault?: RecordFault | undefined;
}

/** What goes on with a chain, in one commit. */
export interface ActivityAppend {
  head: ActivityHead;
  /** New ones, and one that was open and has grown. */
  blocks: ActivityBlock[];
  /** The head's version, as it was read; `null`: there was none. */
  seen: string | null;
}

/** What became of it: the head's new version; or somebody was faster; or nothing is kept of them. */
export type Appended = { version: string } | "changed" | "deleted";

/** Blocks at rest, and the head of each chain of them. */
export interface ActivityStore {
  head(subject: Subject): Promise<FoundHead | null>;
  /**
   * Writes blocks and heads, each subject's together if its head is the one that was seen. Nothing
   * is kept of who was deleted a moment ago. One answer for each, in the same order.
   */
  append(appends: ActivityAppend[]): Promise<Appended[]>;
  /** Of one subject, the newest first, from below an id on. */
  list(
    subject: Subject,
    range: { limit: number; before?: string | undefined },
  ): Promise<FoundBlock[]>;
}

/** Where nobody wants to know. */
export const NO_ACTIVITY: ActivityLog = {
  note: () => {},
  count: () => {},
  step: () => {},
  requestId: () => undefined,
  page: () => Promise.resolve({ entries: [], leftOut: 0 }),
  lastUse: () => Promise.resolve([]),
  trails: () => Promise.resolve({ trails: [], areAll: true }),
  trail: () => Promise.resolve(undefined),
  anchor: () => Promise.resolve(),
  idle: () => Promise.resolve(),
};
