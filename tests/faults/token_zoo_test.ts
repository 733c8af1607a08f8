/**
 * What authorization servers really answer, and what becomes of it: each row
 * goes through the whole program, from the server's bytes to `/token`.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Bend } from "../support/zoo.ts";
import { withoutOwn } from "../support/own_page.ts";
import { startZooGateway } from "../support/zoo_gateway.ts";
import { USER } from "../support/gateway.ts";

const TEXTS = ["application/x-www-form-urlencoded", "text/plain", "text/html; charset=utf-8", null];

/** Words of providers for a refresh token that is over; seen in public reports up to November 2026. */
const DIALECT = [
  { status: 400, member: "message", equals: "invalid refresh token" },
  { member: "errors.0.resource", equals: "RefreshToken" },
  { member: "status", equals: "BAD_REFRESH_TOKEN" },
  { status: 403, member: "error_description", contains: "refresh_token is invalid" },
];

const DEAD: Record<string, Bend> = {
  "as the standard says": { status: 400, body: { error: "invalid_grant" } },
  "with 403": { status: 403, body: { error: "invalid_grant" } },
  "with 404": { status: 404, body: { error: "invalid_grant" } },
  "with 200": { body: { error: "invalid_grant" }, status: 299 },
  "with a description that is null": {
    status: 400,
    body: { error: "invalid_grant", error_description: null },
  },
  "with a description that is an object": {
    status: 400,
    body: { error: "invalid_grant", error_description: { en: "over" }, error_uri: 7, state: [] },
  },
  "in upper case": { status: 400, body: { error: "INVALID_GRANT" } },
  "in an object": { status: 400, body: { error: { code: "invalid_grant", message: "x" } } },
  "as a type in an object": { status: 400, body: { error: { type: "invalid_grant", code: 190 } } },
  "in a list": {
    status: 400,
    body: { errors: [{ errorType: "invalid_grant", message: "x" }], success: false },
  },
  "beside a phrase of HTTP": {
    status: 400,
    body: { error: "Bad Request", statusCode: 400, code: "invalid_grant" },
  },
  ...Object.fromEntries(TEXTS.map((type): [string, Bend] => [
    `as a form called ${type}`,
    {
      status: 400,
      encoding: "form",
      type,
      body: { error: "invalid_grant", error_description: "it is over" },
    },
  ])),
  "as JSON called HTML": { status: 400, type: "text/html", body: { error: "invalid_grant" } },
  "in Twitch's words": { status: 400, body: { status: 400, message: "Invalid refresh token" } },
  "in Strava's words": {
    status: 400,
    body: {
      message: "Bad Request",
      errors: [{ resource: "RefreshToken", field: "refresh_token", code: "invalid" }],
    },
  },
  "in HubSpot's words": {
    status: 400,
    body: { status: "BAD_REFRESH_TOKEN", message: "missing or unknown refresh token" },
  },
  "in Atlassian's words": {
    status: 403,
    body: { error: "unauthorized_client", error_description: "refresh_token is invalid" },
  },
};

for (const [name, bend] of Object.entries(DEAD)) {
  Deno.test(`a grant that is over, said ${name}, asks the person at once and for good`, async () => {
    await using all = await startZooGateway({ spec: { dead_grants: DIALECT } });
    // 200 with an error is GitHub's way: no status of a refusal.
    const status = bend.status === 299 ? 200 : bend.status;
    all.zoo.bend("refresh", { ...bend, status });
    all.later();
    const out = await all.token();
    assertEquals([out.status, out.json.error], [409, "reauthorization_required"], out.text);
    assert(out.json.connect_url.startsWith(all.gateway.url));
    all.later();
    await all.token();
    assertEquals(all.zoo.count("refresh"), 1, "nobody asks again");
  });
}

/** Nothing of these says that a grant is over. */
const NOT_DEAD: Record<string, Bend> = {
  "429 that says invalid_grant": { status: 429, body: { error: "invalid_grant" } },
  "429 in the dialect": { status: 429, body: { status: "BAD_REFRESH_TOKEN" } },
  "500 that says invalid_grant": { status: 500, body: { error: "invalid_grant" } },
  "503 in the dialect": { status: 503, body: { status: "BAD_REFRESH_TOKEN" } },
  "a redirect": { status: 302, body: { error: "invalid_grant" } },
  "a firewall's page": { status: 403, type: "text/html", text: "<p>error=invalid_grant</p>" },
  "a page that quotes a form": {
    status: 403,
    text: "<a href='/?blocked=1&error=invalid_grant&by=firewall'>Why?</a>",
  },
  "a firewall's text": { status: 403, type: "text/plain", text: "error: invalid_grant" },
  "another code": { status: 400, body: { error: "invalid_scope" } },
  "a code that only resembles it": { status: 400, body: { error: "not_invalid_grant" } },
  "the words in a description": {
    status: 400,
    body: { error: "invalid_request", error_description: "invalid_grant" },
  },
  "invalid_client beside it": {
    status: 401,
    body: { error: "invalid_client", code: "invalid_grant", status: "BAD_REFRESH_TOKEN" },
  },
  "invalid_client in the dialect": {
    status: 403,
    body: { error: "invalid_client", error_description: "refresh_token is invalid" },
  },
  "an empty body": { status: 400, text: "" },
  "a list": { status: 400, text: "[]" },
  "inherited members": { status: 400, text: '{"__proto__":{"error":"invalid_grant"}}' },
};

