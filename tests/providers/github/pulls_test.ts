import { assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
} from "../../support/api.ts";

const REPO = "octocat/hello-world";

async function startWithPull(fields: Json = {}): Promise<EmulatedApi> {
  const emulator = await startApi(github, {
    users: [{ login: "octocat" }],
    repos: [{ owner: "octocat", name: "hello-world", auto_init: true }],
  });
  await emulator.write("POST", `/repos/${REPO}/pulls`, {
    title: "Fix the login",
    body: "Closes #1\n\nand more",
    head: "fix",
    base: "main",
    ...fields,
  });
  return emulator;
}

Deno.test("github_list_pull_requests() lists by state and base, page by page", async () => {
  await using emulator = await startWithPull();
  await emulator.write("POST", `/repos/${REPO}/pulls`, { title: "Two", head: "b", base: "main" });
  await emulator.write("PATCH", `/repos/${REPO}/pulls/2`, { state: "closed" });
  const list = (args: Json = {}) =>
    callTool(githubTools, "list_pull_requests", { repo: REPO, ...args }, emulator.api);
  const { text, data } = await list();
  assertEquals(text, `Found 1 open pull request in ${REPO}: #1 Fix the login.`);
  const [pull] = data.pull_requests;
  assertEquals([pull.number, pull.from, pull.into], [1, "fix", "main"]);
  assertEquals([pull.draft, pull.merged, pull.author], [false, false, "octocat"]);
  assertStringIncludes((await list({ state: "closed" })).text, "1 closed pull request");
  assertEquals((await list({ base: "other" })).data.pull_requests, []);
  const first = await list({ state: "all", limit: 1 });
  assertStringIncludes(first.text, "There are more on page 2.");
  assertEquals((await list({ state: "all", limit: 1, page: 2 })).data.has_more, false);
});

Deno.test("github_get_pull_request() reads one", async () => {
  await using emulator = await startWithPull({ draft: true });
  const args = { repo: REPO, number: 1 };
  const { text, data } = await callTool(githubTools, "get_pull_request", args, emulator.api);
  assertStringIncludes(
    text,
    `Pull request #1 in ${REPO}, "Fix the login", is open as a draft, opened by octocat, ` +
      "from fix into main. ",
  );
  assertStringIncludes(text, "It says: Closes #1 and more");
  assertEquals([data.body, data.truncated], ["Closes #1\n\nand more", false]);
  const missing = callTool(
    githubTools,
    "get_pull_request",
    { repo: REPO, number: 9 },
    emulator.api,
  );
  assertEquals((await faultOf(missing)).kind, "not_found");
});

Deno.test("github_get_pull_request() tells merged ones, forks, conflicts and reviewers", async () => {
  const pull = {
    number: 7,
    title: "Fork",
    state: "open",
    html_url: "https://github.com/octocat/hello-world/pull/7",
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
    user: null,
    body: null,
    labels: [],
    draft: false,
    merged_at: null,
    mergeable: false,
    requested_reviewers: [{ login: "hubot" }],
    head: { ref: "main", label: "hubot:main" },
    base: { ref: "main", label: "octocat:main" },
    commits: 1,
    additions: 5,
    deletions: 2,
    changed_files: 3,
  };
  const get = (body: Json) =>
    callTool(
      githubTools,
      "get_pull_request",
      { repo: REPO, number: 7 },
      answeredBy(github, () => Response.json(body)),
    );
  const { text, data } = await get(pull);
  assertEquals(
    text,
    `Pull request #7 in ${REPO}, "Fork", is open with conflicts, from hubot:main into main. ` +
      "It changes 3 files in 1 commit, 5 lines added and 2 taken away.",
  );
  assertEquals([data.from, data.reviewers, data.mergeable], ["hubot:main", ["hubot"], false]);
  const merged = await get({
    ...pull,
    state: "closed",
    merged_at: "2026-11-02T10:00:00Z",
    mergeable: null,
    head: { ref: "gone", label: null },
  });
  assertStringIncludes(merged.text, '"Fork", is merged, from gone into main.');
  assertEquals([merged.data.merged, merged.data.mergeable], [true, undefined]);
});
