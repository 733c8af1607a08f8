import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { appActor } from "../../broker/core/actor.ts";
import type { CallBroker, Served } from "../../broker/core/call.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { TokenRequest } from "../../broker/core/token_request.ts";
import { attempt } from "../../mcp/attempt.ts";
import { createCatalogue } from "../../mcp/catalogue.ts";
import { isFinal, type Outcome } from "../../mcp/outcome.ts";
import { github } from "../../providers/github/github.ts";
import {
  type ApiClient,
  ApiError,
  type ApiFault,
  type Provider,
  tool,
  type ToolHints,
} from "../../providers/provider.ts";
import { tokenSetOf } from "../support/api.ts";
import { testWorld } from "../support/world.ts";

const Refused = z.object({ ok: z.literal(false), fault: z.custom<ApiFault>() });
const Anything = z.looseObject({});
const ACTOR = appActor("voice");
const SUBJECT = "voice:user_123";

/** A provider whose answers name the fault that they are. */
function provider(run: (api: ApiClient) => Promise<unknown>, hints: ToolHints): Provider {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  return {
    ...github.create(settings),
    refusalIn: (body) => Refused.safeParse(body).data?.fault,
    tools: [tool({
      name: "github_do",
      service: "github",
      title: "Do",
      description: "Does it.",
      input: z.strictObject({}),
      output: z.object({}),
      hints,
      scopes: [["repo"]],
      scopesFor: () => [["public_repo"], ["repo"]],
      run: async (_args, { api }) => {
        await run(api);
        return { text: "Done.", data: {} };
      },
    })],
  };
}

interface Tried {
  outcome: Outcome;
  /** What the API was asked, with which token. */
  sent: string[];
  /** What the broker was asked. */
  asked: TokenRequest[];
}

/** One attempt; each refresh gives another token. */
async function tried(
  { run, answer, hints = { readOnly: false } }: {
    run(api: ApiClient): Promise<unknown>;
    answer(request: Request, count: number): Response | Promise<Response>;
    hints?: ToolHints;
  },
): Promise<Tried> {
  const sent: string[] = [];
  const asked: TokenRequest[] = [];
  const broker: CallBroker = {
    token(request) {
      asked.push(request);
      const named = { service: "github", title: "GitHub", connectUrl: "https://sb.example.com/c" };
      if (request.refused?.kind === "sign_in") {
        return Promise.reject(new Refusal({ code: "reauthorization_required", ...named }));
      }
      if (request.refused?.kind === "scopes") {
        const scope = request.refused.scopes.join(" ");
        const lacks = { scope, allows: [scope], why: request.refused.why };
        return Promise.reject(new Refusal({ code: "insufficient_scope", ...named, ...lacks }));
      }
      const tokens = tokenSetOf(request.rejected === undefined ? "old" : "new");
      return Promise.resolve({ tokens } as Served);
    },
    once: (_key, run) => run().then((outcome) => ({ kind: "outcome", outcome, repeated: false })),
  };
  const entry = await createCatalogue([provider(run, hints)])
    .find("github_do", { subject: SUBJECT, actor: ACTOR, filter: {} });
  assert(entry?.kind === "own");
  const outcome = await attempt(
    {
      world: testWorld(),
      broker,
      fetch: async (input, init) => {
        const request = new Request(input, init);
        sent.push(`${request.method} ${request.headers.get("Authorization")}`);
        return await answer(request, sent.length);
      },
    },
    { subject: SUBJECT, actor: ACTOR, filter: {} },
    await entry.load(),
    {
      name: "github_do",
      args: {},
      id: 1,
      countsCalls: false,
      asker: new AbortController(),
      served: { account: undefined },
    },
  );
  return { outcome, sent, asked };
}

const refused = (fault: Partial<ApiFault>) =>
  Response.json({ ok: false, fault: { message: "GitHub says no.", ...fault } });
const post = (api: ApiClient) => api.json("/x", Anything, { method: "POST", body: {} });

Deno.test("a dead token is refreshed and tried once more, wherever the API says it", async () => {
  for (
    const [status, first] of [
      [401, () => Response.json({ message: "Bad credentials" }, { status: 401 })],
      [200, () => refused({ kind: "unauthorized" })],
    ] as const
  ) {
    const { outcome, sent } = await tried({
      run: post,
      answer: (_request, count) => count === 1 ? first() : Response.json({}),
    });
    assertEquals(outcome.kind, "result", `${status}`);
    assertEquals(sent, ["POST Bearer old", "POST Bearer new"]);
  }
});