for (const [name, bend] of Object.entries(NOT_DEAD)) {
  Deno.test(`${name} does not end a connection`, async () => {
    await using all = await startZooGateway({ spec: { dead_grants: DIALECT } });
    all.zoo.bend("refresh", bend);
    all.later();
    const out = await all.token();
    assertEquals([out.status, out.json.error], [503, "provider_unavailable"], out.text);
    all.zoo.bend("refresh", undefined);
    all.later(11 * 60_000);
    assertEquals((await all.token()).status, 200, "it heals by itself");
  });
}

const GOOD: Record<string, Bend> = {
  "201": { status: 201 },
  "202 in another order": { status: 202, reversed: true },
  ...Object.fromEntries(TEXTS.map((type): [string, Bend] => [
    `a form called ${type}`,
    { encoding: "form", type },
  ])),
  "JSON called HTML": { type: "text/html" },
  "JSON called nothing": { type: null },
  "an empty error beside the token": { members: { error: "" } },
  "an error that is null beside the token": { members: { error: null } },
  "an error that is false, and a list without any": { members: { error: false, errors: [] } },
  "a description beside the token": { members: { error_description: "none" } },
  "scope as a list": { members: { scope: ["read", "write"] } },
  "scope that is null": { members: { scope: null } },
  "a type nobody knows": { members: { token_type: "user" } },
  "a type in capitals": { members: { token_type: "BEARER" } },
  "a type that injects": { members: { token_type: "Bearer\r\nX-Evil: 1" } },
  "a type that is a list": { members: { token_type: ["Bearer"] } },
  "an end that is no number": { members: { expires_in: "never" } },
  "an end that is true": { members: { expires_in: true } },
};

for (const [name, bend] of Object.entries(GOOD)) {
  Deno.test(`tokens in an answer with ${name} are kept`, async () => {
    await using all = await startZooGateway();
    all.zoo.bend("refresh", bend);
    all.later();
    const { status, json, text } = await all.token();
    assertEquals(
      [status, json.access_token, json.token_type],
      [200, "zoo-access-2", "Bearer"],
      text,
    );
    assert(!text.includes("Evil") && json.expires_in > 3500, text);
    // The server takes each refresh token once: only who kept the last one gets another.
    all.later();
    assertEquals((await all.token()).json.access_token, "zoo-access-3");
  });
}

const UNUSABLE: Record<string, unknown> = {
  "a number": 12345,
  "an object": { value: "zoo-evil" },
  "a list": ["zoo-evil"],
  "null": null,
  "empty": "",
  "with a header in it": "zoo-evil\r\nX-Evil: 1",
  "with a space": "zoo-evil token",
  "not ASCII": "zoo-evil-ü",
  "with a NUL": "zoo-evil\0",
};

for (const [name, access_token] of Object.entries(UNUSABLE)) {
  Deno.test(`an access token that is ${name} is kept nowhere and shown to nobody`, async () => {
    await using all = await startZooGateway();
    all.zoo.bend("refresh", { members: { access_token } });
    all.later();
    const out = await all.token();
    assertEquals([out.status, out.json.error], [503, "provider_unavailable"], out.text);
    const told = out.text + JSON.stringify([...out.headers, all.gateway.world.events]);
    assert(!/zoo-evil|X-Evil|12345/.test(told), told);
  });
}

Deno.test("an access token of 300 KB ends as what cannot be kept, and is taken back", async () => {
  await using all = await startZooGateway();
  all.zoo.bend("refresh", { members: { access_token: "x".repeat(300_000) } });
  all.later();
  const out = await all.token();
  assertEquals([out.status, out.json.error], [409, "reauthorization_required"]);
  assertEquals(all.zoo.count("revoke"), 1);
  assert(!JSON.stringify(all.gateway.world.events).includes("xxxx"));
});

const REFRESH_TOKENS: [unknown, string][] = [
  [null, "zoo-refresh-1"],
  ["", "zoo-refresh-1"],
  [{ value: "x" }, "zoo-refresh-1"],
  [4711, "4711"],
];

