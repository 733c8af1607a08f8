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
import { hiddenFrom, pageAfter, paging, pagingOutput, speakMore } from "./paging.ts";
import { REPO_SCOPES } from "./scopes.ts";

const DESCRIPTION_LENGTH = 200;

const Repository = z.object({
  full_name: z.string(),
  description: z.string().nullish(),
  private: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  language: z.string().nullish(),
  pushed_at: z.string().nullish(),
  html_url: z.string(),
});
type Repository = z.output<typeof Repository>;
/** GitHub has sent null for one that was just deleted. */
const Repositories = z.array(Repository.nullish());

const output = z.object({
  repositories: z.array(z.object({
    repo: z.string(),
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
  description: "List the repositories that the person owns or works on, as owner/name.",
  input: z.strictObject({
    sort: z.enum(["pushed", "updated", "created", "full_name"]).default("pushed"),
    ...paging,
  }),
  output,
  hints: { readOnly: true },
  scopes: REPO_SCOPES,
  async run({ sort, limit, page }, { api }) {
    const { value, headers } = await api.page("/user/repos", Repositories, {
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
    const all = z.object({ repositories: Repositories });
    const { value, headers } = await api.page("/installation/repositories", all, {
      query: { per_page: limit, page },
    });
    return listed(value.repositories, page, headers);
  },
});

function listed(value: z.output<typeof Repositories>, page: number, headers: Headers) {
  const all = value.filter((repo) => repo !== null && repo !== undefined);
  const next = pageAfter(page, headers);
  const found = count(all.length, "repository", "repositories");
  const names = all.length === 0 ? "" : `: ${enumerate(all.map((repo) => repo.full_name))}`;
  const notes = hiddenFrom(headers);
  return {
    text: [`Found ${found}${names}.`, ...speakMore(next), ...notes].join(" "),
    notes,
    data: {
      repositories: fitting(all, summary),
      ...next,
    },
  };
}

function summary(repo: Repository, length: number) {
  return {
    repo: repo.full_name,
    private: repo.private ?? false,
    archived: repo.archived ?? false,
    url: repo.html_url,
    description: repo.description
      ? shorten(repo.description, Math.min(DESCRIPTION_LENGTH, length))
      : undefined,
    language: repo.language || undefined,
    pushed_at: repo.pushed_at || undefined,
  };
}
