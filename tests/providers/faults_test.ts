import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { github } from "../../providers/github/github.ts";
import { google } from "../../providers/google/google.ts";
import { ApiError, type ProviderModule, type Tool } from "../../providers/provider.ts";
import { answeredBy, callTool, checkSchemas, faultOf, type Json } from "../support/api.ts";

const REPO = "octocat/hello-world";
const START = "2026-11-24T14:00:00Z";

/** Arguments that are right, for every tool. */
const ARGUMENTS: Record<string, Json> = {
  github_create_issue: { repo: REPO, title: "x" },
  github_list_issues: { repo: REPO },
  github_get_issue: { repo: REPO, number: 1 },
  github_update_issue: { repo: REPO, number: 1, state: "closed" },
  github_comment_on_issue: { repo: REPO, number: 1, body: "x" },
  github_search_issues: { query: "x" },
  github_list_pull_requests: { repo: REPO },
  github_get_pull_request: { repo: REPO, number: 1 },
  github_list_repositories: {},
  github_read_file: { repo: REPO, path: "README.md" },
  gmail_search_messages: { query: "x" },
  gmail_read_message: { message_id: "m" },
  gmail_send_message: { to: ["a@b.c"], subject: "x", body: "x" },
  gmail_reply: { message_id: "m", body: "x" },
  gmail_create_draft: { body: "x" },
  gmail_label_messages: { message_ids: ["m"], add: ["x"] },
  gmail_archive_messages: { message_ids: ["m"] },
  calendar_create_event: { title: "x", start: START },
  calendar_list_events: {},
  calendar_update_event: { event_id: "e", start: START },
  calendar_delete_event: { event_id: "e" },
  calendar_find_free_time: { time_zone: "UTC" },
  calendar_list_calendars: {},
  drive_search_files: { query: "x" },
  drive_list_recent_files: {},
  drive_read_document: { file_id: "f" },
  drive_create_text_file: { name: "x", content: "x" },
  drive_share_file: { file_id: "f", email: "a@b.c" },
};

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const modules: [ProviderModule, Tool[]][] = [github, google].map((module) => [
  module,
  module.create(settings).tools,
]);
const tools = modules.flatMap(([, tools]) => tools);

/** Calls every tool while the API answers like this. */
async function everyTool(
  answer: (name: string) => Response,
  check: (call: Promise<unknown>, title: string, tool: Tool) => Promise<void>,
): Promise<void> {
  for (const [module, tools] of modules) {
    for (const tool of tools) {
      const api = answeredBy(module, () => answer(module.name));
      const call = callTool(tools, tool.name, ARGUMENTS[tool.name], api);
      await check(call, module === github ? "GitHub" : "Google", tool);
    }
  }
}

Deno.test("every tool of GitHub and Google is known here, and there are few enough", () => {
  assertEquals(tools.map(({ name }) => name).sort(), Object.keys(ARGUMENTS).sort());
  assert(tools.length <= 33);
  checkSchemas(tools);
});

Deno.test("every tool has a title, hints, scopes of its provider, and a name that clients take", () => {
  for (const { name, service, title, description, hints, scopes, aliases } of tools) {
    assert(/^[a-z0-9_]{1,40}$/.test(name) && name.startsWith(`${service}_`), name);
    for (const alias of aliases) assert(/^[a-z0-9_]{1,40}$/.test(alias), alias);
    assert(title.length > 5 && title.length < 60 && description.length > 80, name);
    assertStringIncludes(description, "se it ", name);
    const url = "https://www.googleapis.com/auth/";
    assert(scopes.length > 0 && scopes.every((s) => service === "github" || s.startsWith(url)));
    const reads = /_(search|list|get|read|find)_/.test(name);
    assertEquals(hints.readOnly, reads, name);
    assertEquals(hints.destructive ?? false, name === "calendar_delete_event", name);
  }
});

Deno.test("every tool says that there is no such thing", async () => {
  await everyTool(
    () => Response.json({ message: "Not Found", error: { code: 404 } }, { status: 404 }),
    async (call, title) => {
      const { kind, message } = await faultOf(call);
      assertEquals(kind, "not_found");
      assertStringIncludes(message, `${title} did not find`);
    },
  );
});

Deno.test("every tool says that it is not allowed", async () => {
  const errors = [{ domain: "global", reason: "insufficientPermissions" }];
  const message = "Request had insufficient authentication scopes.";
  await everyTool(
    () => Response.json({ message, error: { code: 403, message, errors } }, { status: 403 }),
    async (call, title) => {
      assertEquals(await faultOf(call), {
        kind: "forbidden",
        message: `${title} does not allow this. ${message}`,
      });
    },
  );
});

Deno.test("every tool says when to try again", async () => {
  const limited = (status: number, headers: HeadersInit) => (provider: string) =>
    provider === "github"
      ? Response.json({ message: "API rate limit exceeded" }, { status, headers })
      : Response.json({
        error: { code: status, message: "Quota", errors: [{ reason: "rateLimitExceeded" }] },
      }, { status, headers });
  for (const status of [403, 429]) {
    await everyTool(limited(status, { "Retry-After": "17" }), async (call, title) => {
      assertEquals(await faultOf(call), {
        kind: "rate_limited",
        message: `${title} asks to slow down.`,
        retryAfter: 17,
      });
    });
  }
  const reset = String(Math.ceil(Date.now() / 1000) + 100);
  const headers = { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset };
  const api = answeredBy(github, () => limited(403, headers)("github"));
  const call = callTool(tools, "github_list_repositories", {}, api);
  const { retryAfter = 0 } = await faultOf(call);
  assert(retryAfter > 95 && retryAfter <= 101);
});

Deno.test("every tool passes on why its arguments were refused", async () => {
  const message = "Invalid value for that field";
  await everyTool(
    (name) =>
      name === "github"
        ? Response.json({ message }, { status: 422 })
        : Response.json({ error: { code: 400, message } }, { status: 400 }),
    async (call) => {
      const fault = await faultOf(call);
      assertEquals(fault.kind, "invalid");
      assertStringIncludes(fault.message, message);
    },
  );
});

Deno.test("no tool takes an answer for what it is not", async () => {
  const answers = [
    () => new Response("<html>Sorry</html>", { status: 502 }),
    () => new Response(null, { status: 503 }),
    () => new Response("<html>Welcome</html>", { headers: { "Content-Type": "text/html" } }),
    () => Response.json([[null]]),
    () => Response.json("text"),
  ];
  // Whatever Google says to these, it was done.
  const silent = ["calendar_delete_event", "gmail_archive_messages"];
  for (const answer of answers) {
    await everyTool(answer, async (call, title, { name }) => {
      if (silent.includes(name) && answer().ok) return void await call.catch(() => {});
      const { fault } = await assertRejects(() => call, ApiError, title);
      assertEquals(fault.kind, "unavailable", name);
    });
  }
});
