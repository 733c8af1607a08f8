/**
 * What is answered where a part of the program could not be loaded.
 *
 * @module
 */

import { REQUEST_ID_HEADER } from "./asked.ts";
import { jsonHeaders } from "./json_headers.ts";

/** Whoever comes again has it tried again. `secure`: people reach the program by https; `id`: the request's. */
export function notLoaded(secure: boolean, id: string): Response {
  const retryAfter = 5;
  const body = {
    error: "server_error",
    error_description: `Something went wrong here. The operator's log has it under ${id}.`,
    retry_after: retryAfter,
    request_id: id,
  };
  const headers = {
    ...jsonHeaders(secure),
    "Retry-After": String(retryAfter),
    [REQUEST_ID_HEADER]: id,
  };
  return Response.json(body, { status: 503, headers });
}
