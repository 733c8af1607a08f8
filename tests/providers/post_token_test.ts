import { MAX_ANSWER_BYTES } from "../../providers/post_form.ts";
import { assert, assertEquals } from "@std/assert";
import { OAuthClient, type OAuthClientOptions } from "../../providers/oauth.ts";
import type { ClientAuthentication, FormRequest } from "../../providers/post_form.ts";
import { yahoo } from "../../providers/catalogue/yahoo.ts";
import { postRevocation, postToken } from "../../providers/post_token.ts";

const SECRET = "eyJ.leak.me";

/** A request to an endpoint that answers so. */
function asked(answer: () => Response | Promise<Response>, more: Partial<FormRequest> = {}) {
  return {
    fetch: async () => await answer(),
    endpoint: "https://acme.example/token",
    form: { grant_type: "refresh_token", refresh_token: SECRET },
    ...more,
  };
}

const answered = (body: unknown, status = 200, headers: HeadersInit = {}) => () =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });

const token = async (answer: () => Response | Promise<Response>) =>
  JSON.parse(JSON.stringify(await postToken(asked(answer))));
const revoked = async (answer: () => Response | Promise<Response>) =>
  await postRevocation(asked(answer));

/** An answer that says it goes on, and does not. */
const broken = (status: number) => () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(`{"access_token":"${SECRET}`));
        controller.error(new Error("connection lost"));
      },
    }),
    { status, headers: { "Retry-After": "7" } },
  );
const endless = () =>
  new Response(
    new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(16 * 1024).fill(32)),
    }),
  );

Deno.test("postToken() reads what was issued", async () => {
  const wire = { access_token: "a", token_type: "bearer", refresh_token: "r", expires_in: 3600 };
  const tokens = { accessToken: "a", tokenType: "Bearer", refreshToken: "r", expiresIn: 3600 };
  const cases: [unknown, unknown][] = [
    [wire, tokens],
    [{ ...wire, scope: "read,write admin" }, { ...tokens, scopes: ["read", "write", "admin"] }],
    [{ ...wire, scope: "" }, { ...tokens, scopes: [] }],
    [{ ...wire, expires_in: "1800" }, { ...tokens, expiresIn: 1800 }],
    [{ access_token: "a" }, { accessToken: "a", tokenType: "Bearer" }],
    [{ access_token: "a", token_type: "mac" }, { accessToken: "a", tokenType: "MAC" }],
    [
      { access_token: "a", token_type: 1, refresh_token: "", expires_in: -1, scope: ["a"] },
      { accessToken: "a", tokenType: "Bearer", expiresIn: 0, scopes: ["a"] },
    ],
    [`\uFEFF${JSON.stringify(wire)}`, tokens],
  ];
  for (const [body, expected] of cases) {
    assertEquals(await token(answered(body)), { kind: "issued", tokens: expected });
  }
});

Deno.test("postToken() believes a refusal in the standard's own words", async () => {
  for (const status of [400, 401]) {
    const refused = answered({ error: "invalid_grant", error_description: SECRET }, status);
    assertEquals(await token(refused), { kind: "rejected", code: "invalid_grant" });
  }
  const in200 = answered({ error: "invalid_grant" });
  assertEquals(await token(in200), { kind: "rejected", code: "invalid_grant" }, "GitHub");
  for (const error of [`${SECRET} is over`, "", "x".repeat(61)]) {
    assertEquals(await token(answered({ error }, 400)), {
      kind: "rejected",
      code: "unknown_error",
    });
  }
});

Deno.test("postToken() takes nothing else for an answer, and says when to come again", async () => {
  const unusable: [unknown, number][] = [
    ["<html>", 200],
    ["null", 200],
    ['"text"', 200],
    ["", 400],
    ["<html>error=invalid_grant</html>", 400],
    [{ error: "invalid_grant" }, 500],
    [{ error: "invalid_grant" }, 429],
    [{ error: "invalid_grant" }, 302],
    [{ error: "temporarily_unavailable" }, 400],
    ["", 429],
    ["", 302],
  ];
  for (const [body, status] of unusable) {
    const reason = `unusable answer with status ${status}`;
    assertEquals(await token(answered(body, status)), { kind: "failed", reason });
    const asksToWait = answered(body, status, { "Retry-After": "17" });
    assertEquals(await token(asksToWait), { kind: "failed", reason, retryAfter: 17 });
  }
  for (const access_token of [undefined, "", 1]) {
    const reason = "the answer holds no access_token";
    assertEquals(await token(answered({ access_token })), { kind: "failed", reason });
  }
});

