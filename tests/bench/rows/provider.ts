/**
 * Row `provider`: a tool call that asks its provider, on loopback, beside a bare
 * fetch.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { serve } from "../../support/serve.ts";
import type { Answer } from "../caller.ts";
import { checkAll, compared, compete, type Contestant } from "../contest.ts";
import type { Row } from "../finding.ts";
import { startDirectFetch } from "../limits/limits.ts";
import { mcpQuestion, messageOf } from "../messages.ts";
import { appHeaders, ask, startSwitchboard } from "../switchboard.ts";

const PATH = "/user/repos";
/** Twenty, as GitHub tells of them, as far as it matters. */
const REPOSITORIES = Array.from({ length: 20 }, (_, i) => ({
  id: i,
  name: `repo-${i}`,
  full_name: `octocat/repo-${i}`,
  owner: { login: "octocat", id: 583231 },
  private: false,
  html_url: `https://github.com/octocat/repo-${i}`,
  description: "A repository",
  language: "TypeScript",
  stargazers_count: i,
  open_issues_count: i,
  default_branch: "main",
  archived: false,
  fork: false,
  pushed_at: "2026-11-01T10:00:00Z",
  updated_at: "2026-11-01T10:00:00Z",
  created_at: "2020-11-01T10:00:00Z",
}));

const QUESTION = mcpQuestion("2025", "tools/call", {
  name: "github_list_repositories",
  arguments: {},
}, { headers: appHeaders });

function check(answer: Answer): void {
  const { result } = messageOf(answer);
  assertEquals(result.isError ?? false, false);
  assertStringIncludes(JSON.stringify(result.structuredContent), "octocat/repo-7");
}

async function withBoth<T>(
  use: (both: [Contestant, Contestant], asked: () => number) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  let asked = 0;
  const body = JSON.stringify(REPOSITORIES);
  const provider = stack.use(serve((request) => {
    asked += 1;
    const { pathname } = new URL(request.url);
    if (pathname !== PATH) return new Response(null, { status: 404 });
    return new Response(body, { headers: { "Content-Type": "application/json" } });
  }));
  const base = `http://127.0.0.1:${provider.port}`;
  const ours = stack.use(await startSwitchboard({ GITHUB_BASE_URL: base }));
  const { body: answer } = await ask(ours.port, QUESTION);
  const bare = stack.use(await startDirectFetch(`${base}${PATH}?per_page=20`, answer));
  const name = "Hono and one fetch with JSON in and out";
  return await use([
    { name: "ours", target: ours, question: QUESTION, check },
    { name, target: bare, question: QUESTION, check },
  ], () => asked);
}

export const providerRow: Row = {
  name: "provider",
  async run({ rounds, say }) {
    say("tools/call through a provider");
    return await withBoth(async (both) => [{
      what: "tools/call through a provider on loopback",
      ...compared(both, await compete(both, rounds)),
      budget: { times: 1.5 },
    }]);
  },
  check: () =>
    withBoth(async (both, asked) => {
      const before = asked();
      await checkAll(both);
      assertEquals(asked() - before, 4, "each call asks the provider once");
    }),
};