Deno.test("a token that stays dead leads to the link, wherever the API says it", async () => {
  for (
    const answer of [
      () => Response.json({ message: "Bad credentials" }, { status: 401 }),
      () => refused({ kind: "unauthorized" }),
    ]
  ) {
    const { outcome, asked, sent } = await tried({ run: post, answer });
    assert(outcome.kind === "connect", JSON.stringify(outcome));
    assertEquals([outcome.code, outcome.url], [
      "reauthorization_required",
      "https://sb.example.com/c",
    ]);
    assertEquals(sent.length, 2);
    // The broker hears which token it was.
    assertEquals([asked.at(-1)!.refused, asked.at(-1)!.rejected], [{ kind: "sign_in" }, "new"]);
    assert(!outcome.text.includes("may have been done"), outcome.text);
  }
});

Deno.test("a scope that is missing leads to the link for it, wherever the API says it", async () => {
  const answer = () => refused({ kind: "missing_scope", scopes: ["workflow"] });
  const { outcome, asked, sent } = await tried({ run: post, answer });
  assert(outcome.kind === "connect");
  assertEquals(outcome.code, "insufficient_scope");
  assertStringIncludes(outcome.text, "workflow");
  assertEquals(sent.length, 1, "another token has no more");
  assertEquals(asked.at(-1)!.scopes, [["public_repo"], ["repo"]]);
  const why = "It may be private.";
  const hidden = () => refused({ kind: "missing_scope", scopes: ["repo"], why });
  const told = await tried({ run: post, answer: hidden });
  assert(told.outcome.kind === "connect");
  assertStringIncludes(told.outcome.text, "It may be private. GitHub is connected, but without");
});

Deno.test("what a tool goes on without leads to no link where a scope is missing for it", async () => {
  const run = async (api: ApiClient) => {
    await api.json("/names", Anything, { isOptional: true }).catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      assertEquals(error.fault.kind, "missing_scope");
    });
  };
  const answer = () => refused({ kind: "missing_scope", scopes: ["read:user"] });
  const { outcome, asked } = await tried({ run, answer, hints: { readOnly: true } });
  assertEquals(outcome.kind, "result");
  assert(asked.every(({ refused }) => refused === undefined), "the broker makes no link");
  // A dead token is dead for all that the tool does.
  const dead = await tried({ run, answer: () => refused({ kind: "unauthorized" }) });
  assertEquals(dead.outcome.kind, "connect");
});

Deno.test("what was sent and not refused may have been done, whatever came after it", async () => {
  const failing =
    (at: number, failure: () => Response | Promise<Response>) =>
    (_request: Request, count: number) => count === at ? failure() : Response.json({});
  const readBack = async (api: ApiClient) => {
    await post(api);
    await api.json("/x", Anything);
  };
  const lost = () => Promise.reject(new TypeError("connection reset"));
  const rows: [string, Parameters<typeof tried>[0]][] = [
    ["no answer", { run: post, answer: lost }],
    ["no JSON", { run: post, answer: () => new Response("<html>") }],
    ["another answer", {
      run: (api) => api.json("/x", z.object({ id: z.number() }), { method: "POST" }),
      answer: () => Response.json({ id: null }),
    }],
    ["an answer that is elsewhere", {
      run: post,
      answer: () => new Response(null, { status: 303, headers: { Location: "/done" } }),
    }],
    ["an outage in 200", { run: post, answer: () => refused({ kind: "unavailable" }) }],
    ["an outage", { run: post, answer: () => new Response("", { status: 502 }) }],
    ["the next request fails", { run: readBack, answer: failing(2, lost) }],
    ["the next request is refused", {
      run: readBack,
      answer: failing(2, () => Response.json({}, { status: 404 })),
    }],
    ["the next request is not taken on", {
      run: readBack,
      answer: failing(2, () => refused({ kind: "unavailable", mayBeDone: false })),
    }],
    ["the tool fails", {
      run: async (api) => {
        await post(api);
        throw new RangeError("a mistake");
      },
      answer: () => Response.json({}),
    }],
  ];
  for (const [name, row] of rows) {
    const { outcome } = await tried(row);
    assert(outcome.kind === "error", name);
    assertEquals([outcome.code, outcome.isFinal], ["may_have_been_done", true], name);
    assertStringIncludes(outcome.text, "may have been done: look first", name);
    // What may be done twice is asked for again.
    const again = await tried({ ...row, hints: { readOnly: false, idempotent: true } });
    assert(again.outcome.kind === "error" && again.outcome.isFinal !== true, name);
    assert(!again.outcome.text.includes("may have been done"), name);
  }
});

