/**
 * Refusals that GitHub tells apart by its words, and what cures each.
 *
 * @module
 */

import type { ApiFault } from "../provider.ts";

/** Where people are sent: GitHub's site, and the registered app there. */
export interface Site {
  site: string;
  clientId: string;
}

/** A refusal, read. */
export interface GitHubRefusal extends Site {
  status: number;
  headers: Headers;
  /** GitHub's own words, on one line. */
  said: string;
  /** What `errors` says, in words. */
  details: string;
}

type Cure = (refusal: GitHubRefusal) => ApiFault;

/** By GitHub's words; the first that fits. */
const BY_WORDS: [RegExp, Cure][] = [
  [/SAML enforcement|single sign-on/i, withoutSso],
  [/OAuth App access restrictions/i, notApproved],
  [/IP allow list/i, () => ({
    kind: "forbidden",
    message: "The organization lets only certain network addresses in, and this server is none " +
      "of them. An owner of the organization must allow it.",
    operator: "GitHub: an organization's IP allow list does not hold this server's address.",
  })],
  [/two-factor authentication/i, ({ site }) => ({
    kind: "forbidden",
    message: "The organization demands two-factor authentication. Switch it on at GitHub first.",
    page: pageOf(site, "/settings/security", "to switch it on"),
  })],
  [/account (was|is|has been) suspended/i, () => ({
    kind: "forbidden",
    message: "GitHub has suspended this account. Only GitHub's support can change that.",
  })],
  [/installation has been suspended/i, () => ({
    kind: "forbidden",
    message: "The GitHub App was suspended there. An owner must allow it again, in GitHub's " +
      "settings.",
  })],
  [/not accessible by (integration|personal access token)/i, notPermitted],
  [/archived/i, () => ({
    kind: "forbidden",
    message: "This repository is archived, so it can be read and not changed. Its owner can " +
      "take it out of the archive.",
  })],
  [/issues? (are|is|has been|have been) disabled/i, () => ({
    kind: "not_found",
    message: "Issues are switched off in this repository.",
  })],
  [/converted to (a )?discussion/i, () => ({
    kind: "not_found",
    message: "This issue was turned into a discussion, which has no place in GitHub's issues " +
      "any more.",
  })],
  [/issue was deleted|issue has been deleted/i, () => ({
    kind: "not_found",
    message: "This issue was deleted.",
  })],
  [/repository (access )?(is |was |has been )?(blocked|disabled)/i, blocked],
  [/repository is empty/i, () => ({
    kind: "conflict",
    message: "This repository is empty: nothing was committed to it yet.",
  })],
  [/bad credentials/i, () => ({
    kind: "unauthorized",
    message: "GitHub no longer accepts the sign-in.",
  })],
];

/** The fault of a refusal that is known. */
export function knownRefusal(refusal: GitHubRefusal): ApiFault | undefined {
  const { status, headers, said } = refusal;
  if (status >= 500) return undefined;
  if (status === 451) return blocked(refusal);
  if (status === 403 && /^\s*required\b/i.test(headers.get("X-GitHub-SSO") ?? "")) {
    return withoutSso(refusal);
  }
  return BY_WORDS.find(([words]) => words.test(said))?.[1](refusal);
}

/**
 * The token has to be let into the organization once, at a page that GitHub names.
 * https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api#authorizing-for-saml-sso
 */
function withoutSso({ headers, site }: GitHubRefusal): ApiFault {
  const url = /\burl=([^\s;,]+)/i.exec(headers.get("X-GitHub-SSO") ?? "")?.[1] ?? "";
  const page = isAt(url, site)
    ? { url, title: "to authorize this connection for it, and ask again" }
    : undefined;
  return {
    kind: "forbidden",
    message: page === undefined
      ? "The organization asks for its single sign-on. Sign in to it at GitHub, and connect " +
        "GitHub again."
      : "The organization asks for its single sign-on.",
    page,
  };
}

/** https://docs.github.com/en/organizations/managing-oauth-access-to-your-organizations-data/about-oauth-app-access-restrictions */
function notApproved({ site, clientId }: GitHubRefusal): ApiFault {
  const path = `/settings/connections/applications/${encodeURIComponent(clientId)}`;
  return {
    kind: "forbidden",
    message: "The organization has not approved this app. An owner of it must do so first.",
    page: pageOf(site, path, "to ask its owners"),
  };
}

function notPermitted({ headers }: GitHubRefusal): ApiFault {
  const named = headers.get("X-Accepted-GitHub-Permissions") ?? "";
  // `issues=write; contents=read`: all of them, or of several such lists one.
  const needed = /^[a-z_]+=[a-z]+([;,]\s*[a-z_]+=[a-z]+){0,10}$/.test(named)
    ? ` It needs ${named.replaceAll("=", ": ").replaceAll("_", " ")}.`
    : "";
  return {
    kind: "forbidden",
    message: `The GitHub App has no permission for this.${needed} Its maker must ask for it, ` +
      "and the owner of the repository accept it.",
    operator: `GitHub: the app lacks a permission.${needed}`,
  };
}

function blocked({ status }: GitHubRefusal): ApiFault {
  const why = status === 451 ? " for legal reasons" : "";
  const message = `GitHub has blocked this repository${why}. Only its owner and GitHub's ` +
    "support can change that.";
  return { kind: "forbidden", message };
}

function pageOf(site: string, path: string, title: string): ApiFault["page"] {
  const url = site + path;
  return isAt(url, site) ? { url, title } : undefined;
}

/** Whether a page is GitHub's own: a header must not lead people elsewhere. */
function isAt(url: string, site: string): boolean {
  const [page, own] = [URL.parse(url), URL.parse(site)];
  return page !== null && page.protocol === "https:" && page.origin === own?.origin &&
    page.username === "" && page.password === "" && url.length <= 1_000;
}
