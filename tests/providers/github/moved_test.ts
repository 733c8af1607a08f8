/** What answered is compared with what was asked: GitHub sends who reads on, and not who writes. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import { callTool, faultOf, type Json } from "../../support/api.ts";
import { refuse, type Route, routed } from "../../support/routes.ts";

const OLD = "octocat/old";
const NEW = "octocat/new";

function issue(fields: Json = {}): Json {
  return {
    number: 5,
    title: "Bug",
    state: "open",
    html_url: `https://github.com/${OLD}/issues/5`,
    user: { login: "ana" },
    comments: 0,
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
    ...fields,
  };
}

function pull(fields: Json = {}): Json {
  return {
    ...issue({ html_url: `https://github.com/${OLD}/pull/5` }),
    head: { ref: "fix", label: "octocat:fix", sha: "a".repeat(40), repo: { full_name: OLD } },
    base: { ref: "main", label: "octocat:main", sha: "b".repeat(40) },
    mergeable: true,
    ...fields,
  };
}

function to(path: string, status = 301): Response {
  return new Response(null, { status, headers: { Location: `http://localhost${path}` } });
}

function call(name: string, args: Json, routes: Record<string, Route>) {
  const { api, asked } = routed(github, routes);
  return { result: callTool(githubTools, name, args, api), asked };
}

/** Issue 5, which is in another repository by now, where writing is refused. */
const TRANSFERRED: Record<string, Route> = {
  [`GET /repos/${OLD}/issues/5`]: to("/repositories/9/issues/17"),
  "GET /repositories/9/issues/17": issue({
    number: 17,
    html_url: `https://github.com/${NEW}/issues/17`,
  }),
  [`PATCH /repos/${OLD}/issues/5`]: to("/repositories/9/issues/17"),
  [`POST /repos/${OLD}/issues/5/comments`]: to("/repositories/9/issues/17/comments", 307),
};

Deno.test("an issue that was transferred is told by its new place", async () => {
  const args = { repo: OLD, number: 5 };
  for (const name of ["github_read_issue", "github_get_issue"]) {
    const { text, data } = await call(name, args, TRANSFERRED).result;
    assertEquals([data.repo, data.number], [NEW, 17]);
    assertStringIncludes(text, `Issue #17 in ${NEW}, "Bug", is open`);
    assertStringIncludes(text, `${OLD} #5 is now ${NEW} #17.`);
    assertEquals(data.url, `https://github.com/${NEW}/issues/17`);
  }
});

Deno.test("comments of an issue that was transferred are read where it is", async () => {
  const comment = { user: null, body: "Me too", created_at: "2026-11-02T10:00:00Z" };
  const { result, asked } = call("github_read_issue", { repo: OLD, number: 5 }, {
    ...TRANSFERRED,
    "GET /repositories/9/issues/17": issue({
      number: 17,
      comments: 1,
      html_url: `https://github.com/${NEW}/issues/17`,
    }),
    [`GET /repos/${NEW}/issues/17/comments`]: [comment],
  });
  assertEquals((await result).data.comment_list[0].body, "Me too");
  assertEquals(asked.length, 3);
});

Deno.test("nothing is written to an issue that has moved, and the new place is told", async () => {
  const writes: [string, Json][] = [
    ["github_comment", { body: "Hi" }],
    ["github_comment_on_issue", { body: "Hi" }],
    ["github_update_issue", { state: "closed" }],
    ["github_update_issue", { add_labels: ["bug"] }],
  ];
  for (const [name, args] of writes) {
    const { result, asked } = call(name, { repo: OLD, number: 5, ...args }, TRANSFERRED);
    const { kind, message } = await faultOf(result);
    assertEquals(kind, "conflict", name);
    assertStringIncludes(message, `${OLD} #5 is now ${NEW} #17. Nothing was changed`);
    // Never to the new place by itself: it was not named.
    assertEquals(asked.some(({ line }) => /^(POST|PATCH) .*repositories/.test(line)), false);
  }
});

