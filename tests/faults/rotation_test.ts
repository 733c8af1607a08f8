/** Key rotation as the README has it, with real processes, under load, to the key's end. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parseKeyRing } from "../../broker/config/vault.ts";
import denoJson from "../../deno.json" with { type: "json" };
import { newKeyLine } from "../../tasks/key.ts";
import { openRecords } from "../../vault/deno_kv.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { countByKey, countUnopenable } from "../../vault/rekey.ts";
import { runDeno } from "../support/process.ts";
import { Fleet, token, type Worker } from "./fleet.ts";

const [K1, K2] = [newKeyLine("k1"), newKeyLine("k2")];
const REKEY = denoJson.tasks.rekey.command.split(" ").slice(1);
/** Rekey is run again until it says that the old key can go; processes take a second or two. */
const MOST_RUNS = 20;

async function rekey(fleet: Fleet, keys: Record<string, string>, ...args: string[]) {
  await using program = runDeno([...REKEY, ...args], { ...keys, KV_PATH: fleet.kvPath });
  const { code } = await program.ended;
  return { code, output: program.output() };
}

/** People who connect and backends that ask for tokens, at every process, without a pause. */
class Load {
  readonly users: string[] = [];
  readonly faults: string[] = [];
  readonly #running: Promise<unknown>;
  #isOver = false;
  readonly #seen = new Set<() => void>();

  constructor(readonly fleet: Fleet) {
    const loops = fleet.workers.flatMap((worker, index) => [
      this.#connect(worker, index),
      this.#refresh(worker),
    ]);
    this.#running = Promise.all(loops);
  }

  /** Resolves when so many more people have connected, and so many more tokens were refreshed. */
  async more(count: number): Promise<void> {
    const [users, refreshes] = [this.users.length + count, this.#refreshes() + count];
    await this.#until(() => this.users.length >= users && this.#refreshes() >= refreshes);
  }

  async #until(isReached: () => boolean): Promise<void> {
    while (!isReached()) {
      await Promise.race([
        new Promise<void>((resolve) => this.#seen.add(resolve)),
        this.#running,
      ]);
    }
  }

  #refreshes(): number {
    return this.fleet.workers.reduce((sum, it) => sum + it.said('"event":"refreshed"'), 0);
  }

  #tell(): void {
    for (const wake of this.#seen) wake();
    this.#seen.clear();
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#running;
  }

  async #connect(worker: Worker, index: number): Promise<void> {
    for (let turn = 0; !this.#isOver; turn++) {
      // A provider that ends the grant when a lost refresh token's predecessor is used again.
      const account = `rotating-${index}-${turn}`;
      await this.fleet.connect(account, worker);
      this.users.push(account);
      this.#tell();
    }
  }

  async #refresh(worker: Worker): Promise<void> {
    for (let turn = 0; !this.#isOver; turn++) {
      const user = this.users[turn % Math.max(1, this.users.length)];
      if (user === undefined) await this.#until(() => this.users.length > 0);
      else await this.#ask(worker, user);
    }
  }

  async #ask(worker: Worker, user: string): Promise<void> {
    const { status, json } = await token(worker, user);
    this.#tell();
    if (status !== 200) this.faults.push(`${user}: ${status} ${JSON.stringify(json)}`);
  }
}

Deno.test("a key in a file is rotated under load and destroyed, and no connection is lost", async () => {
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const file = `${folder}/keys`;
  const write = async (...lines: string[]) => {
    await Deno.writeTextFile(`${file}.new`, lines.join("\n"));
    await Deno.rename(`${file}.new`, file);
  };
  await write(K1);
  const keys = { ENCRYPTION_KEYS_FILE: file };
  {
    await using fleet = await Fleet.start({ processes: 3, accessTokenSeconds: 1, keys });
    const load = new Load(fleet);
    await load.more(6);

    await write(K2, K1);
    let run = await rekey(fleet, keys);
    for (let runs = 1; run.code !== 0; runs++) {
      assert(runs < MOST_RUNS, run.output);
      assert(!run.output.includes("destroyed"), run.output);
      run = await rekey(fleet, keys);
    }
    assertStringIncludes(run.output, "k1: opens nothing any more");
    await write(K2);

    await load.more(6);
    await load.end();
    assertEquals(load.faults, []);
    for (const worker of fleet.workers) {
      const answers = await Promise.all(load.users.map((user) => token(worker, user)));
      assertEquals(answers.map(({ status }) => status), load.users.map(() => 200));
      assertEquals(worker.said("vault_unavailable"), 0);
    }
    const { refreshes } = await fleet.log();
    assert(refreshes.length > 0);
    assertEquals(refreshes.filter(({ outcome }) => outcome !== "issued"), []);

    const records = await openRecords(fleet.kvPath);
    const ring = await importKeyRing(parseKeyRing(K2));
    assertEquals(await countUnopenable(records, ring), []);
    assertEquals([...(await countByKey(records)).keys()], ["k2"]);
    const connections = await Array.fromAsync(records.list({ prefix: ["connections"] }));
    assertEquals(connections.length, load.users.length);
    records.close();
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a process with the old key in front in its env keeps the key until it has ended", async () => {
  const keys = { ENCRYPTION_KEYS: `${K1},${K2}` };
  const after = { ENCRYPTION_KEYS: `${K2},${K1}` };
  await using fleet = await Fleet.start({ processes: 1, accessTokenSeconds: 3600, keys });
  const [worker] = fleet.workers as [Worker];
  await fleet.connect("fast-1");
  const kept = await rekey(fleet, after);
  assertEquals(kept.code, 1, kept.output);
  assertMatch(kept.output, /k1: a process that began at \S+ still seals with it\. Keep it\./);
  assert(!kept.output.includes("destroyed"), kept.output);
  // What it seals meanwhile is sealed with the old key, and found by the next run.
  await fleet.connect("fast-2");
  worker.running.child.kill("SIGTERM");
  await worker.running.ended;
  const freed = await rekey(fleet, after);
  assertEquals(freed.code, 0, freed.output);
  assertMatch(freed.output, /Sealed [1-9]\d* records anew\./);
  assertStringIncludes(freed.output, "k1: opens nothing any more");
});
