/**
 * GitHub repositories.
 *
 * https://docs.github.com/en/rest/repos/repos
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../provider.ts";
import { count, enumerate, fitting, shorten } from "../text.ts";

const DESCRIPTION_LENGTH = 200;

/** `owner/name`. A part "." or ".." would lead to another path of the API. */
export const RepoName = z.string()
  .regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/, "must look like owner/name")
  .refine((repo) => !repo.split("/").some((part) => part === "." || part === ".."), {
    message: "must look like owner/name",
  });

/** The API path of a repository. */
export function repoPath(repo: string): string {
  return `/repos/${repo.split("/").map(encodeURIComponent).join("/")}`;
}

/** Input fields of every list. */
export const paging = {
  limit: z.int().min(1).max(100).default(20).describe("How many to return at most, 1 to 100."),
  page: z.int().min(1).max(10_000).default(1)
    .describe("Which page to return; `next_page` of an earlier answer."),
};

/** Output fields of every list. */
export const pagingOutput = {
  has_more: z.boolean().describe("Whether there is a page after this one."),
  next_page: z.number().optional().describe("Pass it as `page` to go on."),
};

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function pageAfter(
  page: number,
  headers: Headers,
): { has_more: boolean; next_page?: number | undefined } {
  const has_more = /<[^<>]*>;\s*rel="next"/.test(headers.get("Link") ?? "");
  return { has_more, next_page: has_more ? page + 1 : undefined };
}

const Repository = z.object({
  full_name: z.string(),
  description: z.string().nullish(),
  private: z.boolean(),
  archived: z.boolean().nullish(),
  language: z.string().nullish(),
  pushed_at: z.string().nullish(),
  html_url: z.string(),
});

const output = z.object({
  repositories: z.array(z.object({
    repo: z.string().describe("owner/name"),
    description: z.string().optional(),
    private: z.boolean(),
    archived: z.boolean(),
    language: z.string().optional(),
    pushed_at: z.string().optional(),
    url: z.string(),
  })),
  ...pagingOutput,
});

/** https://docs.github.com/en/rest/repos/repos#list-repositories-for-the-authenticated-user */
export const listRepositories = tool({
  name: "github_list_repositories",
  aliases: ["list_repositories"],
  service: "github",
  title: "List GitHub repositories",
  description:
    "List the repositories that the person owns or works on. Use it when they ask which " +
    "repositories they have, or to find the owner/name that the other GitHub tools need.",
  input: z.strictObject({
    sort: z.enum(["pushed", "updated", "created", "full_name"]).default("pushed")
      .describe("Order: latest push, latest change or creation first, or by name."),
    ...paging,
  }),
  output,
  hints: { readOnly: true },
  scopes: [["repo"]],
  async run({ sort, limit, page }, { api }) {
    const { value, headers } = await api.page("/user/repos", z.array(Repository), {
      query: { sort, per_page: limit, page },
    });
    return listed(value, page, headers);
  },
});

/** https://docs.github.com/en/rest/apps/installations#list-repositories-accessible-to-the-app-installation */
export const listInstalledRepositories = tool({
  name: "github_app_list_repositories",
  service: "github_app",
  title: "List the GitHub App's repositories",
  description: "List the repositories that the GitHub App was installed for. Use it to find the " +
    "owner/name that its other tools need.",
  input: z.strictObject(paging),
  output,
  hints: { readOnly: true },
  scopes: [],
  async run({ limit, page }, { api }) {
    const all = z.object({ repositories: z.array(Repository) });
    const { value, headers } = await api.page("/installation/repositories", all, {
      query: { per_page: limit, page },
    });
    return listed(value.repositories, page, headers);
  },
});

function listed(value: z.output<typeof Repository>[], page: number, headers: Headers) {
  const next = pageAfter(page, headers);
  const found = count(value.length, "repository", "repositories");
  const names = value.length === 0 ? "" : `: ${enumerate(value.map((repo) => repo.full_name))}`;
  const more = next.has_more ? ` There are more on page ${page + 1}.` : "";
  return {
    text: `Found ${found}${names}.${more}`,
    data: { repositories: fitting(value, summary), ...next },
  };
}

function summary(repo: z.output<typeof Repository>, length: number) {
  return {
    repo: repo.full_name,
    private: repo.private,
    archived: repo.archived ?? false,
    url: repo.html_url,
    description: repo.description
      ? shorten(repo.description, Math.min(DESCRIPTION_LENGTH, length))
      : undefined,
    language: repo.language || undefined,
    pushed_at: repo.pushed_at || undefined,
  };
}
