/**
 * What Asana says of a change that was asked for.
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, type ApiRequest } from "../provider.ts";

/**
 * What Asana gives back of a change.
 *
 * @throws {ApiError} where that is nothing, or something else: then nobody knows what was done.
 */
export async function changed<T extends { gid: string }>(
  api: ApiClient,
  path: string,
  schema: z.ZodType<T>,
  { what, gid, ...request }: ApiRequest & {
    /** As in "It may have …": `created the task`. */
    what: string;
    /** Which object it must be; a new one where it is not said. */
    gid?: string;
  },
): Promise<T> {
  const answer = z.object({ data: schema.nullable().catch(null) }).catch({ data: null });
  const { data } = await api.json(path, answer, request);
  if (data !== null && (gid === undefined || data.gid === gid)) return data;
  throw new ApiError({
    kind: "unavailable",
    message: `Asana did not say whether it has ${what}.`,
    mayBeDone: true,
  });
}
