/**
 * Which issue is meant: by its number, its address, its branch or its id. An issue that moved to
 * another team has a new number, and the old one still leads to it.
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError } from "../provider.ts";
import { oneLine } from "../text.ts";
import { ask } from "./api.ts";
import { NOT_FOUND } from "./faults.ts";
import { State, STATES } from "./states.ts";

const NUMBER = /^[A-Za-z][A-Za-z0-9]{0,9}-\d{1,9}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ADDRESS =
  /^https:\/\/linear\.app\/[\w-]+\/issue\/([A-Za-z][A-Za-z0-9]{0,9}-\d{1,9})(?:[/?#]\S*)?$/;
/** `ana/eng-123-fix-the-door`, or without the name. */
const BRANCH = /^(?:[\w.-]+\/)+[\w.-]+$|^[A-Za-z][A-Za-z0-9]{0,9}-\d{1,9}-[\w.-]+$/;

/** An issue in a tool's input. */
export const issueId = z.string().max(300)
  .refine((text) => [NUMBER, UUID, ADDRESS, BRANCH].some((form) => form.test(text)), {
    error: "must be like ENG-123, or the issue's address or branch",
  })
  .transform((text) => {
    const number = ADDRESS.exec(text)?.[1] ?? text;
    return UUID.test(number)
      ? number.toLowerCase()
      : NUMBER.test(number)
      ? number.toUpperCase()
      : text;
  });

/** The same, as the issue that a tool acts on. */
export const issueNamed = issueId.describe("ENG-123, its address or branch.");

/** How to ask for an issue: `field` goes into a query, with `$id`. */
export function rootFor(wanted: string): string {
  return NUMBER.test(wanted) || UUID.test(wanted)
    ? "issue(id: $id)"
    : "issueVcsBranchSearch(branchName: $id)";
}

/** The answer to {@linkcode rootFor}: `null` where there is none. */
export function rootOf<T>(issue: z.ZodType<T>): z.ZodType<T | null> {
  return z.union([
    z.object({ issue: issue.nullable() }).transform((data) => data.issue),
    z.object({ issueVcsBranchSearch: issue.nullable() })
      .transform((data) => data.issueVcsBranchSearch),
  ]);
}

/** What tells whether it is the one that was named. */
export const NAME_FIELDS = "id identifier previousIdentifiers";
/** As {@linkcode NAME_FIELDS}. */
export const Name = z.object({
  id: z.string().min(1),
  identifier: z.string().min(1),
  previousIdentifiers: z.array(z.string()).nullish().catch(undefined),
});

/**
 * What to say where the issue is called otherwise than it was named.
 *
 * @throws {ApiError} where it is another one.
 */
export function renamed(wanted: string, { id, identifier, ...issue }: z.output<typeof Name>) {
  if (identifier === wanted || id.toLowerCase() === wanted) return [];
  const previous = issue.previousIdentifiers ?? [];
  const isBranch = !NUMBER.test(wanted) && !UUID.test(wanted);
  if (isBranch) return [`The branch belongs to ${identifier}.`];
  // A team with a new key keeps its numbers.
  const sameNumber = identifier.split("-")[1] === wanted.split("-")[1];
  if (NUMBER.test(wanted) && (previous.includes(wanted) || sameNumber)) {
    return [`${wanted} is now ${identifier}.`];
  }
  throw new ApiError({
    kind: "conflict",
    message: `Linear answered with another issue, ${oneLine(identifier)}. Nothing was done.`,
  });
}

const Target = Name.extend({
  trashed: z.boolean().nullish(),
  team: z.object({
    id: z.string(),
    states: z.object({ nodes: z.array(State) }).nullish(),
  }),
});
/** An issue that is about to be changed. */
export type Target = z.output<typeof Target> & { notes: string[] };

/**
 * Looks an issue up before it is changed: what is changed then goes by its id.
 *
 * @throws {ApiError} where there is none, it is another one, or it is in the trash.
 */
export async function targetOf(api: ApiClient, wanted: string): Promise<Target> {
  const query = `query IssueNamed($id: String!) {
    ${rootFor(wanted)} { ${NAME_FIELDS} trashed team { id ${STATES} } }
  }`;
  const issue = await ask(api, query, rootOf(Target), { id: wanted });
  if (!issue) throw new ApiError(NOT_FOUND);
  const notes = renamed(wanted, issue);
  if (issue.trashed) {
    const message = `${issue.identifier} is in Linear's trash. Restore it there first.`;
    throw new ApiError({ kind: "conflict", message });
  }
  return { ...issue, notes };
}
