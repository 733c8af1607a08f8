/**
 * KV is out, or does not answer.
 *
 * @module
 */

/** A KV operation failed. What it would have changed is unchanged, or will be found changed. */
export class StoreError extends Error {
  constructor(operation: string, cause: unknown) {
    super(`Cannot ${operation}: ${cause instanceof Error ? cause.message : "KV failed"}`);
    this.name = "StoreError";
  }
}