for (const [refresh_token, sent] of REFRESH_TOKENS) {
  Deno.test(`after a refresh token that is ${JSON.stringify(refresh_token)}, ${sent} is sent`, async () => {
    await using all = await startZooGateway();
    all.zoo.bend("refresh", { members: { refresh_token } });
    all.later();
    await all.token();
    all.later();
    await all.token();
    assertEquals(all.zoo.asked.at(-1)!.form.refresh_token, sent);
  });
}

const HOSTILE = "zoo-evil\r\nX-Evil: 1 <script>alert(1)</script> \u202e${jndi:x}";

const HOSTILE_ANSWERS: Record<string, Bend> = {
  "a code": { status: 400, body: { error: HOSTILE } },
  "a code in an object": { status: 400, body: { error: { code: HOSTILE, message: HOSTILE } } },
  "a description": { status: 400, body: { error: "invalid_request", error_description: HOSTILE } },
  "a code that is over": { status: 400, body: { error: "invalid_grant", error_uri: HOSTILE } },
  "a message": { status: 403, body: { message: HOSTILE, errors: [{ message: HOSTILE }] } },
  "a form": { status: 400, encoding: "form", body: { error: HOSTILE, message: HOSTILE } },
  "a page": { status: 400, text: HOSTILE },
  "a page that is good": { status: 200, text: HOSTILE },
  "a wait": { status: 429, headers: { "Retry-After": "zoo-evil <script>" } },
};

for (const [name, bend] of Object.entries(HOSTILE_ANSWERS)) {
  for (const answer of ["refresh", "exchange"] as const) {
    Deno.test(`nothing of ${name} is repeated to anybody, at ${answer}`, async () => {
      await using all = await startZooGateway({ connected: answer === "refresh" });
      all.zoo.bend(answer, bend);
      const page = answer === "exchange" ? withoutOwn(await all.connect()) : "";
      all.later();
      const out = await all.token();
      assert(out.status >= 400);
      const told = page + out.text + JSON.stringify([...out.headers, all.gateway.world.events]);
      assert(!/zoo-evil|X-Evil|<script|alert\(1|jndi|\u202e/i.test(told), told);
    });
  }
}

Deno.test("scopes that could end a header or a list are not kept", async () => {
  await using all = await startZooGateway();
  all.zoo.bend("refresh", { members: { scope: ["read", 'x"y', "a\u0000b", { a: 1 }, "ünï"] } });
  all.later();
  assertEquals((await all.token()).json.scope, "read");
});

const REVOCATIONS: [name: string, bend: Bend, revoked: boolean][] = [
  ["200", {}, true],
  ["204", { status: 204 }, true],
  ["202 with a page", { status: 202, text: "<p>Done" }, true],
  ["400 invalid_token", { status: 400, body: { error: "invalid_token" } }, true],
  ["404 invalid_token", { status: 404, body: { error: "invalid_token" } }, true],
  ["a form", { status: 400, encoding: "form", body: { error: "invalid_token" } }, true],
  ["a message", { status: 400, body: { status: 400, message: "Invalid token" } }, true],
  [
    "a description",
    { status: 400, body: { error: "invalid_request", error_description: "Token not recognized" } },
    true,
  ],
  ["words for a person", {
    status: 400,
    body: { message: "The access token is expired or revoked." },
  }, true],
  [
    "invalid_client",
    { status: 401, body: { error: "invalid_client", message: "Invalid token" } },
    false,
  ],
  ["another token", { status: 403, body: { message: "CSRF token is invalid" } }, false],
  ["a hint's type", {
    status: 400,
    body: { error: "invalid_request", message: "invalid token type hint" },
  }, false],
  ["an error in a 200", { body: { error: "invalid_client" } }, false],
  ["429", { status: 429, body: { error: "invalid_token" } }, false],
  ["500", { status: 500, body: { error: "invalid_token" } }, false],
  ["a page", { status: 404, text: "<p>invalid_token" }, false],
];

for (const [name, bend, revoked] of REVOCATIONS) {
  Deno.test(`a revocation answered with ${name} ${revoked ? "counts" : "does not count"}`, async () => {
    await using all = await startZooGateway();
    all.zoo.bend("revoke", bend);
    const path = `/connections/zoo?user_id=${USER}`;
    const { json } = await all.gateway.api(path, { method: "DELETE" });
    assertEquals(json.revoked, revoked);
  });
}

Deno.test("a connect that is answered as a form called HTML with 201 works", async () => {
  await using all = await startZooGateway({ connected: false });
  all.zoo.bend("exchange", { status: 201, encoding: "form", type: "text/html" });
  assertStringIncludes(await all.connect(), "✓ Zoo connected");
  assertEquals((await all.token()).json.access_token, "zoo-access-1");
});
