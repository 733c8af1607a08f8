import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import { ApiError } from "../../../providers/provider.ts";
import {
  answeredBy,
  callTool,
  checkSchemas,
  type EmulatedApi,
  type Json,
  startApi,
  wrongFields,
} from "../../support/api.ts";

const REPO = "octocat/hello-world";

function start(): Promise<EmulatedApi> {
  return startApi(github, {
    users: [{ login: "octocat", name: "The Octocat", email: "octocat@github.com" }],
    repos: [
      { owner: "octocat", name: "hello-world", auto_init: true, description: "d".repeat(300) },
      { owner: "octocat", name: "spoon-knife", auto_init: true },
    ],
  });
}

/** A tool's answer to an issue tool call whose API answers with the given JSON. */
function answer(body: Json, headers: Record<string, string> = {}) {
  return answeredBy(github, () => Response.json(body, { headers }));
}

/** An issue as api.github.com sends it, with what the emulator never leaves out left out. */
function realIssue(fields: Record<string, unknown> = {}) {
  return {
    id: 1,
    url: "https://api.github.com/repos/octocat/hello-world/issues/1",
    html_url: "https://github.com/octocat/hello-world/issues/1",
    number: 1,
    state: "open",
    state_reason: null,
    title: "Found a bug",
    body: null,
    user: null,
    labels: ["plain", { id: 7, name: "bug", color: null }, { id: 8, name: null }],
    assignee: null,
    assignees: null,
    milestone: null,
    comments: 0,
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-02T10:00:00Z",
    closed_at: null,
    ...fields,
  };
}

Deno.test("githubTools have schemas that clients can read", () => {
  checkSchemas(githubTools);
});

Deno.test("github_create_issue() creates the issue and says its address", async () => {
  await using emulator = await start();
  const { text, data } = await callTool(githubTools, "create_issue", {
    repo: REPO,
    title: "Zażółć gęślą jaźń 🦆",
    body: "Steps:\n\n1. …",
    labels: ["bug"],
    assignees: ["octocat"],
  }, emulator.api);

  const stored = await emulator.read(`/repos/${REPO}/issues/1`);
  assertEquals(text, `Created issue #1: ${stored.html_url}`);
  assertEquals(data, {
    number: 1,
    url: stored.html_url,
    title: "Zażółć gęślą jaźń 🦆",
    state: "open",
    repo: REPO,
  });
  assertEquals(stored.title, "Zażółć gęślą jaźń 🦆");
  assertEquals(stored.body, "Steps:\n\n1. …");
  assertEquals(stored.labels.map((label: Json) => label.name), ["bug"]);
  assertEquals(stored.assignees.map((person: Json) => person.login), ["octocat"]);
});

Deno.test("github_create_issue() says which labels and assignees GitHub dropped", async () => {
  const issue = realIssue({ labels: [{ name: "Bug" }], assignees: [] });
  const { text, data } = await callTool(githubTools, "create_issue", {
    repo: REPO,
    title: "Found a bug",
    labels: ["bug", "urgent"],
    assignees: ["octocat"],
  }, answer(issue));
  assertEquals(text, `Created issue #1: ${issue.html_url} GitHub did not set urgent, octocat.`);
  assertEquals(data.not_set, ["urgent", "octocat"]);
});

Deno.test("github_create_issue() says when there is no such repository", async () => {
  await using emulator = await start();
  const args = { repo: "octocat/nowhere", title: "Hello" };
  const error = await assertRejects(
    () => callTool(githubTools, "create_issue", args, emulator.api),
    ApiError,
    "did not find",
  );
  assertEquals(error.fault.kind, "not_found");
});

