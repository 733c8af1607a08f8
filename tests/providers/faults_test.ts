import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { createApiClient } from "../../mcp/api_client.ts";
import { asana } from "../../providers/asana/asana.ts";
import { catalogueModules } from "../../providers/catalogue/catalogue.ts";
import { github } from "../../providers/github/github.ts";
import { githubApp } from "../../providers/github/github_app.ts";
import { google } from "../../providers/google/google.ts";
import { linear } from "../../providers/linear/linear.ts";
import type { ApiClient, ApiFault, ProviderModule, Tool } from "../../providers/provider.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { slack } from "../../providers/slack/slack.ts";
import { callTool, faultOf, type Json, tokenSetOf } from "../support/api.ts";
import { ARGUMENTS } from "../support/tool_arguments.ts";
import { testWorld } from "../support/world.ts";

const TOKEN = "provider-token";
/** In every refusal beside what may be passed on: nobody is to be told this. */
const RAW = { access_token: TOKEN, trace: "raw-body" };

type Answer = () => Response | Promise<Response>;

const answer = (status: number, body: Json, headers: HeadersInit = {}): Answer => () =>
  Response.json({ ...RAW, ...body }, { status, headers });

const googleError = (code: number, reason: string, message = "No.") =>
  answer(code, { error: { code, message, errors: [{ domain: "global", reason }] } });
const asanaError = (status: number) => answer(status, { errors: [{ message: "No." }] });
const slackError = (error: string) => answer(200, { ok: false, error });
const linearError = (status: number, code: string, message = "No.") =>
  answer(status, { errors: [{ message, extensions: { code } }] });

type Kind = ApiFault["kind"];
const SCOPES = "ACCESS_TOKEN_SCOPE_INSUFFICIENT";

const GITHUB: Partial<Record<Kind, Answer[]>> = {
  unauthorized: [answer(401, { message: "Bad credentials" })],
  forbidden: [answer(403, { message: "Resource not accessible" })],
  not_found: [answer(404, { message: "Not Found" })],
  rate_limited: [
    answer(429, {}, { "Retry-After": "17" }),
    answer(403, { message: "API rate limit exceeded" }, { "Retry-After": "17" }),
    answer(403, {}, { "Retry-After": "17", "X-RateLimit-Remaining": "0" }),
  ],
  invalid: [answer(422, { message: "Validation Failed" }), answer(400, { message: "No." })],
};

/** How each API says no, in its own way. */
const REFUSALS: [ProviderModule, title: string, Partial<Record<Kind, Answer[]>>][] = [
  [github, "GitHub", GITHUB],
  [githubApp, "GitHub", GITHUB],
  [google, "Google", {
    unauthorized: [googleError(401, "authError")],
    missing_scope: [
      googleError(403, "insufficientPermissions"),
      answer(403, { error: { status: "PERMISSION_DENIED", details: [{ reason: SCOPES }] } }),
    ],
    forbidden: [googleError(403, "forbidden"), googleError(403, "storageQuotaExceeded")],
    not_found: [googleError(404, "notFound"), googleError(410, "deleted")],
    conflict: [googleError(412, "conditionNotMet"), googleError(409, "duplicate")],
    rate_limited: [
      answer(429, {}, { "Retry-After": "17" }),
      answer(403, { error: { errors: [{ reason: "rateLimitExceeded" }] } }, {
        "Retry-After": "17",
      }),
    ],
    invalid: [googleError(400, "invalid"), googleError(413, "uploadTooLarge")],
  }],
  [asana, "Asana", {
    unauthorized: [asanaError(401)],
    forbidden: [asanaError(403), asanaError(402)],
    not_found: [asanaError(404)],
    rate_limited: [answer(429, {}, { "Retry-After": "17" })],
    invalid: [asanaError(400)],
  }],
  [slack, "Slack", {
    unauthorized: [slackError("token_revoked"), answer(401, {})],
    missing_scope: [slackError("missing_scope")],
    forbidden: [slackError("access_denied"), slackError("restricted_action")],
    not_found: [slackError("channel_not_found"), slackError("user_not_found")],
    rate_limited: [answer(429, {}, { "Retry-After": "17" })],
    invalid: [slackError("invalid_arguments"), slackError("msg_too_long")],
  }],
  [linear, "Linear", {
    unauthorized: [
      linearError(401, "AUTHENTICATION_ERROR"),
      linearError(200, "AUTHENTICATION_ERROR"),
    ],
    forbidden: [linearError(200, "FORBIDDEN"), linearError(403, "FORBIDDEN")],
    not_found: [linearError(200, "INPUT_ERROR", "Entity not found: Issue")],
    rate_limited: [
      answer(429, {}, { "Retry-After": "17" }),
      () => {
        const errors = [{ message: "No.", extensions: { code: "RATELIMITED" } }];
        return Response.json({ errors }, { status: 400, headers: { "Retry-After": "17" } });
      },
    ],
    invalid: [linearError(400, "INPUT_ERROR"), linearError(200, "GRAPHQL_VALIDATION_FAILED")],
  }],
];

