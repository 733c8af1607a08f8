/**
 * What callers say of the provider token that they want.
 *
 * @module
 */

import type { RequestNotes } from "./request_notes.ts";
import type { Acting } from "./actor.ts";
import type { Reach } from "./reach.ts";

/** Which provider token a caller wants. */
export interface TokenRequest extends Acting {
  /** What the caller called the service or provider. */
  service: string;
  /** An account's id or label; the default account where it is not said. */
  account?: string | undefined;
  /** The connection must be for nothing beyond; see `reach.ts`. */
  reach?: Reach;
  /**
   * Alternatives: all scopes of one of these lists must be granted. Where none is, a link asks for
   * what is missing of the one that lacks the fewest, the first of those. None: nothing is needed.
   */
  scopes: string[][];
  /** The caller's own words for them: what a link asks for where nothing is connected. */
  scopeParam?: string | undefined;
  /**
   * It is for reading alone. Then another account may stand in for the default one that has ended,
   * where none is named; what changes something is never done with another account than was meant.
   */
  reading?: boolean | undefined;
  /** ms */
  minTtl?: number | undefined;
  /**
   * The access token that the provider's API has just refused. Where the answer
   * has it again, another one would be refused as well.
   */
  rejected?: string | undefined;
  /**
   * What the provider's API refused, whatever the vault says of the connection: the request is
   * refused with the cure. `scopes` may be empty where the API does not say which it misses;
   * `rejected` is the access token that it was asked with, `why` what is said before the cure.
   */
  refused?:
    | { kind: "sign_in" }
    | { kind: "scopes"; scopes: string[]; why?: string | undefined }
    | undefined;
  /** Nobody is there to open a link: a refusal carries none, and none is made. */
  unlinked?: boolean | undefined;
  /** What is noted as the subject's activity where it is answered, or refused though it is connected. */
  noted?: "token_handed_out" | "api_called" | undefined;
  /** Of the request that it is for, where that is not the one being answered in a name already. */
  request?: RequestNotes | undefined;
  /** How long the caller waits for a refresh, in ms. */
  waitMs: number;
}