Deno.test("what was refused, never sent, or only read was not done", async () => {
  const unsent = () => Promise.reject(new TypeError("client error (Connect): refused"));
  const rows: [string, Parameters<typeof tried>[0], string][] = [
    ["refused", { run: post, answer: () => Response.json({}, { status: 422 }) }, "invalid"],
    ["not taken on", { run: post, answer: () => new Response("", { status: 503 }) }, "unavailable"],
    ["refused in 200", { run: post, answer: () => refused({ kind: "invalid" }) }, "invalid"],
    ["not taken on, in 200", {
      run: post,
      answer: () => refused({ kind: "unavailable", mayBeDone: false }),
    }, "unavailable"],
    ["never sent", { run: post, answer: unsent }, "unavailable"],
    ["read", {
      run: (api) => api.json("/graphql", Anything, { method: "POST", body: {}, reads: true }),
      answer: () => new Response("<html>"),
    }, "unavailable"],
    ["the tool knows better", {
      run: async (api) => {
        await post(api);
        throw new ApiError({ kind: "invalid", message: "It says no.", mayBeDone: false });
      },
      answer: () => Response.json({}),
    }, "invalid"],
  ];
  for (const [name, row, code] of rows) {
    const { outcome } = await tried(row);
    assert(outcome.kind === "error", name);
    assertEquals([outcome.code, outcome.isFinal], [code, undefined], name);
    assert(!outcome.text.includes("may have been done"), name);
  }
});

Deno.test("of requests side by side, what one is told takes nothing back of another", async () => {
  const read = (api: ApiClient) => api.json("/read", Anything);
  const change = (path: string) => (api: ApiClient) => api.json(path, Anything, { method: "POST" });
  const sideBySide =
    (...all: ((api: ApiClient) => Promise<unknown>)[]) => async (api: ApiClient) => {
      await Promise.allSettled(all.map((each) => each(api)));
      throw new ApiError({ kind: "not_found", message: "It is not there." });
    };
  // What was sent first is answered last, and the other way round.
  for (const lastFirst of [true, false]) {
    const answer = async (request: Request) => {
      const isDone = request.url.endsWith("/done");
      if (isDone === lastFirst) {
        for (let turns = 0; turns < 20; turns++) await Promise.resolve();
      }
      return isDone ? Response.json({}) : Response.json({}, { status: 404 });
    };
    for (
      const [first, second] of [[read, change("/done")], [change("/refused"), change("/done")]]
    ) {
      for (const all of [[first!, second!], [second!, first!]]) {
        const { outcome } = await tried({ run: sideBySide(...all), answer });
        assert(outcome.kind === "error");
        assertEquals(outcome.code, "may_have_been_done");
      }
    }
    const run = sideBySide(change("/refused"), change("/refused-too"), read);
    const { outcome } = await tried({ run, answer });
    assert(outcome.kind === "error");
    assertEquals(outcome.code, "not_found", "nothing was done");
  }
});

Deno.test("what was sent before a scope was missing is not done again by the same call", async () => {
  const run = async (api: ApiClient) => {
    await post(api);
    await api.json("/then", Anything);
  };
  const answer = ({ method }: Request) =>
    method === "POST" ? Response.json({}) : refused({ kind: "missing_scope", scopes: ["repo"] });
  const { outcome } = await tried({ run, answer });
  assertEquals([outcome.kind, isFinal(outcome)], ["connect", true]);
  const before = await tried({ run: (api) => api.json("/then", Anything), answer });
  assertEquals([before.outcome.kind, isFinal(before.outcome)], ["connect", false]);
});

Deno.test("many requests that are refused for the same reason make one link", async () => {
  const run = (api: ApiClient) =>
    Promise.all(Array.from({ length: 20 }, (_, at) => api.json(`/${at}`, Anything)));
  const faults: Partial<ApiFault>[] = [
    { kind: "missing_scope", scopes: ["workflow"] },
    { kind: "unauthorized" },
  ];
  for (const fault of faults) {
    const { outcome, asked } = await tried({ run, answer: () => refused(fault) });
    assertEquals(outcome.kind, "connect");
    assertEquals(asked.filter(({ refused }) => refused !== undefined).length, 1, fault.kind);
  }
  // What a tool went on without is not what is asked for in the end.
  const twice = async (api: ApiClient) => {
    await api.json("/names", Anything).catch(() => undefined);
    await api.json("/text", Anything);
  };
  const answer = ({ url }: Request) =>
    refused({ kind: "missing_scope", scopes: [url.endsWith("/names") ? "read:user" : "repo"] });
  const { outcome } = await tried({ run: twice, answer });
  assert(outcome.kind === "connect");
  assertStringIncludes(outcome.text, "without this: repo.");
});

Deno.test("a page of the provider's is the cure where it names one, and its operator's fault is logged", async () => {
  const page = { url: "https://github.com/orgs/x/sso?t=1", title: "to sign in to x" };
  const sso = await tried({ run: post, answer: () => refused({ kind: "forbidden", page }) });
  assert(sso.outcome.kind === "connect");
  assertEquals(sso.outcome.url, page.url);
  assertStringIncludes(sso.outcome.text, `GitHub says no. Open ${page.url} to sign in to x.`);

  const operator = "The API is not enabled.";
  const off = await tried({ run: post, answer: () => refused({ kind: "forbidden", operator }) });
  assert(off.outcome.kind === "error");
  assertEquals(off.outcome.text, "GitHub says no.");
});
