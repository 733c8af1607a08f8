/**
 * GitHub's search for code.
 *
 * https://docs.github.com/en/rest/search/search#search-code
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting, shorten } from "../text.ts";
import { there } from "./comments.ts";
import { hiddenFrom, pageAfter, paging, pagingOutput, speakMore } from "./paging.ts";
import { RepoName } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { codeQuery, faultIn } from "./search_query.ts";
import { spoken } from "./spoken.ts";

const MOST_FOUND = 1_000;
const MAX_FRAGMENTS = 3;
const FRAGMENT_LENGTH = 300;

const Results = z.object({
  total_count: z.number(),
  incomplete_results: z.boolean().nullish(),
  items: z.array(
    z.object({
      path: z.string(),
      html_url: z.string().nullish(),
      repository: z.object({ full_name: z.string() }),
      text_matches: z.array(
        z.object({ fragment: z.string().nullish(), property: z.string().nullish() }).nullish(),
      ).nullish(),
    }).nullish(),
  ),
});

export const searchCode = tool({
  name: "github_search_code",
  aliases: ["search_code"],
  service: "github",
  title: "Search code on GitHub",
  description:
    "Find files by words in them, in one repository, an owner's, or everywhere. GitHub looks " +
    "into default branches and files below 384 KB only.",
  input: z.strictObject({
    query: z.string().max(1_000).regex(/\S/, "must not be blank").superRefine((query, context) => {
      const message = faultIn(query);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }).describe("Words, and GitHub's qualifiers: addClass language:js path:src."),
    repo: RepoName.optional().describe("owner/name. Left out, everywhere."),
    owner: z.string().regex(/^[A-Za-z0-9_-]{1,100}$/, "must be a login").optional(),
    ...paging,
  }),
  output: z.object({
    files: z.array(z.object({
      repo: z.string(),
      path: z.string(),
      fragments: z.array(z.string()),
      url: z.string().optional(),
    })),
    total: z.number(),
    incomplete: z.boolean(),
    ...pagingOutput,
  }),
  hints: { readOnly: true },
  scopes: REPO_SCOPES,
  async run({ query, repo, owner, limit, page }, { api }) {
    const search = codeQuery(query, { repo, owner });
    const { value, headers } = await api.page("/search/code", Results, {
      query: { q: search.query, per_page: limit, page },
      headers: { Accept: "application/vnd.github.text-match+json" },
    });
    const { has_more, next_page } = pageAfter(page, headers);
    const found = there(value.items);
    const incomplete = value.incomplete_results ?? false;
    const isCut = !has_more && value.total_count > MOST_FOUND;
    const notes = [
      ...search.notes,
      ...hiddenFrom(headers),
      ...(isCut ? ["GitHub shows the first 1,000 of them only: narrow the search."] : []),
    ];
    const names = found.map(({ path, repository }) => `${spoken(path)} in ${repository.full_name}`);
    return {
      text: [
        `Found ${count(value.total_count, "file")}` +
        `${names.length === 0 ? "" : `: ${enumerate(names)}`}.`,
        ...(incomplete ? ["GitHub did not look everywhere, so there may be more."] : []),
        ...speakMore({ has_more, next_page }),
        ...notes,
      ].join(" "),
      notes,
      data: {
        files: fitting(found, ({ path, html_url, repository, text_matches }, length) => ({
          repo: repository.full_name,
          path: shorten(path, length),
          fragments: there(text_matches ?? [])
            .flatMap(({ fragment, property }) =>
              fragment && property !== "path"
                ? [shorten(fragment, Math.min(FRAGMENT_LENGTH, length))]
                : []
            ).slice(0, MAX_FRAGMENTS),
          url: html_url || undefined,
        })),
        total: value.total_count,
        incomplete,
        has_more,
        next_page,
      },
    };
  },
});
