/**
 * A process of the model: what it asks of its world waits for its turn.
 *
 * @module
 */

import type { AuthorizationServer, OAuthFlow } from "../../../broker/core/authorization_server.ts";
import type { Store } from "../../../broker/core/store.ts";
import type { World } from "../../../broker/core/world.ts";
import type { Refreshed } from "../../../broker/tokens/refresh_rules.ts";
import type { ModelProvider } from "./provider.ts";
import type { ModelStore } from "./store.ts";

/** A caller that waits this long never leaves: no search fires such a timer. */
export const FOREVER_MS = Number.MAX_SAFE_INTEGER / 2;

/** What a caller got. */
export type Outcome = Refreshed | { kind: "threw" };

/** The store's answer where it gives none. */
export class StoreOut extends Error {}

/** An operation that a process waits for. */
export interface Step {
  name: string;
  kind: "read" | "write" | "request" | "answer" | "timer";
  /** Of a timer, by the model's clock. */
  due: number;
  isReady(): boolean;
  apply(): unknown;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What all processes share. */
export interface Shared {
  clock: number;
  provider: ModelProvider;
  store: ModelStore;
  /** What must never happen, and did. */
  violations: string[];
  /** When a timer of `ms` fires. */
  timeIn(ms: number): number;
}

/** A process with its own clock and its own way to the store and the provider. */
export class Process {
  state: "running" | "done" | "crashed" = "running";
  outcome: Outcome | undefined;
  steps: Step[] = [];
  readonly world: World;
  readonly store: Pick<Store, "connections" | "handoffs" | "leases" | "providers">;
  readonly server: AuthorizationServer;
  #history = 0;
  #secrets = 0;

  constructor(readonly name: string, shared: Shared, skew: number) {
    this.world = {
      now: () => this.#look(shared.clock + skew),
      secret: () => `${name}${this.#secrets++}`,
      random: () => 0.5,
      log: () => {},
      metrics: { refresh: () => {}, waited: () => {}, takeover: () => {} },
      sleep: (ms, signal) => this.#wait({ name: "timer", due: shared.timeIn(ms) }, signal),
    };
    this.store = {
      connections: this.#connections(shared.store),
      leases: this.#leases(shared.store),
      handoffs: { survey: () => Promise.resolve({ opened: [], unopened: 0 }) } as never,
      // Notes decide nothing within a search: no refusal there goes on for a day.
      providers: {
        last: () => Promise.resolve(null),
        note: () => Promise.resolve(),
        lastFault: () => Promise.resolve(null),
        noteFault: () => Promise.resolve(),
        pauses: () => Promise.resolve({}),
        notePause: () => Promise.resolve(),
        tellSecretEnd: () => Promise.resolve(),
      },
    };
    this.server = this.#server(shared);
  }

  /** The timer that fires first: within one process they keep their order. */
  nextTimer(): { process: Process; step: Step } | undefined {
    const timers = this.steps.filter(({ kind, due }) => kind === "timer" && due < FOREVER_MS);
    const [step] = timers.toSorted((a, b) => a.due - b.due);
    return step && { process: this, step };
  }

  /** Operations of a dead process that may have left it. */
  sent(): Step[] {
    return this.steps.filter(({ kind }) => kind === "write" || kind === "request");
  }

  answer(step: Step, value: unknown): void {
    this.#remember(step, value);
    step.resolve(value);
  }

  fail(step: Step): void {
    this.#remember(step, "failed");
    step.reject(new StoreOut("The store is out"));
  }

  drop(step: Step): void {
    this.steps = this.steps.filter((other) => other !== step);
  }

  fingerprint(): unknown {
    const { state, steps, outcome } = this;
    if (state === "done") return outcome ?? null;
    return [state, this.#history, steps.map(({ name, due }) => [name, due])];
  }

  #remember(step: Step, value: unknown): void {
    this.drop(step);
    this.#history = numberOf(JSON.stringify([this.name, this.#history, step.name, value]));
  }

  /** At the clock: what it saw there is part of what it knows. */
  #look(now: number): number {
    this.#history = numberOf(JSON.stringify([this.name, this.#history, now]));
    return now;
  }

