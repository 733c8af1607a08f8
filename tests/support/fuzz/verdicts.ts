/**
 * Bad input for a gateway: seeded randomness, requests byte by byte, and what
 * every refusal must look like and must leave alone.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Reason } from "../../../broker/core/refusal.ts";
import { type HttpReason, wireOfHttp, wireOfReason } from "../../../routes/http/errors.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import { API_KEY, type Gateway, OTHER_API_KEY, startGateway } from "../gateway.ts";

/** Reproducible choices (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, `limit`. */
  int(limit: number): number {
    this.#state = (this.#state + 0x6D2B79F5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor(((t ^ (t >>> 14)) >>> 0) / 4294967296 * limit);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(items.length)]!;
  }

  /** `insert` at a random place of `text`. */
  spoil(text: string, insert: string): string {
    const at = this.int(text.length + 1);
    return text.slice(0, at) + insert + text.slice(at);
  }

  /** `text` with a few spans lost, doubled or replaced. */
  mutate(text: string, tokens: readonly string[]): string {
    let mutated = text;
    for (let changes = 1 + this.int(3); changes > 0; changes--) {
      const [from, length] = [this.int(mutated.length), 1 + this.int(8)];
      const [before, span, after] = [
        mutated.slice(0, from),
        mutated.slice(from, from + length),
        mutated.slice(from + length),
      ];
      mutated = this.pick([
        before + after,
        before + span + span + after,
        before + this.pick(tokens) + after,
        before + this.pick(tokens) + span + after,
      ]);
    }
    return mutated;
  }
}

/** A request as it goes over the wire; header values and target are Latin-1. */
export interface Shot {
  method: string;
  target: string;
  headers?: [name: string, value: string][];
  body?: string | Uint8Array<ArrayBuffer>;
  /** `null` leaves the header out. */
  host?: string | null;
}

/** What came back; status 0 where the connection was closed without an answer. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
}

/** What is wrong with a reply, if anything. */
export type Verdict = (reply: Reply, shot: Shot) => string | undefined;

/** Sends one request on a connection of its own. */
export async function send(port: number, shot: Shot): Promise<Reply> {
  const { method, target, headers = [], body, host = `localhost:${port}` } = shot;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(host === null ? [] : [`Host: ${host}`]),
    "Connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(bytes === undefined ? [] : [`Content-Length: ${bytes.byteLength}`]),
  ];
  const head = latin1(`${lines.join("\r\n")}\r\n\r\n`);
  return await sendBytes(port, bytes === undefined ? head : concat([head, bytes]));
}

/** Sends bytes that need not be a request; `end` closes our side after them. */
export async function sendBytes(
  port: number,
  bytes: Uint8Array<ArrayBuffer>,
  end = false,
): Promise<Reply> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
  if (end) await connection.closeWrite();
  return await readReply(connection);
}

