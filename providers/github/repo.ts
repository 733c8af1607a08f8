/**
 * Repositories by name, and whether what answered is what was asked for:
 * GitHub sends who reads on to where an issue or a repository has gone, under
 * another name or another number, and says so by the address alone.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
 *
 * @module
 */

import { z } from "zod";
import { type ApiClient, ApiError, type ApiRequest } from "../provider.ts";

/** `owner/name`. A part "." or ".." would lead to another path of the API. */
export const RepoName = z.string()
  .regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/, "must look like owner/name")
  .refine((repo) => !repo.split("/").some((part) => part === "." || part === ".."), {
    message: "must look like owner/name",
  });

/** The input field of most tools. */
export const repo = RepoName.describe("owner/name");

/** The API path of a repository. */
export function repoPath(repo: string): string {
  return `/repos/${repo.split("/").map(encodeURIComponent).join("/")}`;
}

/** Names of owners and repositories that differ by case are the same. */
export function isSameRepo(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** What one of GitHub's pages is of. */
export interface Page {
  repo: string;
  /** `issues`, `pull`, `discussions` and the like. */
  kind: string | undefined;
  number: number | undefined;
}

/** Reads `https://github.com/owner/name/issues/1`; a part of the page does not matter. */
export function pageOf(url: string | null | undefined): Page | undefined {
  const [, owner, name, kind, number = ""] = (url ? URL.parse(url)?.pathname ?? "" : "").split("/");
  const repo = `${owner ?? ""}/${name ?? ""}`;
  if (!RepoName.safeParse(repo).success) return undefined;
  return { repo, kind, number: /^\d{1,15}$/.test(number) ? Number(number) : undefined };
}

/** `owner/name` of one of GitHub's pages. */
export function repoOfPage(page: string | null | undefined): string | undefined {
  return pageOf(page)?.repo;
}

/** An answer from within a repository. */
export interface Found<T> {
  value: T;
  headers: Headers;
  /** Where it came from, as it is called now. */
  repo: string;
  /** That it is called otherwise than was asked, if so. */
  notes: string[];
}

/**
 * Reads from within a repository. Where GitHub sent the request on, the answer's own page tells
 * the new name; an answer without one (an empty list) is asked about.
 */
export async function readIn<T>(
  api: ApiClient,
  repo: string,
  path: string,
  schema: z.ZodType<T>,
  request: ApiRequest = {},
): Promise<Found<T>> {
  const asked = repoPath(repo) + path;
  const { value, headers, url } = await api.page(asked, schema, request);
  if (!wasSentOn(url, repo)) return { value, headers, repo, notes: [] };
  const now = await nameNow(api, url, value);
  if (now === undefined) {
    return { value, headers, repo, notes: [`${repo} goes by another name now.`] };
  }
  if (isSameRepo(now, repo)) return { value, headers, repo, notes: [] };
  return { value, headers, repo: now, notes: [`${repo} is now ${now}.`] };
}

/** Whether an answer came from another address than the repository's. */
function wasSentOn(url: string, repo: string): boolean {
  const path = URL.parse(url)?.pathname ?? "";
  return path.length > 1 && !`${path}/`.toLowerCase().includes(`${repoPath(repo)}/`.toLowerCase());
}

const Named = z.object({ full_name: RepoName });

async function nameNow(
  api: ApiClient,
  url: string,
  value: unknown,
): Promise<string | undefined> {
  const said = repoOfPage(pageIn(value));
  if (said !== undefined) return said;
  const path = /\/(?:repositories\/\d+|repos\/[^/]+\/[^/]+)(?=\/|$)/
    .exec(URL.parse(url)?.pathname ?? "")?.[0];
  if (path === undefined) return undefined;
  try {
    return (await api.json(path, Named)).full_name;
  } catch (error) {
    // What was asked for is there: its name alone is not.
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** The page of an answer, or of the first one in its list. */
function pageIn(value: unknown): string | undefined {
  const [first] = Array.isArray(value) ? value : [value];
  const page = (first as { html_url?: unknown } | null | undefined)?.html_url;
  return typeof page === "string" ? page : undefined;
}
