/**
 * A moment in the life of a sign-in that two copies of an honest client and a
 * thief have: the database, the time, what each holds, and what the outside
 * knows. It is never changed: what happens makes another one.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { KeyRing } from "../../../vault/key_ring.ts";
import { type MemoryRecords, memoryRecords } from "../memory_records.ts";
import { CLIENTS, type Given, HOUR_MS, ModelGateway, newShared, type Shared } from "./gateway.ts";
import { Oracle } from "./oracle.ts";

/** Who has tokens. `stolen` is the one that the thief has taken; the thief's own came of it. */
export type Holder = "A" | "B" | "stolen" | "thief";

/** An access token that somebody got. */
interface Issued {
  by: Holder;
  access: string;
  refresh: string;
  branch: number;
  at: number;
}

/** One moment. */
export class Scene {
  /** The newest refresh token that each holds. */
  readonly held: ReadonlyMap<Holder, string>;
  readonly trail: readonly string[];

  private constructor(
    readonly records: MemoryRecords,
    readonly ring: KeyRing,
    readonly shared: Shared,
    readonly oracle: Oracle,
    readonly issued: readonly Issued[],
    more: { held: ReadonlyMap<Holder, string>; trail: readonly string[] },
  ) {
    this.held = more.held;
    this.trail = more.trail;
  }

  /** A has signed in, and B has a copy of what A got. */
  static async begin(ring: KeyRing): Promise<Scene> {
    const records = memoryRecords();
    const shared = newShared();
    const given = await new ModelGateway(records, ring, shared).begin();
    const oracle = new Oracle();
    oracle.begin(given);
    const held = new Map<Holder, string>([["A", given.refresh], ["B", given.refresh]]);
    const first = { ...given, by: "A" as const, at: shared.clock };
    return new Scene(records, ring, shared, oracle, [first], { held, trail: [] });
  }

  /** A process of its own over this moment's database. */
  gateway(): ModelGateway {
    return new ModelGateway(this.records, this.ring, this.shared);
  }

  /** The same moment, to go on from. */
  copy(label: string): Scene {
    return new Scene(
      this.records.copy(),
      this.ring,
      { ...this.shared, events: [...this.shared.events] },
      new Oracle(this.oracle),
      this.issued,
      { held: this.held, trail: [...this.trail, label] },
    );
  }

  /** With other things in hand. */
  with(held: ReadonlyMap<Holder, string>, issued = this.issued): Scene {
    const { records, ring, shared, oracle, trail } = this;
    return new Scene(records, ring, shared, oracle, issued, { held, trail });
  }

  /** Time goes by. */
  later(ms: number, label: string): Scene {
    const next = this.copy(label);
    next.shared.clock += ms;
    return next;
  }

  /** One takes over what another has: a store that both read, or a theft. */
  takes(who: Holder, from: Holder, label: string): Scene {
    return this.copy(label).with(new Map([...this.held, [who, this.held.get(from)!]]));
  }

  /** A holder refreshes with what it holds; the answer may be lost. */
  async refreshes(who: Holder, isLost = false): Promise<Scene> {
    const next = this.copy(`${who} refreshes${isLost ? ", the answer is lost" : ""}`);
    const refresh = next.held.get(who)!;
    const given = await next.gateway().present(refresh);
    next.took(refresh, given);
    return next.heard(who, given, isLost);
  }

  /** Notes an answer, and fails where it is not what was promised. */
  took(refresh: string, given: Given | undefined): void {
    const fault = this.oracle.take(refresh, given, this.shared.clock);
    if (fault !== undefined) throw new Error(fault);
  }

  /** What somebody got is in their hands, unless it was lost on the way. */
  heard(who: Holder, given: Given | undefined, isLost = false): Scene {
    if (given === undefined) return this;
    // What the thief gets for the stolen one is the thief's own; the stolen one stays stolen.
    const by = who === "stolen" ? "thief" : who;
    const issued = [...this.issued, { ...given, by, at: this.shared.clock }];
    const held = isLost ? this.held : new Map([...this.held, [by, given.refresh]]);
    return this.with(held, issued);
  }

  /** After a race: what the outside knows now, and what each has heard. */
  knowing(oracle: Oracle, heard: [Holder, Given | undefined][]): Scene {
    const { records, ring, shared, issued, held, trail } = this;
    const known: Scene = new Scene(records, ring, shared, oracle, issued, { held, trail });
    return heard.reduce((scene, [who, given]) => scene.heard(who, given), known);
  }

