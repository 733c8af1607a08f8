/**
 * Several gateways on one KV file, a token endpoint that they all ask, and a
 * thousand callers that are let go at once.
 *
 * @module
 */

import { newKeyLine } from "../../tasks/key.ts";
import { type Question, wireOf } from "./caller.ts";
import { type Started, started } from "./started.ts";
import { appHeaders, ask, HEALTH, switchboardStart } from "./switchboard.ts";

/** How often a caller comes again. */
const TRIES = 20;

/** Gateways, and whom they refresh at. */
export interface Herd extends AsyncDisposable {
  gateways: Started[];
  /** How many refreshes the provider was asked for. */
  refreshes(): Promise<number>;
}

/** Starts them. `takesMs`: how long a refresh takes the provider. */
export async function startHerd(
  { processes, takesMs }: { processes: number; takesMs: number },
): Promise<Herd> {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_bench_" });
  const provider = await started({
    command: Deno.execPath(),
    args: (port) => [
      ...["run", "--quiet", "--allow-net"],
      new URL("token_endpoint.ts", import.meta.url).pathname,
      ...[String(port), String(takesMs)],
    ],
    ready: HEALTH,
  });
  const env = {
    KV_PATH: `${folder}/kv.sqlite`,
    ENCRYPTION_KEYS: newKeyLine("k1"),
    GOOGLE_BASE_URL: `http://127.0.0.1:${provider.port}`,
  };
  const gateways: Started[] = [];
  try {
    for (let at = 0; at < processes; at++) gateways.push(await started(switchboardStart(env)));
  } catch (error) {
    await provider[Symbol.asyncDispose]();
    throw error;
  }
  return {
    gateways,
    refreshes: async () =>
      Number((await ask(provider.port, { method: "GET", path: "/count" })).body),
    async [Symbol.asyncDispose]() {
      for (const program of [...gateways, provider]) await program[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Connects a person to Google, with an access token that is good for so many seconds. */
export async function connectFor(herd: Herd, user: string, seconds: number): Promise<void> {
  const { status, body } = await ask(herd.gateways[0]!.port, {
    method: "POST",
    path: "/connections/import?verify=none",
    headers: appHeaders,
    body: JSON.stringify([{
      service: "calendar",
      user_id: user,
      account: { id: user, label: user },
      access_token: `first-${user}`,
      refresh_token: `refresh-${user}`,
      expires_at: Math.round(Date.now() / 1_000) + seconds,
      scope: "https://www.googleapis.com/auth/calendar",
    }]),
  });
  if (status === 200 && body.includes('"imported"')) return;
  throw new Error(`The connection was not imported: ${status} ${body}`);
}

/** Callers with open connections, spread evenly over the gateways. */
export class Callers implements Disposable {
  readonly #conns: { conn: Deno.Conn; port: number }[];

  private constructor(conns: { conn: Deno.Conn; port: number }[]) {
    this.#conns = conns;
  }

  static async connect(gateways: Started[], count: number): Promise<Callers> {
    const conns: { conn: Deno.Conn; port: number }[] = [];
    for (let at = 0; at < count; at++) {
      const { port } = gateways[at % gateways.length]!;
      conns.push({ conn: await Deno.connect({ hostname: "127.0.0.1", port }), port });
    }
    return new Callers(conns);
  }

  /** All ask at once; resolves with how long each waited, in ms, and what all were answered. */
  async release(question: Question): Promise<{ waits: number[]; answers: Set<string> }> {
    const wires = new Map(this.#conns.map(({ port }) => [port, wireOf(question, port)]));
    const begun = performance.now();
    const answers = new Set<string>();
    const waits = await Promise.all(this.#conns.map(async ({ conn, port }) => {
      let answer = await exchange(conn, wires.get(port)!);
      // On a machine that is busy enough a caller is asked to come again; its wait goes on.
      for (let tries = 0; answer.startsWith("503 ") && tries < TRIES; tries++) {
        answer = await exchange(conn, wires.get(port)!);
      }
      answers.add(answer);
      return performance.now() - begun;
    }));
    return { waits, answers };
  }

  [Symbol.dispose]() {
    for (const { conn } of this.#conns) conn.close();
  }
}

/** The status and the access token of one answer; it has a known length. */
async function exchange(conn: Deno.Conn, wire: Uint8Array): Promise<string> {
  for (let sent = 0; sent < wire.length;) sent += await conn.write(wire.subarray(sent));
  const buffer = new Uint8Array(4_096);
  let text = "";
  for (;;) {
    const read = await conn.read(buffer);
    if (read === null) throw new Error("The connection was closed within an answer");
    text += new TextDecoder().decode(buffer.subarray(0, read));
    const head = text.indexOf("\r\n\r\n");
    const length = /^content-length: (\d+)/im.exec(text)?.[1];
    if (head < 0 || length === undefined || text.length < head + 4 + Number(length)) continue;
    const body = text.slice(head + 4);
    return `${text.slice(9, 12)} ${/"access_token":"([^"]+)"/.exec(body)?.[1] ?? body}`;
  }
}
