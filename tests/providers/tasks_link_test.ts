/** A dead token and a missing scope, wherever Linear and Asana say it. */

import { assertEquals, assertRejects } from "@std/assert";
import { createApiClient, type Wanting } from "../../mcp/api_client.ts";
import { asana } from "../../providers/asana/asana.ts";
import { asanaTools } from "../../providers/asana/tools.ts";
import { linear } from "../../providers/linear/linear.ts";
import { linearTools } from "../../providers/linear/tools.ts";
import type { ProviderModule, Tool } from "../../providers/provider.ts";
import { callTool, type Json, tokenSetOf } from "../support/api.ts";
import { testWorld } from "../support/world.ts";

class Cure extends Error {}

/** Calls a tool; each refresh gives another token, and the cure is thrown. */
function called(
  module: ProviderModule,
  tools: Tool[],
  [name, args]: [name: string, args: Json],
  answer: (token: string) => Response,
) {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", baseUrl: "http://localhost" };
  const seen: string[] = [];
  const wanting: Wanting[] = [];
  const fetchDouble: typeof fetch = (_input, init) => {
    const token = new Headers(init?.headers).get("Authorization")!.replace("Bearer ", "");
    seen.push(token);
    return Promise.resolve(answer(token));
  };
  const api = createApiClient({
    world: testWorld(),
    provider: module.create({ ...settings, fetch: fetchDouble }),
    tokens: (rejected) => Promise.resolve(tokenSetOf(rejected === undefined ? "old" : "new")),
    cure: (one) => {
      wanting.push(JSON.parse(JSON.stringify(one)));
      return Promise.reject(new Cure());
    },
    fetch: fetchDouble,
    limit: new AbortController(),
  });
  const text = callTool(tools, name, args, api).then(({ text }) => text);
  return { seen, wanting, text };
}

const dead = (status: number, errors: Json) => Response.json({ data: null, errors }, { status });
const authentication = [{
  message: "Authentication required, not authenticated",
  extensions: { type: "authentication error", code: "AUTHENTICATION_ERROR" },
}];
const scope = [{
  message: "Invalid scope: `write` required",
  extensions: { type: "forbidden", code: "FORBIDDEN" },
}];
const noIssues = { data: { issues: { nodes: [], pageInfo: { hasNextPage: false } } } };
const LIST: [string, Json] = ["linear_find_issues", {}];
const MINE: [string, Json] = ["asana_find_tasks", { workspace: "1" }];

for (const status of [200, 400, 401]) {
  Deno.test(`linear's dead token in a ${status} is refreshed, and the request made once more`, async () => {
    const call = called(
      linear,
      linearTools,
      LIST,
      (token) => token === "old" ? dead(status, authentication) : Response.json(noIssues),
    );
    assertEquals(await call.text, "Found no open issues.");
    assertEquals([call.seen, call.wanting], [["old", "new"], []]);
  });

  Deno.test(`linear's dead token in a ${status} leads to the link where a new one is dead too`, async () => {
    const call = called(linear, linearTools, LIST, () => dead(status, authentication));
    await assertRejects(() => call.text, Cure);
    assertEquals([call.seen, call.wanting], [["old", "new"], [{ kind: "sign_in" }]]);
  });
}

for (const status of [200, 400, 403]) {
  Deno.test(`linear's missing scope in a ${status} leads to the link that asks for it`, async () => {
    const call = called(linear, linearTools, LIST, () => dead(status, scope));
    await assertRejects(() => call.text, Cure);
    assertEquals([call.seen, call.wanting], [["old"], [{ kind: "scopes", scopes: ["write"] }]]);
  });
}

Deno.test("asana's dead token and missing scopes lead to the link", async () => {
  const errors = (message: string) => ({ errors: [{ message }] });
  const expired = errors("The bearer token has expired. If you have a refresh token …");
  const refreshed = called(
    asana,
    asanaTools,
    MINE,
    (token) =>
      token === "old"
        ? Response.json(expired, { status: 401 })
        : Response.json({ data: [], next_page: null }),
  );
  assertEquals(await refreshed.text, "Found no open tasks.");
  const words = "Your access token does not have the required scopes: tasks:read, users:read";
  const lacking = called(
    asana,
    asanaTools,
    MINE,
    () => Response.json(errors(words), { status: 403 }),
  );
  await assertRejects(() => lacking.text, Cure);
  const scopes = ["tasks:read", "users:read"];
  assertEquals([lacking.seen, lacking.wanting], [["old"], [{ kind: "scopes", scopes }]]);
});