const broken: Answer = () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`{"${TOKEN}`));
        controller.error(new Error("connection lost"));
      },
    }),
  );

/** What is no answer, whoever gives it. */
const OUTAGES: Record<string, Answer> = {
  "a page with 502": () => new Response(`<html>${TOKEN}</html>`, { status: 502 }),
  "500 with JSON": answer(500, { message: "Oops" }),
  "503 without a body": () => new Response(null, { status: 503 }),
  "a page": () =>
    new Response(`<html>${TOKEN}</html>`, { headers: { "Content-Type": "text/html" } }),
  "other JSON": () => Response.json([[null]]),
  "a text": () => Response.json(TOKEN),
  "half a body": broken,
  "a lost connection": () => Promise.reject(new TypeError(`connection refused ${TOKEN}`)),
};

function clientOf(module: ProviderModule, answer: Answer, signal?: AbortSignal): ApiClient {
  const fetch = async () => await answer();
  const settings = { clientId: "", clientSecret: "", redirectUri: "", baseUrl: "http://localhost" };
  return createApiClient({
    world: testWorld(),
    provider: module.create({ ...settings, fetch }),
    tokens: () => Promise.resolve(tokenSetOf(TOKEN)),
    fetch,
    limit: signal === undefined ? new AbortController() : { signal },
  });
}

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const providers = modulesWithTools.map((module) => module.create(settings));
const tools = providers.flatMap(({ tools }) => tools);

/** Calls every tool of a provider while its API answers like this. */
async function everyTool(
  { name, tools }: { name: string; tools: Tool[] },
  answer: Answer,
  check: (fault: ApiFault, tool: string) => void,
): Promise<void> {
  const module = modulesWithTools.find((module) => module.name === name)!;
  for (const tool of tools) {
    const call = callTool(tools, tool.name, ARGUMENTS[tool.name], clientOf(module, answer));
    const fault = await faultOf(call).catch((error) => {
      throw new Error(`${tool.name}: ${error.message}`);
    });
    assertSpeakable(fault, tool.name);
    check(fault, tool.name);
  }
}

/** A voice reads it out, and it tells nothing that a caller should not know. */
function assertSpeakable({ message }: ApiFault, tool: string): void {
  assert(!message.includes(TOKEN) && !message.includes("raw-body"), `${tool}: ${message}`);
  assert(!/[{}<>]/.test(message) && message.length < 400, `${tool}: ${message}`);
}

Deno.test("every provider with tools is known here", () => {
  assertEquals(REFUSALS.map(([{ name }]) => name), modulesWithTools.map(({ name }) => name));
});