Deno.test("a change that came upon something else is not called the one that was meant", async () => {
  const other = issue({ number: 8, html_url: `https://github.com/${NEW}/issues/8` });
  const changed = call("github_update_issue", { repo: OLD, number: 5, state: "open" }, {
    [`PATCH /repos/${OLD}/issues/5`]: other,
  });
  const written = call("github_comment", { repo: OLD, number: 5, body: "Hi" }, {
    [`POST /repos/${OLD}/issues/5/comments`]: {
      id: 1,
      html_url: `https://github.com/${NEW}/issues/8#issuecomment-1`,
    },
  });
  for (const { result } of [changed, written]) {
    const { kind, message } = await faultOf(result);
    assertEquals(kind, "conflict");
    assertStringIncludes(message, `GitHub has changed ${NEW} #8, and not ${OLD} #5`);
  }
});

Deno.test("a change that did not come about is not reported", async () => {
  const still = call("github_update_issue", { repo: OLD, number: 5, state: "closed" }, {
    [`PATCH /repos/${OLD}/issues/5`]: issue(),
  });
  assertStringIncludes((await faultOf(still.result)).message, "is still open");
  const untitled = await call("github_update_issue", { repo: OLD, number: 5, title: "New" }, {
    [`PATCH /repos/${OLD}/issues/5`]: issue(),
  }).result;
  assertEquals(untitled.data.not_set, ["the title"]);
});

Deno.test("a repository with a new name is told by it, whatever was read from it", async () => {
  const moved = (path: string, answer: Json): Record<string, Route> => ({
    [`GET /repos/${OLD}${path}`]: to(`/repositories/9${path}`),
    [`GET /repositories/9${path}`]: answer,
    "GET /repositories/9": { full_name: NEW },
  });
  const page = (path: string) => ({ html_url: `https://github.com/${NEW}${path}` });
  const commit = { sha: "c".repeat(40), commit: { message: "x" }, ...page("/commit/c") };
  const file = {
    type: "file",
    encoding: "base64",
    content: btoa("x"),
    size: 1,
    ...page("/blob/x"),
  };
  const run = { id: 1, name: "CI", ...page("/actions/runs/1") };
  const reads: [string, Json, Record<string, Route>][] = [
    ["github_find_issues", {}, moved("/issues", [issue(page("/issues/5"))])],
    // An empty list has no page that tells it.
    ["github_find_issues", {}, moved("/issues", [])],
    ["github_find_issues", { type: "pull_request" }, moved("/pulls", [pull(page("/pull/5"))])],
    ["github_list_commits", {}, moved("/commits", [commit])],
    ["github_list_commits", { sha: "c".repeat(40) }, moved(`/commits/${"c".repeat(40)}`, commit)],
    ["github_read_file", { path: "x" }, moved("/contents/x", file)],
    [
      "github_read_workflow_runs",
      {},
      moved("/actions/runs", { total_count: 1, workflow_runs: [run] }),
    ],
    ["github_read_pull_request", { number: 5 }, moved("/pulls/5", pull(page("/pull/5")))],
  ];
  for (const [name, args, routes] of reads) {
    const { text, data } = await call(name, { repo: OLD, ...args }, routes).result;
    assertEquals(data.repo, NEW, name);
    assertStringIncludes(text, `is now`, name);
    assertStringIncludes(text, NEW, name);
  }
});

Deno.test("a name that GitHub does not tell is no reason to keep what was read", async () => {
  const { text, data } = await call("github_find_issues", { repo: OLD }, {
    [`GET /repos/${OLD}/issues`]: to("/repositories/9/issues"),
    "GET /repositories/9/issues": [],
  }).result;
  assertEquals(data.items, []);
  assertStringIncludes(text, `${OLD} goes by another name now.`);
});

Deno.test("nothing is opened or merged in a repository that was meant by an old name", async () => {
  const renamed: Record<string, Route> = {
    [`GET /repos/${OLD}`]: to("/repositories/9"),
    "GET /repositories/9": {
      full_name: NEW,
      default_branch: "main",
      html_url: `https://github.com/${NEW}`,
    },
    [`POST /repos/${OLD}/issues`]: to("/repositories/9/issues", 307),
    [`POST /repos/${OLD}/pulls`]: to("/repositories/9/pulls", 307),
    [`GET /repos/${OLD}/pulls/5`]: to("/repositories/9/pulls/5"),
    "GET /repositories/9/pulls/5": pull({ html_url: `https://github.com/${NEW}/pull/5` }),
  };
  const writes: [string, Json][] = [
    ["github_create_issue", { title: "x" }],
    ["github_create_pull_request", { title: "x", head: "fix" }],
    ["github_create_pull_request", { title: "x", head: "fix", base: "main" }],
    ["github_merge_pull_request", { number: 5 }],
  ];
  for (const [name, args] of writes) {
    const { kind, message } = await faultOf(call(name, { repo: OLD, ...args }, renamed).result);
    assertEquals(kind, "conflict", name);
    assertStringIncludes(message, NEW, name);
    assertStringIncludes(message, "Nothing was changed", name);
  }
});

