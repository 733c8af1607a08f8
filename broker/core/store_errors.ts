/**
 * How the store says that it cannot: part of its ports, so that nobody has to
 * import the vault to know what was thrown.
 *
 * @module
 */

/** A KV operation failed. What it would have changed is unchanged, or will be found changed. */
export class StoreError extends Error {
  constructor(operation: string, cause: unknown) {
    super(`Cannot ${operation}: ${cause instanceof Error ? cause.message : "KV failed"}`, {
      cause,
    });
    this.name = "StoreError";
  }
}

/** The record is whole, but this ring does not open it, or may not seal it. Nothing was changed. */
export class VaultError extends Error {
  constructor(
    readonly code: "unknown_key" | "cannot_open" | "retired_key",
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "VaultError";
  }
}
