/**
 * What a Linear issue hangs together with: its parent and sub-issues, relations and links. Asked
 * for apart: where Linear does not give it, the issue can be read all the same.
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../broker/core/lists.ts";
import { type ApiClient, ApiError } from "../provider.ts";
import { within } from "../reading.ts";
import { count, shorten, shortLine } from "../text.ts";
import { askPartly, listOf, speakMissing } from "./api.ts";

const PAGE = 25;
/** What each of the lists may cost a model. */
const TOKENS = 2_500;
const MAX_URL = 300;
const SPOKEN_TITLE = 60;

const Other = z.object({
  identifier: z.string(),
  title: z.string().nullish(),
  state: z.object({ name: z.string().nullish(), type: z.string().nullish() }).nullish(),
});
type Other = z.output<typeof Other>;
const OTHER = "identifier title state { name type }";

const Attachment = z.object({
  title: z.string().nullish(),
  subtitle: z.string().nullish(),
  url: z.string().nullish(),
});

const Links = z.object({
  issue: z.object({
    parent: Other.nullish(),
    children: listOf(Other).nullish(),
    relations: listOf(z.object({ type: z.string().nullish(), relatedIssue: Other })).nullish(),
    inverseRelations: listOf(z.object({ type: z.string().nullish(), issue: Other })).nullish(),
    attachments: listOf(Attachment).nullish(),
  }),
});
const more = "pageInfo { hasNextPage endCursor }";
const LINKS = `query IssueLinks($id: String!) {
  issue(id: $id) {
    parent { ${OTHER} }
    children(first: ${PAGE}) { nodes { ${OTHER} } ${more} }
    relations(first: ${PAGE}) { nodes { type relatedIssue { ${OTHER} } } ${more} }
    inverseRelations(first: ${PAGE}) { nodes { type issue { ${OTHER} } } ${more} }
    attachments(first: ${PAGE}) { nodes { title subtitle url } ${more} }
  }
}`;

const OtherOutput = z.object({
  issue: z.string(),
  title: z.string(),
  state: z.string().optional(),
});

/** What the reading tool gives back of it. */
export const LinksOutput = z.object({
  parent_issue: OtherOutput.optional(),
  sub_issues: z.array(OtherOutput).optional(),
  relations: z.array(OtherOutput.extend({
    relation: z.string(),
  })).optional(),
  links: z.array(z.object({ title: z.string(), url: z.string().optional() })).optional(),
});
type LinksOutput = z.output<typeof LinksOutput>;

/** Both ways round; what Linear adds is said as it is called. */
const RELATIONS: Record<string, [to: string, from: string]> = {
  blocks: ["blocks", "blocked by"],
  duplicate: ["duplicate of", "duplicated by"],
  related: ["related", "related"],
  similar: ["similar", "similar"],
};

/** All of it, and what to say of it where it is not all. */
export async function linksOf(
  api: ApiClient,
  id: string,
): Promise<{ data: LinksOutput; notes: string[] }> {
  const answer = await askPartly(api, LINKS, Links, { id }).catch((error) => {
    if (!(error instanceof ApiError) || error.fault.kind === "unauthorized") throw error;
    return undefined;
  });
  if (answer === undefined) {
    const notes = ["Linear did not give its sub-issues, relations and links."];
    return { data: {}, notes };
  }
  const { value: { issue }, missing } = answer;
  const { parent, children, relations, inverseRelations, attachments } = issue;
  const related = [
    ...(relations?.items ?? []).map(({ type, relatedIssue }) => [type, 0, relatedIssue] as const),
    ...(inverseRelations?.items ?? []).map(({ type, issue }) => [type, 1, issue] as const),
  ];
  const cut = [children, relations, inverseRelations, attachments];
  const unread = cut.reduce((sum, list) => sum + (list?.unread ?? 0), 0);
  return {
    data: {
      parent_issue: parent ? summarize(parent, 200) : undefined,
      sub_issues: unlessEmpty(within(TOKENS, children?.items ?? [], summarize)),
      relations: unlessEmpty(within(TOKENS, related, ([type, way, other], length) => ({
        ...summarize(other, Math.min(length, 200)),
        relation: lookUp(RELATIONS, type ?? "")?.[way] ?? shorten(type ?? "related", 40),
      }))),
      links: unlessEmpty(
        within(TOKENS, attachments?.items ?? [], ({ title, subtitle, url }, length) => ({
          title: shorten([title, subtitle].filter(Boolean).join(", "), Math.min(length, 200)),
          url: url && url.length <= MAX_URL ? url : undefined,
        })),
      ),
    },
    notes: [
      ...(cut.some((list) => list?.hasMore)
        ? [`Of sub-issues, relations and links, only the first ${PAGE} of each are listed.`]
        : []),
      ...(unread > 0 ? [`${count(unread, "link")} could not be read.`] : []),
      ...speakMissing(missing),
    ],
  };
}

function unlessEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function summarize({ identifier, title, state }: Other, length: number) {
  return {
    issue: identifier,
    title: shorten(title ?? "", Math.min(length, 200)),
    state: state?.name ?? undefined,
  };
}

/** `It is a part of ENG-1 The house. It has 2 sub-issues. It is blocked by ENG-2 The key.` */
export function speakLinks({ parent_issue, sub_issues, relations, links }: LinksOutput): string[] {
  const blockers = (relations ?? []).filter(({ relation }) => relation === "blocked by");
  const others = (relations ?? []).length - blockers.length;
  const [first, ...rest] = blockers;
  const and = rest.length === 0 ? "" : `, and ${rest.length} more`;
  return [
    ...(parent_issue ? [`It is a part of ${speakOther(parent_issue)}.`] : []),
    ...(sub_issues ? [`It has ${count(sub_issues.length, "sub-issue")}.`] : []),
    ...(first ? [`It is blocked by ${speakOther(first)}${and}.`] : []),
    ...(others > 0 ? [`It has ${count(others, first ? "other relation" : "relation")}.`] : []),
    ...(links ? [`It has ${count(links.length, "link")}.`] : []),
  ];
}

function speakOther({ issue, title }: z.output<typeof OtherOutput>): string {
  return `${issue} ${shortLine(title, SPOKEN_TITLE)}`.trim();
}
