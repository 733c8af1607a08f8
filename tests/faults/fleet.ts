/**
 * Several gateway processes on one SQLite file, and the provider that they all
 * ask: started, steered, restarted and ended from here.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { Browser, type Page } from "../support/browser.ts";
import { runDeno, type Running } from "../support/process.ts";
import type { Control, ServerEnv, ServerLog } from "./protocol.ts";

const API_KEY = "fleet-key";
/** What a worker says when it takes a lease from a process that died. */
export const TAKEOVER = '"counted":"switchboard.lease.takeovers"';
const CLIENT = { id: "google-client", secret: "google-secret" };

const taken = new Set<number>();

/**
 * A free port that no outgoing connection is given: a process that was killed
 * must find its port again, while a thousand callers try to reach it.
 */
function steadyPort(): number {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (taken.has(port)) continue;
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
    } catch {
      continue;
    }
    taken.add(port);
    return port;
  }
}

/** How a fleet is made up. */
export interface FleetOptions {
  processes: number;
  /** How long the provider's access tokens live. */
  accessTokenSeconds: number;
  /** Where the keys come from, if that is not a key of its own in `ENCRYPTION_KEYS`. */
  keys?: Record<string, string> | undefined;
}

/** One gateway process, and those that stood in its place before. */
export class Worker {
  readonly url: string;
  readonly #env: Record<string, string>;
  readonly #controlUrl: string;
  readonly #lives: Running[] = [];
  /** It is not to be started again. */
  isOver = false;

  constructor(readonly name: string, port: number, shared: Record<string, string>) {
    const controlPort = steadyPort();
    this.url = `http://127.0.0.1:${port}`;
    this.#controlUrl = `http://127.0.0.1:${controlPort}`;
    this.#env = {
      ...shared,
      WORKER: name,
      PORT: String(port),
      CONTROL_PORT: String(controlPort),
      PUBLIC_URL: this.url,
    };
  }

  /** Starts it, again if it has ended. */
  async start(): Promise<void> {
    const life = runDeno(["run", "-A", "--no-check", "tests/faults/soak_worker.ts"], this.#env);
    this.#lives.push(life);
    await life.said(/"event":"listening"/);
  }

  get running(): Running {
    return this.#lives.at(-1)!;
  }

  /** As the provider knows the process that runs now. */
  get id(): string {
    return `${this.name}/${this.running.child.pid}`;
  }

  async control(change: Control): Promise<void> {
    const response = await fetch(this.#controlUrl, {
      method: "POST",
      body: JSON.stringify(change),
    });
    assertEquals(response.status, 200, await response.text());
  }

  /** How often a line with these words was said, over all its lives. */
  said(words: string): number {
    return this.#lives.reduce((sum, life) => sum + life.output().split(words).length - 1, 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isOver = true;
    await Promise.all(this.#lives.map((life) => life[Symbol.asyncDispose]()));
  }
}

/** An answer of a gateway. */
export interface Answer {
  status: number;
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  json: any;
}

/** Calls a gateway as a backend does; with a body it is a POST. */
export async function ask(url: string, body?: unknown, user?: string): Promise<Answer> {
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      Authorization: `Bearer ${API_KEY}`,
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(user === undefined ? {} : { "X-User-Id": user }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text.startsWith("{") ? JSON.parse(text) : { text } };
}

/** Asks for the provider token of the user of that name. */
export function token({ url }: Worker, user: string): Promise<Answer> {
  return ask(`${url}/token/google`, { user_id: user });
}

/** The processes. Disposing ends them all, by their ids. */
export class Fleet {
  readonly workers: Worker[];
  readonly provider: string;
  readonly kvPath: string;
  readonly #server: Running;
  readonly #folder: string;

  private constructor(workers: Worker[], provider: string, server: Running, folder: string) {
    this.workers = workers;
    this.provider = provider;
    this.#server = server;
    this.#folder = folder;
    this.kvPath = kvPathIn(folder);
  }

  static async start({ processes, accessTokenSeconds, keys }: FleetOptions): Promise<Fleet> {
    const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
    const ports = Array.from({ length: processes }, steadyPort);
    const port = steadyPort();
    const provider = `http://127.0.0.1:${port}`;
    const serverEnv: ServerEnv = {
      PORT: String(port),
      CLIENT_ID: CLIENT.id,
      CLIENT_SECRET: CLIENT.secret,
      REDIRECT_URIS: ports.map((port) => `http://127.0.0.1:${port}/callback/google`).join(),
      ACCESS_TOKEN_SECONDS: String(accessTokenSeconds),
    };
    const shared = {
      KV_PATH: kvPathIn(folder),
      ...keys ?? { ENCRYPTION_KEYS: newKeyLine("k1") },
      API_KEYS: `voice:sha256:${digestHex(API_KEY)}`,
      GOOGLE_CLIENT_ID: CLIENT.id,
      GOOGLE_CLIENT_SECRET: CLIENT.secret,
      GOOGLE_BASE_URL: provider,
    };
    const program = ["run", "-A", "--no-check", "tests/faults/authorization_server.ts"];
    const server = runDeno(program, serverEnv);
    const workers = ports.map((port, index) => new Worker(`w${index + 1}`, port, shared));
    const fleet = new Fleet(workers, provider, server, folder);
    try {
      await Promise.all([server.said(/listening/), ...workers.map((worker) => worker.start())]);
      return fleet;
    } catch (error) {
      await fleet[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Moves the clocks of all gateways. */
  async setSkew(skew: number): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.control({ skew })));
  }

  /** What happened at the provider since the last call. */
  async log(): Promise<ServerLog> {
    return await (await fetch(`${this.provider}/control/log`)).json();
  }

  /** Connects the calendar of an account for the user of the same name, like a person does. */
  async connect(account: string, worker = this.workers[0]!): Promise<void> {
    const link = await ask(`${worker.url}/links`, { user_id: account, service: "calendar" });
    assertEquals(link.status, 200, JSON.stringify(link.json));
    const page = await signIn(link.json.url, account);
    assert(page.html.includes("✓ Google Calendar"), page.html);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.workers, this.#server].map((it) => it[Symbol.asyncDispose]()));
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function kvPathIn(folder: string): string {
  return `${folder}/kv.sqlite`;
}

/** From a connect link through the provider's pages to the page that says what came of it. */
export async function signIn(link: string, account: string): Promise<Page> {
  const browser = new Browser();
  let page = await browser.submit(await browser.open(link));
  for (let steps = 0; page.forms.length > 0 && steps < 5; steps++) {
    const isLogin = page.forms[0]!.fields.prompt === "login";
    page = await browser.submit(page, isLogin ? { fields: { login: account, password: "x" } } : {});
  }
  return page;
}
