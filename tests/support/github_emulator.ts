/**
 * GitHub, emulated whole: in front of its emulator the runs of GitHub Actions, the statuses of a
 * commit, and what a pull request changes, which the emulator makes up. And a branch to ask for a
 * pull request with.
 *
 * @module
 */

import type { Emulator } from "emulate";
import type { Json } from "./api.ts";
import { IssuedTokens, startBehind } from "./emulator_front.ts";
import { freePort } from "./free_port.ts";

/** The branch that is ready for a pull request. */
export const BRANCH = "friendlier-greeting";
const GREETING = "# hello-world\n\nWelcome to my first repository\n";

const PULL = /^(\/repos\/[^/]+\/[^/]+)\/pulls\/(\d+)(\/files)?$/;
const STATUS = /^\/repos\/[^/]+\/[^/]+\/commits\/([^/]+)\/status$/;
/** https://docs.github.com/en/rest/apps/oauth-applications */
const APPLICATION = /^\/applications\/[^/]+\/(grant|token)$/;
const RUNS = /^\/repos\/octocat\/hello-world\/actions\/(.+)$/;

type Ask = (path: string, init?: { method: string; body: unknown }) => Promise<Response>;

/** Starts it with the repository octocat/hello-world. */
export async function startGitHubEmulator(
  seed: Record<string, unknown>,
  now: number,
  { port = freePort(), revokes = false }: { port?: number; revokes?: boolean } = {},
): Promise<Emulator> {
  const tokens = new IssuedTokens();
  const emulator = await startBehind("github", seed, port, async (request, forward) => {
    const url = new URL(request.url);
    if (revokes && request.method === "DELETE" && APPLICATION.test(url.pathname)) {
      const { access_token } = await request.json();
      const status = tokens.revoke(String(access_token)) ? 204 : 422;
      return new Response(null, { status });
    }
    // The emulator by itself takes any text for a token of its first person.
    if (tokens.isRevoked(request)) {
      return Response.json({ message: "Bad credentials", status: "401" }, { status: 401 });
    }
    if (url.pathname === "/login/oauth/access_token") {
      return await tokens.note(await forward(request));
    }
    if (request.method !== "GET") return undefined;
    const answer = answerFor(url, request.headers.get("Accept") ?? "", now);
    if (answer === undefined) return undefined;
    if (!tokens.knows(request)) {
      return Response.json({ message: "Bad credentials", status: "401" }, { status: 401 });
    }
    const headers = new Headers(request.headers);
    headers.set("Accept", "application/vnd.github+json");
    return await answer((path) => forward(new Request(new URL(path, url), { headers })));
  });
  await addBranch(async (path, init) => {
    const headers = { Authorization: "Bearer filling", "Content-Type": "application/json" };
    const { method = "GET", body } = init ?? {};
    return await fetch(emulator.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  });
  return emulator;
}

/** What is answered here; `undefined` is the emulator's. */
function answerFor(url: URL, accept: string, now: number) {
  const [, repo, number, files] = PULL.exec(url.pathname) ?? [];
  if (repo !== undefined) {
    return async (ask: Ask) => {
      const answer = await ask(`${repo}/pulls/${number}`);
      if (!answer.ok) return answer;
      const pull = await answer.json();
      const changed = await changesOf(pull, repo, ask);
      if (files !== undefined) return Response.json(changed);
      if (/\bdiff\b/.test(accept)) return new Response(changed.map(asDiff).join(""));
      const sum = (key: string) => changed.reduce((total, file) => total + file[key], 0);
      const [additions, deletions] = [sum("additions"), sum("deletions")];
      return Response.json({ ...pull, additions, deletions, changed_files: changed.length });
    };
  }
  const [, sha] = STATUS.exec(url.pathname) ?? [];
  if (sha !== undefined) {
    const none = { state: "pending", statuses: [], sha, total_count: 0 };
    return () => Promise.resolve(Response.json(none));
  }
  const [, asked] = RUNS.exec(url.pathname) ?? [];
  return asked === undefined ? undefined : (ask: Ask) => runsFor(asked, url, now, ask);
}

/** The files of a pull request that are not the same on both of its sides. */
async function changesOf({ base, head }: Json, repo: string, ask: Ask): Promise<Json[]> {
  const textsAt = async (sha: string) => {
    const commit = await (await ask(`${repo}/git/commits/${sha}`)).json();
    const path = `${repo}/git/trees/${commit.tree.sha}?recursive=1`;
    const { tree } = await (await ask(path)).json();
    const blobs = tree.filter(({ type }: Json) => type === "blob");
    return new Map<string, string>(
      await Promise.all(blobs.map(async ({ path, sha }: Json) => {
        const { content } = await (await ask(`${repo}/git/blobs/${sha}`)).json();
        return [path, atob(content.replaceAll("\n", ""))];
      })),
    );
  };
  const [before, after] = await Promise.all([textsAt(base.sha), textsAt(head.sha)]);
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.filter((name) => before.get(name) !== after.get(name)).map((filename) => {
    const [old, now] = [linesOf(before.get(filename)), linesOf(after.get(filename))];
    const gone = old.filter((line) => !now.includes(line));
    const added = now.filter((line) => !old.includes(line));
    const patch = [
      `@@ -1,${old.length} +1,${now.length} @@`,
      ...old.map((line) => gone.includes(line) ? `-${line}` : ` ${line}`),
      ...added.map((line) => `+${line}`),
    ].join("\n");
    const status = !before.has(filename) ? "added" : after.has(filename) ? "modified" : "removed";
    const [additions, deletions] = [added.length, gone.length];
    return { filename, status, additions, deletions, changes: additions + deletions, patch };
  });
}

function linesOf(text = ""): string[] {
  return text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined);
}

