import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { apiErrorOf, limitFault } from "../../../providers/github/errors.ts";
import { lackingScopes } from "../../../providers/github/scopes.ts";
import type { ApiFault } from "../../../providers/provider.ts";
import type { Json } from "../../support/api.ts";

const SITE = { site: "https://github.com", clientId: "Iv1.abc" };
const NOW = Date.parse("2026-11-23T12:00:00Z");

function fault(status: number, body: Json = {}, headers: Record<string, string> = {}): ApiFault {
  return apiErrorOf(SITE)(status, new Headers(headers), body);
}

function limit(status: number, said: string, headers: Record<string, string>) {
  const refusal = { ...SITE, status, said, details: "", headers: new Headers(headers) };
  return limitFault(refusal, NOW)?.retryAfter;
}

Deno.test("a primary limit ends when GitHub says, and a secondary one in a minute", () => {
  const reset = String(NOW / 1000 + 3_000);
  const spent = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
  const left = { "x-ratelimit-remaining": "4211", "x-ratelimit-reset": reset };
  const secondary = "You have exceeded a secondary rate limit. Please wait a few minutes.";
  assertEquals(limit(403, "API rate limit exceeded for user ID 1.", spent), 3_000);
  assertEquals(limit(429, "", spent), 3_000);
  // The headers beside a secondary limit are the primary one's.
  assertEquals(limit(403, secondary, left), 60);
  assertEquals(limit(403, secondary, spent), 60);
  assertEquals(limit(429, "", left), 60);
  assertEquals(limit(403, secondary, { ...left, "Retry-After": "17" }), 17);
  assertEquals(limit(403, "You have triggered an abuse detection mechanism.", {}), 60);
  assertEquals(limit(422, "was submitted too quickly", {}), 60);
  // A clock that is wrong, and a reset that has passed.
  assertEquals(limit(403, "", { ...spent, "x-ratelimit-reset": "99999999999" }), 3_600);
  assertEquals(limit(403, "", { ...spent, "x-ratelimit-reset": "1" }), 1);
  assertEquals(limit(403, "", { ...spent, "x-ratelimit-reset": "soon" }), 60);
  assertEquals(limit(403, "Must have admin rights to Repository.", left), undefined);
  assertStringIncludes(fault(429, {}, { "Retry-After": "2400" }).message, "in 40 minutes");
});

Deno.test("a single sign-on that is asked for is cured on GitHub's own page alone", () => {
  const url = "https://github.com/orgs/acme/sso?authorization_request=AZSCKtL4U8yX1H3sCQIVnVgm";
  const message = "Resource protected by organization SAML enforcement. You must grant your " +
    "OAuth token access to this organization.";
  const asked = fault(403, { message }, { "X-GitHub-SSO": `required; url=${url}` });
  assertEquals([asked.kind, asked.page?.url], ["forbidden", url]);
  assertStringIncludes(asked.message, "single sign-on");
  for (
    const elsewhere of [
      "https://github.com.evil.example/x",
      "http://github.com/orgs/acme/sso",
      "https://evil.example/?https://github.com/",
      "https://github.com@evil.example/",
      "https://a:b@github.com/orgs",
      "javascript:alert(1)",
      `https://github.com/${"x".repeat(2_000)}`,
      "",
    ]
  ) {
    const { page, kind } = fault(403, { message }, {
      "X-GitHub-SSO": `required; url=${elsewhere}`,
    });
    assertEquals([kind, page], ["forbidden", undefined], elsewhere);
  }
  assertEquals(fault(403, { message }).page, undefined);
});

Deno.test("what an organization, an owner or GitHub keeps shut is said with what opens it", () => {
  const restricted = "Although you appear to have the correct authorization credentials, the " +
    "`acme` organization has enabled OAuth App access restrictions, meaning that data access to " +
    "third-parties is limited.";
  const shut = "Although you appear to have the correct authorization credentials, the `acme` " +
    "organization has an IP allow list enabled, and your IP address is not permitted.";
  const rows: [number, string, ApiFault["kind"], string][] = [
    [403, restricted, "forbidden", "An owner of it must do so first"],
    [403, shut, "forbidden", "certain network addresses"],
    [403, "The organization requires two-factor authentication.", "forbidden", "two-factor"],
    [403, "Sorry. Your account was suspended.", "forbidden", "suspended this account"],
    [403, "This installation has been suspended", "forbidden", "suspended there"],
    [403, "Repository was archived so is read-only.", "forbidden", "is archived"],
    [403, "Repository access blocked", "forbidden", "blocked this repository"],
    [403, "This repository has been disabled.", "forbidden", "blocked this repository"],
    [451, "Repository access blocked", "forbidden", "for legal reasons"],
    [451, "", "forbidden", "for legal reasons"],
    [403, "Resource not accessible by integration", "forbidden", "no permission for this"],
    [403, "Resource not accessible by personal access token", "forbidden", "no permission"],
    [410, "Issues are disabled for this repo", "not_found", "switched off"],
    [410, "Issues has been disabled in this repository.", "not_found", "switched off"],
    [410, "This issue was deleted", "not_found", "was deleted"],
    [410, "This issue was converted to a discussion", "not_found", "turned into a discussion"],
    [409, "Git Repository is empty.", "conflict", "is empty"],
    [404, "This repository is empty.", "conflict", "is empty"],
    [401, "Bad credentials", "unauthorized", "no longer accepts"],
    [403, "Bad credentials", "unauthorized", "no longer accepts"],
    [401, "Requires authentication", "unauthorized", "no longer accepts"],
  ];
  for (const [status, message, kind, words] of rows) {
    const found = fault(status, { message });
    assertEquals(found.kind, kind, message);
    assertStringIncludes(found.message, words, message);
    assert(found.message.length < 200, message);
  }
  const { page } = fault(403, { message: restricted });
  assertEquals(page?.url, "https://github.com/settings/connections/applications/Iv1.abc");
  assertStringIncludes(fault(403, { message: shut }).operator ?? "", "IP allow list");
  const lacking = fault(403, { message: "Resource not accessible by integration" }, {
    "X-Accepted-GitHub-Permissions": "issues=write; pull_requests=write",
  });
  assertStringIncludes(lacking.message, "It needs issues: write; pull requests: write.");
});

