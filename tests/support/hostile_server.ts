/**
 * A server that answers as no server should, over bare TCP: what a framework
 * would not let out of the house.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { constants, createBrotliCompress, createDeflate, createGzip } from "node:zlib";

/** A request, as far as an answer depends on it. */
export interface HostileRequest {
  path: string;
  method: string;
  body: string;
}

/** Writes an answer, head and all; `send` is false when the other side has hung up. */
export type HostileAnswer = (
  send: (data: string | Uint8Array) => Promise<boolean>,
  request: HostileRequest,
) => Promise<void>;

/** A started server. */
export interface HostileServer extends AsyncDisposable {
  url: string;
  seen: HostileRequest[];
  /** Bytes that the other side, or the system between, has taken. */
  sent(): number;
  /** Resolves when the other side has hung up on an answer that was not over. */
  hungUp: Promise<void>;
}

/** Starts it. Each connection serves one request, and is closed after its answer. */
export function startHostile(answer: HostileAnswer): HostileServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const seen: HostileRequest[] = [];
  const open = new Set<Deno.Conn>();
  const hungUp = Promise.withResolvers<void>();
  let total = 0;
  const serve = async (connection: Deno.Conn) => {
    open.add(connection);
    try {
      const request = await readRequest(connection);
      if (request === undefined) return;
      seen.push(request);
      await answer(async (data) => {
        const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
        try {
          for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
        } catch {
          hungUp.resolve();
          return false;
        }
        total += bytes.length;
        return true;
      }, request);
    } finally {
      if (open.delete(connection)) connection.close();
    }
  };
  const serving = (async () => {
    const all: Promise<void>[] = [];
    for await (const connection of listener) all.push(serve(connection));
    await Promise.all(all);
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    seen,
    sent: () => total,
    hungUp: hungUp.promise,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) connection.close();
      open.clear();
      await serving;
    },
  };
}

async function readRequest(connection: Deno.Conn): Promise<HostileRequest | undefined> {
  const buffer = new Uint8Array(64 * 1024);
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const [head = "", body] = text.split("\r\n\r\n", 2);
    const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0);
    if (body !== undefined && new TextEncoder().encode(body).length >= length) {
      const [method = "", path = ""] = head.split(" ");
      return { method, path, body };
    }
    const count = await connection.read(buffer).catch(() => null);
    if (count === null) return undefined;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

const PAD = new Uint8Array(1024 * 1024).fill("a".charCodeAt(0));

/** What holds far more than it weighs: text around so many MB of the letter a. */
export async function bomb(
  encoding: Encoding,
  megabytes: number,
  [before, after]: [string, string],
): Promise<Uint8Array> {
  const compressor = encoding === "gzip"
    ? createGzip()
    : encoding === "deflate"
    ? createDeflate()
    : createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
  const chunks: Uint8Array[] = [];
  compressor.on("data", (chunk) => chunks.push(chunk));
  compressor.write(before);
  for (let count = 0; count < megabytes; count++) {
    if (!compressor.write(PAD)) await once(compressor, "drain");
  }
  compressor.end(after);
  await once(compressor, "end");
  return Buffer.concat(chunks);
}

/** How a bomb is packed. */
export type Encoding = "gzip" | "deflate" | "br";
/** Those that fetch unpacks. It leaves `deflate` as it is (seen with Deno 2.5 and 2.9). */
export const ENCODINGS: Encoding[] = ["gzip", "br"];

/** An answer that is packed. */
export function packed(encoding: Encoding, bytes: Uint8Array, type: string): HostileAnswer {
  return async (send) => {
    const head = [`Content-Type: ${type}`, `Content-Encoding: ${encoding}`];
    await send(headOf(200, [...head, `Content-Length: ${bytes.length}`]));
    await send(bytes);
  };
}

/** A head with these lines, and the end of the connection after the answer. */
export function headOf(status: number, lines: string[]): string {
  return [`HTTP/1.1 ${status} -`, ...lines, "Connection: close", "", ""].join("\r\n");
}

/** A chunk of a chunked body. */
export function chunkOf(text: string): string {
  return `${new TextEncoder().encode(text).length.toString(16)}\r\n${text}\r\n`;
}

/** Chunks without end, after one of `before`, which must not be empty: that would be the end. */
export function endless(type: string, before: string, text = "a".repeat(64 * 1024)): HostileAnswer {
  return async (send) => {
    await send(headOf(200, [`Content-Type: ${type}`, "Transfer-Encoding: chunked"]));
    let open = await send(chunkOf(before));
    while (open) open = await send(chunkOf(text));
  };
}

/** A byte now and then, without end: every read succeeds, and none is the last. */
export function trickle(type: string, before: string): HostileAnswer {
  return async (send) => {
    await send(headOf(200, [`Content-Type: ${type}`, "Transfer-Encoding: chunked"]));
    let open = await send(chunkOf(before));
    while (open) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      open = await send(chunkOf(" "));
    }
  };
}
