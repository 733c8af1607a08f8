/**
 * DPoP proofs as they come with requests (RFC 9449): whose key, for which
 * request, of now, and not used before.
 *
 * A proof is used once. At the token endpoint and for calls that change
 * something that holds in all processes: it is written down by one atomic add.
 * For calls that only read, a write would cost more than they do: there each
 * process knows what it has seen itself. Both in front of what the proof is
 * for, and neither of them open where it fails.
 *
 * @module
 */

import type { Client } from "../../broker/core/client.ts";
import { lazily } from "../../broker/core/lazily.ts";
import { digest } from "../../broker/core/secrets.ts";
import type { Store } from "../../broker/core/store.ts";
import type { World } from "../../broker/core/world.ts";
import type { ProvedRequest } from "./dpop.ts";
import type { Nonces } from "./dpop_nonce.ts";

/** Loaded with the first proof. */
const dpop = lazily(() => import("./dpop.ts"));

/** Proofs that one process remembers. */
export const MAX_SEEN = 10_000;

/** Errors of proofs (RFC 9449 §12.2). `reason` says what is wrong, and nothing that is secret. */
export class ProofError extends Error {
  constructor(
    readonly error: "invalid_dpop_proof" | "use_dpop_nonce",
    readonly reason: string,
  ) {
    super(error);
    this.name = "ProofError";
  }
}

/** A proof that is right, for the request that it came with. */
export interface Proof {
  /** Thumbprint of the key: what tokens are bound to. */
  jkt: string;
  /**
   * Uses it up in this process alone, unless too much is remembered here.
   *
   * @throws {ProofError} `invalid_dpop_proof` where it was used before.
   */
  claimHere(): Promise<void>;
  /**
   * Uses it up in all processes. However often it is asked, the request uses it up once.
   *
   * @throws {ProofError} `invalid_dpop_proof` where another request did.
   */
  claim(): Promise<void>;
}

/** What is needed to judge them. */
export interface ProofDeps {
  store: Pick<Store, "proofs">;
  world: Pick<World, "now">;
  nonces: Nonces;
}

/** Judges proofs, and remembers those that one process has seen. */
export class Proofs {
  readonly #deps: ProofDeps;
  readonly #room: number;
  /** Digest → until when it would be taken again; the longest known first. */
  readonly #seen = new Map<string, number>();
  /** Until when one would be taken again that was written down for want of room. */
  #writtenUntil = 0;

  /** @param room for proofs that are remembered here */
  constructor(deps: ProofDeps, room = MAX_SEEN) {
    this.#deps = deps;
    this.#room = room;
  }

  /** @throws {ProofError} */
  async read(text: string, request: ProvedRequest): Promise<Proof> {
    const { nonces, world } = this.#deps;
    const { endOfProof, openProof, requestFault, timeFault } = await dpop();
    const claims = await openProof(text);
    if (typeof claims === "string") throw new ProofError("invalid_dpop_proof", claims);
    const fault = requestFault(claims, request);
    if (fault !== undefined) throw new ProofError("invalid_dpop_proof", fault);
    const { jkt, jti, nonce } = claims;
    const until = nonce === undefined ? endOfProof(claims) : await nonces.endOf(nonce);
    if (until === undefined) {
      throw new ProofError("use_dpop_nonce", "its nonce is over, or no ours");
    }
    const late = nonce === undefined ? timeFault(claims, world.now()) : undefined;
    if (late !== undefined) throw new ProofError("use_dpop_nonce", late);
    return this.#proof(jkt, digest(JSON.stringify(["dpop", jkt, jti])), until);
  }

  #proof(jkt: string, key: string, until: number): Proof {
    let claimed: Promise<void> | undefined;
    const claim = () => claimed ??= this.#claim(key, until);
    return {
      jkt,
      claim,
      claimHere: async () => {
        if ((this.#seen.get(key) ?? 0) > this.#deps.world.now()) throw used();
        if (!this.#hasRoom()) this.#writtenUntil = Math.max(this.#writtenUntil, until);
        // Also where there is room again: what was written down meanwhile is not known here.
        if (this.#writtenUntil > this.#deps.world.now()) return await claim();
        this.#seen.delete(key);
        this.#seen.set(key, until);
      },
    };
  }

  /** One atomic add, in which only one of all processes succeeds. */
  async #claim(key: string, until: number): Promise<void> {
    const { store, world } = this.#deps;
    // At least a moment: the end may be this very one.
    const expiresAt = Math.max(until, world.now() + 1);
    if (await store.proofs.add(key, { expiresAt }, world.now()) === null) throw used();
  }

  #hasRoom(): boolean {
    if (this.#seen.size < this.#room) return true;
    const now = this.#deps.world.now();
    for (const [key, until] of this.#seen) if (until <= now) this.#seen.delete(key);
    return this.#seen.size < this.#room;
  }
}

/** Refuses a client without a proof that wants all its tokens bound (RFC 9449 §5.2). @throws {ProofError} */
export function requireWanted({ boundOnly }: Client, proof: Proof | undefined): void {
  if (boundOnly !== true || proof !== undefined) return;
  throw new ProofError(
    "invalid_dpop_proof",
    "the client's tokens are to be bound, and there is none",
  );
}

function used(): ProofError {
  return new ProofError("invalid_dpop_proof", "it was used before");
}
