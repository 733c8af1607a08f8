/**
 * Gateways as an operator starts them: `main.ts` in processes of their own, on
 * one KV file, under one public address. Requests to that address go to any of
 * them, as a load balancer would send them.
 *
 * @module
 */

import denoJson from "../../../deno.json" with { type: "json" };
import type { Dice } from "../../support/fuzz/dice.ts";
import { freePort } from "../../support/free_port.ts";
import { runDeno, type Running } from "../../support/process.ts";

const [, ...START] = denoJson.tasks.start.command.split(" ");
const REPORTER = new URL("../../support/heap_reporter.ts", import.meta.url).href;
/** The same, asked what is alive by a signal. */
const REPORTING = [
  ...START.map((arg) => arg.startsWith("--v8-flags=") ? `${arg},--expose-gc` : arg),
].toSpliced(1, 0, `--preload=${REPORTER}`);

/** One gateway, and those that stood in its place before. */
export class Process {
  readonly origin: string;
  readonly lives: Running[] = [];
  readonly #env: Record<string, string>;
  readonly #start: string[];
  #reports = 0;
  isUp = false;

  constructor(
    readonly name: string,
    port: number,
    { env, measuresHeap = false }: Pick<GatewaysOptions, "env" | "measuresHeap">,
  ) {
    this.origin = `http://localhost:${port}`;
    this.#env = { ...env, PORT: String(port) };
    this.#start = measuresHeap ? REPORTING : START;
  }

  async start(): Promise<void> {
    const life = runDeno(this.#start, this.#env);
    this.lives.push(life);
    await life.said(/"event":"listening"/);
    this.isUp = true;
  }

  get pid(): number {
    return this.lives.at(-1)!.child.pid;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    this.isUp = false;
    const life = this.lives.at(-1)!;
    life.child.kill("SIGKILL");
    await life.ended;
  }

  /** Bytes that are alive in its heap, after a collection; only where it measures them. */
  async alive(): Promise<number> {
    const life = this.lives.at(-1)!;
    life.child.kill("SIGUSR2");
    const report = this.#reports += 1;
    const [, bytes] = await life.said(new RegExp(`"report":${report},"alive":(\\d+)`));
    return Number(bytes);
  }

  output(): string {
    return this.lives.map((life) => life.output()).join("");
  }
}

/** How many there are, and what they have in common. */
export interface GatewaysOptions {
  processes: number;
  env: Record<string, string>;
  dice: Dice;
  measuresHeap?: boolean | undefined;
}

/** All of them. Disposing ends them, by their ids. */
export class Gateways implements AsyncDisposable {
  readonly publicUrl: string;
  readonly processes: Process[];
  readonly #dice: Dice;

  private constructor({ processes, env, dice, measuresHeap }: GatewaysOptions) {
    const ports = Array.from({ length: processes }, () => freePort());
    this.publicUrl = `http://localhost:${ports[0]}`;
    this.#dice = dice;
    const all = { env: { ...env, PUBLIC_URL: this.publicUrl }, measuresHeap };
    this.processes = ports.map((port, index) => new Process(`gateway ${index + 1}`, port, all));
  }

  static async start(options: GatewaysOptions): Promise<Gateways> {
    const gateways = new Gateways(options);
    try {
      // One after the other: the first makes the file.
      for (const process of gateways.processes) await process.start();
      return gateways;
    } catch (error) {
      await gateways[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Where a request is sent: what is for the public address goes to a process that is up. */
  routed(url: string): string {
    if (!url.startsWith(this.publicUrl)) return url;
    const up = this.processes.filter(({ isUp }) => isUp);
    const { origin } = this.#dice.pick(up.length > 0 ? up : this.processes);
    return origin + url.slice(this.publicUrl.length);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const lives = this.processes.flatMap(({ lives }) => lives);
    await Promise.all(lives.map((life) => life[Symbol.asyncDispose]()));
  }
}