for (const [module, title, refusals] of REFUSALS) {
  const provider = providers.find(({ name }) => name === module.name)!;
  for (const [kind, answers] of Object.entries(refusals)) {
    Deno.test(`every tool of ${title} understands ${kind}`, async () => {
      for (const answer of answers) {
        await everyTool(provider, answer, (fault, tool) => {
          assertEquals(fault.kind, kind, `${tool}: ${fault.message}`);
          assertStringIncludes(fault.message, title);
          assertEquals(fault.retryAfter, kind === "rate_limited" ? 17 : undefined, tool);
        });
      }
    });
  }

  Deno.test(`no tool of ${title} takes an answer for what it is not`, async () => {
    for (const [name, answer] of Object.entries(OUTAGES)) {
      await everyTool(provider, answer, (fault, tool) => {
        assertEquals(fault.kind, "unavailable", `${tool}, ${name}: ${fault.message}`);
        assertStringIncludes(fault.message, title);
      });
    }
  });

  Deno.test(`every tool of ${title} says that there was no answer in time`, async () => {
    for (const tool of provider.tools) {
      const late = new AbortController();
      const api = clientOf(module, () => {
        late.abort(new DOMException("Too late", "TimeoutError"));
        return Promise.reject(late.signal.reason);
      }, late.signal);
      const fault = await faultOf(callTool(provider.tools, tool.name, ARGUMENTS[tool.name], api));
      const message = `${provider.title} did not answer in time.`;
      assertEquals(fault, { kind: "unavailable", message }, tool.name);
    }
  });

  Deno.test(`what ${title} says at length is cut short`, async () => {
    const long = "All work and no play makes a dull day. ".repeat(100);
    const answers: Record<string, Answer> = {
      github: answer(403, { message: long }),
      github_app: answer(403, { message: long }),
      google: googleError(403, "forbidden", long),
      asana: answer(403, { errors: [{ message: long }] }),
      slack: slackError(long),
      linear: linearError(400, "INPUT_ERROR", long),
    };
    const [tool] = provider.tools;
    const api = clientOf(module, answers[module.name]!);
    const fault = await faultOf(callTool(provider.tools, tool!.name, ARGUMENTS[tool!.name], api));
    assert(fault.message.length < 300, fault.message);
  });
}

Deno.test("GitHub's limit says when it begins anew", async () => {
  const reset = String(Math.ceil(Date.now() / 1000) + 100);
  const headers = { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset };
  const api = clientOf(github, answer(403, {}, headers));
  const { retryAfter = 0 } = await faultOf(callTool(tools, "github_list_repositories", {}, api));
  assert(retryAfter > 95 && retryAfter <= 101);
});

Deno.test("every tool passes on why its arguments were refused", async () => {
  const said: [string, Answer, string][] = [
    [
      "github",
      answer(422, { message: "Bad field", errors: [{ field: "title" }] }),
      "Bad field: title",
    ],
    ["google", googleError(400, "invalid", "Bad field"), "Bad field"],
    ["asana", answer(400, { errors: [{ message: "Bad field" }] }), "Bad field"],
    ["slack", slackError("invalid_cursor"), "invalid cursor"],
    ["linear", linearError(400, "INPUT_ERROR", "Bad field"), "Bad field"],
  ];
  for (const [name, answer, words] of said) {
    const api = clientOf(modulesWithTools.find((module) => module.name === name)!, answer);
    for (const tool of providers.find((provider) => provider.name === name)!.tools) {
      const { kind, message } = await faultOf(
        callTool(tools, tool.name, ARGUMENTS[tool.name], api),
      );
      assertEquals(kind, "invalid", tool.name);
      assertStringIncludes(message, words, tool.name);
    }
  }
});

/** What the catalogue's APIs have in common is their status; their bodies are nobody's business. */
const STATUSES: [number, Kind][] = [
  [401, "unauthorized"],
  [403, "forbidden"],
  [404, "not_found"],
  [429, "rate_limited"],
  [500, "unavailable"],
  [502, "unavailable"],
  [503, "unavailable"],
];

for (const module of catalogueModules) {
  Deno.test(`${module.name}'s API is understood by its statuses`, async () => {
    const { title } = module.create(settings);
    const ask = (answer: Answer) => faultOf(clientOf(module, answer).json("/x", z.object({})));
    for (const [status, kind] of STATUSES) {
      const headers = { "Retry-After": "17" };
      const fault = await ask(answer(status, { message: "No." }, headers));
      assertEquals(fault.kind, kind, String(status));
      assertEquals(fault.retryAfter, kind === "rate_limited" ? 17 : undefined);
      assertStringIncludes(fault.message, title);
      assertSpeakable(fault, module.name);
    }
    for (const [name, outage] of Object.entries(OUTAGES)) {
      const fault = await ask(outage);
      assertEquals(fault.kind, "unavailable", name);
      assertSpeakable(fault, module.name);
    }
  });
}