Deno.test("postToken() and postRevocation() outlive whatever the connection does", async () => {
  const late = () => Promise.reject(new DOMException("late", "TimeoutError"));
  const lost = () => Promise.reject(new TypeError(SECRET));
  const cases: [() => Response | Promise<Response>, string, number?][] = [
    [late, "no answer in time"],
    [lost, "the connection failed"],
    [broken(200), "the connection failed", 7],
    [broken(503), "the connection failed", 7],
    [endless, `the answer is longer than ${MAX_ANSWER_BYTES} bytes`],
  ];
  for (const [answer, reason, retryAfter] of cases) {
    const wait = retryAfter === undefined ? {} : { retryAfter };
    assertEquals(await token(answer), { kind: "failed", reason, ...wait });
    assertEquals(await revoked(answer), { kind: "failed", reason, retryAfter });
  }
});

const NO_WAIT = { retryAfter: undefined };

Deno.test("postRevocation() takes a token that is not known any more as revoked", async () => {
  assertEquals(await revoked(answered("")), { kind: "revoked" });
  assertEquals(await revoked(answered({ error: "invalid_token" }, 400)), { kind: "revoked" });
  const refused = answered({ error: "invalid_client" }, 401);
  assertEquals(await revoked(refused), {
    kind: "failed",
    reason: "the provider refused",
    ...NO_WAIT,
  });
  assertEquals(await revoked(() => new Response(null, { status: 204 })), { kind: "revoked" });
  for (const status of [302, 404, 503]) {
    const reason = `unusable answer with status ${status}`;
    assertEquals(await revoked(() => new Response(null, { status })), {
      kind: "failed",
      reason,
      ...NO_WAIT,
    });
  }
});

Deno.test("a dialect's codes and places are read as the standard's", async () => {
  const dialect: Parameters<typeof postToken>[1] = {
    errorCodes: { bad_refresh_token: "invalid_grant" },
    liftAnswer: ({ person }) => person as Record<string, unknown>,
  };
  const gone = asked(answered({ error: "bad_refresh_token" }, 400));
  const over = await postToken(gone, dialect);
  assert(over.kind === "rejected" && over.code === "invalid_grant");
  const inherited = await postToken(asked(answered({ error: "constructor" }, 400)), dialect);
  assert(inherited.kind === "rejected" && inherited.code === "constructor");
  const issued = await postToken(asked(answered({ person: { access_token: "a" } })), dialect);
  assert(issued.kind === "issued" && issued.tokens.accessToken === "a");
});

Deno.test("each way in which Yahoo says that a refresh token is over is understood", async () => {
  for (
    const [status, error] of [
      [400, "INVALID_REFRESH_TOKEN"],
      [401, "TOKEN_EXPIRED"],
      [401, "INVALID_GRANT"],
      [403, "ACCOUNT_NOT_AUTHORIZED"],
    ] as const
  ) {
    const outcome = await postToken(asked(answered({ error }, status)), yahoo);
    assert(outcome.kind === "rejected" && outcome.code === "invalid_grant", error);
  }
});

const ACME = {
  clientId: "id:1",
  clientSecret: "s+é",
  redirectUri: "https://switchboard.example/callback/acme",
  authorizationEndpoint: "https://acme.example/authorize",
  tokenEndpoint: "https://acme.example/token",
  revocationEndpoint: "https://acme.example/revoke",
};

/** What a client sends, as it goes out. */
async function sentBy(
  options: Partial<OAuthClientOptions>,
  send: (client: OAuthClient) => Promise<unknown>,
): Promise<{ request: Request; text: string; form: Record<string, string>; isLimited: boolean }> {
  const sent: [Request, RequestInit | undefined][] = [];
  const client = new OAuthClient({
    ...ACME,
    fetch: (input, init) => {
      sent.push([new Request(input, init), init]);
      return Promise.resolve(Response.json({ access_token: "a" }));
    },
    ...options,
  });
  await send(client);
  const [[request, init] = []] = sent;
  const text = await request!.text();
  const form = Object.fromEntries(new URLSearchParams(text));
  return { request: request!, text, form, isLimited: init?.signal instanceof AbortSignal };
}

Deno.test("a client says who it is as its provider wants it", async () => {
  const cases: [ClientAuthentication["method"], Record<string, string>, string | null][] = [
    ["client_secret_post", { client_id: "id:1", client_secret: "s+é" }, null],
    ["client_secret_basic", {}, `Basic ${btoa("id%3A1:s%2B%C3%A9")}`],
    ["client_secret_basic_unencoded", {}, `Basic ${btoa("id:1:s+\xC3\xA9")}`],
    ["none", { client_id: "id:1" }, null],
    ["client_secret_scheme", { client_id: "id:1" }, "Client s+é"],
    ["client_secret_bearer", { client_id: "id:1" }, "Bearer s+é"],
  ];
  for (const [clientAuthentication, said, authorization] of cases) {
    const { request, form } = await sentBy({ clientAuthentication }, (c) => c.refresh("r"));
    assertEquals(form, { grant_type: "refresh_token", refresh_token: "r", ...said });
    assertEquals(request.headers.get("Authorization"), authorization);
  }
  const unsaid = {
    revokesWithoutClient: true,
    clientAuthentication: "client_secret_basic",
  } as const;
  const { request, form } = await sentBy(unsaid, (client) => client.revoke("t"));
  assertEquals([form, request.headers.get("Authorization")], [{ token: "t" }, null]);
});