function asDiff({ filename, patch }: Json): string {
  return `diff --git a/${filename} b/${filename}\n--- a/${filename}\n+++ b/${filename}\n${patch}\n`;
}

/** Two runs of one workflow: the newer one went well, the older one did not. */
async function runsFor(asked: string, url: URL, now: number, ask: Ask): Promise<Response> {
  const [{ sha }] = await (await ask("/repos/octocat/hello-world/commits")).json();
  const runs = [2, 1].map((id) => ({
    id,
    name: "CI",
    path: ".github/workflows/ci.yml",
    display_title: id === 2 ? "Correct the greeting" : "Initial commit",
    run_number: id,
    run_attempt: 1,
    status: "completed",
    conclusion: id === 2 ? "success" : "failure",
    event: "push",
    head_branch: "main",
    head_sha: sha,
    actor: { login: "octocat" },
    created_at: new Date(now - (3 - id) * 3_600_000).toISOString(),
    html_url: `${url.origin}/octocat/hello-world/actions/runs/${id}`,
  }));
  const [, list] = /^((?:workflows\/[^/]+\/)?runs)$/.exec(asked) ?? [];
  if (list !== undefined) {
    const { branch, status } = Object.fromEntries(url.searchParams);
    const found = runs.filter((run) =>
      (branch === undefined || run.head_branch === branch) &&
      (status === undefined || [run.status, run.conclusion].includes(status)) &&
      (list === "runs" || list === "workflows/ci.yml/runs")
    );
    return Response.json({ total_count: found.length, workflow_runs: found });
  }
  const [, id, jobs] = /^runs\/(\d+)(\/jobs)?$/.exec(asked) ?? [];
  const run = runs.find((one) => String(one.id) === id);
  if (run !== undefined) return Response.json(jobs === undefined ? run : jobsOf(run));
  if (asked === "jobs/10/logs") return new Response("1 test\nThe greeting is wrong\n1 failed\n");
  return Response.json({ message: "Not Found", status: "404" }, { status: 404 });
}

function jobsOf({ id, status, conclusion, html_url }: Json): Json {
  const step = { name: "Test", status, conclusion, number: 1 };
  const jobs = [{
    id: id * 10,
    run_id: id,
    name: "test",
    status,
    conclusion,
    html_url,
    steps: [step],
  }];
  return { total_count: 1, jobs };
}

async function addBranch(ask: Ask): Promise<void> {
  const repo = "/repos/octocat/hello-world";
  const [{ sha }] = await (await ask(`${repo}/commits`)).json();
  const readme = await (await ask(`${repo}/contents/README.md`)).json();
  const added = [
    await ask(`${repo}/git/refs`, { method: "POST", body: { ref: `refs/heads/${BRANCH}`, sha } }),
    await ask(`${repo}/contents/README.md`, {
      method: "PUT",
      body: { message: "Greet better", content: btoa(GREETING), sha: readme.sha, branch: BRANCH },
    }),
  ];
  for (const answer of added) {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`No branch ${BRANCH}: ${text}`);
  }
}
