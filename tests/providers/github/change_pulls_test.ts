/** Reviews, and pull requests that are opened and merged; each is read back. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import { callTool, faultOf, type Json, startApi, wrongFields } from "../../support/api.ts";
import { refuse, type Route, routed } from "../../support/routes.ts";

const REPO = "octocat/hello-world";
const BASE = `/repos/${REPO}`;
const SHA = "a".repeat(40);

async function start() {
  const emulator = await startApi(github, {
    users: [{ login: "octocat" }, { login: "hubot" }],
    repos: [{ owner: "octocat", name: "hello-world", auto_init: true }],
  });
  const { object } = await emulator.read(`${BASE}/git/ref/heads/main`);
  await emulator.write("POST", `${BASE}/git/refs`, { ref: "refs/heads/fix", sha: object.sha });
  const body = { message: "Fix", content: btoa("fixed"), branch: "fix" };
  await emulator.write("PUT", `${BASE}/contents/fix.txt`, body);
  return emulator;
}

function pull(fields: Json = {}): Json {
  return {
    number: 1,
    title: "Fix",
    state: "open",
    html_url: `https://github.com/${REPO}/pull/1`,
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
    head: { ref: "fix", label: "octocat:fix", sha: SHA, repo: { full_name: REPO } },
    base: { ref: "main", label: "octocat:main" },
    mergeable: true,
    mergeable_state: "clean",
    ...fields,
  };
}

function call(name: string, args: Json, routes: Record<string, Route>) {
  const { api, asked } = routed(github, routes);
  return { result: callTool(githubTools, name, { repo: REPO, ...args }, api), asked };
}

Deno.test("github_create_pull_request() opens one into the default branch", async () => {
  await using emulator = await start();
  const open = (args: Json) =>
    callTool(githubTools, "create_pull_request", { repo: REPO, ...args }, emulator.api);
  const { text, data } = await open({ title: "Fix the login", head: "fix", body: "Closes #7" });
  const stored = await emulator.read(`${BASE}/pulls/${data.number}`);
  assertEquals([stored.title, stored.body, stored.base.ref], [
    "Fix the login",
    "Closes #7",
    "main",
  ]);
  assertEquals(
    text,
    `Opened pull request #${data.number} in ${REPO}, "Fix the login", from fix into main.`,
  );
  const draft = await open({ title: "Later", head: "octocat:fix", base: "main", draft: true });
  assertStringIncludes(draft.text, "Opened draft pull request #2");
  assertEquals((await emulator.read(`${BASE}/pulls/2`)).draft, true);
  assertEquals(
    (await faultOf(callTool(githubTools, "create_pull_request", {
      repo: "octocat/nowhere",
      title: "x",
      head: "fix",
    }, emulator.api))).kind,
    "not_found",
  );
});

Deno.test("github_create_pull_request() says why GitHub opened none, and what it did otherwise", async () => {
  const args = { title: "x", head: "fix", base: "main" };
  const refused = (errors: Json) =>
    faultOf(
      call("github_create_pull_request", args, {
        [`POST ${BASE}/pulls`]: refuse(422, { message: "Validation Failed", errors }),
      }).result,
    );
  const exists = "A pull request already exists for octocat:fix.";
  assertStringIncludes(
    (await refused([{ resource: "PullRequest", code: "custom", message: exists }])).message,
    exists,
  );
  assertStringIncludes(
    (await refused([{ resource: "PullRequest", field: "head", code: "invalid" }])).message,
    "head is not valid",
  );
  const undrafted = await call("github_create_pull_request", { ...args, draft: true }, {
    [`POST ${BASE}/pulls`]: pull({ draft: false }),
  }).result;
  assertEquals(undrafted.notes, ["It is not a draft, which was asked for."]);
  assert(!undrafted.text.includes("draft pull request #"));
  const wrong = (more: Json) =>
    wrongFields(githubTools, "github_create_pull_request", { repo: REPO, ...args, ...more });
  assertEquals(wrong({ head: "hubot:fix/a" }), []);
  assertEquals(wrong({ head: "a b" }), ["head"]);
  assertEquals(wrong({ head: "a:b:c" }), ["head"]);
  assertEquals(wrong({ base: "hubot:main" }), ["base"]);
});

Deno.test("github_merge_pull_request() merges what was looked at, and says so once", async () => {
  await using emulator = await start();
  await emulator.write("POST", `${BASE}/pulls`, { title: "Fix", head: "fix", base: "main" });
  const { head } = await emulator.read(`${BASE}/pulls/1`);
  const merge = (args: Json = {}) =>
    callTool(
      githubTools,
      "github_merge_pull_request",
      { repo: REPO, number: 1, ...args },
      emulator.api,
    );
  const stale = await faultOf(merge({ sha: "b".repeat(40) }));
  assertEquals(stale.kind, "conflict");
  assertStringIncludes(stale.message, "commits were added since");
  assertEquals((await emulator.read(`${BASE}/pulls/1`)).merged, false);
  const { text, data } = await merge({ sha: head.sha.slice(0, 7).toUpperCase(), method: "squash" });
  assertEquals(text, `Merged pull request #1 in ${REPO}, "Fix", into main by squash.`);
  assertEquals([data.merged, data.into], [true, "main"]);
  assertEquals((await emulator.read(`${BASE}/pulls/1`)).merged, true);
  const again = await faultOf(merge());
  assertEquals(again.kind, "conflict");
  assertStringIncludes(again.message, "it was merged already");
});

Deno.test("github_merge_pull_request() does not even try what cannot be", async () => {
  const rows: [Json, string][] = [
    [{ draft: true }, "it is a draft"],
    [{ state: "closed" }, "it is closed"],
    [{ mergeable: false, mergeable_state: "dirty" }, "conflicts with main"],
    [{
      state: "closed",
      merged: true,
      merged_at: "2026-11-02T10:00:00Z",
      merged_by: { login: "ana" },
    }, "it was merged already by ana on November 2."],
  ];
  for (const [fields, words] of rows) {
    const { result, asked } = call("github_merge_pull_request", { number: 1 }, {
      [`GET ${BASE}/pulls/1`]: pull(fields),
    });
    const { kind, message } = await faultOf(result);
    assertEquals([kind, asked.length], ["conflict", 1]);
    assertStringIncludes(message, words);
  }
});

Deno.test("github_merge_pull_request() passes on why GitHub did not merge", async () => {
  const rows: [Route, Json, string, string][] = [
    [
      refuse(405, { message: "At least 1 approving review is required by reviewers." }),
      { mergeable_state: "blocked" },
      "conflict",
      "was not merged: At least 1 approving review is required by reviewers. A rule of the",
    ],
    [
      refuse(405, { message: "Merge commits are not allowed on this repository." }),
      {},
      "conflict",
      "Merge commits are not allowed",
    ],
    [
      refuse(405, { message: 'Required status check "ci" is expected.' }),
      { mergeable_state: "behind" },
      "conflict",
      'Required status check "ci" is expected. Its branch is behind',
    ],
    [
      refuse(409, { message: "Head branch was modified. Review and try the merge again." }),
      {},
      "conflict",
      "Head branch was modified",
    ],
    [{ merged: false, message: "Not now" }, {}, "conflict", "was not merged: Not now"],
    [{ merged: false }, {}, "conflict", "GitHub did not say why"],
    // 202 without a body, say: nobody knows.
    [new Response(null, { status: 202 }), {}, "unavailable", "did not say whether it has merged"],
    [{ sha: SHA }, {}, "unavailable", "did not say whether it has merged"],
    [
      refuse(403, { message: "Resource not accessible by integration" }),
      {},
      "forbidden",
      "no permission",
    ],
    [refuse(422, { message: "Validation Failed", errors: ["No"] }), {}, "invalid", "No"],
  ];
  for (const [answer, fields, wanted, words] of rows) {
    const { result, asked } = call("github_merge_pull_request", { number: 1 }, {
      [`GET ${BASE}/pulls/1`]: pull(fields),
      [`PUT ${BASE}/pulls/1/merge`]: answer,
    });
    const { kind, message, mayBeDone } = await faultOf(result);
    assertEquals(kind, wanted, words);
    assertStringIncludes(message, words);
    if (wanted === "conflict") assertEquals(mayBeDone, false);
    if (wanted === "unavailable") assertEquals(mayBeDone, true);
    // What comes after it was looked at is not merged with it.
    assertEquals(asked[1]!.body, { merge_method: "merge", sha: SHA });
  }
});

Deno.test("github_merge_pull_request() goes ahead where GitHub does not know yet whether it can", async () => {
  const { text, data } = await call("github_merge_pull_request", { number: 1 }, {
    [`GET ${BASE}/pulls/1`]: pull({ mergeable: null, mergeable_state: "unknown" }),
    [`PUT ${BASE}/pulls/1/merge`]: { merged: true, sha: null, message: null },
  }).result;
  assertStringIncludes(text, "Merged pull request #1");
  assertEquals([data.merged, data.sha], [true, undefined]);
});

Deno.test("github_comment() approves, asks for changes, or comments on lines", async () => {
  await using emulator = await start();
  await emulator.write("POST", `${BASE}/pulls`, { title: "Fix", head: "fix", base: "main" });
  const review = (args: Json) =>
    callTool(githubTools, "github_comment", { repo: REPO, number: 1, ...args }, emulator.api);
  const approved = await review({ review: "approve" });
  assertEquals(approved.text, `Approved pull request #1 in ${REPO}.`);
  assertEquals(approved.data.review, "approved");
  await review({ review: "request_changes", body: "Not yet" });
  const alias = { repo: REPO, number: 1, body: "Hm" };
  await callTool(githubTools, "github_review_pull_request", alias, emulator.api);
  const reviews = await emulator.read(`${BASE}/pulls/1/reviews`);
  assertEquals(reviews.map(({ state, body }: Json) => [state, body ?? ""]), [
    ["APPROVED", ""],
    ["CHANGES_REQUESTED", "Not yet"],
    ["COMMENTED", "Hm"],
  ]);
  const own = await callTool(
    githubTools,
    "github_review_pull_request",
    { ...alias, review: "approve" },
    emulator.api,
  );
  assertEquals(own.data.review, "approved");
});

Deno.test("github_comment() sends comments on lines as GitHub wants them", async () => {
  const { result, asked } = call("github_comment", {
    number: 1,
    comments: [
      { path: "a.ts", line: 7, body: "Why?" },
      { path: "b.ts", line: 9, start_line: 3, side: "LEFT", body: "Keep this." },
    ],
    commit: SHA,
  }, {
    [`POST ${BASE}/pulls/1/reviews`]: {
      id: 4,
      html_url: `https://github.com/${REPO}/pull/1#pullrequestreview-4`,
      state: "COMMENTED",
    },
  });
  const { text, data } = await result;
  assertEquals(text, `Reviewed pull request #1 in ${REPO}, with 2 line comments.`);
  assertEquals(data.line_comments, 2);
  assertEquals(asked[0]!.body, {
    event: "COMMENT",
    commit_id: SHA,
    comments: [
      { path: "a.ts", line: 7, body: "Why?", side: "RIGHT" },
      {
        path: "b.ts",
        line: 9,
        body: "Keep this.",
        side: "LEFT",
        start_line: 3,
        start_side: "LEFT",
      },
    ],
  });
});

Deno.test("github_comment() says of a review that was not sent that it was not", async () => {
  const written = (state: string | null) =>
    call("github_comment", { number: 1, review: "approve" }, {
      [`POST ${BASE}/pulls/1/reviews`]: {
        id: 4,
        html_url: `https://github.com/${REPO}/pull/1#pullrequestreview-4`,
        state,
      },
    }).result;
  assertStringIncludes((await faultOf(written("PENDING"))).message, "a draft that was not sent");
  assertStringIncludes((await faultOf(written("DISMISSED"))).message, '"dismissed"');
  assertEquals((await written(null)).data.review, "approved");
  const own = call("github_comment", { number: 1, review: "approve" }, {
    [`POST ${BASE}/pulls/1/reviews`]: refuse(422, {
      message: "Unprocessable Entity",
      errors: ["Can not approve your own pull request"],
    }),
  });
  assertStringIncludes((await faultOf(own.result)).message, "Can not approve your own");
});

Deno.test("github_comment() sends nothing that GitHub would not take", async () => {
  const refused = async (args: Json) => {
    const { result, asked } = call("github_comment", { number: 1, ...args }, {});
    const { kind, message } = await faultOf(result);
    assertEquals([kind, asked.length], ["invalid", 0], message);
    return message;
  };
  assertStringIncludes(await refused({}), "body is missing");
  assertStringIncludes(await refused({ review: "request_changes" }), "body is missing");
  assertStringIncludes(await refused({ review: "comment" }), "body is missing");
  assertStringIncludes(await refused({ body: "x", commit: SHA }), "review only");
  const wrong = (args: Json) =>
    wrongFields(githubTools, "github_comment", { repo: REPO, number: 1, ...args });
  assertEquals(wrong({ comments: [{ path: "a", line: 0, body: "x" }] }), ["comments.0.line"]);
  assertEquals(wrong({ review: "yes" }), ["review"]);
  assertEquals(
    wrongFields(githubTools, "github_comment_on_issue", {
      repo: REPO,
      number: 1,
      body: "x",
      review: "approve",
    }),
    ["review"],
  );
});
