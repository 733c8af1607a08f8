/**
 * An honest caller's line to the gateways: every answer that comes over it is
 * searched for what is not the caller's to see.
 *
 * @module
 */

import type { Gateways } from "./gateways.ts";
import type { Secret, SecretType } from "./ledger.ts";
import type { Report } from "./report.ts";
import type { Secrets } from "./secrets.ts";

/** No documented wait of a gateway is as long. */
const HANG_MS = 60_000;

/** What must not be; its message says what happened. */
export class Fault extends Error {}

/** A documented refusal, or a process that died: to be tried again. */
export class TryLater extends Error {
  constructor(why: string, readonly ms: number) {
    super(why);
  }
}

/** An answer, read. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // deno-lint-ignore no-explicit-any -- callers look where they know something stands
  json: any;
}

/** What goes over a line. */
export interface Ask {
  method?: string | undefined;
  headers?: Record<string, string> | undefined;
  body?: BodyInit | undefined;
  /** Which of the caller's own secrets may be in the answer. */
  sees?: SecretType[] | undefined;
}

/** What all lines share. */
export interface LineDeps {
  gateways: Pick<Gateways, "publicUrl" | "routed">;
  secrets: Secrets;
  report: Report;
  /** The way out; tests of the oracle put liars in its place. */
  send: typeof fetch;
}

/** The pages of a flow, and the addresses that they lead to. */
const FLOW: SecretType[] = ["link", "state", "authorization code", "gateway token"];

/** One caller's line. */
export class Line {
  readonly #deps: LineDeps;

  constructor(readonly who: string, deps: LineDeps) {
    this.#deps = deps;
  }

  get publicUrl(): string {
    return this.#deps.gateways.publicUrl;
  }

  /** Remembers a secret that this caller was given. */
  own(type: SecretType, text: string): void {
    this.#deps.secrets.add({ text, type, owner: this.who });
  }

  /** Asks a gateway. Throws where the connection broke, or nothing came. */
  async ask(path: string, { method, headers, body, sees = [] }: Ask = {}): Promise<Answer> {
    const url = this.publicUrl + path;
    const init = { method: method ?? "GET", headers: headers ?? {}, body: body ?? null };
    const response = await this.#send(url, init);
    const text = await this.#read(response, `an answer to ${this.who} at ${path}`, sees);
    const json = /^\s*[[{]/.test(text) ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  /** For a browser: the gateways' pages are searched, others' are not. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = String(input);
    const response = await this.#send(url, init);
    if (!url.startsWith(this.publicUrl)) return response;
    for (const name of ["link", "state", "code"]) this.#noteParameter(url, name);
    this.#noteParameter(response.headers.get("Location") ?? "", "state");
    const text = await this.#read(response, `a page for ${this.who} at ${url}`, FLOW);
    const { status, headers } = response;
    return new Response(status === 204 ? null : text, { status, headers });
  };

  #noteParameter(url: string, name: string): void {
    const value = new RegExp(`[?&]${name}=([A-Za-z0-9_-]{43})`).exec(url)?.[1];
    const types: Record<string, SecretType> = { link: "link", state: "state" };
    if (value !== undefined) this.own(types[name] ?? "authorization code", value);
  }

  async #send(url: string, init: RequestInit = {}): Promise<Response> {
    const { gateways, send } = this.#deps;
    try {
      return await send(gateways.routed(url), { ...init, signal: AbortSignal.timeout(HANG_MS) });
    } catch (error) {
      throw brokenBy(error);
    }
  }

  async #read(response: Response, where: string, sees: SecretType[]): Promise<string> {
    let text: string;
    try {
      text = await response.text();
    } catch (error) {
      throw brokenBy(error);
    }
    const isAllowed = ({ owner, type }: Secret) =>
      owner === this.who && (type === "e-mail address" || sees.includes(type));
    this.#deps.report.leak(this.#deps.secrets.find(text, where, isAllowed));
    return text;
  }
}

/** Only a caller of a process that died may try again; the caller's loop knows. */
function brokenBy(error: unknown): Error {
  if ((error as Error).name === "TimeoutError") return new Fault("nothing came for a minute");
  return new TryLater(`the connection broke: ${(error as Error).message}`, 200);
}

/** A gateway token whose key was let go: its client gets another with its refresh token. */
export const TOKEN_ENDED = "the access token has ended";

/** Documented refusals that a caller is to wait on; what else is refused is a fault. */
export function heed(answer: Answer): void {
  const { status, json } = answer;
  if (status === 503 && typeof json?.retry_after === "number") {
    throw new TryLater(`${json.error} (${json.error_description})`, json.retry_after * 1000);
  }
  if (json?.error === "reauthorization_required") throw new TryLater(json.error, 0);
  if (status === 401 && json?.error === "invalid_token") throw new TryLater(TOKEN_ENDED, 0);
}

/** The answer, if its status is the one that is expected. */
export function expecting(status: number, answer: Answer): Answer {
  heed(answer);
  if (answer.status !== status) {
    throw new Fault(`${answer.status} instead of ${status}: ${answer.text.slice(0, 300)}`);
  }
  return answer;
}

export function requireEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Fault(`${what} is ${is?.slice(0, 200)}, not ${should}`);
}
