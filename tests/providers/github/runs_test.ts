import { assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { servesLogs } from "../../../providers/github/log_places.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import { answeredBy, callTool, faultOf, type Json } from "../../support/api.ts";
import { refuse, type Route, routed } from "../../support/routes.ts";

const REPO = "octocat/hello-world";
const BASE = `/repos/${REPO}/actions`;

function read(args: Json, routes: Record<string, Route>) {
  const { api, lines } = routed(github, routes);
  return {
    result: callTool(githubTools, "github_read_workflow_runs", { repo: REPO, ...args }, api),
    lines,
  };
}

function run(fields: Json = {}): Json {
  return {
    id: 42,
    name: "CI",
    display_title: "Fix the login",
    status: "completed",
    conclusion: "failure",
    event: "push",
    head_branch: "main",
    head_sha: "a".repeat(40),
    actor: { login: "ana" },
    created_at: "2026-11-22T10:00:00Z",
    html_url: `https://github.com/${REPO}/actions/runs/42`,
    ...fields,
  };
}

function job(fields: Json = {}): Json {
  return {
    id: 7,
    name: "test",
    status: "completed",
    conclusion: "failure",
    steps: [
      { name: "Check out", conclusion: "success" },
      { name: "Run the tests", conclusion: "failure" },
      null,
    ],
    html_url: null,
    ...fields,
  };
}

const FAILED: Record<string, Route> = {
  [`GET ${BASE}/runs/42`]: run(),
  [`GET ${BASE}/runs/42/jobs`]: {
    total_count: 2,
    jobs: [job(), job({ id: 8, name: "lint", conclusion: "success", steps: [] })],
  },
};

Deno.test("github_read_workflow_runs() lists runs, the newest first", async () => {
  const routes: Record<string, Route> = {
    [`GET ${BASE}/workflows/ci.yml/runs`]: () =>
      Response.json({
        total_count: 2_400,
        workflow_runs: [
          run(),
          run({ id: 41, status: "in_progress", conclusion: null, display_title: "CI" }),
          run({ id: 40, name: null, conclusion: "brand_new", head_branch: null, actor: null }),
          null,
        ],
      }),
  };
  const args = { workflow: "ci.yml", branch: "main", status: "completed" };
  const { result, lines } = read(args, routes);
  const { text, data, notes } = await result;
  assertStringIncludes(
    text,
    `Found 2400 runs in ${REPO} on main, the newest first: CI "Fix the login" failed; ` +
      'CI is running; run 40 "Fix the login" is brand new.',
  );
  assertEquals(data.runs.map(({ result }: Json) => result), [
    "failure",
    "in_progress",
    "brand_new",
  ]);
  assertEquals(notes, ["GitHub lists the first 1,000 of them only."]);
  assertEquals(
    lines()[0],
    `GET ${BASE}/workflows/ci.yml/runs?branch=main&status=completed&exclude_pull_requests=true` +
      "&per_page=20&page=1",
  );
});

Deno.test("github_read_workflow_runs() reads why one failed: its job, its step, the end of its log", async () => {
  const log = [
    "\uFEFF2026-11-22T10:00:00.0000000Z ##[group]Run deno test",
    "2026-11-22T10:00:01.0000000Z \x1b[31mFAILED\x1b[0m login_test.ts",
    ...Array.from({ length: 2_000 }, (_, at) => `2026-11-22T10:00:02.0000000Z line ${at}`),
    "2026-11-22T10:00:03.0000000Z ##[error]Process completed with exit code 1.",
    "2026-11-22T10:00:04.0000000Z Cleaning up",
  ].join("\r\n");
  const { text, data } = await read({ run: 42 }, {
    ...FAILED,
    [`GET ${BASE}/jobs/7/logs`]: new Response(log),
  }).result;
  assertStringIncludes(
    text,
    `CI "Fix the login" on main in ${REPO} failed, started by ana on November 22. ` +
      "It failed in test at the step Run the tests. " +
      "It says: Process completed with exit code 1.",
  );
  assertEquals(data.jobs[0].failed_steps, ["Run the tests"]);
  assertEquals(data.jobs[0].log_end.length, 4_000);
  assertStringIncludes(data.jobs[0].log_end, "line 1999\n##[error]Process");
  assertEquals(data.jobs[1], { name: "lint", result: "success" });
});

Deno.test("github_read_workflow_runs() reads what was reported, where a log is gone", async () => {
  const { text, data } = await read({ run: 42 }, {
    ...FAILED,
    [`GET ${BASE}/jobs/7/logs`]: refuse(410, { message: "Gone" }),
    [`GET /repos/${REPO}/check-runs/7/annotations`]: [
      { path: "login.ts", start_line: 12, message: "Type error", annotation_level: "failure" },
      { path: null, message: null },
      null,
    ],
  }).result;
  assertEquals(data.jobs[0].annotations, ["login.ts:12: Type error"]);
  assertStringIncludes(text, "It says: login.ts:12: Type error");
  assertStringIncludes(text, "The log of test could not be read");
  const bare = await read({ run: 42 }, FAILED).result;
  assertEquals(bare.data.jobs[0].annotations, undefined);
});

Deno.test("github_read_workflow_runs() reads the logs of few jobs, and says so", async () => {
  const jobs = Array.from({ length: 5 }, (_, at) => job({ id: at + 1, name: `test ${at}` }));
  const { result, lines } = read({ run: 42 }, {
    ...FAILED,
    [`GET ${BASE}/runs/42/jobs`]: { total_count: 60, jobs },
  });
  const { notes } = await result;
  assertEquals(notes?.includes("The logs of 3 more jobs were not read."), true);
  assertEquals(notes?.includes("These are 5 of 60 jobs."), true);
  assertEquals(lines().filter((line) => line.endsWith("/logs")).length, 2);
});

Deno.test("github_read_workflow_runs() does with a run that has only begun", async () => {
  const { text, data } = await read({ run: 42 }, {
    [`GET ${BASE}/runs/42`]: {
      id: 42,
      status: null,
      conclusion: null,
      name: null,
      actor: null,
      head_branch: null,
    },
    [`GET ${BASE}/runs/42/jobs`]: { total_count: 0, jobs: [] },
  }).result;
  assertEquals([data.result, data.jobs], ["unknown", []]);
  assertStringIncludes(text, `run 42 in ${REPO} is unknown.`);
  const both = read({ run: 42, branch: "main" }, {});
  assertEquals((await faultOf(both.result)).kind, "invalid");
});

Deno.test("a log is fetched from where GitHub keeps it, without the token, and from nowhere else", async () => {
  const asked: [string, string | null][] = [];
  const logs = async (location: string) => {
    const api = answeredBy(github, ({ url, headers }) => {
      const { hostname, pathname } = new URL(url);
      asked.push([hostname, headers.get("Authorization")]);
      if (hostname !== "localhost") return new Response("2026-11-22T10:00:00Z It broke");
      if (pathname.endsWith("/logs")) {
        return new Response(null, { status: 302, headers: { Location: location } });
      }
      if (pathname.endsWith("/annotations")) return Response.json([]);
      return Response.json(pathname.endsWith("/jobs") ? { jobs: [job()] } : run());
    });
    asked.length = 0;
    const { data } = await callTool(
      githubTools,
      "github_read_workflow_runs",
      { repo: REPO, run: 42 },
      api,
    );
    return data.jobs[0].log_end;
  };
  const place = "https://productionresultssa1.blob.core.windows.net/logs/7?sig=x";
  assertEquals(await logs(place), "It broke");
  assertEquals(asked.at(-1), ["productionresultssa1.blob.core.windows.net", null]);
  for (const elsewhere of ["https://evil.example/x", "http://169.254.169.254/latest"]) {
    assertEquals(await logs(elsewhere), undefined);
    assertEquals(asked.every(([host]) => host === "localhost"), true);
  }
});

Deno.test("servesLogs() knows GitHub's storage, and nothing that looks like it", () => {
  const at = (url: string) => servesLogs(new URL(url));
  assertEquals(at("https://productionresultssa12.blob.core.windows.net/x?sig=y"), true);
  assertEquals(at("https://pipelines.actions.githubusercontent.com/x"), true);
  for (
    const url of [
      "http://a.blob.core.windows.net/x",
      "https://blob.core.windows.net.evil.example/x",
      "https://a.blob.core.windows.net:8443/x",
      "https://user:pass@a.blob.core.windows.net/x",
      "https://evilblob.core.windows.net/x",
      "https://localhost/x",
      "https://10.0.0.1/x",
    ]
  ) assertEquals(at(url), false, url);
});

Deno.test("a log that this connection may not read is no reason to ask for more", async () => {
  const shut = refuse(403, { message: "Must have admin rights to Repository." }, {
    "X-OAuth-Scopes": "public_repo",
    "X-Accepted-OAuth-Scopes": "repo",
  });
  const { text, data } = await read({ run: 42 }, {
    ...FAILED,
    [`GET ${BASE}/jobs/7/logs`]: shut,
    [`GET /repos/${REPO}/check-runs/7/annotations`]: [{ message: "Type error" }],
  }).result;
  assertEquals(data.jobs[0].annotations, ["Type error"]);
  assertStringIncludes(text, "The log of test could not be read: GitHub asks for more");
});

Deno.test("a run of a fork's branch is not taken for one of the repository's own", async () => {
  const fork = { full_name: "hubot/hello-world" };
  const routes = {
    [`GET ${BASE}/runs`]: {
      total_count: 3,
      workflow_runs: [
        run({ head_repository: fork }),
        run({
          id: 43,
          conclusion: "success",
          head_repository: { full_name: "Octocat/Hello-World" },
        }),
        run({ id: 44, conclusion: "success", head_repository: null }),
      ],
    },
    [`GET ${BASE}/runs/42`]: run({ head_repository: fork }),
    [`GET ${BASE}/runs/42/jobs`]: { total_count: 0, jobs: [] },
  };
  const { text, data } = await read({ branch: "main" }, routes).result;
  assertStringIncludes(text, 'CI "Fix the login" of the fork hubot/hello-world failed; CI');
  assertEquals(data.runs.map(({ fork }: Json) => fork), [fork.full_name, undefined, undefined]);
  const one = await read({ run: 42 }, routes).result;
  assertStringIncludes(one.text, "on main of the fork hubot/hello-world in octocat/hello-world");
  assertEquals(one.data.fork, fork.full_name);
});
