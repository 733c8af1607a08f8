/**
 * Gateway tokens that are bound to a key (RFC 9449 §7): how they come to the
 * MCP endpoint, and how it says what is wrong with their proofs.
 *
 * @module
 */

import { DPOP_ALGORITHMS, type Proof, type ProofError } from "../../gateway/gateway.ts";
import type { Asked } from "../http/asked.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";

/** A token, with the proof that came along. */
export interface BoundToken {
  token: string;
  proof: Proof;
}

/** Whether a request brings a token or a proof in DPoP's way. */
export function comesBound(c: Asked): boolean {
  return c.req.header("DPoP") !== undefined ||
    /^DPoP\b/i.test(c.req.header("Authorization") ?? "");
}

/**
 * The token and the proof of a request that brings either in DPoP's way. One without the other is
 * nobody's, and so is any other credential beside a proof.
 */
export async function boundTokenOf(
  c: Asked,
  { gateway }: Pick<AppDeps, "gateway">,
): Promise<BoundToken> {
  const text = c.req.header("DPoP");
  const token = /^DPoP +(\S+) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
  if (text === undefined || token === undefined) return refuse({ code: "invalid_gateway_token" });
  const { method } = c.req;
  const path = new URL(c.req.url).pathname;
  return { token, proof: await gateway.readProof(text, { method, path, token }) };
}

/** The challenge that stands beside Bearer's (RFC 9449 §7.1). */
export function dpopChallenge(error: ProofError["error"] | "invalid_token"): string {
  return `DPoP error="${error}", algs="${DPOP_ALGORITHMS.join(" ")}"`;
}
