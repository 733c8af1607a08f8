/**
 * What a tool says by itself, before or after it has asked its provider.
 *
 * @module
 */

import { ApiError } from "./provider.ts";

/** An argument is wrong in a way that its schema cannot tell. */
export function invalid(message: string): ApiError {
  return new ApiError({ kind: "invalid", message });
}

/** The provider answered, and what was asked for is not among it. */
export function notFound(message: string): ApiError {
  return new ApiError({ kind: "not_found", message });
}
