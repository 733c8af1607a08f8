/**
 * Fetches a client id metadata document from the public internet, and from
 * nowhere else: https, no redirects, 64 KB, 5 s.
 *
 * The connection goes to the very address that was checked, so that a name
 * cannot change its mind in between (DNS rebinding). `fetch` resolves names by
 * itself and can be pinned on no Deno version that Deploy runs (2.5, seen
 * November 2026), hence the few lines of HTTP/1.1 here.
 *
 * @module
 */

import type { FetchDocument } from "../broker/core/client.ts";
import { parseJson } from "../broker/core/json.ts";
import { isPublicAddress } from "./public_address.ts";
import { Refusal } from "../broker/core/refusal.ts";

export const MAX_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024;
export const TIMEOUT_MS = 5_000;

/** How to reach the internet; replaced by tests. */
export interface DocumentOptions {
  /** The addresses of a name. */
  resolve?: ((hostname: string) => Promise<string[]>) | undefined;
  isAllowed?: ((address: string) => boolean) | undefined;
  /** Certificates that are trusted beside the platform's own, as PEM. */
  caCerts?: string[] | undefined;
  timeoutMs?: number | undefined;
}

/** A {@linkcode FetchDocument} for client id metadata documents. */
export function createDocumentFetch(options: DocumentOptions = {}): FetchDocument {
  const { resolve = resolveName, isAllowed = isPublicAddress, timeoutMs = TIMEOUT_MS } = options;
  return async (url) => {
    const find = () => addressOf(url, resolve, isAllowed);
    const text = await getWithin(timeoutMs, url, find, options.caCerts ?? []);
    try {
      return parseJson(text);
    } catch {
      return refuse("it is not JSON");
    }
  };
}

function refuse(detail: string): never {
  throw new Refusal({ code: "client_document", detail, about: "metadata" });
}

/** One address of the host; refuses a host of which any address is not public. */
async function addressOf(
  { hostname }: URL,
  resolve: NonNullable<DocumentOptions["resolve"]>,
  isAllowed: NonNullable<DocumentOptions["isAllowed"]>,
): Promise<string> {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1");
  const isLiteral = literal !== hostname || /^[\d.]+$/.test(hostname);
  const addresses = isLiteral ? [literal] : await resolve(hostname);
  const [address] = addresses;
  // One answer for both: it does not tell which names there are in this program's own network.
  if (address === undefined || !addresses.every(isAllowed)) {
    return refuse("its host is not on the public internet");
  }
  return address;
}

async function resolveName(hostname: string): Promise<string[]> {
  const types = ["A", "AAAA"] as const;
  const found = await Promise.allSettled(types.map((type) => Deno.resolveDns(hostname, type)));
  return found.flatMap((result) => result.status === "fulfilled" ? result.value : []);
}

/** The body. The time is for all of it: looking up the name, TLS, and the last byte. */
async function getWithin(
  ms: number,
  url: URL,
  find: () => Promise<string>,
  caCerts: string[],
): Promise<string> {
  const port = Number(url.port || 443);
  let connection: Deno.Conn | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let late = false;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late = true;
      close(connection);
      reject(new Error("late"));
    }, ms);
  });
  const get = async () => {
    const address = await find();
    if (late) throw new Error("late");
    const tcp = await Deno.connect({ hostname: address, port });
    connection = tcp;
    if (late) throw new Error("late");
    const tls = await Deno.startTls(tcp, { hostname: url.hostname, caCerts });
    connection = tls;
    await writeAll(tls, requestOf(url));
    return bodyOf(await readAll(tls));
  };
  try {
    const getting = get();
    getting.catch(() => {});
    return await Promise.race([getting, timeout]);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    return refuse(late ? "its host did not answer in time" : "its host cannot be reached");
  } finally {
    clearTimeout(timer);
    close(connection);
  }
}

function close(connection: Deno.Conn | undefined): void {
  try {
    connection?.close();
  } catch (error) {
    // Closed already, by the other side or by us.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function requestOf({ pathname, search, host }: URL): Uint8Array {
  return new TextEncoder().encode(
    [
      `GET ${pathname}${search} HTTP/1.1`,
      `Host: ${host}`,
      "Accept: application/json",
      "User-Agent: switchboard",
      "Connection: close",
      "",
      "",
    ].join("\r\n"),
  );
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Everything until the other side closes, one character per byte (TextDecoder has no such). */
async function readAll(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(16 * 1024);
  let text = "";
  for (;;) {
    let count: number | null;
    try {
      count = await connection.read(buffer);
    } catch (error) {
      // Many servers close without TLS's own goodbye.
      if (error instanceof Deno.errors.UnexpectedEof) return text;
      throw error;
    }
    if (count === null) return text;
    text += String.fromCharCode(...buffer.subarray(0, count));
    // Chunked bodies are a little longer on the wire.
    if (text.length > MAX_BYTES * 2 + MAX_HEADER_BYTES) return refuse("it is too long");
  }
}

/** The body of a 200 answer of JSON. */
function bodyOf(text: string): string {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, Math.max(0, end)).split("\r\n");
  const [, status = ""] = /^HTTP\/1\.[01] (\d{3})/.exec(statusLine) ?? [];
  if (end < 0 || status === "") return refuse("its host does not speak HTTP");
  if (status !== "200") return refuse(`its host answered with status ${status}`);
  const headers = new Map(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim().toLowerCase()];
  }));
  if (!/^application\/([a-z-]+\+)?json\b/.test(headers.get("content-type") ?? "")) {
    return refuse("it is not application/json");
  }
  const raw = text.slice(end + 4);
  const chunked = headers.get("transfer-encoding")?.includes("chunked");
  const body = chunked ? dechunk(raw) : raw;
  const length = headers.get("content-length");
  if (!chunked && length !== undefined && Number(length) !== body.length) {
    return refuse("its answer broke off");
  }
  if (body.length > MAX_BYTES) return refuse("it is too long");
  const bytes = Uint8Array.from(body, (char) => char.charCodeAt(0));
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("it is not UTF-8");
  }
}

/** RFC 9112 §7.1. */
function dechunk(raw: string): string {
  let body = "";
  for (let at = 0;;) {
    const line = raw.indexOf("\r\n", at);
    // Hexadecimal digits and nothing else: a sign would lead backwards, for ever.
    const [, digits] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(raw.slice(at, line)) ?? [];
    if (line < 0 || digits === undefined) return refuse("its answer broke off");
    const size = parseInt(digits, 16);
    if (size === 0) return body;
    if (line + 2 + size > raw.length) return refuse("its answer broke off");
    body += raw.slice(line + 2, line + 2 + size);
    at = line + 2 + size + 2;
  }
}
