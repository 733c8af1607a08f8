/**
 * What a link, and what is connected by one, is bounded by.
 *
 * @module
 */

import { LONGEST_RETURN_TO } from "./api_key.ts";

/** How long a link lives if its maker does not say. */
export const LINK_LIFETIME_MS = 10 * 60 * 1000;
/** The shortest and the longest life that a maker may ask for, in seconds. */
export const LINK_SECONDS = { min: 30, max: 600 };
/** How long a person has at the provider. */
export const PENDING_LIFETIME_MS = 10 * 60 * 1000;

/** The longest parts of a link, in characters: all of them go into the record of the trip. */
export const LINK_LENGTHS = {
  service: 700,
  scope: 2000,
  account: 320,
  returnTo: LONGEST_RETURN_TO,
  /** A host name has 253 at most. */
  origin: 300,
};

/** The longest API key, client id and client secret, in characters. */
export const LONGEST_KEY = 2000;
/** Characters of a value of `params`. */
export const LONGEST_PARAM = 200;
