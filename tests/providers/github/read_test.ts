/** Issues and pull requests with what was said of them. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import { callTool, faultOf, type Json, startApi } from "../../support/api.ts";
import { refuse, type Route, routed } from "../../support/routes.ts";

const REPO = "octocat/hello-world";
const BASE = `/repos/${REPO}`;
const SHA = "a".repeat(40);
const TIMES = { created_at: "2026-11-01T10:00:00Z", updated_at: "2026-11-01T10:00:00Z" };

function read(name: string, args: Json, routes: Record<string, Route>) {
  const { api, lines } = routed(github, routes);
  return { result: callTool(githubTools, name, { repo: REPO, number: 1, ...args }, api), lines };
}

function comments(count: number): Json[] {
  return Array.from({ length: count }, (_, at) => ({
    user: { login: "ana" },
    body: `Comment ${at + 1}`,
    created_at: "2026-11-03T10:00:00Z",
    html_url: `https://github.com/${REPO}/issues/1#issuecomment-${at + 1}`,
  }));
}

function issue(fields: Json = {}): Json {
  return {
    number: 1,
    title: "Bug",
    state: "open",
    html_url: `https://github.com/${REPO}/issues/1`,
    ...TIMES,
    ...fields,
  };
}

function pull(fields: Json = {}): Json {
  return {
    ...issue({ html_url: `https://github.com/${REPO}/pull/1` }),
    head: { ref: "fix", label: "octocat:fix", sha: SHA, repo: { full_name: REPO } },
    base: { ref: "main", label: "octocat:main" },
    commits: 1,
    additions: 2,
    deletions: 1,
    changed_files: 1,
    ...fields,
  };
}

Deno.test("github_read_issue() reads what was said, the latest of it first", async () => {
  await using emulator = await startApi(github, {
    users: [{ login: "octocat" }],
    repos: [{ owner: "octocat", name: "hello-world", auto_init: true }],
  });
  await emulator.write("POST", `${BASE}/issues`, { title: "Long talk", body: "Why?" });
  for (let at = 1; at <= 45; at++) {
    await emulator.write("POST", `${BASE}/issues/1/comments`, { body: `Comment ${at}` });
  }
  const seen: string[] = [];
  let page: number | undefined = 1;
  const texts: string[] = [];
  while (page !== undefined) {
    const args: Json = { repo: REPO, number: 1, page };
    const { text, data }: Json = await callTool(
      githubTools,
      "github_read_issue",
      args,
      emulator.api,
    );
    seen.unshift(...data.comment_list.map(({ body }: Json) => body));
    texts.push(text);
    page = data.next_page;
  }
  assertEquals(seen, Array.from({ length: 45 }, (_, at) => `Comment ${at + 1}`));
  assertEquals(texts.length, 3);
  assertStringIncludes(
    texts[0]!,
    "with 45 comments. It says: Why? The last comment, by octocat on",
  );
  assertStringIncludes(texts[0]!, "says: Comment 45 Older comments are on page 2.");
});

Deno.test("github_get_issue() reads the issue alone, as it did", async () => {
  const { result, lines } = read("github_get_issue", {}, {
    [`GET ${BASE}/issues/1`]: issue({ comments: 3 }),
  });
  const { data } = await result;
  assertEquals([data.comments, data.comment_list, lines().length], [3, undefined, 1]);
});

Deno.test("github_read_issue() says how it was closed, and what is cut", async () => {
  const { result } = read("github_read_issue", {}, {
    [`GET ${BASE}/issues/1`]: issue({
      state: "closed",
      state_reason: "not_planned",
      body: "x".repeat(5_000),
      comments: 1,
      milestone: { title: "Spring" },
    }),
    [`GET ${BASE}/issues/1/comments`]: [{ user: null, body: "y".repeat(9_000), created_at: null }],
  });
  const { text, data, notes } = await result;
  assertStringIncludes(text, "is closed as not planned");
  assertEquals([data.reason, data.milestone, data.truncated], ["not_planned", "Spring", true]);
  assertEquals(data.comment_list[0].body.length, 2_000);
  assertEquals(notes, [
    "Its text is longer: these are the first 4,000 characters.",
    "Long comments are shortened.",
  ]);
});

Deno.test("github_read_pull_request() reads its files, reviews, checks, comments and diff", async () => {
  const diff = "diff --git a/a.ts b/a.ts\n".repeat(2_000);
  const routes: Record<string, Route> = {
    [`GET ${BASE}/pulls/1`]: ({ headers }: Request) =>
      headers.get("Accept")?.includes("diff")
        ? new Response(diff)
        : pull({ comments: 1, review_comments: 1, changed_files: 240 }),
    [`GET ${BASE}/pulls/1/files`]: () =>
      Response.json([
        { filename: "a.ts", status: "renamed", previous_filename: "b.ts", additions: 2 },
        null,
      ], { headers: { Link: '<https://api.github.com/x?page=2>; rel="next"' } }),
    [`GET ${BASE}/pulls/1/reviews`]: [
      { user: { login: "ana" }, state: "CHANGES_REQUESTED", body: "No" },
      { user: { login: "ana" }, state: "APPROVED", body: "" },
      { user: { login: "ana" }, state: "COMMENTED", body: "Nice" },
      { user: null, state: "CHANGES_REQUESTED", submitted_at: null },
      { user: { login: "bo" }, state: "PENDING" },
      { user: { login: "cy" }, state: "BRAND_NEW" },
      null,
    ],
    [`GET ${BASE}/commits/${SHA}/check-runs`]: {
      total_count: 130,
      check_runs: [
        { name: "build", status: "completed", conclusion: "success" },
        { name: "test", status: "completed", conclusion: "failure", html_url: null },
        { name: "deploy", status: "waiting", conclusion: null },
        null,
      ],
    },
    [`GET ${BASE}/commits/${SHA}/status`]: {
      state: "pending",
      statuses: [{ context: "ci/old", state: "success", description: null, target_url: null }],
      total_count: 1,
    },
    [`GET ${BASE}/issues/1/comments`]: comments(1),
    [`GET ${BASE}/pulls/1/comments`]: [
      { user: { login: "bo" }, body: "Why?", path: "a.ts", line: null, original_line: 7 },
    ],
  };
  const include = ["diff", "files", "reviews", "checks", "comments"];
  const { text, data, notes } = await read("github_read_pull_request", { include }, routes).result;
  assertEquals(data.files, [
    { path: "a.ts", status: "renamed", from: "b.ts", additions: 2, deletions: 0 },
  ]);
  assertStringIncludes(text, "Approved by ana. Changes are asked for by somebody.");
  assertEquals(data.reviews.length, 6);
  const { list, ...counts } = data.checks;
  assertEquals(counts, { total: 131, passed: 2, failed: 1, running: 1 });
  assertEquals(list[0].name, "test");
  assertStringIncludes(text, "1 check failed: test. 1 check not finished: deploy. 2 of 4 passed.");
  assertEquals(data.comment_list[0].body, "Comment 1");
  assertEquals(data.line_comments, [{ author: "bo", path: "a.ts", body: "Why?" }]);
  assertEquals([data.diff.length, data.next_offset], [20_000, 20_000]);
  assertEquals(data.comments, 2);
  for (
    const words of [
      "Of the diff these are characters 1 to 20,000 of 50,000.",
      "These are 1 of 240 files.",
      "These are 4 of 131 checks.",
      "There is more on page 2.",
    ]
  ) assertEquals(notes?.includes(words), true, words);
  assertEquals(data.next_page, 2);
});

Deno.test("github_read_pull_request() reads on in a diff, and says when there is none that large", async () => {
  const diff = "0123456789".repeat(3_000);
  const at = (answer: Route): Record<string, Route> => ({
    [`GET ${BASE}/pulls/1`]: (request: Request) =>
      request.headers.get("Accept")?.includes("diff")
        ? typeof answer === "function" ? answer(request) : answer
        : pull(),
  });
  const args = { include: ["diff"], offset: 20_000 };
  const rest = await read("github_read_pull_request", args, at(new Response(diff))).result;
  assertEquals([rest.data.diff.length, rest.data.next_offset], [10_000, undefined]);
  const large = refuse(406, {
    message: "Sorry, the diff exceeded the maximum number of lines (20000)",
    errors: [{ resource: "PullRequest", field: "diff", code: "too_large" }],
  });
  const none = await read("github_read_pull_request", { include: ["diff"] }, at(large)).result;
  assertEquals(none.data.diff, undefined);
  assertStringIncludes(none.text, "Its diff could not be read: GitHub shows no diff");
});

Deno.test("a part of a pull request that is shut takes none of the others along", async () => {
  const shut = refuse(403, { message: "Resource not accessible by integration" });
  const routes: Record<string, Route> = {
    [`GET ${BASE}/pulls/1`]: pull(),
    [`GET ${BASE}/pulls/1/files`]: [{ filename: "a.ts" }],
    [`GET ${BASE}/pulls/1/reviews`]: [],
    [`GET ${BASE}/commits/${SHA}/check-runs`]: shut,
    [`GET ${BASE}/commits/${SHA}/status`]: { statuses: [] },
  };
  const include = ["files", "reviews", "checks"];
  const { text, data } = await read("github_read_pull_request", { include }, routes).result;
  assertEquals([data.files.length, data.reviews, data.checks.total], [1, [], 0]);
  assertStringIncludes(text, "The check runs could not be read: The GitHub App has no permission");
  const both = await read("github_read_pull_request", { include }, {
    ...routes,
    [`GET ${BASE}/commits/${SHA}/status`]: shut,
  }).result;
  assertEquals([both.data.checks, both.data.files.length], [undefined, 1]);
  assertStringIncludes(both.text, "Its checks could not be read");
  // That everything has to wait is no matter of a part.
  const slow = read("github_read_pull_request", { include }, {
    ...routes,
    [`GET ${BASE}/pulls/1/reviews`]: refuse(429, {}, { "Retry-After": "9" }),
  });
  assertEquals((await faultOf(slow.result)).kind, "rate_limited");
});

Deno.test("github_read_pull_request() does with what is null, and says what is not known yet", async () => {
  const odd = pull({
    user: null,
    body: null,
    labels: null,
    milestone: null,
    merged_by: null,
    mergeable: null,
    mergeable_state: "unknown",
    requested_reviewers: [null, { login: "ana" }],
    requested_teams: [{ name: "Web", slug: "web" }, { slug: "ops" }, null],
    head: { ref: "gone", label: null, sha: SHA, repo: null, user: null },
  });
  const { text, data } = await read("github_read_pull_request", {}, {
    [`GET ${BASE}/pulls/1`]: odd,
  }).result;
  assertEquals([data.reviewers, data.reviewer_teams], [["ana"], ["Web", "ops"]]);
  assertEquals([data.mergeable, data.from], [undefined, "gone"]);
  assertStringIncludes(text, "GitHub is still working out whether it can be merged.");
  assertStringIncludes(text, "The fork that it comes from was deleted.");
  const states: [string, string | undefined][] = [
    ["behind", "must be brought up to date"],
    ["blocked", "A rule of the repository"],
    ["unstable", "Not all of its checks"],
    ["clean", undefined],
    ["brand_new", undefined],
  ];
  for (const [mergeable_state, words] of states) {
    const { text, notes } = await read("github_read_pull_request", {}, {
      [`GET ${BASE}/pulls/1`]: pull({ mergeable: true, mergeable_state }),
    }).result;
    if (words === undefined) assertEquals(notes, []);
    else assertStringIncludes(text, words);
  }
  const merged = await read("github_read_pull_request", {}, {
    [`GET ${BASE}/pulls/1`]: pull({
      state: "closed",
      merged: true,
      merged_at: "2026-11-02T10:00:00Z",
      merged_by: { login: "ana" },
      mergeable: null,
    }),
  }).result;
  assertEquals([merged.data.merged_by, merged.notes], ["ana", []]);
});

Deno.test("people and teams that are asked for a review are counted where they are not listed", async () => {
  const many = (length: number, make: (at: number) => Json) =>
    Array.from({ length }, (_, at) => make(at));
  const one = pull({
    labels: [],
    requested_reviewers: many(15, (at) => ({ login: `${"z".repeat(37)}${at}` })),
    requested_teams: many(15, (at) => ({ name: `${"t".repeat(200)}${at}` })),
  });
  const { api } = routed(github, {
    [`GET ${BASE}/pulls`]: many(100, (at) => ({ ...one, number: at + 1 })),
  });
  const args = { repo: REPO, type: "pull_request", limit: 100 };
  const { data } = await callTool(githubTools, "github_find_issues", args, api);
  const [{ reviewers, reviewer_teams, left_out }] = data.pull_requests;
  assertEquals(reviewers.length + reviewer_teams.length + left_out, 30);
});

Deno.test("what has no page of its own is not called absent where another part goes on", async () => {
  const routes: Record<string, Route> = {
    [`GET ${BASE}/pulls/1`]: pull({ changed_files: 3 }),
    [`GET ${BASE}/pulls/1/files`]: [],
    [`GET ${BASE}/pulls/1/reviews`]: [],
    [`GET ${BASE}/commits/${SHA}/check-runs`]: { total_count: 3, check_runs: [] },
    [`GET ${BASE}/commits/${SHA}/status`]: { total_count: 0, statuses: [] },
  };
  const args = { include: ["files", "reviews", "checks"], page: 2 };
  const { text } = await read("github_read_pull_request", args, routes).result;
  for (const words of ["No file", "Nobody has reviewed", "no checks", "These are 0"]) {
    assertEquals(text.includes(words), false, text);
  }
});

Deno.test("checks that could not be read, or stand elsewhere, are not called passed or absent", async () => {
  const shut = refuse(403, { message: "Resource not accessible by integration" });
  const say = async (runs: Route, statuses: Route) => {
    const { text } = await read("github_read_pull_request", { include: ["checks"] }, {
      [`GET ${BASE}/pulls/1`]: pull(),
      [`GET ${BASE}/commits/${SHA}/check-runs`]: runs,
      [`GET ${BASE}/commits/${SHA}/status`]: statuses,
    }).result;
    return text;
  };
  const good = { name: "build", status: "completed", conclusion: "success" };
  const none = { total_count: 0, statuses: [] };
  assertEquals((await say(shut, none)).includes("no checks"), false);
  const old = { statuses: [{ context: "ci", state: "success" }], total_count: 1 };
  assertStringIncludes(await say(shut, old), "1 check that could be read passed.");
  const some = await say({ total_count: 130, check_runs: [good] }, none);
  assertEquals(some.includes("All"), false);
  assertStringIncludes(some, "These are 1 of 130 checks.");
  const all = await say({ total_count: 1, check_runs: [good] }, none);
  assertStringIncludes(all, "All 1 check passed.");
  const empty = await say({ total_count: 0, check_runs: [] }, none);
  assertStringIncludes(empty, "It has no checks.");
  // A result that is new to us is no check that still runs.
  const odd = await say({
    check_runs: [{ name: "scan", status: "completed", conclusion: "brand_new" }],
  }, none);
  assertStringIncludes(odd, "1 check with another result: scan, brand new.");
  assertEquals(odd.includes("not finished"), false);
});

Deno.test("reviews that were dismissed, are cut, or go on are told as such", async () => {
  const say = (reviews: Route) =>
    read("github_read_pull_request", { include: ["reviews"] }, {
      [`GET ${BASE}/pulls/1`]: pull(),
      [`GET ${BASE}/pulls/1/reviews`]: reviews,
    }).result;
  const ana = { user: { login: "ana" }, state: "DISMISSED", body: "x".repeat(3_000) };
  const { text, notes } = await say([ana]);
  assertStringIncludes(text, "No longer counted is the review of ana.");
  assertEquals(notes, ["Long reviews are shortened."]);
  const draft = { user: { login: "me" }, state: "PENDING", body: "" };
  assertStringIncludes((await say([draft])).text, "Nobody has reviewed it.");
  const link = { Link: '<https://api.github.com/x?page=2>; rel="next"' };
  const long = await say(() =>
    Response.json([{ user: { login: "ana" }, state: "APPROVED" }], { headers: link })
  );
  assertStringIncludes(long.text, "Of the reviews on page 1: Approved by ana.");
});

Deno.test("github_read_issue() reads the issue where its comments cannot be read", async () => {
  const of = (comments: Route) =>
    read("github_read_issue", {}, {
      [`GET ${BASE}/issues/1`]: issue({ comments: 3 }),
      [`GET ${BASE}/issues/1/comments`]: comments,
    }).result;
  const { text, data } = await of(refuse(502));
  assertEquals([data.title, data.comments, data.comment_list], ["Bug", 3, undefined]);
  assertStringIncludes(text, "Its comments could not be read: GitHub is not answering properly");
  assertEquals((await faultOf(of(refuse(429)))).kind, "rate_limited");
});
