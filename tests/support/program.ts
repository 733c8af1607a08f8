/**
 * The gateway as an operator starts it: `main.ts` in a process of its own, with
 * an API key, and what a test adds.
 *
 * @module
 */

import denoJson from "../../deno.json" with { type: "json" };
import { digestHex, newKeyLine } from "../../tasks/key.ts";
import { API_KEY, OTHER_API_KEY, USER } from "./gateway.ts";
import { runDeno, type Running } from "./process.ts";
import { freePort } from "./free_port.ts";

/** A program that listens. */
export interface Program extends AsyncDisposable {
  url: string;
  port: number;
  running: Running;
  /** The headers of an app that calls for a user; a test may add to them. */
  headers: Record<string, string>;
  /** Posts JSON to `/mcp`. */
  mcp(body: unknown, options?: ProgramCall): Promise<Response>;
  /** Whether it still answers, and from which version; throws where it has ended. */
  health(): Promise<{ status: string; version: string }>;
}

/** How a call differs from the usual. */
export interface ProgramCall {
  path?: string | undefined;
  headers?: Record<string, string> | undefined;
  signal?: AbortSignal | undefined;
}

/** What makes a program special. */
export interface ProgramOptions {
  env?: Record<string, string> | undefined;
  /** Arguments of `deno run` before the entry point. */
  args?: string[] | undefined;
  /** How many files and sockets it can have at a time. */
  descriptors?: number | undefined;
}

/** Starts it, and waits until it listens. */
export async function startProgram(options: ProgramOptions = {}): Promise<Program> {
  const { env, args = [], descriptors } = options;
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const port = freePort();
  const url = `http://localhost:${port}`;
  const [_deno, run = "", ...start] = denoJson.tasks.start.command.split(" ");
  const running = runDeno([run, ...args, ...start], {
    PORT: String(port),
    PUBLIC_URL: url,
    DATA_DIR: folder,
    ENCRYPTION_KEYS: newKeyLine("k1"),
    API_KEYS: `voice:sha256:${digestHex(API_KEY)},other:sha256:${digestHex(OTHER_API_KEY)}`,
    ...env,
  }, descriptors);
  const headers = {
    "Authorization": `Bearer ${API_KEY}`,
    "Content-Type": "application/json",
    "X-User-Id": USER,
  };
  const program: Program = {
    url,
    port,
    running,
    headers,
    mcp: (body, { path = "/mcp", headers: more, signal } = {}) =>
      fetch(url + path, {
        method: "POST",
        headers: { ...headers, ...more },
        body: typeof body === "string" ? body : JSON.stringify(body),
        signal: signal ?? null,
      }),
    health: async () => await (await fetch(`${url}/health`)).json(),
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
  try {
    await running.said(/"event":"listening"/);
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
  return program;
}
