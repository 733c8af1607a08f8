/**
 * How the store says that it cannot: part of its ports, so that nobody has to
 * import the vault to know what was thrown.
 *
 * @module
 */

import { inOwnWords, saidOf } from "./own_words.ts";

/**
 * A KV operation failed. What it would have changed is unchanged, or will be
 * found changed. A `permanent` one fails at every later try as well, and has
 * changed nothing: what should be kept is larger than the store takes.
 */
export class StoreError extends Error {
  constructor(operation: string, cause: unknown, readonly permanent: boolean = false) {
    super(`Cannot ${operation}: ${saidOf(cause)}`, { cause });
    this.name = "StoreError";
    inOwnWords(this);
  }
}

/** Whether an error says that no later try can store it. */
export function isPermanent(error: unknown): boolean {
  return error instanceof StoreError && error.permanent;
}

/** The record is whole, but this ring does not open it, or may not seal it. Nothing was changed. */
export class VaultError extends Error {
  constructor(
    readonly code:
      | "unknown_key"
      | "cannot_open"
      | "retired_key"
      /** A newer version has written the record, or the database, in a form that this one does not know. */
      | "newer_record"
      | "newer_schema",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "VaultError";
    inOwnWords(this);
  }
}

/** The store cannot be opened. The message says what stands in the way, and what to do. */
export class NotOpenedError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`Cannot open the database: ${why}`, options);
    this.name = "NotOpenedError";
    inOwnWords(this);
  }
}
