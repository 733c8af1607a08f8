/**
 * Confidential clients prove who they are (RFC 6749 §2.3.1).
 *
 * @module
 */

import { timingSafeEqual } from "@std/crypto/timing-safe-equal";
import type { Client } from "../../broker/core/client.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { bytesOfHex, passingDigest } from "../../broker/core/secrets.ts";
import type { Guesses } from "../guesses.ts";

/** Who says to be which client, and from where. */
interface Claimed {
  client: Client;
  secret: string | undefined;
  address: string | undefined;
}

/** Lets public clients pass. @throws {Refusal} `unknown_client`, `rate_limited`. */
export function requireClientSecret(guesses: Guesses, { client, secret, address }: Claimed): void {
  const { id, secretSha256 } = client;
  if (secretSha256 === undefined) return;
  const expected = bytesOfHex(secretSha256);
  const isRight = secret !== undefined && timingSafeEqual(passingDigest(secret), expected);
  // Counted for this client alone: another one's mistakes are not its own.
  const place = address === undefined ? undefined : `${address} ${id}`;
  guesses.judge(place, isRight ? id : undefined);
  if (!isRight) throw new Refusal({ code: "unknown_client" });
}
