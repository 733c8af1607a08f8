/**
 * One request over https to the very address that was checked, so that a name
 * cannot change its mind in between (DNS rebinding).
 *
 * `fetch` resolves names by itself. `node:https` can be pinned by its `lookup`
 * in Deno 2.9 and throws "not implemented" in 2.5, which Deploy runs; undici
 * can be in both, at 24 MB of memory, 130 ms and timers that outlive their
 * request (seen November 2026). Hence the few lines of HTTP/1.1 here and in
 * `http_answer.ts`: one request on one connection, and nothing kept.
 *
 * @module
 */

import { NotAllowed } from "../broker/core/careful_fetch.ts";
import { type Answer, AnswerReader } from "./http_answer.ts";
import { isPublicAddress } from "../broker/core/public_address.ts";

/** How to reach the internet; replaced by tests. */
export interface PinnedOptions {
  /** The addresses of a name. */
  resolve?: ((hostname: string) => Promise<string[]>) | undefined;
  isAllowed?: ((address: string) => boolean) | undefined;
  /** Certificates that are trusted beside the platform's own, as PEM. */
  caCerts?: string[] | undefined;
}

/** What is sent. `Host`, `Connection` and the body's length are not for the caller to say. */
export interface PinnedRequest {
  method: string;
  url: URL;
  headers: [name: string, value: string][];
  body?: Uint8Array | undefined;
  /** Of the answer's body, in bytes. */
  limit: number;
  /** For all of it: looking up the name, TLS, and the last byte. */
  signal: AbortSignal;
}

/** How many addresses of one name are tried. */
const MOST_ADDRESSES = 4;

/**
 * Sends it and reads the answer to its end.
 *
 * @throws {NotAllowed} where nothing was sent; {BadAnswer}; the signal's
 * reason; what a connection throws.
 */
export async function askPinned(request: PinnedRequest, options: PinnedOptions): Promise<Answer> {
  const { signal, url } = request;
  let connection: Deno.Conn | undefined;
  const over = Promise.withResolvers<never>();
  const end = () => {
    close(connection);
    over.reject(signal.reason);
  };
  if (signal.aborted) throw signal.reason;
  signal.addEventListener("abort", end, { once: true });
  const ask = async () => {
    const addresses = await addressesOf(url, options);
    signal.throwIfAborted();
    const tcp = await connect(addresses, Number(url.port || 443), signal);
    connection = tcp;
    signal.throwIfAborted();
    const { caCerts = [] } = options;
    const tls = await Deno.startTls(tcp, { hostname: url.hostname, caCerts });
    connection = tls;
    await writeAll(tls, headOf(request));
    if (request.body !== undefined) await writeAll(tls, request.body);
    return await readAnswer(tls, request.limit);
  };
  try {
    const asking = ask();
    asking.catch(() => {});
    return await Promise.race([asking, over.promise]);
  } finally {
    signal.removeEventListener("abort", end);
    close(connection);
  }
}

/** The addresses of the host; refuses a host of which any address is not public. */
async function addressesOf(
  { hostname }: URL,
  { resolve = resolveName, isAllowed = isPublicAddress }: PinnedOptions,
): Promise<string[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, "$1");
  const isLiteral = literal !== hostname || /^[\d.]+$/.test(hostname);
  const addresses = isLiteral ? [literal] : await resolve(hostname);
  // One answer for both: it does not tell which names there are in this program's own network.
  if (addresses.length === 0 || !addresses.every(isAllowed)) throw new NotAllowed();
  return addresses.slice(0, MOST_ADDRESSES);
}

async function resolveName(hostname: string): Promise<string[]> {
  const types = ["A", "AAAA"] as const;
  const found = await Promise.allSettled(types.map((type) => Deno.resolveDns(hostname, type)));
  return found.flatMap((result) => result.status === "fulfilled" ? result.value : []);
}

/** To the first address that takes it: not every machine has a way to every one. */
async function connect(
  addresses: string[],
  port: number,
  signal: AbortSignal,
): Promise<Deno.TcpConn> {
  let fault: unknown;
  for (const hostname of addresses) {
    signal.throwIfAborted();
    try {
      const connection = await Deno.connect({ hostname, port });
      if (signal.aborted) close(connection);
      return connection;
    } catch (error) {
      fault = error;
    }
  }
  throw fault;
}

function close(connection: Deno.Conn | undefined): void {
  try {
    connection?.close();
  } catch (error) {
    // Closed already, by the other side or by us.
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function headOf({ method, url, headers, body }: PinnedRequest): Uint8Array {
  const lines = [
    `${method} ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(method === "GET" ? [] : [`Content-Length: ${body?.length ?? 0}`]),
    "Connection: close",
    "",
    "",
  ];
  // A header's value is bytes, one for each character (`Headers` takes no others).
  return Uint8Array.from(lines.join("\r\n"), (character) => character.charCodeAt(0));
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

async function readAnswer(connection: Deno.Conn, limit: number): Promise<Answer> {
  const reader = new AnswerReader(limit);
  const buffer = new Uint8Array(16 * 1024);
  for (;;) {
    let count: number | null;
    try {
      count = await connection.read(buffer);
    } catch (error) {
      // Many servers close without TLS's own goodbye.
      if (error instanceof Deno.errors.UnexpectedEof) return reader.end();
      throw error;
    }
    if (count === null || reader.add(buffer.subarray(0, count))) return reader.end();
  }
}
