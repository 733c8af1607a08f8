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

/** Faults of ours are errors; what was refused, or came to nothing elsewhere, is a warning. */
export function levelOf(request: RequestNotes, { status }: Pick<Ended, "status">): Level {
  const { error, isHandedOn } = request;
  if (isGone(request, status)) return "warn";
  if ((status === 500 && !isHandedOn) || (error !== undefined && OURS.has(error))) return "error";
  return error === undefined && status < 400 ? "info" : "warn";
}

/** One line, without its end. */
export function requestLine(request: RequestNotes, level: Level, ended: Ended): string {
  if (said === undefined || !said.isOf(request, ended)) said = new Said(request, ended);
  const { ms, at } = ended;
  return `{"time":"${
    timeOf(at)
  }","level":"${level}","event":"request","request_id":"${request.id}"` +
    `${said.first}${Math.round(ms * 100) / 100}${said.rest}`;
}

/** What the last line said; most requests differ from the one before in their times alone. */
let said: Said | undefined;

/** What a line says beside its times. */
class Said {
  /** Before how long it took, and behind it. */
  readonly first: string;
  readonly rest: string;
  readonly #method: string;
  readonly #status: number;
  // As they were: what a request comes to may be noted later.
  readonly #route: string | undefined;
  readonly #caller: string | undefined;
  readonly #subject: string | undefined;
  readonly #asked: string | undefined;
  readonly #tool: string | undefined;
  readonly #named: string | undefined;
  readonly #error: string | undefined;
  readonly #isHandedOn: boolean;

  constructor(request: RequestNotes, { method, status }: Ended) {
    const { caller, subject, tool, route, asked, providerRequestId: named } = request;
    this.#method = method;
    this.#status = status;
    this.#route = route;
    this.#caller = caller;
    this.#subject = subject;
    this.#asked = asked;
    this.#tool = tool;
    this.#named = named;
    this.#error = request.error;
    this.#isHandedOn = request.isHandedOn;
    this.first =
      `,"method":"${METHODS.has(method) ? method : "_OTHER"}","route":"${route ?? "none"}"` +
      `,"status":${status},"ms":`;
    this.rest = `,"caller":"${caller === undefined ? "none" : safe(loggedId(caller))}"` +
      (subject === undefined ? "" : `,"subject":"${safe(loggedId(subject))}"`) +
      (asked === undefined ? "" : `,"asked":"${asked}"`) +
      (tool === undefined ? "" : `,"tool":"${safe(tool)}"`) +
      (named === undefined ? "" : `,"provider_request_id":"${named}"`) +
      codeOf(request, status) + "}";
  }

  isOf(request: RequestNotes, { method, status }: Ended): boolean {
    return status === this.#status && method === this.#method && request.route === this.#route &&
      request.tool === this.#tool && request.asked === this.#asked &&
      request.caller === this.#caller && request.subject === this.#subject &&
      request.error === this.#error && request.isHandedOn === this.#isHandedOn &&
      request.providerRequestId === this.#named;
  }
}

/** Whether its caller has hung up; some providers' APIs answer 499 too. */
function isGone({ isHandedOn }: RequestNotes, status: number): boolean {
  return status === GONE && !isHandedOn;
}

/** Of who has gone nobody knows whether the work that was given up has said by now what became of it. */
function codeOf(request: RequestNotes, status: number): string {
  const { error } = request;
  if (isGone(request, status)) return ',"error":"caller_gone"';
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
