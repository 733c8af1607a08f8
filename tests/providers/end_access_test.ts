import { assertEquals } from "@std/assert";
import type { TokenAnswer } from "../../broker/core/authorization_server.ts";
import { AnsweredNo } from "../../broker/core/answered_no.ts";
import { endAccess, type RevocationData } from "../../providers/end_access.ts";
import { tokenSetOf } from "../support/api.ts";
import { serve } from "../support/serve.ts";

const TOKENS = { ...tokenSetOf("old"), refreshToken: "r" };
const RENEWED: TokenAnswer = {
  kind: "issued",
  tokens: { accessToken: "new", tokenType: "Bearer" },
};

/** Ends access at a server that answers with these statuses in turn; gives the tokens it saw. */
async function end(
  shows: RevocationData["shows"],
  statuses: number[],
  { tokens = TOKENS, refreshed = RENEWED, ...more }: Partial<RevocationData> & {
    tokens?: typeof TOKENS | ReturnType<typeof tokenSetOf>;
    refreshed?: TokenAnswer;
  } = {},
) {
  const seen: string[] = [];
  await using server = serve(async (request) => {
    const form = new URLSearchParams(await request.text());
    seen.push(form.get("token") ?? request.headers.get("Authorization") ?? "");
    // Who follows it comes back, and is told that all is well.
    const headers = { Location: "/elsewhere" };
    return new Response(null, { status: statuses[seen.length - 1] ?? 200, headers });
  });
  const outcome = await endAccess(
    {
      fetch,
      authentication: { method: "client_secret_post", clientId: "id", clientSecret: "s" },
      refresh: () => Promise.resolve(refreshed),
      whose: ({ accessToken }) => Promise.resolve(`of-${accessToken}`),
    },
    { url: `http://127.0.0.1:${server.port}/`, shows, ...more },
    tokens,
  );
  return { kind: outcome.kind, seen };
}

Deno.test("access that has expired is renewed to be ended, since its refresh token lives on", async () => {
  assertEquals(await end("bearer", [401, 200]), {
    kind: "revoked",
    seen: ["Bearer old", "Bearer new"],
  });
  const client = "id";
  assertEquals(await end("form", [400, 200], { client }), {
    kind: "revoked",
    seen: ["old", "new"],
  });
});

Deno.test("access is ended by JSON, and by the token in the place of the client, where that is wanted", async () => {
  const said: unknown[] = [];
  await using server = serve(async (request) => {
    said.push([request.headers.get("Authorization"), await request.text()]);
    return new Response(null);
  });
  const shown: Omit<RevocationData, "url">[] = [
    { shows: "json", parameter: "accessToken", clientNames: { id: "clientId", secret: "secret" } },
    { shows: "json", client: "scheme" },
    { shows: "form", client: "token" },
    { shows: "form", client: "basic" },
    { shows: "form", client: "bearer", account: "account_id" },
  ];
  for (const data of shown) {
    const outcome = await endAccess(
      {
        fetch,
        authentication: { method: "client_secret_post", clientId: "id", clientSecret: "s" },
        refresh: () => Promise.resolve(RENEWED),
        whose: ({ accessToken }) => Promise.resolve(`of-${accessToken}`),
      },
      { url: `http://127.0.0.1:${server.port}/`, ...data },
      TOKENS,
    );
    assertEquals(outcome.kind, "revoked");
  }
  assertEquals(said, [
    [null, '{"accessToken":"old","clientId":"id","secret":"s"}'],
    ["Client s", '{"token":"old","client_id":"id"}'],
    ["Bearer old", "token=old"],
    [`Basic ${btoa("id:s")}`, "token=old"],
    ["Bearer s", "account_id=of-old&client_id=id"],
  ]);
});

Deno.test("nobody's access is ended by an id that the token itself does not tell", async () => {
  const asked = (whose: () => Promise<string>) =>
    endAccess(
      {
        fetch: () => Promise.reject(new Error("asked")),
        authentication: { method: "client_secret_post", clientId: "id", clientSecret: "s" },
        refresh: () => Promise.resolve(RENEWED),
        whose,
      },
      { url: "http://127.0.0.1:9/", shows: "form", account: "account_id", client: "bearer" },
      { ...TOKENS, extra: { account_id: "another's" } },
    );
  const no = (status: number) => asked(() => Promise.reject(new AnsweredNo("no", status)));
  assertEquals(await no(401), { kind: "revoked" });
  const reason = "the provider did not say whose the token is";
  for (const status of [403, 404, 429, 500]) {
    assertEquals(await no(status), { kind: "failed", reason });
  }
  assertEquals(await asked(() => Promise.reject(new Error("out"))), { kind: "failed", reason });
});

Deno.test("a client that is refused ends no access, in whichever way it says who it is", async () => {
  const over: TokenAnswer = { kind: "rejected", code: "invalid_client" };
  assertEquals((await end("json", [401], { refreshed: over })).kind, "failed");
  const tokens = tokenSetOf("old");
  for (const client of ["secret", "basic", "scheme", "bearer"] as const) {
    assertEquals((await end("json", [401], { client, tokens })).kind, "failed");
  }
  assertEquals((await end("form", [401], { client: "token", tokens })).kind, "revoked");
});

Deno.test("a token that cannot stand in a header ends nothing, and breaks nothing", async () => {
  const tokens = { ...tokenSetOf("a"), refreshToken: "r\nX-Evil: 1" };
  const ended = await end("form", [200], { client: "token", token: "refresh", tokens });
  assertEquals(ended, { kind: "failed", seen: [] });
});

Deno.test("access counts as ended only where no token opens anything any more", async () => {
  const over: TokenAnswer = { kind: "rejected", code: "invalid_grant" };
  assertEquals((await end("bearer", [401], { refreshed: over })).kind, "revoked");
  const outs: TokenAnswer[] = [
    { kind: "failed", reason: "out" },
    { kind: "rejected", code: "invalid_client" },
  ];
  for (const refreshed of outs) {
    assertEquals((await end("bearer", [401], { refreshed })).kind, "failed");
  }
  assertEquals((await end("bearer", [401], { tokens: tokenSetOf("old") })).kind, "revoked");
  assertEquals((await end("bearer", [400], { tokens: tokenSetOf("old") })).kind, "failed");
  assertEquals((await end("bearer", [401, 400])).kind, "failed");
});

Deno.test("an outage, a redirect or a refused client ends no access", async () => {
  for (const status of [302, 403, 404, 429, 500]) {
    assertEquals(await end("bearer", [status]), { kind: "failed", seen: ["Bearer old"] });
    assertEquals(await end("form", [status]), { kind: "failed", seen: ["old"] });
  }
  assertEquals((await end("form", [401], { token: "refresh" })).kind, "failed");
  assertEquals((await end("form", [401, 401])).kind, "failed");
});
