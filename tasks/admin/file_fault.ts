/**
 * What is wrong with a file.
 *
 * @module
 */

import { inOwnWords } from "../../broker/core/own_words.ts";

/** What is wrong with a file, in our own words. */
export class FileFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "FileFault";
    inOwnWords(this);
  }
}
