/**
 * The log's line for a request, as JSON. Written by hand: there is one for every request, and
 * making an object for `JSON.stringify` takes several times as long.
 *
 * In it are words of ours (method, pattern of the address, code, names of tools), ids, and numbers.
 * Never an address as it was sent, a header, a name or an e-mail address of a person. How a
 * provider's API calls a request of the proxy is the one word of others.
 *
 * @module
 */

import type { RequestNotes } from "../broker/core/request_notes.ts";
import { loggedId } from "../broker/core/logged_id.ts";

/** How a request ended. */
export interface Ended {
  method: string;
  status: number;
  /** How long it took until its answer began, in ms. */
  ms: number;
  /** Epoch ms. */
  at: number;
}

/** How much it matters. */
export type Level = "info" | "warn" | "error";

const METHODS = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);
const UNSAFE = /[^ !#-[\]-~]/;

/** Codes that are about this program, and that its operator has to mend. */
const OURS = new Set(["server_error", "store_unavailable", "vault_unavailable"]);

/** Nobody waited for the answer; see `sayErrorOf()`. */
const GONE = 499;

/** By what of a request its end is judged. */
type Judged = Pick<RequestNotes, "error" | "isHandedOn">;

/** Faults of ours are errors; what was refused, or came to nothing elsewhere, is a warning. */
export function levelOf(request: Judged, { status }: Pick<Ended, "status">): Level {
  const { error, isHandedOn } = request;
  if (isGone(request, status)) return "warn";
  if ((status === 500 && !isHandedOn) || (error !== undefined && OURS.has(error))) return "error";
  return error === undefined && status < 400 ? "info" : "warn";
}

/**
 * One line, without its end. It knows what is known when the answer begins, since what a request comes
 * to may be noted later, and is made when it is written: with others, which takes a third of what it
 * takes on the way of each request (seen November 2026).
 */
export class RequestLine {
  readonly #request: Pick<RequestNotes, "id">;
  readonly #level: Level;
  readonly #at: number;
  readonly #ms: number;
  readonly method: string;
  readonly status: number;
  readonly route: string | undefined;
  readonly caller: string | undefined;
  readonly subject: string | undefined;
  readonly asked: string | undefined;
  readonly tool: string | undefined;
  readonly providerRequestId: string | undefined;
  readonly error: string | undefined;
  readonly isHandedOn: boolean;

  constructor(request: RequestNotes, level: Level, { method, status, ms, at }: Ended) {
    this.#request = request;
    this.#level = level;
    this.#at = at;
    this.#ms = ms;
    this.method = method;
    this.status = status;
    this.route = request.route;
    this.caller = request.caller;
    this.subject = request.subject;
    this.asked = request.asked;
    this.tool = request.tool;
    this.providerRequestId = request.providerRequestId;
    this.error = request.error;
    this.isHandedOn = request.isHandedOn;
  }

  toString(): string {
    if (said === undefined || !saysTheSame(said.line, this)) said = saidIn(this);
    return `{"time":"${timeOf(this.#at)}","level":"${this.#level}","event":"request"` +
      `,"request_id":"${this.#request.id}"${said.first}${
        Math.round(this.#ms * 100) / 100
      }${said.rest}`;
  }
}

/** What a line says before how long it took, and behind it. */
interface Said {
  line: RequestLine;
  first: string;
  rest: string;
}

/** What the last line said; most requests differ from the one before in their times alone. */
let said: Said | undefined;

function saysTheSame(one: RequestLine, other: RequestLine): boolean {
  return one.method === other.method && one.status === other.status &&
    one.route === other.route && one.caller === other.caller && one.subject === other.subject &&
    one.asked === other.asked && one.tool === other.tool && one.error === other.error &&
    one.isHandedOn === other.isHandedOn && one.providerRequestId === other.providerRequestId;
}

function saidIn(line: RequestLine): Said {
  const { method, status, caller, subject, tool, route, asked, providerRequestId: named } = line;
  return {
    line,
    first: `,"method":"${METHODS.has(method) ? method : "_OTHER"}","route":"${route ?? "none"}"` +
      `,"status":${status},"ms":`,
    rest: `,"caller":"${caller === undefined ? "none" : safe(loggedId(caller))}"` +
      (subject === undefined ? "" : `,"subject":"${safe(loggedId(subject))}"`) +
      (asked === undefined ? "" : `,"asked":"${asked}"`) +
      (tool === undefined ? "" : `,"tool":"${safe(tool)}"`) +
      (named === undefined ? "" : `,"provider_request_id":"${named}"`) +
      codeOf(line) + "}",
  };
}

/** Whether its caller has hung up; some providers' APIs answer 499 too. */
function isGone({ isHandedOn }: Judged, status: number): boolean {
  return status === GONE && !isHandedOn;
}

/** Of who has gone nobody knows whether the work that was given up has said by now what became of it. */
function codeOf(line: RequestLine): string {
  const { error, status } = line;
  if (isGone(line, status)) return ',"error":"caller_gone"';
  if (error !== undefined) return `,"error":"${safe(error)}"`;
  return status < 400 ? "" : `,"error":"status_${status}"`;
}

let second = NaN;
let beginning = "";

/** As `Date.toISOString()`, of which all but the last digits are the same for a second. */
function timeOf(at: number): string {
  const whole = Math.floor(at / 1000);
  if (whole !== second) {
    second = whole;
    beginning = new Date(whole * 1000).toISOString().slice(0, -4);
  }
  const rest = Math.floor(at - whole * 1000);
  return `${beginning}${rest < 10 ? "00" : rest < 100 ? "0" : ""}${rest}Z`;
}

/** Inside of quotation marks. In ASCII, since some who read logs take more for the end of a line. */
function safe(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return JSON.stringify(text).slice(1, -1).replaceAll(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
