/** Commits and code. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import { callTool, faultOf, type Json, startApi, wrongFields } from "../../support/api.ts";
import { refuse, type Route, routed } from "../../support/routes.ts";

const REPO = "octocat/hello-world";
const BASE = `/repos/${REPO}`;
const SHA = "c".repeat(40);

async function start() {
  const emulator = await startApi(github, {
    users: [{ login: "octocat", email: "octocat@example.com" }],
    repos: [{ owner: "octocat", name: "hello-world", auto_init: true }],
  });
  for (const [path, text] of [["src/login.ts", "export const login = 1;"], ["b.txt", "b"]]) {
    const body = { message: `Add ${path}\n\nBecause.`, content: btoa(text!) };
    await emulator.write("PUT", `${BASE}/contents/${path}`, body);
  }
  return emulator;
}

function list(args: Json, routes: Record<string, Route>) {
  const { api, lines } = routed(github, routes);
  return {
    result: callTool(githubTools, "github_list_commits", { repo: REPO, ...args }, api),
    lines,
  };
}

Deno.test("github_list_commits() lists commits, and reads one with its files", async () => {
  await using emulator = await start();
  const call = (args: Json) =>
    callTool(githubTools, "github_list_commits", { repo: REPO, ...args }, emulator.api);
  const all = await call({});
  assertEquals(all.data.commits.length, 3);
  assertStringIncludes(all.text, `Found 3 commits in ${REPO}: Add `);
  const of = await call({ path: "src/login.ts" });
  assertEquals(of.data.commits.map(({ message }: Json) => message), [
    "Add src/login.ts\n\nBecause.",
  ]);
  const [{ sha }] = of.data.commits;
  const one = await call({ sha });
  assertEquals(one.data.files.map(({ path, status }: Json) => [path, status]), [
    ["src/login.ts", "added"],
  ]);
  assertStringIncludes(one.text, `The commit in ${REPO} by octocat on `);
  assertStringIncludes(one.text, "Add src/login.ts.");
  const page = await call({ limit: 2 });
  assertStringIncludes(page.text, "There are more on page 2.");
  assertEquals((await call({ since: "2100-01-01" })).data.commits, []);
});

Deno.test("github_list_commits() says of an empty repository that it is empty", async () => {
  const { text, data } = await list({}, {
    [`GET ${BASE}/commits`]: refuse(409, { message: "Git Repository is empty." }),
  }).result;
  assertEquals(data, { repo: REPO, commits: [], has_more: false });
  assertEquals(text, `${REPO} is empty: nothing was committed to it yet.`);
  const other = list({}, { [`GET ${BASE}/commits`]: refuse(409, { message: "Conflict" }) });
  assertEquals((await faultOf(other.result)).kind, "conflict");
});

Deno.test("github_list_commits() does with authors that GitHub does not know", async () => {
  const { text, data } = await list({}, {
    [`GET ${BASE}/commits`]: [
      { sha: SHA, commit: { message: "One", author: { name: "Ana", date: null } }, author: null },
      { sha: SHA, commit: { message: "", author: null, committer: null }, author: {} },
      { sha: SHA, commit: { message: null }, author: { login: "bo" } },
      null,
    ],
  }).result;
  assertEquals(data.commits.map(({ author }: Json) => author), ["Ana", undefined, "bo"]);
  assertStringIncludes(text, "One by Ana; (No message); (No message) by bo.");
});

Deno.test("github_list_commits() takes a date as the whole day", async () => {
  const { result, lines } = list(
    { since: "2026-11-01", until: "2026-11-02", branch: "dev", author: "ana" },
    { [`GET ${BASE}/commits`]: [] },
  );
  await result;
  assertEquals(
    lines()[0],
    `GET ${BASE}/commits?sha=dev&author=ana&since=2026-11-01T00%3A00%3A00Z` +
      "&until=2026-11-02T23%3A59%3A59Z&per_page=20&page=1",
  );
  const wrong = (args: Json) =>
    wrongFields(githubTools, "github_list_commits", { repo: REPO, ...args });
  assertEquals(wrong({ since: "yesterday" }), ["since"]);
  assertEquals(wrong({ since: "2026-11-01T10:00:00+01:00" }), []);
  assertEquals(wrong({ sha: "main" }), ["sha"]);
  const both = list({ sha: SHA, branch: "main" }, {});
  assertEquals((await faultOf(both.result)).kind, "invalid");
});

Deno.test("github_list_commits() says which of a commit's files are left out", async () => {
  const files = Array.from({ length: 30 }, (_, at) => ({ filename: `${at}.ts`, status: "odd" }));
  const commit = { sha: SHA, commit: { message: "Big" }, files, stats: null };
  const { data, notes } = await list({ sha: SHA }, {
    [`GET ${BASE}/commits/${SHA}`]: commit,
  }).result;
  assertEquals(data.files.length, 20);
  assertEquals(notes, ["10 more files are left out."]);
  const last = await list({ sha: SHA, limit: 100, page: 30 }, {
    [`GET ${BASE}/commits/${SHA}`]: commit,
  }).result;
  assertEquals(last.notes, ["GitHub lists the first 3,000 files only."]);
});

Deno.test("github_search_code() finds files by what stands in them", async () => {
  await using emulator = await start();
  const search = (args: Json) => callTool(githubTools, "github_search_code", args, emulator.api);
  const found = await search({ query: "login", repo: REPO });
  assertEquals(found.text, `Found 1 file: src/login.ts in ${REPO}.`);
  assertEquals([found.data.files[0].repo, found.data.total], [REPO, 1]);
  assertEquals((await search({ query: "nowhere to be found" })).data.files, []);
});

Deno.test("github_search_code() shows where, and says what is left out", async () => {
  const { api, asked } = routed(github, {
    "GET /search/code": () =>
      Response.json({
        total_count: 1_200,
        incomplete_results: true,
        items: [{
          path: "a.ts",
          html_url: null,
          repository: { full_name: REPO },
          text_matches: [
            { property: "content", fragment: "const login = 1;" },
            { property: "path", fragment: "a.ts" },
            { property: "content", fragment: null },
            null,
          ],
        }, null],
      }, { headers: { "X-GitHub-SSO": "partial-results; organizations=1" } }),
  });
  const { text, data } = await callTool(
    githubTools,
    "github_search_code",
    { query: "login", owner: "octocat" },
    api,
  );
  assertEquals(data.files, [{ repo: REPO, path: "a.ts", fragments: ["const login = 1;"] }]);
  assertEquals([data.total, data.incomplete], [1_200, true]);
  for (const words of ["GitHub did not look everywhere", "1 organization is left out", "1,000"]) {
    assertStringIncludes(text, words);
  }
  assertEquals(asked[0]!.line, "GET /search/code?q=login+user%3Aoctocat&per_page=20&page=1");
  assertEquals(asked[0]!.headers.get("Accept"), "application/vnd.github.text-match+json");
  assertEquals(wrongFields(githubTools, "github_search_code", { query: " " }), ["query"]);
});
