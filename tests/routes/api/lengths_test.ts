/** Every field of a request has its limits, and is taken up to there. */

import { assert, assertMatch } from "@std/assert";
import { SESSION_TOKEN_SECONDS } from "../../../broker/core/grant.ts";
import {
  LINK_LENGTHS,
  LINK_SECONDS,
  LONGEST_KEY,
  LONGEST_PARAM,
} from "../../../broker/core/link_bounds.ts";
import { LONGEST_NAME } from "../../../broker/core/shown_name.ts";
import { MOST_SERVICES } from "../../../routes/api/links.ts";
import { SESSION_LISTS } from "../../../routes/api/sessions.ts";
import { LONGEST_MIN_TTL } from "../../../routes/api/token_body.ts";
import { type Gateway, startGateway, USER } from "../../support/gateway.ts";

/** A name that is good wherever there are names. */
const text = (length: number) => "x".repeat(length);
const services = (count: number) => Array.from({ length: count }, () => "github");

/** A field, the body with it, the last value that is taken, and the first one that is not. */
type Limit = [field: RegExp, bodyOf: (value: never) => unknown, last: unknown, beyond: unknown];

/** Texts from one character on, or from none. */
function texts(
  name: string,
  longest: number,
  { shortest = 0, bodyOf = (value: string): unknown => ({ [name]: value }) } = {},
): Limit[] {
  const field = new RegExp(`^${name}\\b`);
  const longer: Limit = [field, bodyOf, text(longest), text(longest + 1)];
  return shortest === 0 ? [longer] : [longer, [field, bodyOf, text(shortest), text(shortest - 1)]];
}

function numbers(name: string, { min, max }: { min: number; max: number }): Limit[] {
  const bodyOf = (value: number) => ({ [name]: value });
  return [[min, min - 1], [max, max + 1]].map(([last, beyond]): Limit => [
    new RegExp(`^${name}\\b`),
    bodyOf,
    last,
    beyond,
  ]);
}

/** Texts from one character on, from one to so many of them. */
function lists(name: string, longest: number, most: number): Limit[] {
  const bodyOf = (count: number) => ({ [name]: Array.from({ length: count }, () => "github") });
  return [
    ...texts(name, longest, { shortest: 1, bodyOf: (value) => ({ [name]: [value] }) }),
    ...[[most, most + 1], [1, 0]].map(([last, beyond]): Limit => [
      new RegExp(`^${name}\\b`),
      bodyOf,
      last,
      beyond,
    ]),
  ];
}

const PARAMS: Limit[] = [
  ...texts("params", LONGEST_PARAM, { bodyOf: (value) => ({ params: { shop: value } }) }),
  ...texts("params", 64, { bodyOf: (name) => ({ params: { [name]: "x" } }) }),
];

const LIMITS: Record<string, Limit[]> = {
  "/links": [
    ...texts("service", 64, { shortest: 1 }),
    ...texts("services", 64, {
      shortest: 1,
      bodyOf: (value) => ({ service: undefined, services: [value] }),
    }),
    ...([[MOST_SERVICES, MOST_SERVICES + 1], [1, 0]].map(([last, beyond]): Limit => [
      /^services\b/,
      (services: string[]) => ({ service: undefined, services }),
      services(last!),
      services(beyond!),
    ])),
    ...texts("scope", LINK_LENGTHS.scope),
    ...texts("account", LINK_LENGTHS.account),
    ...texts("return_to", LINK_LENGTHS.returnTo),
    ...texts("origin", LINK_LENGTHS.origin),
    ...PARAMS,
    ...numbers("expires_in", LINK_SECONDS),
  ],
  "/connections": [
    ...texts("service", LINK_LENGTHS.service),
    ...texts("key", LONGEST_KEY),
    ...texts("client_id", LONGEST_KEY, {
      bodyOf: (value) => ({ key: undefined, client_id: value, client_secret: "x" }),
    }),
    ...texts("client_secret", LONGEST_KEY, {
      bodyOf: (value) => ({ key: undefined, client_id: "x", client_secret: value }),
    }),
    ...texts("scope", LINK_LENGTHS.scope),
    ...texts("label", LONGEST_NAME, { shortest: 1 }),
    ...PARAMS,
  ],
  "/connections/github/default": texts("account", 320, { shortest: 1 }),
  "/sessions": [
    ...lists("services", 64, SESSION_LISTS.services),
    ...lists("tools", 128, SESSION_LISTS.tools),
    ...lists("accounts", 320, SESSION_LISTS.accounts),
    ...numbers("expires_in", SESSION_TOKEN_SECONDS),
  ],
  "/token/github": [
    ...texts("account", 320),
    ...texts("scope", 2000),
    ...numbers("min_ttl", { min: 0, max: LONGEST_MIN_TTL }),
  ],
};

/** What a body needs beside the field. */
const GOOD: Record<string, object> = {
  "/links": { service: "github" },
  "/connections": { service: "github", key: "k" },
  "/sessions": { services: ["github"] },
};

/** What zod says of a value that is beyond. */
const BEYOND = /: (Too (big|small)|Invalid key)/;

async function saidOf(gateway: Gateway, path: string, body: object): Promise<string> {
  const good = { user_id: USER, ...GOOD[path] };
  const { json } = await gateway.api(path, { body: { ...good, ...body } });
  return json.error === "invalid_request" ? json.error_description : "";
}

Deno.test("each field of a body is taken up to its limit, and named where it is beyond", async () => {
  await using gateway = await startGateway();
  for (const [path, limits] of Object.entries(LIMITS)) {
    for (const [field, bodyOf, last, beyond] of limits) {
      const taken = await saidOf(gateway, path, bodyOf(last as never) as object);
      assert(!BEYOND.test(taken), `${path} ${field} ${taken}`);
      const refused = await saidOf(gateway, path, bodyOf(beyond as never) as object);
      assertMatch(refused, field, path);
      assertMatch(refused, BEYOND, path);
    }
  }
});

Deno.test("each parameter of a query is taken up to its limit, and named where it is beyond", async () => {
  await using gateway = await startGateway();
  const ending = (account: string) => `/connections/github?user_id=${USER}&account=${account}`;
  const mcp = (name: string) => (value: string) => `/mcp?${name}=${value}`;
  const list = { jsonrpc: "2.0", method: "tools/list", id: 1 };
  const ask = (method: string, path: string, body?: unknown) =>
    gateway.api(path, { method, body, headers: { "X-User-Id": USER } });
  const limits: [
    field: RegExp,
    longest: number,
    ask: (value: string) => Promise<{ text: string }>,
  ][] = [
    [/account: Too big/, 320, (value) => ask("DELETE", ending(value))],
    [/id: Too big/, 64, (value) => ask("DELETE", `/sessions?user_id=${USER}&id=${value}`)],
    [/services: Too big/, 1000, (value) => ask("POST", mcp("services")(value), list)],
    [/tools: Too big/, 4000, (value) => ask("POST", mcp("tools")(value), list)],
    [/timeout_ms: must be/, 5, (value) => ask("POST", mcp("timeout_ms")(value), list)],
  ];
  for (const [field, longest, ask] of limits) {
    const value = (length: number) => "1".repeat(length);
    assert(!field.test((await ask(value(longest))).text), `${field}`);
    assertMatch((await ask(value(longest + 1))).text, field);
  }
});
