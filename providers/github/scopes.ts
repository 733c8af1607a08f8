/**
 * Scopes of GitHub's OAuth apps: which imply which, what tools need, and what
 * an answer says that a token lacks.
 *
 * https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";

/** What a scope holds beside itself. */
export const IMPLIED: Record<string, string[]> = {
  repo: ["public_repo", "repo:status", "repo_deployment", "repo:invite", "security_events"],
  user: ["read:user", "user:email", "user:follow"],
  "admin:org": ["write:org", "read:org"],
  "write:org": ["read:org"],
  project: ["read:project"],
};

/**
 * What a tool needs: `public_repo` opens public repositories, and a refusal of anything else asks
 * for `repo` by itself. Every token reads what is public, one without scopes, too; but a connection
 * that was made for an e-mail address alone would be asked for repositories that it does not see.
 */
export const REPO_SCOPES = [["public_repo"], ["repo"]];

/**
 * The scopes that a refusal says are missing: `X-OAuth-Scopes` are those of the token, and of
 * `X-Accepted-OAuth-Scopes` one would do. A private repository is hidden behind 404, where
 * `public_repo` may be among the accepted ones and is not enough.
 */
export function lackingScopes(
  status: number,
  headers: Headers,
  said: string,
): string[] | undefined {
  const has = headers.get("X-OAuth-Scopes");
  if (has === null || (status !== 403 && status !== 404)) return undefined;
  const granted = new Set(list(has).flatMap((scope) => [scope, ...lookUp(IMPLIED, scope) ?? []]));
  const named = /needs the ["“]?([a-z][a-z:_]{1,40})["”]? scope/i.exec(said)?.[1];
  if (named !== undefined) return granted.has(named) ? undefined : [named];
  const accepted = list(headers.get("X-Accepted-OAuth-Scopes") ?? "");
  if (status === 404 && accepted.includes("repo")) {
    return granted.has("repo") ? undefined : ["repo"];
  }
  if (accepted.length === 0 || accepted.some((scope) => granted.has(scope))) return undefined;
  const least = accepted.find((scope) =>
    !(lookUp(IMPLIED, scope) ?? []).some((one) => accepted.includes(one))
  );
  return [least ?? accepted[0]!];
}

/** Whether an answer leaves private repositories out, since its token opens public ones alone. */
export function seesPublicOnly(headers: Headers): boolean {
  const has = headers.get("X-OAuth-Scopes");
  return has !== null && !list(has).includes("repo");
}

function list(header: string): string[] {
  return header.split(",").map((scope) => scope.trim()).filter((scope) => scope !== "");
}
