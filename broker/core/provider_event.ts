/**
 * What a provider tells this program by itself: that somebody has taken a
 * permission back over there, or that an account may be in other hands. Such
 * news ends nothing. It is a reason to ask the provider whether what is
 * connected still works, and the answer to that counts.
 *
 * @module
 */

import type { TokenSet } from "./connection.ts";

/** A delivery as it came in. */
export interface Delivery {
  headers: Headers;
  /** As it was signed, byte by byte. */
  body: Uint8Array<ArrayBuffer>;
  /** Epoch ms. */
  now: number;
}

/** What a delivery that is the provider's own says. */
export interface ProviderEvent {
  /** The provider's own word for it; goes into the log. Letters, digits, `_`, `-` and `/`. */
  type: string;
  /** Where each delivery has a name of its own that is signed along: by it a repeat is known. */
  id?: string | undefined;
  about: Concern;
}

/** Whose connections the provider is to be asked about. */
export type Concern =
  | { kind: "account"; account: string }
  /** Of whichever account. */
  | { kind: "token"; isMeant(tokens: TokenSet): boolean }
  /** A trial of the way, or news that changes nothing here. */
  | { kind: "nothing" };

/** How a provider's news is told from anybody's. */
export interface ProviderEvents {
  /**
   * Reads what a delivery says.
   *
   * @throws {Refusal} `invalid_request`: it is not the provider's, or not for this program;
   * `provider_unavailable`: its keys could not be had.
   */
  read(delivery: Delivery): Promise<ProviderEvent>;
}
