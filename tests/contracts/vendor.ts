/**
 * What the contract test needs to know of a vendor.
 *
 * @module
 */

import type { Json } from "../support/api.ts";
import type { Description, Operation, Sent } from "./description.ts";
import type { Style, Words } from "./made.ts";

/** A request, and what it asks for. */
export interface Asked {
  sent: Sent;
  /** What it was answered. */
  answered?: Json;
  /** With these headers. */
  headers?: Record<string, string>;
  operation: Operation;
  /** The values of its path's parameters. */
  path: Record<string, string>;
}

/** What is wrong with a request, and what it asks for. */
export interface Judgement {
  operation: Operation | undefined;
  path: Record<string, string>;
  faults: string[];
}

/** One way of saying no. */
export interface Refusal {
  status: number;
  body: Json;
  headers?: Record<string, string> | undefined;
  kinds: string[];
}

/** One vendor. */
export interface Vendor {
  title: string;
  /** Of which services its description tells. */
  services: string[];
  /** Reads the description; once. */
  describe(): Promise<Description>;
  /** What fields of a name hold. */
  words: Words;
  /**
   * Members without which a thing is none, although the description calls them optional; by their
   * place: `message.id`.
   */
  kept: RegExp;
  /**
   * How far down an answer goes: what stands deeper has no optional members.
   *
   * @default 9
   */
  depth?: number | undefined;
  /** How many things of a list were asked for. */
  most(sent: Sent): number;
  /** Makes an answer one to this request: what was asked for is what comes. */
  fit(body: Json, asked: Asked, style: Style): Json;
  /**
   * Its answers to changes show what was sent.
   *
   * @default true
   */
  echoes?: boolean | undefined;
  /** Headers of an answer. */
  headers(style: Style, sent: Sent): Record<string, string>;
  /** The body of a refusal. */
  refusal(status: number): Json;
  /**
   * The statuses with which any request may be refused.
   *
   * @default 401, 403, 404, 429 and 500
   */
  statuses?: number[] | undefined;
  /** Other refusals, and as what each of them has to be understood. */
  refusals?: Refusal[] | undefined;
  /**
   * Whether a request changes nothing.
   *
   * @default those with GET
   */
  reads?: ((operation: Operation) => boolean) | undefined;
  /** Whether more follows what was answered. */
  goesOn?: ((asked: Asked) => boolean) | undefined;
  /** Answers to a change that say that it was not made, from one that says that it was. */
  undone?: ((body: Json) => Json[]) | undefined;
  /** In the place of the usual judgement. */
  judge?: ((description: Description, sent: Sent) => Judgement) | undefined;
  /** It is answered with a file. */
  isMedia?: ((sent: Sent) => boolean) | undefined;
}
