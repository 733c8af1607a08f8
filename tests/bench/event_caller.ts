/**
 * A caller of a server that speaks the older HTTP with server-sent events: what is
 * asked is posted, and the answer comes on a stream of the caller's own.
 *
 * @module
 */

import { type Answer, type Asker, Caller, wireOf } from "./caller.ts";

const PATIENCE_MS = 30_000;

/** A caller with its stream. */
export class EventCaller implements Asker {
  #text = "";
  readonly #decoder = new TextDecoder();

  private constructor(
    private readonly port: number,
    private readonly stream: Deno.Conn,
    private readonly poster: Caller,
    private path: string,
  ) {}

  /** Opens the stream, and says who it is. */
  static async open(port: number, path: string): Promise<EventCaller> {
    const stream = await Deno.connect({ hostname: "127.0.0.1", port });
    const headers = { "Accept": "text/event-stream" };
    await stream.write(wireOf({ method: "GET", path, headers }, port));
    const caller = new EventCaller(port, stream, new Caller(port), "");
    const [, endpoint = ""] = await caller.#until(/event: endpoint\s+data: (\S+)/);
    caller.path = new URL(endpoint, `http://localhost:${port}`).href
      .slice(`http://localhost:${port}`.length);
    await caller.#say({
      ...{ jsonrpc: "2.0", id: 0, method: "initialize" },
      params: {
        protocolVersion: "2025-03-26",
        capabilities: {},
        clientInfo: { name: "bench", version: "1" },
      },
    });
    await caller.#until(/"id":0\}/);
    await caller.#say({ jsonrpc: "2.0", method: "notifications/initialized" });
    return caller;
  }

  /** Posts the body of a request, and waits for the event that answers it. */
  async read(wire: Uint8Array): Promise<Answer> {
    const text = new TextDecoder().decode(wire);
    const body = text.slice(text.indexOf("\r\n\r\n") + 4);
    const { id } = JSON.parse(body);
    await this.#post(body);
    const [message] = await this.#until(new RegExp(`\\{.*"id":${id}\\}(?=\\r?\\n)`));
    return { status: 200, head: "", rawHead: "", body: message };
  }

  async ask(wire: Uint8Array): Promise<number> {
    return (await this.read(wire)).status;
  }

  [Symbol.dispose]() {
    this.stream.close();
    this.poster[Symbol.dispose]();
  }

  #say(message: unknown): Promise<void> {
    return this.#post(JSON.stringify(message));
  }

  async #post(body: string): Promise<void> {
    const headers = { "Content-Type": "application/json" };
    const wire = wireOf({ method: "POST", path: this.path, headers, body }, this.port);
    const status = await this.poster.ask(wire);
    if (status !== 202) throw new Error(`A message was answered with ${status}`);
  }

  /** Reads on until something is there, and forgets what was before. */
  async #until(wanted: RegExp): Promise<RegExpExecArray> {
    const chunk = new Uint8Array(256 * 1024);
    const timer = setTimeout(() => this.stream.close(), PATIENCE_MS);
    try {
      for (;;) {
        const match = wanted.exec(this.#text);
        if (match !== null) {
          this.#text = this.#text.slice(match.index + match[0].length);
          return match;
        }
        const read = await this.stream.read(chunk);
        if (read === null) throw new Error("The stream has ended");
        const text = this.#decoder.decode(chunk.subarray(0, read), { stream: true });
        // Between the parts of a body in chunks stand their sizes.
        this.#text += text.replaceAll(/(?:^|\r\n)[0-9a-f]+\r\n|\r\n$/g, "");
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