  /** Waits for its turn, then takes effect. */
  turn<T>(name: string, kind: Step["kind"], apply: () => T): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      this.steps.push({ name, kind, due: 0, isReady: () => true, apply, resolve, reject });
    }) as Promise<T>;
  }

  /** Waits for a time or an event, or until `signal` aborts. */
  #wait(
    { name, due, isReady = () => true }: { name: string; due?: number; isReady?: () => boolean },
    signal?: AbortSignal,
  ): Promise<void> {
    return new Promise((done, reject) => {
      if (signal?.aborted) return done();
      const kind = due === undefined ? "read" : "timer";
      const resolve = () => done();
      const step: Step = { name, kind, due: due ?? 0, isReady, apply: () => {}, resolve, reject };
      this.steps.push(step);
      signal?.addEventListener("abort", () => {
        this.drop(step);
        done();
      }, { once: true });
    });
  }

  #connections(store: ModelStore): Store["connections"] {
    return {
      get: () => this.turn("get", "read", () => store.record),
      list: () => this.turn("list", "read", () => store.record === null ? [] : [store.record]),
      count: () => Promise.resolve(0),
      survey: () =>
        this.turn("list", "read", () => ({
          opened: store.record === null ? [] : [store.record],
          unopened: [],
        })),
      put: (next, version, also) =>
        this.turn(
          `put ${next.tokens.accessToken} ${next.status}`,
          "write",
          () => store.put(next, version, also?.release),
        ),
      delete: (_ref, version) => this.turn("delete", "write", () => store.delete(version)),
      lives: () => this.turn("lives", "read", () => store.record?.value.status === "active"),
      toAccount: () => Promise.resolve([]),
      changed: (_ref, version, signal) =>
        this.#wait({ name: "changed", isReady: () => store.record?.version !== version }, signal),
      due: () => Promise.resolve([]),
      postpone: () => Promise.resolve([]),
      settle: () => Promise.resolve(),
    };
  }

  #leases(store: ModelStore): Store["leases"] {
    return {
      read: () => this.turn("read lease", "read", () => store.lease),
      take: (ref, owner, until, over) =>
        this.turn(
          over === undefined ? "take lease" : over.owner === owner ? "renew lease" : "take over",
          "write",
          () => store.take({ ref, owner, until }, over),
        ),
      takeFor: (seen, owner, until) =>
        this.turn(
          `take lease for ${seen.version}`,
          "write",
          () => store.takeFor(seen, { ref: seen.value, owner, until }),
        ),
      release: (lease) => this.turn("release lease", "write", () => store.release(lease)),
    };
  }

  #server(shared: Shared): AuthorizationServer {
    const { name } = this;
    const { provider } = shared;
    const credential: Pick<OAuthFlow, "kind" | "refresh" | "revoke"> = {
      kind: "oauth",
      refresh: async (refreshToken) => {
        const ask = () => provider.refresh(refreshToken, name, shared.clock);
        const answer = await this.turn(`ask with ${refreshToken}`, "request", ask);
        // The answer takes its time, too.
        await this.turn("hear the answer", "answer", () => {});
        return answer;
      },
      revoke: async (tokens) => {
        const revoke = () => provider.revoke(tokens);
        const done = await this.turn(`revoke ${tokens.accessToken}`, "request", revoke);
        return done ? { kind: "revoked" } : { kind: "failed", reason: "500" };
      },
    };
    const server: Partial<AuthorizationServer> = {
      name: "p",
      title: "P",
      services: [{ name: "p", title: "Model", scopes: [] }],
      impliedScopes: {},
      credential: credential as OAuthFlow,
    };
    return server as AuthorizationServer;
  }
}

/** Small numbers for long texts. */
const numbers = new Map<string, number>();

/** Counts anew: a search compares within itself only. */
export function forgetNumbers(): void {
  numbers.clear();
}

function numberOf(text: string): number {
  const number = numbers.get(text) ?? numbers.size + 1;
  numbers.set(text, number);
  return number;
}
