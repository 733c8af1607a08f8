/**
 * What an operator sees of all people together: numbers that are kept with the
 * records that they count, and figures of the last hours. Nothing is looked
 * through for them, however many connections there are. Times are epoch ms.
 *
 * @module
 */

import type { Figure } from "./activity.ts";
import type { Connection, ConnectionRef, ConnectionStatus } from "./connection.ts";

/** How many connections there are, of one provider or one of its services, in one state. */
export interface ConnectionCount {
  provider: string;
  /**
   * Absent: all of the provider. One that is for several services counts for each of them, one that
   * cannot be opened for none.
   */
  service?: string | undefined;
  state: ConnectionStatus;
  count: number;
}

/** What happened at a provider in one hour. Nothing is said of an hour in which nothing did. */
export interface HourFigures {
  /** When it began. */
  hour: number;
  provider: string;
  connected: number;
  disconnected: number;
  toolCalls: number;
  /** Of these, those that were refused or failed. */
  toolErrors: number;
  refreshed: number;
  /** `transient`: it is tried again; `over`: the grant is; `refused`: this program's client was. */
  refreshFailed: { transient: number; over: number; refused: number };
}

/** All of it. */
export interface Counts {
  /** Whether all is counted that is there. Else an older deployment's is still being counted. */
  isWhole: boolean;
  /** Subjects that have a connection, in whatever state. */
  people: number;
  /** By provider, service and state. */
  connections: ConnectionCount[];
  /** Of the last {@linkcode HOURS_SHOWN} hours, the latest first. */
  hours: HourFigures[];
}

/** The hours of which figures are kept, this one among them. */
export const HOURS_SHOWN = 48;
export const HOUR_MS = 60 * 60_000;

/** When the hour of a time began. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS) * HOUR_MS;
}

/**
 * Why a connection has to be connected again. `refused`: its provider refuses it without saying
 * why, for longer than a day; `ended`: somebody here has ended it.
 */
export type DeadReason = "moved" | "grant_over" | "refused" | "ended";

/** A connection that has to be connected again. */
export interface DeadConnection extends ConnectionRef {
  /** Since when. */
  at: number;
  reason: DeadReason;
  /** What it was for, as far as anybody knows. */
  services: string[];
}

/** A page of them, the latest first. */
export interface DeadPage {
  connections: DeadConnection[];
  /** `before` of the next page; absent: there is none. */
  next?: string | undefined;
}

/** Which page is wanted. */
export interface DeadRange {
  /** At most {@linkcode LONGEST_DEAD_PAGE}. */
  limit: number;
  /** `next` of the page before. What is no such text means the first page. */
  before?: string | undefined;
}

/** Connections of one page. */
export const LONGEST_DEAD_PAGE = 100;

/** A figure of one hour, and by how much it grew. */
export interface FigureSum {
  figure: Figure;
  provider: string;
  hour: number;
  by: number;
}

/** Figures at rest. */
export interface FigureStore {
  /** Each is added once; where the store gave no answer, perhaps twice. */
  add(sums: FigureSum[]): Promise<void>;
  /** From an hour on, in order of time. */
  since(hour: number): Promise<FigureSum[]>;
}

/** What a connection is for: the names of its services. */
export type ServicesOf = (connection: Connection) => string[];

/** What is counted of connections. It is written by the connections' own store. */
export interface CountStore {
  read(): Promise<Pick<Counts, "isWhole" | "people" | "connections">>;
  dead(range: DeadRange): Promise<DeadPage>;
  /**
   * Counts what was stored before anything was counted, a part of it at a time; resolves with
   * whether all is counted. Beside all who write, and other processes that do the same.
   */
  recount(servicesOf: ServicesOf, most?: number): Promise<boolean>;
}

/** Why a connection is one of the dead; `undefined`: it is not. */
export function deadReason(
  { status, endedAt, givenUpUntil }: Pick<Connection, "status" | "endedAt" | "givenUpUntil">,
): DeadReason | undefined {
  if (status === "moved") return "moved";
  if (status === "reauthorization_required") return endedAt === undefined ? "grant_over" : "ended";
  return givenUpUntil === undefined ? undefined : "refused";
}

/** What an operator's pages read of it. */
export interface CountsReader {
  read(): Promise<Counts>;
  dead(range: DeadRange): Promise<DeadPage>;
}