Deno.test("an issue is no pull request, and a pull request is called one", async () => {
  const isIssue: Record<string, Route> = { [`GET /repos/${OLD}/issues/5`]: issue() };
  for (
    const [name, args] of [
      ["github_read_pull_request", {}],
      ["github_get_pull_request", {}],
      ["github_merge_pull_request", {}],
      ["github_comment", { review: "approve" }],
    ] as [string, Json][]
  ) {
    const { kind, message } = await faultOf(
      call(name, { repo: OLD, number: 5, ...args }, isIssue).result,
    );
    assertEquals([kind, message], [
      "not_found",
      `#5 in ${OLD} is an issue, not a pull request.`,
    ], name);
  }
  const isPull: Record<string, Route> = {
    [`GET /repos/${OLD}/issues/5`]: issue({
      html_url: `https://github.com/${OLD}/pull/5`,
      pull_request: { merged_at: null },
    }),
    [`PATCH /repos/${OLD}/issues/5`]: issue({ html_url: `https://github.com/${OLD}/pull/5` }),
    [`POST /repos/${OLD}/issues/5/comments`]: {
      id: 1,
      html_url: `https://github.com/${OLD}/pull/5#issuecomment-1`,
    },
  };
  const args = { repo: OLD, number: 5 };
  const read = await call("github_read_issue", args, isPull).result;
  assertStringIncludes(read.text, "Pull request #5");
  const changed = await call("github_update_issue", { ...args, state: "open" }, isPull).result;
  assertStringIncludes(changed.text, "Changed pull request #5");
  const said = await call("github_comment", { ...args, body: "Hi" }, isPull).result;
  assertEquals([said.text, said.data.is_pull_request], [
    `Commented on pull request #5: ${said.data.url}`,
    true,
  ]);
});

Deno.test("what was deleted, or turned into a discussion, is said to be so to who would change it", async () => {
  const rows: [Route, string][] = [
    [refuse(410, { message: "This issue was deleted" }), "This issue was deleted."],
    [refuse(410, { message: "This issue was converted to a discussion" }), "a discussion"],
    [issue({ html_url: `https://github.com/${OLD}/discussions/5` }), "a discussion"],
    [refuse(404, { message: "Not Found" }), "did not find"],
  ];
  for (const [route, words] of rows) {
    const routes: Record<string, Route> = { [`GET /repos/${OLD}/issues/5`]: route };
    for (const [name, args] of [["github_read_issue", {}], ["github_comment", { body: "x" }]]) {
      const args_ = { repo: OLD, number: 5, ...args as object };
      const { kind, message } = await faultOf(call(name as string, args_, routes).result);
      assertEquals(kind, "not_found");
      assertStringIncludes(message, words);
    }
  }
});

Deno.test("who may see an issue, and not change it, is not told that it is not there", async () => {
  const html_url = "https://github.com/octocat/hello-world/issues/1";
  const { api } = routed(github, {
    "GET /repos/octocat/hello-world/issues/1": {
      number: 1,
      title: "Bug",
      state: "open",
      html_url,
      created_at: "2026-11-01T10:00:00Z",
      updated_at: "2026-11-01T10:00:00Z",
    },
  });
  const named = { repo: "octocat/hello-world", number: 1 };
  for (
    const [name, args] of [
      ["github_update_issue", { state: "closed" }],
      ["github_comment", { body: "x" }],
    ] as const
  ) {
    const { kind, message } = await faultOf(
      callTool(githubTools, name, { ...named, ...args }, api),
    );
    assertEquals(kind, "not_found", name);
    assertStringIncludes(
      message,
      "shows issue #1 in octocat/hello-world to this account, and does",
    );
  }
});
