/**
 * The first setup of a deployment that nobody runs yet: whoever can start
 * tasks beside its database gets a code, and with that the right to change
 * settings until somebody is named an operator.
 *
 * The code is typed into a form, never part of an address: addresses are kept
 * by browsers, proxies and traces. It has 256 random bits, is kept as a digest,
 * works once, and not at all where there is an operator.
 *
 * @module
 */

import { isToCome } from "../broker/core/clock.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { digest } from "../broker/core/secrets.ts";
import { find } from "../broker/core/single_use.ts";
import type { SetupSecret, Store } from "../broker/core/store.ts";
import type { World } from "../broker/core/world.ts";

/** How long a code can be used. */
export const SETUP_CODE_MS = 30 * 60_000;
/** How long whoever used it can change settings. */
export const SETUP_MS = 30 * 60_000;

/** So that secret scanners can find them. */
const CODE = "sb_setup_";

/** Where codes are kept. */
export interface SetupDeps {
  store: Pick<Store, "setups">;
  world: Pick<World, "now" | "secret" | "log">;
}

/** A code or what it was exchanged for; it is shown once. */
export interface Issued {
  secret: string;
  /** Epoch ms. */
  expiresAt: number;
}

/** A new code, for the operator's terminal. */
export async function createSetupCode(deps: SetupDeps): Promise<Issued> {
  return await issue(deps, "code", CODE, SETUP_CODE_MS);
}

/**
 * Uses a code up; returns the secret of the setup, for a cookie.
 *
 * @throws {Refusal} `code_invalid`.
 */
export async function redeemSetupCode(
  deps: SetupDeps,
  code: unknown,
  hasOperators: boolean,
): Promise<Issued> {
  const { store, world } = deps;
  const text = typeof code === "string" ? code.trim() : undefined;
  const found = hasOperators ? null : await find(store.setups, text, CODE);
  const isGood = found?.value.kind === "code" &&
    isToCome(found.value.expiresAt, world.now(), SETUP_CODE_MS);
  if (!isGood || !await found.take()) throw new Refusal({ code: "code_invalid" });
  world.log({ level: "warn", event: "setup_begun" });
  return await issue(deps, "session", "", SETUP_MS);
}

/** Whether a secret is one of a setup that goes on. */
export async function isInSetup(
  { store, world }: SetupDeps,
  secret: unknown,
  hasOperators: boolean,
): Promise<boolean> {
  const found = hasOperators ? null : await find(store.setups, secret);
  return found?.value.kind === "session" && isToCome(found.value.expiresAt, world.now(), SETUP_MS);
}

async function issue(
  { store, world }: SetupDeps,
  kind: SetupSecret["kind"],
  prefix: string,
  lifetimeMs: number,
): Promise<Issued> {
  const secret = prefix + world.secret();
  const expiresAt = world.now() + lifetimeMs;
  await store.setups.put(digest(secret), { kind, expiresAt });
  return { secret, expiresAt };
}