Deno.test("a client's id and secret are called as its provider calls them, on the way there too", async () => {
  const clientNames = { id: "client_key", secret: "key_secret" };
  const sent = await sentBy({ clientNames }, (client) => client.refresh("r"));
  const wire = { grant_type: "refresh_token", refresh_token: "r" };
  assertEquals(sent.form, { ...wire, client_key: "id:1", key_secret: "s+é" });
  assertEquals(sent.request.headers.get("Authorization"), null);
  await sentBy({ clientNames }, async (client) => {
    const { searchParams: asked } = await client.authorizationUrl({
      state: "s",
      verifier: "v",
      scopes: [],
    });
    assertEquals([asked.getAll("client_key"), asked.has("client_id")], [["id:1"], false]);
    return await client.refresh("r");
  });
});

Deno.test("token requests are JSON where that is spoken, with what every request must hold", async () => {
  const options = { tokenFormat: "json", requestHeaders: { "Acme-Version": "2" } } as const;
  const client_id = "id:1";
  const client_secret = "s+é";
  const refreshed = await sentBy(options, (client) => client.refresh("r"));
  assertEquals(JSON.parse(refreshed.text), {
    grant_type: "refresh_token",
    refresh_token: "r",
    client_id,
    client_secret,
  });
  const exchanged = await sentBy(options, (client) => client.exchange("c", "v"));
  const { grant_type, code, code_verifier } = JSON.parse(exchanged.text);
  assertEquals([grant_type, code, code_verifier], ["authorization_code", "c", "v"]);
  for (const { request } of [refreshed, exchanged]) {
    assertEquals(request.headers.get("Content-Type"), "application/json");
    assertEquals(request.headers.get("Acme-Version"), "2");
  }
  // RFC 7009 has a form alone.
  const ended = await sentBy(options, (client) => client.revoke("t"));
  assertEquals(ended.form, { token: "t", client_id, client_secret });
});

Deno.test("an exchange and a refresh say what their provider wants of each, and no more", async () => {
  const options = {
    exchangeParameters: { expiring: "1", code: "x" },
    refreshesWithRedirectUri: true,
  };
  const { form: { expiring, code, ...exchanged } } = await sentBy(
    options,
    (client) => client.exchange("c", "v"),
  );
  const redirect = "https://switchboard.example/callback/acme";
  assertEquals([expiring, code, exchanged.redirect_uri], ["1", "c", redirect]);
  const { form } = await sentBy(options, (client) => client.refresh("r"));
  assertEquals([form.expiring, form.redirect_uri], [undefined, redirect]);
});

Deno.test("a token that cannot be made to live longer is kept as it was issued", async () => {
  const short = { access_token: "short", expires_in: 3600, scope: "read" };
  const longer = { access_token: "long", expires_in: 5_184_000 };
  const answers: [unknown, number, unknown[]][] = [
    [longer, 200, ["long", 5_184_000, ["read"]]],
    [{ error: "invalid_request" }, 400, ["short", 3600, ["read"]]],
    ["<html>", 502, ["short", 3600, ["read"]]],
  ];
  for (const [body, status, issued] of answers) {
    const asked: URLSearchParams[] = [];
    const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
      asked.push(new URLSearchParams(await new Request(input, init).text()));
      return asked.length === 1 ? Response.json(short) : Response.json(body, { status });
    };
    const client = new OAuthClient({ ...ACME, lengthensBy: "acme_exchange", fetch });
    const answer = await client.exchange("c", "v");
    assert(answer.kind === "issued");
    const { accessToken, expiresIn, scopes } = answer.tokens;
    assertEquals([accessToken, expiresIn, scopes], issued);
    assertEquals(asked.map((form) => [form.get("grant_type"), form.get("code")]), [
      ["authorization_code", "c"],
      ["acme_exchange", null],
    ]);
    assertEquals(asked[1]!.get("acme_exchange"), "short");
  }
});

Deno.test("a form follows no redirect and says what it is", async () => {
  const { request } = await sentBy({}, (client) => client.exchange("code", "verifier"));
  assertEquals([request.method, request.redirect], ["POST", "manual"]);
  assertEquals(Object.fromEntries(request.headers), {
    "accept": "application/json",
    "content-type": "application/x-www-form-urlencoded",
    "user-agent": "switchboard",
  });
});

Deno.test("an exchange and a revocation have a time limit, a refresh is never aborted", async () => {
  assertEquals((await sentBy({}, (client) => client.exchange("c", "v"))).isLimited, true);
  assertEquals((await sentBy({}, (client) => client.revoke("t"))).isLimited, true);
  assertEquals((await sentBy({}, (client) => client.refresh("r"))).isLimited, false);
});