Deno.test("every status is of its kind, and a 422 says which field and why", () => {
  const rows: [number, ApiFault["kind"]][] = [
    [400, "invalid"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not_found"],
    [405, "conflict"],
    [406, "invalid"],
    [409, "conflict"],
    [410, "not_found"],
    [413, "invalid"],
    [415, "invalid"],
    [422, "invalid"],
    [424, "unavailable"],
    [429, "rate_limited"],
    [451, "forbidden"],
    [500, "unavailable"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "unavailable"],
  ];
  for (const [status, kind] of rows) {
    for (const body of [{}, null, "x", [], { message: null, errors: null }, { errors: 7 }]) {
      assertEquals(fault(status, body).kind, kind, `${status} ${JSON.stringify(body)}`);
    }
  }
  assertEquals(fault(503, {}, { "Retry-After": "30" }).retryAfter, 30);
  assertEquals(fault(424).retryAfter, 60);
  const errors: [Json, string][] = [
    [[{ resource: "Issue", field: "title", code: "missing_field" }], "title is missing"],
    [[{ resource: "PullRequest", field: "head", code: "invalid" }], "head is not valid"],
    [
      [{ resource: "Label", field: "name", code: "already_exists" }],
      "already Label with this name",
    ],
    [[{ resource: "Issue", field: "labels", code: "missing" }], "does not exist"],
    [[{ resource: "X", code: "unprocessable" }], "X cannot be processed"],
    [
      [{ resource: "PullRequest", code: "custom", message: "No commits between main and x" }],
      "No commits between main and x",
    ],
    [[{ field: "q", message: "The search is longer than 256 characters." }], "q: The search is"],
    [["Can not approve your own pull request"], "Can not approve your own pull request"],
    ["The comment is too long", "The comment is too long"],
    [[{ resource: "Issue", field: "new", code: "brand_new" }], "new brand_new"],
    [[null, 3, { field: "a" }], "a"],
    [Array.from({ length: 40 }, (_, at) => ({ message: `m${at}` })), "and 35 more"],
  ];
  for (const [list, words] of errors) {
    const { message } = fault(422, { message: "Validation Failed", errors: list });
    assertStringIncludes(message, words);
    assert(!message.includes("Validation Failed"), message);
  }
  const bare = fault(422, { message: "Not so" }).message;
  for (const errors of [{}, { name: ["is taken"] }, { field: "a" }, 7, true, null]) {
    assertEquals(fault(422, { message: "Not so", errors }).message, bare, JSON.stringify(errors));
  }
  const long = fault(422, { message: "x\u0000".repeat(9_000), errors: ["y ".repeat(9_000)] });
  assert(long.message.length < 700 && !long.message.includes("\u0000"));
});

Deno.test("a scope that is missing is known from what the token has and what would do", () => {
  const lacks = (status: number, has: string | null, accepted: string, said = "") =>
    lackingScopes(
      status,
      new Headers({
        ...(has === null ? {} : { "X-OAuth-Scopes": has }),
        "X-Accepted-OAuth-Scopes": accepted,
      }),
      said,
    );
  assertEquals(lacks(403, "user:email", "public_repo, repo"), ["public_repo"]);
  assertEquals(lacks(403, "user:email", "repo"), ["repo"]);
  assertEquals(lacks(403, "", "admin:org, read:org, repo, user, write:org"), ["read:org"]);
  assertEquals(lacks(403, "admin:org", "read:org"), undefined);
  assertEquals(lacks(403, "repo", "public_repo"), undefined);
  // A private repository hides behind 404 from who may see public ones.
  assertEquals(lacks(404, "public_repo", "repo"), ["repo"]);
  assertEquals(lacks(404, "public_repo", "public_repo, repo"), ["repo"]);
  assertEquals(lacks(404, "repo, user", "repo"), undefined);
  assertEquals(lacks(404, "", ""), undefined);
  // An app's tokens have no scopes, and other statuses say nothing of them.
  assertEquals(lacks(404, null, "repo"), undefined);
  assertEquals(lacks(422, "public_repo", "repo"), undefined);
  const said = 'Your token needs the "read:org" scope.';
  assertEquals(lacks(403, "repo", "", said), ["read:org"]);
  assertEquals(lacks(403, "admin:org", "", said), undefined);
  const hidden = fault(404, { message: "Not Found" }, {
    "X-OAuth-Scopes": "public_repo",
    "X-Accepted-OAuth-Scopes": "repo",
  });
  assertEquals([hidden.kind, hidden.scopes], ["missing_scope", ["repo"]]);
  assertStringIncludes(hidden.why ?? "", "It may be private");
});

Deno.test("GitHub Enterprise Server's own pages are known by its own address", () => {
  const at = (site: string, url: string) =>
    apiErrorOf({ site, clientId: "x" })(
      403,
      new Headers({ "X-GitHub-SSO": `required; url=${url}` }),
      {},
    ).page?.url;
  assertEquals(
    at("https://ghe.acme.example", "https://ghe.acme.example/sso"),
    "https://ghe.acme.example/sso",
  );
  assertEquals(at("https://ghe.acme.example", "https://github.com/sso"), undefined);
});
