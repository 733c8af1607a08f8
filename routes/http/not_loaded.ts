/**
 * What is answered where a part of the program could not be loaded.
 *
 * @module
 */

import { jsonHeaders } from "./json_headers.ts";

/** Whoever comes again has it tried again. `secure`: people reach the program by https. */
export function notLoaded(secure: boolean): Response {
  const retryAfter = 5;
  const body = {
    error: "server_error",
    error_description: "Something went wrong here. The operator's log has it.",
    retry_after: retryAfter,
  };
  const headers = { ...jsonHeaders(secure), "Retry-After": String(retryAfter) };
  return Response.json(body, { status: 503, headers });
}