/** Text whose characters are bytes. */
export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function concat(parts: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Reads up to the announced length, or to the end where none is announced. */
async function readReply(connection: Deno.Conn): Promise<Reply> {
  const buffer = new Uint8Array(65_536);
  let bytes = new Uint8Array(0);
  for (;;) {
    const reply = parseReply(bytes);
    const length = Number(reply?.headers.get("Content-Length") ?? Infinity);
    if (reply !== undefined && reply.bytes >= length) return reply;
    const read = await connection.read(buffer);
    if (read === null) return reply ?? { status: 0, headers: new Headers(), text: "" };
    bytes = concat([bytes, buffer.slice(0, read)]);
  }
}

function parseReply(bytes: Uint8Array<ArrayBuffer>): Reply & { bytes: number } | undefined {
  const raw = new TextDecoder("latin1").decode(bytes);
  const end = raw.indexOf("\r\n\r\n");
  if (end === -1) return undefined;
  const [first = "", ...lines] = raw.slice(0, end).split("\r\n");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const body = bytes.subarray(end + 4);
  const text = new TextDecoder().decode(body);
  return { status: Number(first.split(" ")[1]), headers, text, bytes: body.length };
}

/** The reasons for which bad input may be refused. */
const FORESEEN: Reason[] = [
  { code: "invalid_request", detail: "-" },
  { code: "invalid_client" },
  { code: "unknown_service", service: "-", known: [] },
  { code: "unknown_account", service: "-", accounts: [] },
  { code: "link_invalid" },
  { code: "link_changed" },
  { code: "code_invalid" },
  { code: "browser_mismatch" },
  { code: "state_invalid" },
  { code: "service_mismatch" },
  { code: "issuer_mismatch" },
];
const FORESEEN_AS_HTTP: HttpReason[] = [
  { code: "cross_site" },
  { code: "unsupported_media_type" },
  { code: "payload_too_large", limit: 0 },
  { code: "forbidden_host" },
  { code: "forbidden_origin" },
  { code: "not_found" },
  { code: "method_not_allowed", allow: "-" },
];
const TABLE = new Set(
  [...FORESEEN.map(wireOfReason), ...FORESEEN_AS_HTTP.map(wireOfHttp)]
    .map(({ status, error }) => `${status} ${error}`),
);

/** A typed refusal of the REST part, and nothing beside it. */
export const typedRefusal: Verdict = (reply) => {
  const { error, error_description: description, ...rest } = jsonOf(reply) ?? {};
  const challenged = reply.headers.get("WWW-Authenticate")?.startsWith("Bearer ") === true;
  return faultOf(
    [TABLE.has(`${reply.status} ${error}`), "not in the error table"],
    [typeof description === "string" && description !== "", "no error_description"],
    [Object.keys(rest).length === 0, "says more than a refusal"],
    [reply.status !== 401 || challenged, "401 without a challenge"],
  );
};

function faultOf(...checks: [ok: boolean, fault: string][]): string | undefined {
  return checks.find(([ok]) => !ok)?.[1];
}

/** A typed refusal of this kind. */
export function refusal(status: number, error: string): Verdict {
  return (reply, shot) => {
    if (reply.status !== status) return `not ${status}`;
    const isPage = reply.headers.get("Content-Type")?.startsWith("text/html");
    if (isPage) return page(reply, shot);
    return typedRefusal(reply, shot) ??
      (jsonOf(reply)?.error === error ? undefined : `not ${error}`);
  };
}

/** A page that says no. */
export const page: Verdict = ({ status, headers, text }) =>
  faultOf(
    [status >= 400 && status <= 499, "not 4xx"],
    [headers.get("Content-Type")?.startsWith("text/html") === true, "not HTML"],
    [/^<!doctype html>.*<h1>\w/is.test(text), "not a page"],
  );

/** A page, or typed where the address is none of ours. */
export const pageOrTyped: Verdict = (reply, shot) =>
  page(reply, shot) === undefined ? undefined : typedRefusal(reply, shot);

/** A JSON-RPC error, or a tool's result that says it is one. */
export const rpcError: Verdict = (reply) => {
  if (reply.status !== 200 && (reply.status < 400 || reply.status > 499)) return "not 200 or 4xx";
  return isRpcError(jsonOf(reply)) ? undefined : "not a JSON-RPC error";
};

/** Anything that JSON-RPC allows: results too, and 202 where nothing was asked. */
export const rpcAnswer: Verdict = (reply, shot) => {
  if (reply.status === 202 && reply.text === "") return undefined;
  const body = jsonOf(reply);
  const answers = Array.isArray(body) ? body : [body];
  const fine = answers.every((answer) => isRpcError(answer) || isRpcResult(answer));
  return reply.status === 200 && fine ? undefined : rpcError(reply, shot);
};

/** Refused before JSON-RPC is looked at, or by it. */
export const typedOrRpcError: Verdict = (reply, shot) =>
  typedRefusal(reply, shot) === undefined ? undefined : rpcError(reply, shot);

/** The HTTP server itself gave up, or we refused. */
export const noRequest: Verdict = (reply, shot) => {
  const { status, text } = reply;
  if (status === 0) return undefined;
  return status >= 400 && status <= 499 && text === "" ? undefined : typedRefusal(reply, shot);
};

// deno-lint-ignore no-explicit-any -- verdicts look into whatever came
function jsonOf({ text }: Reply): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isRpcError(body: unknown): boolean {
  if (!isObject(body) || body.jsonrpc !== "2.0") return false;
  if (isObject(body.error)) {
    const { code, message } = body.error;
    return Number.isInteger(code) && typeof message === "string" && message !== "";
  }
  if (!isObject(body.result) || body.result.isError !== true) return false;
  const { content } = body.result;
  return Array.isArray(content) && content.length > 0 && typeof content[0].text === "string";
}

function isRpcResult(body: unknown): boolean {
  return isObject(body) && body.jsonrpc === "2.0" && isObject(body.result);
}

/** A gateway that is being shot at. */
export interface Range extends AsyncDisposable {
  gateway: Gateway;
  port: number;
  /** Must appear in no answer and no log. */
  secrets: string[];
  /** Shoots, judges every reply, and asserts that nothing was written, asked, logged or told. */
  holds(shots: Shot[], verdict: Verdict): Promise<void>;
  /** The same for requests that {@linkcode Shot} cannot say. */
  holdsAgainst<T>(
    attacks: T[],
    attack: (item: T) => Promise<Reply>,
    verdict: Verdict,
  ): Promise<void>;
}

const CONCURRENCY = 16;

/** Starts one; `connected` are the services that the usual user has. */
export async function startRange(
  { env = {}, connected = [] }: { env?: Record<string, string>; connected?: string[] } = {},
): Promise<Range> {
  const keyLine = newKeyLine("k1");
  let asked = 0;
  const gateway = await startGateway({
    env: {
      ENCRYPTION_KEYS: keyLine,
      GITHUB_CLIENT_SECRET: "github-client-secret",
      GOOGLE_CLIENT_SECRET: "google-client-secret",
      ...env,
    },
    fetch: (...request) => {
      asked++;
      return fetch(...request);
    },
  });
  const port = Number(new URL(gateway.url).port);
  const secrets = [
    API_KEY,
    OTHER_API_KEY,
    keyLine.slice("k1:".length),
    "github-client-secret",
    "google-client-secret",
    gateway.kvPath,
  ];
  for (const service of connected) await gateway.connect(service);
  for (const service of connected) secrets.push(await providerToken(gateway, service));

  async function holdsAgainst<T>(
    attacks: T[],
    attack: (item: T) => Promise<Reply>,
    verdict: Verdict,
  ): Promise<void> {
    await gateway.broker.idle();
    const [before, askedBefore] = [await snapshot(gateway.kv), asked];
    const faults: string[] = [];
    await forEach(attacks, async (item) => {
      const reply = await attack(item);
      const fault = verdict(reply, item as Shot) ?? leak(secrets, reply);
      if (fault !== undefined) faults.push(`${fault}: ${shown(item)} → ${shown(reply)}`);
    });
    const first = faults.slice(0, 10).join("\n");
    assert(faults.length === 0, `${faults.length} of ${attacks.length}:\n${first}`);
    await gateway.broker.idle();
    assertEquals(await snapshot(gateway.kv), before, "something was written");
    assertEquals(asked, askedBefore, "a provider was asked");
    const said = JSON.stringify(gateway.world.events);
    assertEquals(secrets.filter((secret) => said.includes(secret)), [], "the log holds a secret");
    assertEquals(gateway.world.events.filter(({ level }) => level === "error"), []);
  }

  return {
    gateway,
    port,
    secrets,
    holdsAgainst,
    holds: (shots, verdict) => holdsAgainst(shots, (shot) => send(port, shot), verdict),
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}

async function providerToken(gateway: Gateway, service: string): Promise<string> {
  const { json } = await gateway.api(`/token/${service}`, { body: { user_id: "user_123" } });
  return json.access_token;
}

/** Every key of the store with its version. */
export async function snapshot(kv: Deno.Kv): Promise<string[]> {
  const entries: string[] = [];
  for await (const { key, versionstamp } of kv.list({ prefix: [] })) {
    entries.push(`${JSON.stringify(key)} ${versionstamp}`);
  }
  return entries;
}

async function forEach<T>(items: T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const work = async () => {
    for (const item of queue) await run(item);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
}

/** A secret, a stack trace, a path of this machine, or input that came back as markup. */
function leak(secrets: string[], { headers, text }: Reply): string | undefined {
  const all = `${[...headers].join("\n")}\n${text}`;
  const isPage = headers.get("Content-Type")?.startsWith("text/html") === true;
  return faultOf(
    [!secrets.some((secret) => all.includes(secret)), "tells a secret"],
    [!/\.[cm]?[jt]sx?:\d+|file:\/\/|node_modules/.test(all), "tells where the code is"],
    [!all.includes(Deno.cwd()), "tells a path"],
    [!isPage || !/<script/i.test(text), "holds a script"],
  );
}

function shown(item: unknown): string {
  const text = JSON.stringify(
    item,
    (name, value) => name === "headers" && value instanceof Headers ? undefined : clipped(value),
  );
  return text.slice(0, 600);
}

function clipped(value: unknown): unknown {
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === "string" && value.length > 160 ? `${value.slice(0, 160)}…` : value;
}
