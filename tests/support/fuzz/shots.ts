/**
 * Requests byte by byte, as a fetch would never send them.
 *
 * @module
 */

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
  try {
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    if (end) await connection.closeWrite();
  } catch (error) {
    // The other side has answered already and hears no more; its answer can still be read.
    if (!isClosed(error)) throw error;
  }
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
    const read = await connection.read(buffer).catch((error) => {
      if (isClosed(error)) return null;
      throw error;
    });
    if (read === null) return reply ?? { status: 0, headers: new Headers(), text: "" };
    bytes = concat([bytes, buffer.slice(0, read)]);
  }
}

function isClosed(error: unknown): boolean {
  const { BrokenPipe, ConnectionAborted, ConnectionReset } = Deno.errors;
  return [BrokenPipe, ConnectionAborted, ConnectionReset].some((kind) => error instanceof kind);
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
  const chunked = headers.get("Transfer-Encoding") === "chunked";
  const text = new TextDecoder().decode(chunked ? dechunked(body) : body);
  return { status: Number(first.split(" ")[1]), headers, text, bytes: body.length };
}

/** RFC 9112 §7.1: Deno 2.5 sends in chunks what 2.9 sends with a length. */
function dechunked(body: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const raw = new TextDecoder("latin1").decode(body);
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0;;) {
    const line = raw.indexOf("\r\n", at);
    const size = line < 0 ? 0 : parseInt(raw.slice(at, line), 16);
    if (!(size > 0)) return concat(parts);
    parts.push(body.slice(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}
