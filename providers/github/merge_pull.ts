/**
 * Merging a GitHub pull request: what was looked at, and nothing that came
 * after it.
 *
 * https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request
 *
 * @module
 */

import { z } from "zod";
import { ApiError, tool } from "../provider.ts";
import { oneLine, shortLine } from "../text.ts";
import { onDay } from "./days.ts";
import { issueNumber } from "./issue.ts";
import { isMerged, speakMergeState, WholePullRequest } from "./pull.ts";
import { repo, repoPath } from "./repo.ts";
import { REPO_SCOPES } from "./scopes.ts";
import { elsewhere, findPull, type Named, orWhere } from "./whereabouts.ts";

const MAX_SAID = 200;

const Merged = z.object({
  merged: z.boolean().nullish(),
  sha: z.string().nullish(),
  message: z.string().nullish(),
});

export const mergePullRequest = tool({
  name: "github_merge_pull_request",
  aliases: ["merge_pull_request"],
  service: "github",
  title: "Merge a GitHub pull request",
  description:
    "Merge a pull request into its branch. Use it only when the person said so of this very " +
    "one: it cannot be undone.",
  input: z.strictObject({
    repo,
    number: issueNumber,
    method: z.enum(["merge", "squash", "rebase"]).default("merge"),
    sha: z.string().regex(/^[0-9a-f]{7,40}$/i, "must be a commit id").optional()
      .describe("Its latest commit when it was looked at: merges nothing newer."),
    title: z.string().min(1).max(256).optional(),
    message: z.string().max(65_536).optional(),
  }),
  output: z.object({
    repo: z.string(),
    number: z.number(),
    title: z.string(),
    merged: z.literal(true),
    method: z.string(),
    into: z.string(),
    sha: z.string().optional(),
    url: z.string(),
  }),
  hints: { readOnly: false, destructive: true },
  content: ["message"],
  scopes: REPO_SCOPES,
  async run({ repo, number, method, sha, title, message }, { api, now }) {
    const named = { repo, number };
    const { pull, notes } = await findPull(api, named);
    if (notes.length > 0) throw elsewhere(notes);
    const why = whyNot(pull, sha, now);
    if (why !== undefined) throw cannot(named, why);
    const write = api.json(`${repoPath(repo)}/pulls/${number}/merge`, Merged, {
      method: "PUT",
      // What was read just now: commits that come meanwhile are not merged with it.
      body: {
        merge_method: method,
        sha: pull.head.sha ?? sha,
        commit_title: title,
        commit_message: message,
      },
    });
    const { merged, sha: commit, message: said } = await orWhere(api, named, write, "pull request")
      .catch((error) => {
        throw withState(error, named, pull);
      });
    if (merged === false) {
      throw cannot(named, said ? shortLine(said, MAX_SAID) : "GitHub did not say why.");
    }
    if (merged !== true) throw unknown(named);
    return {
      text: `Merged pull request #${number} in ${repo}, "${oneLine(pull.title)}", into ` +
        `${pull.base.ref}${method === "merge" ? "" : ` by ${method}`}.`,
      data: {
        repo,
        number,
        title: pull.title,
        merged: true as const,
        method,
        into: pull.base.ref,
        sha: commit || undefined,
        url: pull.html_url,
      },
    };
  },
});

/** Why it cannot be merged, as far as is known before GitHub is asked to. */
function whyNot(pull: WholePullRequest, sha: string | undefined, now: number) {
  if (isMerged(pull)) {
    const by = pull.merged_by ? ` by ${pull.merged_by.login}` : "";
    return `it was merged already${by}${onDay(pull.merged_at, now)}.`;
  }
  if (pull.state !== "open") return `it is ${pull.state}.`;
  if (sha !== undefined && pull.head.sha && !pull.head.sha.startsWith(sha.toLowerCase())) {
    return "commits were added since it was looked at. Look at it again.";
  }
  if (pull.draft) return "it is a draft. Its author must mark it as ready first.";
  if (pull.mergeable === false) {
    return `it conflicts with ${pull.base.ref}. Somebody must resolve the conflicts first.`;
  }
  return undefined;
}

function cannot({ repo, number }: Named, why: string): ApiError {
  const message = `Pull request #${number} in ${repo} was not merged: ${why}`;
  return new ApiError({ kind: "conflict", message, mayBeDone: false });
}

function unknown({ repo, number }: Named): ApiError {
  const message = `GitHub did not say whether it has merged pull request #${number} in ${repo}.`;
  return new ApiError({ kind: "unavailable", message, mayBeDone: true });
}

/** GitHub's reason, and what it says of how the pull request stands. */
function withState(error: unknown, named: Named, pull: WholePullRequest): unknown {
  if (!(error instanceof ApiError) || error.fault.kind !== "conflict") return error;
  const state = speakMergeState(pull.mergeable_state);
  const said = error.fault.message.replace("GitHub could not do this as things are. ", "");
  return cannot(named, [said, ...(state === undefined ? [] : [state])].join(" "));
}
