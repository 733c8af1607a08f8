/**
 * Asking Linear's GraphQL API, and changing something through it.
 *
 * https://linear.app/developers/graphql
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { BROKEN, errorsIn, faultOfAll, type GraphQLError, UNUSABLE } from "./faults.ts";

type Variables = Record<string, unknown>;

/** The envelope of every answer; `errorsIn()` reads the errors in it. */
const Envelope = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.looseObject({})).nullish(),
});

/**
 * The data of a query, all of it.
 *
 * @throws {ApiError} for everything else; also where Linear gave only some of it.
 */
export async function ask<T>(
  api: ApiClient,
  query: string,
  schema: z.ZodType<T>,
  variables: Variables = {},
): Promise<T> {
  const { value } = await askPartly(api, query, schema, variables, { whole: true });
  return value;
}

/**
 * The data of a query. GraphQL may answer with data and errors at once: what the schema can do
 * without may be missing, and is named.
 *
 * @throws {ApiError} for everything else.
 */
export async function askPartly<T>(
  api: ApiClient,
  query: string,
  schema: z.ZodType<T>,
  variables: Variables = {},
  { whole = false }: { whole?: boolean } = {},
): Promise<{ value: T; missing: string[] }> {
  const { value: answer, headers } = await api.page("/graphql", Envelope, {
    method: "POST",
    body: { query, variables },
    reads: true,
  });
  const parsed = schema.safeParse(answer.data);
  const failed = errorsIn(answer);
  if (failed.length > 0 && (whole || !parsed.success)) {
    throw new ApiError(faultOfAll(failed, headers));
  }
  if (!parsed.success) throw new ApiError(UNUSABLE);
  return { value: parsed.data, missing: partsOf(failed) };
}

/** What could not be given, by the names of the fields: `project`, `due date`. */
function partsOf(errors: GraphQLError[]): string[] {
  const names = errors.map(({ path }) => {
    const name = path.findLast((step) => typeof step === "string" && step !== "nodes");
    return String(name ?? "some of it").replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  });
  return [...new Set(names)].filter((name) => /^[a-z ]{1,40}$/.test(name));
}

/** Says which parts Linear did not give. */
export function speakMissing(missing: string[]): string[] {
  return missing.length === 0 ? [] : [`Linear could not give everything: ${missing.join(", ")}.`];
}

/** A change: what to send, and where its result stands. */
export interface Change<T> {
  mutation: string;
  /** `issueCreate` */
  field: string;
  /** The object that changed, inside the payload: `issue`. */
  entity: string;
  schema: z.ZodType<T>;
  variables: Variables;
  /** As in "It may have …": `created the issue`. */
  what: string;
}

const Payload = z.object({ success: z.boolean().nullish().catch(undefined) }).loose();

/**
 * The object that was changed, as Linear gives it back.
 *
 * @throws {ApiError} where Linear says that it did nothing, and where nobody knows whether it did.
 */
export async function change<T>(api: ApiClient, change: Change<T>): Promise<T> {
  const { mutation: query, variables, field, entity, schema, what } = change;
  const answer = await api.page("/graphql", Envelope, {
    method: "POST",
    body: { query, variables },
  }).catch((error) => {
    // Something broke on Linear's side, before or after it was done.
    throw isBroken(error) ? perhaps(what) : error;
  });
  const { data } = answer.value;
  const errors = errorsIn(answer.value);
  const payload = Payload.safeParse(member(data, field)).data;
  if (payload?.success === false) throw notDone(what);
  const changed = schema.safeParse(payload?.[entity]);
  // With errors beside it as well: they say what could not be shown of it.
  if (changed.success) return changed.data;
  if (payload === undefined && errors.length > 0) {
    const fault = faultOfAll(errors, answer.headers);
    throw fault === BROKEN ? perhaps(what) : new ApiError({ ...fault, mayBeDone: false });
  }
  throw perhaps(what);
}

function isBroken(error: unknown): boolean {
  return error instanceof ApiError && error.fault === BROKEN;
}

/** Where nobody knows: a second try would do it twice. */
function perhaps(what: string): ApiError {
  const message = `Linear did not say whether it has ${what}.`;
  return new ApiError({ kind: "unavailable", message, mayBeDone: true });
}

function notDone(what: string): ApiError {
  const message = `Linear says that it has not ${what}, and not why. Nothing was changed.`;
  return new ApiError({ kind: "conflict", message, mayBeDone: false });
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

/** A list of Linear's, read item by item: one that makes no sense does not hide the others. */
export function listOf<T>(item: z.ZodType<T>) {
  return z.object({
    nodes: z.array(item.nullable().catch(null)).nullish(),
    pageInfo: z.object({
      hasNextPage: z.boolean().nullish(),
      endCursor: z.string().nullish(),
    }).nullish(),
    totalCount: z.number().nullish(),
  }).transform(({ nodes, pageInfo, totalCount }) => {
    const all = nodes ?? [];
    const items = all.flatMap((node) => node === null ? [] : [node]);
    return {
      items,
      /** How many could not be read. */
      unread: all.length - items.length,
      hasMore: pageInfo?.hasNextPage === true,
      next: pageInfo?.endCursor || undefined,
      total: totalCount ?? undefined,
    };
  });
}
