/**
 * What was done for a person: the ports by which it is noted, and by which it is
 * read. Of a call nothing is noted but who made it, for what, and how it ended:
 * never what was said in it, and never what came of it. Times are epoch ms.
 *
 * @module
 */

import type { Actor } from "./actor.ts";
import type { Subject } from "./subject.ts";

/** What happened. */
export type ActivityKind =
  | "connected"
  | "disconnected"
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
  | "changed_by_operator";

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
}

/** Where it is read. May throw what the store throws. */
export interface ActivityReader {
  /** What was noted up to about a second ago. */
  page(subject: Subject, range: ActivityRange): Promise<ActivityPage>;
  /** One for each account and service that was used in the last 30 days; the latest first. */
  lastUse(subject: Subject): Promise<LastUse[]>;
}

/** Both. */
export interface ActivityLog extends Activity, ActivityReader {
  /** Resolves when nothing that was noted by then waits to be written. */
  idle(): Promise<void>;
}

/** Entries of one page. */
export const LONGEST_ACTIVITY_PAGE = 100;

/** What is written at a time: entries of one subject, of some minutes, in one process. */
export interface ActivityBlock {
  subject: Subject;
  /** In the order of the times at which blocks begin. Letters and digits. */
  id: string;
  /** One more than the latest that its process had seen. */
  sequence: number;
  /** In the order in which each first happened; what is there keeps its place. */
  entries: ActivityView[];
  /** Of all blocks up to this one, as far as its process had seen them. */
  uses: LastUse[];
  /** How many entries were not kept. */
  leftOut: number;
  /** Until then it is kept. */
  expiresAt: number;
}

/** A block as it was found; without `block` it cannot be opened. */
export interface FoundBlock {
  id: string;
  block?: ActivityBlock | undefined;
}

/** Blocks at rest. */
export interface ActivityStore {
  /**
   * Writes blocks, each in the place of what it was before. Only its own process writes a block.
   * Nothing is kept of who was deleted a moment ago.
   */
  put(blocks: ActivityBlock[]): Promise<void>;
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
  page: () => Promise.resolve({ entries: [], leftOut: 0 }),
  lastUse: () => Promise.resolve([]),
  idle: () => Promise.resolve(),
};
