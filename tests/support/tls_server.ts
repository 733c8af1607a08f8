/**
 * A TLS server for tests that says what the test wants, byte for byte.
 *
 * @module
 */

import type { Authority } from "./certificate.ts";

/** What every server here is called. */
export const HOST = "client.example";

/** What a server sends when it was asked, and whether it closes then. */
export type Behave = (connection: Deno.Conn, request: string) => Promise<void> | void;

/** What a server is made of. */
export interface TlsServerOptions {
  behave: Behave;
  /** Whom its certificate is for. */
  host: string;
  authority: Authority;
}

/** A server on a loopback port that says what the test wants, byte for byte. */
export class TlsServer implements AsyncDisposable {
  readonly requests: string[] = [];
  /** Names {@linkcode HOST}, whatever its certificate says. */
  readonly url: string;
  accepted = 0;
  readonly #listener: Deno.TlsListener;
  readonly #open = new Set<Deno.Conn>();
  readonly #done: Promise<void>;

  static async start({ behave, host, authority }: TlsServerOptions): Promise<TlsServer> {
    const pair = await authority.issue(host);
    const listener = Deno.listenTls({ hostname: "127.0.0.1", port: 0, ...pair });
    return new TlsServer(listener, behave);
  }

  private constructor(listener: Deno.TlsListener, behave: Behave) {
    this.#listener = listener;
    this.url = `https://${HOST}:${listener.addr.port}/client.json`;
    this.#done = this.#serve(behave);
  }

  async #serve(behave: Behave): Promise<void> {
    const running: Promise<void>[] = [];
    try {
      for await (const connection of this.#listener) {
        this.accepted += 1;
        running.push(this.#answer(connection, behave));
      }
    } catch {
      // The listener was closed.
    }
    await Promise.all(running);
  }

  async #answer(connection: Deno.TlsConn, behave: Behave): Promise<void> {
    this.#open.add(connection);
    try {
      await connection.handshake();
      const request = await readHead(connection);
      this.requests.push(request);
      await behave(connection, request);
    } catch {
      // The other side hung up.
    } finally {
      if (behave !== hang) close(connection);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#open) close(connection);
    await this.#done;
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It is closed.
  }
}

async function readHead(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(4096);
  let text = "";
  while (!text.includes("\r\n\r\n")) {
    const count = await connection.read(buffer);
    if (count === null) break;
    text += new TextDecoder().decode(buffer.subarray(0, count));
  }
  return text;
}

export async function write(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Never answers. */
export const hang: Behave = () => {};

/** Answers with these bytes, then closes. */
export const say = (text: string): Behave => (connection) => write(connection, text);
