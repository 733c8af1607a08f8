/**
 * Linear's GraphQL API. It refuses with 200, 400 or 401, always with a list of
 * errors.
 *
 * https://linear.app/developers/graphql, https://linear.app/developers/rate-limiting
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, type ApiFault } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { oneLine, shorten } from "../text.ts";

const MAX_SAID = 200;
/** Where Linear does not say how long to wait. Its limits are refilled all the time. */
const RETRY_SECONDS = 60;

const GraphQLError = z.object({
  message: z.string().nullish(),
  extensions: z.object({
    code: z.string().nullish(),
    type: z.string().nullish(),
    userPresentableMessage: z.string().nullish(),
  }).nullish(),
});
type GraphQLError = z.output<typeof GraphQLError>;
const ErrorBody = z.object({ errors: z.array(GraphQLError).min(1) });
const Envelope = z.object({
  data: z.unknown().optional(),
  errors: z.array(GraphQLError).nullish(),
});

const UNUSABLE: ApiFault = {
  kind: "unavailable",
  message: "Linear is not answering properly at the moment.",
};
/** Also where Linear gives `null`, without an error. */
export const NOT_FOUND: ApiFault = {
  kind: "not_found",
  message: "Linear did not find this, or this account may not see it.",
};

/**
 * The data of a query or mutation. GraphQL may answer with data and errors at
 * once; a tool cannot tell what is missing then, so that counts as refused.
 *
 * @throws {ApiError} for everything else.
 */
export async function ask<T>(
  api: ApiClient,
  query: string,
  schema: z.ZodType<T>,
  variables: Record<string, unknown> = {},
): Promise<T> {
  const { value, headers } = await api.page("/graphql", Envelope, {
    method: "POST",
    body: { query, variables },
  });
  const [error] = value.errors ?? [];
  if (error !== undefined) throw new ApiError(faultOf(error, headers));
  const parsed = schema.safeParse(value.data);
  if (!parsed.success) throw new ApiError(UNUSABLE);
  return parsed.data;
}

/** Why a request that did not answer 200 was refused. */
export function apiError(status: number, headers: Headers, body: unknown): ApiFault {
  const parsed = ErrorBody.safeParse(body);
  if (status === 429) return slowDown(headers);
  if (status === 401) {
    return { kind: "unauthorized", message: "Linear no longer accepts the sign-in." };
  }
  if (parsed.success && status < 500) return faultOf(parsed.data.errors[0]!, headers);
  if (status === 403) return { kind: "forbidden", message: "Linear does not allow this." };
  return UNUSABLE;
}

function faultOf({ message, extensions }: GraphQLError, headers: Headers): ApiFault {
  // `code` (RATELIMITED) or `type` ("ratelimited") says why; not every error has both.
  const words = `${extensions?.code ?? ""} ${extensions?.type ?? ""}`.toLowerCase();
  const said = shorten(oneLine(extensions?.userPresentableMessage || message || ""), MAX_SAID);
  const kinds = words.replaceAll("_", " ");
  if (/rate ?limited/.test(kinds)) return slowDown(headers);
  if (/authentication/.test(kinds)) {
    return { kind: "unauthorized", message: "Linear no longer accepts the sign-in." };
  }
  if (/not found|could not find/i.test(message ?? "")) return NOT_FOUND;
  if (/forbidden|feature not accessible|usage limit/.test(kinds) || /scope/i.test(message ?? "")) {
    return { kind: "forbidden", message: `Linear does not allow this. ${said}`.trim() };
  }
  if (/internal|lock timeout|bootstrap|network/.test(kinds)) return UNUSABLE;
  return { kind: "invalid", message: `Linear did not accept the request. ${said}`.trim() };
}

/**
 * Linear counts three limits. Those that were hit have nothing remaining, and the
 * one of them that is refilled last says how long to wait.
 */
function slowDown(headers: Headers): ApiFault {
  const waits = ["endpoint-requests", "requests", "complexity"].flatMap((limit) => {
    if (headers.get(`x-ratelimit-${limit}-remaining`) !== "0") return [];
    const reset = Number(headers.get(`x-ratelimit-${limit}-reset`) ?? NaN);
    return Number.isFinite(reset) ? [Math.max(1, Math.ceil((reset - Date.now()) / 1000))] : [];
  });
  const retryAfter = parseRetryAfter(headers) ??
    (waits.length > 0 ? Math.max(...waits) : RETRY_SECONDS);
  return { kind: "rate_limited", message: "Linear asks to slow down.", retryAfter };
}