Deno.test("github_create_issue() names the argument that is wrong", () => {
  const wrong = (args: Record<string, unknown>) =>
    wrongFields(githubTools, "github_create_issue", { repo: REPO, title: "Hello", ...args });
  assertEquals(wrong({}), []);
  assertEquals(wrong({ title: undefined }), ["title"]);
  assertEquals(wrong({ title: "  " }), ["title"]);
  assertEquals(wrong({ title: "x".repeat(257) }), ["title"]);
  assertEquals(wrong({ body: "x".repeat(65_537) }), ["body"]);
  assertEquals(wrong({ labels: "bug" }), ["labels"]);
  assertEquals(wrong({ labels: ["bug", ""] }), ["labels.1"]);
  assertEquals(wrong({ lables: ["bug"] }), ["lables"]);
});

Deno.test("github tools take no repository that leads elsewhere in the API", () => {
  const elsewhere = ["../user", "octocat/..", "./.", "a/b/c", "a", "a/", "/b", "a/b?x=1", "a/%2e"];
  for (const repo of [...elsewhere, `${"x".repeat(101)}/b`, "a/b\n", "a b/c", "ä/b"]) {
    assertEquals(wrongFields(githubTools, "get_issue", { repo, number: 1 }), ["repo"], repo);
  }
  for (const repo of ["a/.github", "a.b/c-d_e", "a/...", "A/B"]) {
    assertEquals(wrongFields(githubTools, "get_issue", { repo, number: 1 }), [], repo);
  }
});