  /** Another client comes with the stolen token. */
  async comesAsAnother(): Promise<Scene> {
    const next = this.copy("the thief's own client comes");
    for (const who of ["stolen", "thief"] as const) {
      const refresh = next.held.get(who);
      if (refresh === undefined) continue;
      assertEquals(await next.gateway().present(refresh, CLIENTS.foreign), undefined, "Given");
    }
    next.oracle.refusals += 1;
    return next;
  }

  /** The person ends a chain. */
  async ends(branch: number): Promise<Scene> {
    const next = this.copy(`the person ends ${branch}`);
    await next.gateway().endBranch(branch);
    next.oracle.end(branch);
    return next;
  }

  /** The chain of what somebody holds. */
  chainOf(who: Holder): number | undefined {
    const held = this.held.get(who);
    return held === undefined ? undefined : this.oracle.known.get(held)!.branch;
  }

  /** What the thief ever got. */
  loot(): Issued[] {
    return this.issued.filter(({ by }) => by === "thief");
  }

  /** The chains that the thief is in, or would come to with what was stolen. */
  thievish(): Set<number> {
    const stolen = this.held.get("stolen");
    if (stolen === undefined) return new Set();
    const { known } = this.oracle;
    const lead = known.get(stolen)!.led.at(-1) ?? stolen;
    return new Set([...this.loot().map(({ branch }) => branch), known.get(lead)!.branch]);
  }

  /** What holds at every moment, whatever has happened. */
  async check(): Promise<void> {
    const places = await this.gateway().places();
    assertEquals(
      places.toSorted(),
      [...this.oracle.chains].toSorted(),
      "Every chain that somebody has is seen, and no other",
    );
    const told = this.shared.events.filter((event) => event === "grant_forked").length;
    assertEquals(told, this.oracle.forks, "Every fork is told");
    const { refused } = await this.gateway().grant() ?? {};
    if (places.length > 0) {
      assertEquals(refused !== undefined, this.oracle.refusals > 0, "Refusals are recorded");
    }
    for (const { access, branch, at } of this.issued) {
      const lives = this.shared.clock - at < HOUR_MS && this.oracle.chains.has(branch);
      if (this.shared.clock - at > 2 * HOUR_MS) continue;
      assertEquals(await this.copy("").gateway().opens(access), lives, "An access token");
    }
  }

  /** What two moments have in common that go on in the same way. */
  async fingerprint(): Promise<string> {
    const { clock } = this.shared;
    const names = new Map<string, string>();
    const name = (token: string) => {
      if (!names.has(token)) names.set(token, `t${names.size}`);
      return names.get(token)!;
    };
    const parts: unknown[] = [];
    const queue = [...this.held.values()];
    for (const [who, token] of this.held) parts.push([who, name(token)]);
    for (const token of queue) {
      const known = this.oracle.known.get(token)!;
      queue.push(...known.led.filter((next) => !names.has(next)));
      parts.push([name(token), known.branch, known.led.map(name), ago(known.usedAt, clock)]);
      parts.push(await this.gateway().kept(token));
    }
    parts.push(await this.gateway().grant());
    const lives = this.issued.filter(({ at }) => clock - at < HOUR_MS);
    parts.push(lives.map(({ branch, at }) => [branch, clock - at]));
    parts.push([...this.oracle.chains], [...this.oracle.ended], this.oracle.refusals > 0);
    const timeless = JSON.stringify(parts, (key, value) => {
      if (key === "expiresAt" || key === "forks" || key === "since") return undefined;
      if (typeof value === "number" && value > 1e9) return ago(value, clock);
      return value;
    });
    return timeless.replaceAll(/sb_rt_\d+/g, (token) => names.get(token) ?? "t");
  }
}

/** How long ago; beyond two hours nothing differs within the days that a search takes. */
function ago(at: number | undefined, clock: number): number | undefined {
  return at === undefined ? undefined : Math.min(clock - at, 2 * HOUR_MS);
}

/** Nothing of this gives anything any more. */
export async function assertOver(scene: Scene, issued: readonly Issued[]): Promise<void> {
  const gateway = scene.gateway();
  for (const { access, refresh } of issued) {
    assert(!await gateway.opens(access), "An access token goes on");
    assertEquals(await gateway.present(refresh), undefined, "A refresh token goes on");
  }
}
