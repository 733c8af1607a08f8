import { assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import { callTool, faultOf, type Json, startApi, wrongFields } from "../../support/api.ts";
import { refuse, routed } from "../../support/routes.ts";

const REPO = "octocat/hello-world";

function find(args: Json, api: Parameters<typeof callTool>[3]) {
  return callTool(githubTools, "github_find_issues", args, api);
}

function issue(number: number, fields: Json = {}): Json {
  return {
    number,
    title: `Issue ${number}`,
    state: "open",
    html_url: `https://github.com/${REPO}/issues/${number}`,
    user: null,
    created_at: `2026-11-0${number}T10:00:00Z`,
    updated_at: "2026-11-01T10:00:00Z",
    ...fields,
  };
}

function results(items: Json[], fields: Json = {}): Json {
  return { total_count: items.length, incomplete_results: false, items, ...fields };
}

async function start() {
  const emulator = await startApi(github, {
    users: [{ login: "octocat" }],
    repos: [
      { owner: "octocat", name: "hello-world", auto_init: true },
      { owner: "octocat", name: "other", auto_init: true },
    ],
  });
  await emulator.write("POST", `/repos/${REPO}/issues`, { title: "Login fails", labels: ["bug"] });
  await emulator.write("POST", `/repos/octocat/other/issues`, { title: "The login is slow" });
  await emulator.write("POST", `/repos/${REPO}/pulls`, {
    title: "Fix the login",
    head: "fix",
    base: "main",
  });
  return emulator;
}

Deno.test("github_find_issues() finds issues, pull requests or both, in one repository or everywhere", async () => {
  await using emulator = await start();
  const titles = async (args: Json) => {
    const { data } = await find(args, emulator.api);
    const all = data.items ?? data.issues ?? data.pull_requests;
    return all.map(({ title }: Json) => title).sort();
  };
  assertEquals(await titles({ repo: REPO, type: "issue" }), ["Login fails"]);
  assertEquals(await titles({ repo: REPO, type: "pull_request" }), ["Fix the login"]);
  assertEquals(await titles({ query: "login" }), [
    "Fix the login",
    "Login fails",
    "The login is slow",
  ]);
  assertEquals(await titles({ query: "login", type: "issue" }), [
    "Login fails",
    "The login is slow",
  ]);
  assertEquals(await titles({ query: "login", repo: REPO }), ["Fix the login", "Login fails"]);
  assertEquals(await titles({ repo: REPO, labels: ["bug"] }), ["Login fails"]);
  // GitHub's own list of issues holds pull requests, too.
  const { api } = routed(github, {
    [`GET /repos/${REPO}/issues`]: [issue(2, { pull_request: { merged_at: null } }), issue(1)],
  });
  const { text, data } = await find({ repo: REPO }, api);
  assertStringIncludes(text, `Found 2 open issues and pull requests in ${REPO}: `);
  const kinds = data.items.map((item: Json) => [item.repo, item.is_pull_request]);
  assertEquals(kinds.sort(), [[REPO, false], [REPO, true]]);
});

Deno.test("github_find_issues() asks for what involves the person where nothing else is said", async () => {
  const { api, lines } = routed(github, { "GET /search/issues": results([]) });
  await find({}, api);
  const asked = lines().map((line) => new URLSearchParams(line.split("?")[1]));
  assertEquals(asked.map((query) => query.get("q")), [
    "involves:@me is:issue is:open",
    "involves:@me is:pr is:open",
  ]);
  assertEquals(asked.map((query) => query.get("sort")), ["created", "created"]);
});

Deno.test("github_find_issues() puts both kinds into one order, and counts both", async () => {
  const { api } = routed(github, {
    "GET /search/issues": ({ url }: Request) =>
      url.includes("is%3Apr")
        ? results([issue(2, { pull_request: {}, draft: true })], { total_count: 40 })
        : results([issue(3), issue(1)], { incomplete_results: true }),
  });
  const { text, data } = await find({ query: "x", sort: "created" }, api);
  assertEquals(data.items.map(({ number }: Json) => number), [3, 2, 1]);
  assertEquals([data.total, data.incomplete], [42, true]);
  assertEquals(data.items[1].draft, true);
  assertStringIncludes(text, "Found 42 issues and pull requests: ");
  assertStringIncludes(text, "GitHub did not look everywhere");
});

Deno.test("github_find_issues() goes on page by page, and says how to go on where GitHub does not", async () => {
  // As GitHub leads on; what stands in its link beside the page is not documented.
  const next = "<https://api.github.com/repositories/1/issues?per_page=1&after=Y3Vyc29y&page=2>; " +
    'rel="next"';
  const path = `GET /repos/${REPO}/issues`;
  const { api, lines } = routed(github, {
    [path]: ({ url }: Request) =>
      url.endsWith("page=2")
        ? Response.json([issue(2)])
        : Response.json([issue(1)], { headers: { Link: next } }),
  });
  const first = await find({ repo: REPO, limit: 1 }, api);
  assertEquals([first.data.has_more, first.data.next_page], [true, 2]);
  const second = await find({ repo: REPO, limit: 1, page: first.data.next_page }, api);
  assertEquals([second.data.items[0].number, second.data.has_more], [2, false]);
  assertEquals(lines()[1], `${path}?state=open&per_page=1&page=2`);
  const deep = routed(github, {
    [path]: refuse(422, {
      message: "Pagination with the page parameter is not supported for large datasets, please " +
        "use cursor based pagination (after/before)",
    }),
  });
  const { kind, message } = await faultOf(find({ repo: REPO, page: 200 }, deep.api));
  assertEquals(kind, "invalid");
  assertStringIncludes(message, "Narrow it by a query");
});

Deno.test("github_find_issues() passes over pages with nothing but pull requests", async () => {
  const pulls = [1, 2].map((number) => issue(number, { pull_request: {} }));
  const more = { Link: '<https://api.github.com/x?page=2>; rel="next"' };
  const path = `GET /repos/${REPO}/issues`;
  const until = (last: number) =>
    routed(github, {
      [path]: ({ url }: Request) =>
        Number(new URL(url).searchParams.get("page")) < last
          ? Response.json(pulls, { headers: more })
          : Response.json([issue(3)]),
    });
  const near = await find({ repo: REPO, type: "issue", limit: 2 }, until(3).api);
  assertEquals(near.data.issues.map(({ number }: Json) => number), [3]);
  assertEquals([near.data.pull_requests_left_out, near.data.has_more], [4, false]);
  const far = until(100);
  const { text, data } = await find({ repo: REPO, type: "issue", limit: 2 }, far.api);
  assertEquals([data.issues, data.next_page, far.asked.length], [[], 7, 6]);
  assertStringIncludes(text, "Left out: 12 pull requests. There are more on page 7.");
});

Deno.test("github_find_issues() says what GitHub leaves out", async () => {
  const hidden = routed(github, {
    "GET /search/issues": () =>
      Response.json(results([issue(1)], { total_count: 5_000 }), {
        headers: {
          "X-GitHub-SSO": "partial-results; organizations=21955855,20582480",
          "X-OAuth-Scopes": "public_repo, user:email",
        },
      }),
  });
  const { text, data, notes } = await find({ query: "x", type: "issue" }, hidden.api);
  assertEquals(data.total, 5_000);
  assertEquals(notes?.length, 3);
  assertStringIncludes(text, "What belongs to 2 organizations is left out");
  assertStringIncludes(text, "Private repositories are left out");
  assertStringIncludes(text, "the first 1,000 of them only");
  const whole = routed(github, {
    "GET /search/issues": () =>
      Response.json(results([issue(1)]), { headers: { "X-OAuth-Scopes": "repo" } }),
  });
  assertEquals((await find({ query: "x", type: "issue" }, whole.api)).notes, []);
  const beyond = routed(github, {
    "GET /search/issues": refuse(422, {
      message: "Only the first 1000 search results are available",
    }),
  });
  const fault = await faultOf(find({ query: "x", page: 99 }, beyond.api));
  assertStringIncludes(fault.message, "narrow it");
});

Deno.test("github_find_issues() takes whatever GitHub has left out or thought of since", async () => {
  const odd = {
    ...issue(1),
    user: null,
    labels: [null, "plain", { name: null }, { name: "bug" }],
    assignees: [null, { login: "ana" }],
    milestone: { title: null },
    state: "archived",
    state_reason: "brand_new",
    pull_request: null,
    comments: null,
    body: null,
    new_member: {},
  };
  const { api } = routed(github, { [`GET /repos/${REPO}/issues`]: [odd] });
  const { data } = await find({ repo: REPO }, api);
  const [item] = data.items;
  assertEquals([item.labels, item.assignees, item.state], [["plain", "bug"], ["ana"], "archived"]);
  assertEquals([item.is_pull_request, item.comments], [false, 0]);
});

Deno.test("github_find_issues() names the argument that is wrong", () => {
  const wrong = (args: Json) => wrongFields(githubTools, "github_find_issues", args);
  assertEquals(wrong({ query: "x".repeat(257) }), ["query"]);
  assertEquals(wrong({ query: "a OR b OR c OR d OR e OR f OR g" }), ["query"]);
  assertEquals(wrong({ repo: "../x" }), ["repo"]);
  assertEquals(wrong({ labels: ["a,b"] }), ["labels.0"]);
  assertEquals(wrong({ query: " " }), []);
});

Deno.test("the tools that github_find_issues() took the place of give what they gave", async () => {
  await using emulator = await start();
  const call = (name: string, args: Json) => callTool(githubTools, name, args, emulator.api);
  for (const name of ["github_list_issues", "list_issues"]) {
    const { data } = await call(name, { repo: REPO });
    assertEquals(data.issues.map(({ title }: Json) => title), ["Login fails"]);
    assertEquals(data.pull_requests_left_out, 0);
  }
  for (const name of ["github_list_pull_requests", "list_pull_requests"]) {
    const { data } = await call(name, { repo: REPO });
    assertEquals(data.pull_requests[0].from, "fix");
  }
  for (const name of ["github_search_issues", "search_issues"]) {
    const { data } = await call(name, { query: "login" });
    assertEquals([data.items.length, data.total, data.items[0].is_pull_request], [2, 2, false]);
    assertEquals(wrongFields(githubTools, name, {}), ["query"]);
  }
  assertEquals(wrongFields(githubTools, "github_list_issues", { repo: REPO, base: "x" }), ["base"]);
  assertEquals(wrongFields(githubTools, "github_search_issues", { query: "x", labels: ["x"] }), [
    "labels",
  ]);
});

Deno.test("what was deleted a moment ago, and stands in a list as null, hides nothing else", async () => {
  const one = {
    number: 1,
    title: "Bug",
    state: "open",
    html_url: `https://github.com/${REPO}/issues/1`,
    created_at: "2026-11-01T10:00:00Z",
    updated_at: "2026-11-01T10:00:00Z",
    head: { ref: "fix" },
    base: { ref: "main" },
  };
  const { api } = routed(github, {
    [`GET /repos/${REPO}/issues`]: [null, one],
    [`GET /repos/${REPO}/pulls`]: [one, null],
    "GET /search/issues": { total_count: 2, items: [null, one] },
  });
  const find = async (args: Json) => {
    const { data } = await callTool(githubTools, "github_find_issues", args, api);
    return (data.items ?? data.issues ?? data.pull_requests).map(({ title }: Json) => title);
  };
  assertEquals(await find({ repo: REPO, type: "issue" }), ["Bug"]);
  assertEquals(await find({ repo: REPO, type: "pull_request" }), ["Bug"]);
  assertEquals(await find({ query: "bug", type: "issue" }), ["Bug"]);
});