Deno.test("github_list_issues() goes on page by page", async () => {
  await using emulator = await start();
  for (const title of ["One", "Two", "Three"]) {
    await callTool(githubTools, "create_issue", { repo: REPO, title }, emulator.api);
  }
  const list = (page?: number) =>
    callTool(githubTools, "list_issues", { repo: REPO, limit: 2, page }, emulator.api);
  const first = await list();
  assertMatch(
    first.text,
    /^Found 2 open issues in \S+: #\d \w+; #\d \w+\. There are more on page 2\.$/,
  );
  assertEquals([first.data.has_more, first.data.next_page], [true, 2]);
  assertEquals(first.data.issues[0].author, "octocat");

  const second = await list(first.data.next_page);
  assertMatch(second.text, /^Found 1 open issue in \S+: #\d \w+\.$/);
  assertEquals([second.data.has_more, second.data.next_page], [false, undefined]);
  const titles = [...first.data.issues, ...second.data.issues].map((issue: Json) => issue.title);
  assertEquals(titles.sort(), ["One", "Three", "Two"]);
});

Deno.test("github_list_issues() keeps to a state and to labels", async () => {
  await using emulator = await start();
  const create = (title: string, labels: string[]) =>
    callTool(githubTools, "create_issue", { repo: REPO, title, labels }, emulator.api);
  await create("Both", ["bug", "urgent"]);
  await create("One", ["bug"]);
  const list = async (args: Record<string, unknown>) => {
    const result = await callTool(
      githubTools,
      "list_issues",
      { repo: REPO, ...args },
      emulator.api,
    );
    return result.text;
  };
  assertStringIncludes(await list({ labels: ["bug", "urgent"] }), "1 open issue");
  assertEquals(await list({ state: "closed" }), `Found no closed issues in ${REPO}.`);
  assertStringIncludes(await list({ state: "all" }), "2 issues in");
});

Deno.test("github_list_issues() leaves pull requests out and says how many", async () => {
  const pull = realIssue({ number: 2, pull_request: { url: "https://api.github.com/x" } });
  const next = '<https://api.github.com/x?page=2>; rel="next", <https://x>; rel="last"';
  const api = answer([realIssue(), pull], { Link: next });
  const { text, data } = await callTool(githubTools, "list_issues", { repo: REPO }, api);
  assertEquals(
    text,
    `Found 1 open issue in ${REPO}: #1 Found a bug. Left out: 1 pull request. ` +
      "There are more on page 2.",
  );
  assertEquals(data.issues.map((issue: Json) => issue.number), [1]);
  assertEquals(data.pull_requests_left_out, 1);
  assertEquals(data.issues[0].labels, ["plain", "bug"]);
});

Deno.test("github_list_issues() speaks of a few only", async () => {
  const issues = Array.from({ length: 7 }, (_, index) => realIssue({ number: index + 1 }));
  const args = { repo: REPO };
  const { text, data } = await callTool(githubTools, "list_issues", args, answer(issues));
  assertStringIncludes(text, "#5 Found a bug; and 2 more.");
  assertEquals(data.issues.length, 7);
});

Deno.test("github_get_issue() reads an issue and shortens its body", async () => {
  await using emulator = await start();
  const body = `${"x".repeat(3_998)}🦆 and more`;
  await callTool(githubTools, "create_issue", { repo: REPO, title: "Long", body }, emulator.api);
  const args = { repo: REPO, number: 1 };
  const { text, data } = await callTool(githubTools, "get_issue", args, emulator.api);
  assertStringIncludes(text, `Issue #1 in ${REPO}, "Long", is open, opened by octocat, `);
  assertStringIncludes(text, "with no comments. It says: xxx");
  assert(text.length < 500);
  assertEquals(data.truncated, true);
  // The duck would have been cut in half.
  assertEquals(data.body, `${"x".repeat(3_998)}…`);
  assertEquals(data.is_pull_request, false);
});

Deno.test("github_get_issue() tells a pull request and does without an author", async () => {
  const api = answer(realIssue({ pull_request: {}, state: "closed", comments: 1 }));
  const { text } = await callTool(githubTools, "get_issue", { repo: REPO, number: 1 }, api);
  assertEquals(text, `Pull request #1 in ${REPO}, "Found a bug", is closed, with 1 comment.`);
});

Deno.test("github_get_issue() says when there is no such issue", async () => {
  await using emulator = await start();
  const args = { repo: REPO, number: 404 };
  const error = await assertRejects(
    () => callTool(githubTools, "get_issue", args, emulator.api),
    ApiError,
  );
  assertEquals(error.fault.kind, "not_found");
});

Deno.test("github_comment_on_issue() adds the comment as it was written", async () => {
  await using emulator = await start();
  await callTool(githubTools, "create_issue", { repo: REPO, title: "Hello" }, emulator.api);
  const body = "    indented code\n\nGrüße";
  const args = { repo: REPO, number: 1, body };
  const { text, data } = await callTool(githubTools, "comment_on_issue", args, emulator.api);

  const [stored] = await emulator.read(`/repos/${REPO}/issues/1/comments`);
  assertEquals(stored.body, body);
  assertEquals(text, `Commented on issue #1: ${stored.html_url}`);
  const { id, html_url: url } = stored;
  assertEquals(data, { id, number: 1, repo: REPO, url, is_pull_request: false });
  const issue = await callTool(githubTools, "get_issue", { repo: REPO, number: 1 }, emulator.api);
  assertEquals(issue.data.comments, 1);
});

Deno.test("github_comment_on_issue() names the argument that is wrong", () => {
  const wrong = (args: Record<string, unknown>) =>
    wrongFields(githubTools, "comment_on_issue", { repo: REPO, number: 1, body: "Hi", ...args });
  assertEquals(wrong({}), []);
  assertEquals(wrong({ number: 0 }), ["number"]);
  assertEquals(wrong({ number: "1" }), ["number"]);
  assertEquals(wrong({ number: 1.5 }), ["number"]);
  assertEquals(wrong({ body: "\n" }), ["body"]);
});

Deno.test("github_list_repositories() lists the person's repositories", async () => {
  await using emulator = await start();
  const list = (args: Record<string, unknown>) =>
    callTool(githubTools, "list_repositories", args, emulator.api);
  const first = await list({ sort: "full_name", limit: 1 });
  assertEquals(first.text, `Found 1 repository: ${REPO}. There are more on page 2.`);
  assertEquals(first.data.next_page, 2);
  assertEquals(first.data.repositories[0].repo, REPO);
  assertEquals(first.data.repositories[0].description, `${"d".repeat(199)}…`);
  const second = await list({ sort: "full_name", limit: 1, page: 2 });
  assertEquals(second.text, "Found 1 repository: octocat/spoon-knife.");
  assertEquals(second.data.has_more, false);
});
