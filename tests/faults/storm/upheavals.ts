/**
 * What hits everybody at once, and heals: a process that dies, a key that is
 * rotated, a KV file that another program locks, a provider that is out.
 *
 * @module
 */

import denoJson from "../../../deno.json" with { type: "json" };
import { newKeyLine } from "../../../tasks/key.ts";
import type { Dice } from "../../support/fuzz/dice.ts";
import { runDeno } from "../../support/process.ts";
import type { Gateways } from "./gateways.ts";
import type { Order } from "./outside.ts";
import type { Secrets } from "./secrets.ts";

export const upheavals = ["kill -9", "rekey", "KV locked", "provider out"] as const;
export type Upheaval = typeof upheavals[number];

const REKEY = denoJson.tasks.rekey.command.split(" ").slice(1);
/** A process that was killed counts for a quarter of an hour: until then its key is not let go. */
const REKEY_RUNS = 3;
/** Ten seconds of tries, and then some. */
const LONGEST_LOCK_MS = 13_000;
const LONGEST_OUT_MS = 5_000;

/** What upheavals need. */
export interface UpheavalDeps {
  gateways: Gateways;
  secrets: Secrets;
  dice: Dice;
  kvPath: string;
  keys: KeyFile;
  order(order: Order): void;
}

/** Lets one happen, and resolves when it is over; callers may feel it for longer. */
export async function upheave(deps: UpheavalDeps, upheaval: Upheaval): Promise<void> {
  switch (upheaval) {
    case "kill -9": {
      const victim = deps.dice.pick(deps.gateways.processes);
      await victim.kill();
      return await victim.start();
    }
    case "rekey":
      return await deps.keys.rotate(deps.kvPath);
    case "KV locked": {
      const ms = 1_000 + deps.dice.int(LONGEST_LOCK_MS);
      await using other = runDeno(
        ["run", "-A", "--no-check", "tests/faults/storm/hold_lock.ts", deps.kvPath, String(ms)],
        {},
      );
      const { success } = await other.ended;
      if (!success) throw new Error(other.output());
      return;
    }
    case "provider out": {
      const ms = 500 + deps.dice.int(LONGEST_OUT_MS);
      deps.order({ kind: "provider_out", ms });
      return await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
}

/** The file of `ENCRYPTION_KEYS_FILE`. */
export class KeyFile {
  readonly path: string;
  #lines: string[] = [];
  #made = 0;

  constructor(folder: string, readonly secrets: Secrets) {
    this.path = `${folder}/keys`;
  }

  get env(): Record<string, string> {
    return { ENCRYPTION_KEYS_FILE: this.path };
  }

  /** Puts a new key in front. */
  async add(): Promise<void> {
    const line = newKeyLine(`k${this.#made += 1}`);
    this.secrets.add({ text: line.slice(line.indexOf(":") + 1), type: "encryption key" });
    await this.#write([line, ...this.#lines]);
  }

  /** As the README has it. The old keys stay where rekey says so. */
  async rotate(kvPath: string): Promise<void> {
    await this.add();
    for (let run = 0; run < REKEY_RUNS; run++) {
      await using program = runDeno(REKEY, { ...this.env, KV_PATH: kvPath });
      const { code } = await program.ended;
      if (code > 1) throw new Error(program.output());
      if (code === 0) return await this.#write(this.#lines.slice(0, 1));
    }
  }

  async #write(lines: string[]): Promise<void> {
    this.#lines = lines;
    await Deno.writeTextFile(`${this.path}.new`, lines.join("\n"));
    await Deno.rename(`${this.path}.new`, this.path);
  }
}
