import { assert, assertEquals } from "@std/assert";
import type { Registration } from "../../../broker/core/discovered.ts";
import {
  clientDocument,
  clientMetadata,
  documentRegistration,
  isCurrent,
  operatorRegistration,
  otherMethod,
  register,
  type Registered,
  REGISTRATION_TRIES,
  SECRET_MARGIN_MS,
} from "../../../providers/discovered/registration.ts";
import { page } from "../../support/internet.ts";
import { type OAuthBehaviour, startOAuthServer } from "../../support/oauth_server.ts";

const NOW = 1_800_000_000_000;
const DAY_MS = 24 * 3_600_000;
const PUBLIC = "https://gateway.example";
const REDIRECT = `${PUBLIC}/callback/notes`;
const LOOPBACK = "http://127.0.0.1:8000/callback/notes";

type Overrides = { scopes?: string[]; redirectUri?: string; authMethods?: string[] };

/** Registers at a double, and tells what it was sent. */
async function registerAt(
  behaviour: OAuthBehaviour,
  { scopes = [], redirectUri = REDIRECT, authMethods }: Overrides = {},
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
): Promise<{ outcome: Registered; asked: any[] }> {
  await using server = startOAuthServer(behaviour);
  const { issuer, origin } = server;
  const registrationEndpoint = `${origin}/register`;
  const discovered = { issuer, registrationEndpoint, authMethods, takesDocuments: false };
  const { signal } = new AbortController();
  const deps = { publicUrl: PUBLIC, redirectUri, scopes, fetch, now: NOW, signal };
  const outcome = await register(discovered, deps);
  return { outcome, asked: server.heard.map(({ body }) => body) };
}

async function registeredAt(behaviour: OAuthBehaviour, more?: Overrides): Promise<Registration> {
  const { outcome } = await registerAt(behaviour, more);
  assert(outcome.kind === "registered", JSON.stringify(outcome));
  return outcome.registration;
}

Deno.test("a public client is registered with one request, whatever the good status is", async () => {
  for (const registrationStatus of [200, 201, 202]) {
    const { outcome, asked } = await registerAt({ registrationStatus }, { scopes: ["a", "b"] });
    assert(outcome.kind === "registered");
    const { clientId, issuer, ...rest } = outcome.registration;
    assert(clientId.startsWith("client-1-") && issuer.startsWith("http://127.0.0.1"));
    assertEquals(rest, {
      kind: "dynamic",
      method: "none",
      redirectUri: REDIRECT,
      registeredAt: NOW,
    });
    assertEquals(asked, [{
      client_name: "Switchboard",
      client_uri: PUBLIC,
      redirect_uris: [REDIRECT],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      application_type: "web",
      scope: "a b",
    }]);
  }
});

Deno.test("a loopback redirect is registered as a native client's", async () => {
  for (const redirectUri of [LOOPBACK, "http://localhost:8000/cb", "http://[::1]:8000/cb"]) {
    const { asked } = await registerAt({}, { redirectUri });
    assertEquals([asked[0].application_type, asked[0].scope], ["native", undefined]);
  }
});

Deno.test("the method is one that the server takes", async () => {
  const methods: [string[], Registration["method"]][] = [
    [["client_secret_basic"], "client_secret_basic"],
    [["client_secret_post"], "client_secret_post"],
    [["client_secret_basic", "client_secret_post"], "client_secret_post"],
    [["client_secret_basic", "none"], "none"],
    [["private_key_jwt", "client_secret_basic"], "client_secret_basic"],
  ];
  for (const [authMethods, method] of methods) {
    const { clientSecret, ...rest } = await registeredAt({}, { authMethods });
    assertEquals([rest.method, clientSecret !== undefined], [method, method !== "none"]);
  }
  const { outcome, asked } = await registerAt({}, { authMethods: ["private_key_jwt"] });
  assertEquals([outcome.kind, asked.length], ["refused", 0]);
});

Deno.test("a secret that nobody asked for is used, in the way that the server takes", async () => {
  const odd: Record<string, unknown>[] = [
    {},
    { token_endpoint_auth_method: "none" },
    { token_endpoint_auth_method: undefined },
    { token_endpoint_auth_method: null },
  ];
  for (const registration of odd) {
    const behaviour = { alwaysSecret: true, registration };
    for (
      const [authMethods, method] of [
        [undefined, "client_secret_post"],
        [["none", "client_secret_basic"], "client_secret_basic"],
        [["none", "client_secret_post", "client_secret_basic"], "client_secret_post"],
      ] as const
    ) {
      const more = authMethods === undefined ? {} : { authMethods: [...authMethods] };
      const client = await registeredAt(behaviour, more);
      assert(client.clientSecret?.startsWith("secret-"));
      assertEquals(client.method, method);
    }
  }
  const said = { token_endpoint_auth_method: "client_secret_basic" };
  const basic = await registeredAt({ alwaysSecret: true, registration: said });
  assertEquals(basic.method, "client_secret_basic");
});

Deno.test("an answer without a method or a secret is read as what was asked for", async () => {
  const odd: Record<string, unknown>[] = [
    { token_endpoint_auth_method: undefined },
    { token_endpoint_auth_method: null, client_secret: null, scope: null, redirect_uris: null },
    { client_secret: "", client_secret_expires_at: 0, redirect_uris: undefined },
    { token_endpoint_auth_method: "client_secret_basic" },
    { client_name: null, grant_types: null, contacts: null, jwks: null, client_id_issued_at: "x" },
  ];
  for (const registration of odd) {
    const client = await registeredAt({ registration });
    assertEquals([client.method, client.clientSecret], ["none", undefined]);
  }
});

Deno.test("a secret ends when the server says so, and one that is over at once does not", async () => {
  const seconds = NOW / 1000;
  const days = (count: number) => count * 86_400;
  const ends: [unknown, number | undefined][] = [
    [0, undefined],
    [null, undefined],
    [undefined, undefined],
    ["never", undefined],
    [-1, undefined],
    [seconds + days(30), NOW + days(30) * 1000],
    [String(seconds + days(90)), NOW + days(90) * 1000],
    [NOW + days(90) * 1000, NOW + days(90) * 1000],
    [days(30), NOW + days(30) * 1000],
    [seconds, undefined],
    [seconds - 1, undefined],
    [1e300, 1e300],
  ];
  for (const [said, end] of ends) {
    const registration = { client_secret_expires_at: said };
    const client = await registeredAt({ alwaysSecret: true, registration });
    assertEquals(client.secretEndsAt, end, String(said));
  }
});

Deno.test("what is refused is said again in other words, three times at the most", async () => {
  // deno-lint-ignore no-explicit-any -- whatever a client sends
  type Refuse = (asked: any) => string | undefined;
  const picky: Record<string, Refuse> = {
    "a public client": (asked) =>
      asked.token_endpoint_auth_method === "none" ? "method" : undefined,
    "its kind": (asked) => "application_type" in asked ? "kind" : undefined,
    "its scope": (asked) => "scope" in asked ? "scope" : undefined,
    "grants": (asked) => "grant_types" in asked ? "grants" : undefined,
    "its address": (asked) => "client_uri" in asked ? "address" : undefined,
    "all but the least": (asked) => Object.keys(asked).length > 3 ? "everything" : undefined,
  };
  for (const [name, refuseRegistration] of Object.entries(picky)) {
    const outcome = await registerAt({ refuseRegistration }, { scopes: ["a"] });
    assertEquals(outcome.outcome.kind, "registered", name);
    assert(outcome.asked.length <= REGISTRATION_TRIES, name);
  }
  const never = await registerAt({ refuseRegistration: () => "invalid_client_metadata" });
  assertEquals([never.outcome.kind, never.asked.length], ["refused", REGISTRATION_TRIES]);
});

Deno.test("where the server says what is wrong, only that is changed", async () => {
  const complaints: [error: string, description: string, changed: string[]][] = [
    ["invalid_client_metadata", "scope must only contain supported values", ["scope"]],
    ["invalid_client_metadata", "application_type is not allowed", ["application_type"]],
    ["invalid_redirect_uri", "redirect_uris for web clients", ["application_type"]],
    ["invalid_client_metadata", "Unsupported grant_type refresh_token", [
      "grant_types",
      "response_types",
    ]],
    ["invalid_client_metadata", "token_endpoint_auth_method none is not supported", [
      "token_endpoint_auth_method",
    ]],
  ];
  for (const [error, error_description, changed] of complaints) {
    let first = true;
    const answer: OAuthBehaviour["answer"] = ({ path }) => {
      if (path !== "/register" || !first) return undefined;
      first = false;
      return Response.json({ error, error_description }, { status: 400 });
    };
    const { outcome, asked } = await registerAt({ answer }, { scopes: ["a"] });
    assertEquals(outcome.kind, "registered");
    const different = Object.keys(asked[0]).filter((name) =>
      JSON.stringify(asked[0][name]) !== JSON.stringify(asked[1][name])
    );
    assertEquals(different.sort(), changed.sort(), error_description);
  }
});

Deno.test("a registration that is another one is refused", async () => {
  const bad: Record<string, unknown>[] = [
    { client_id: undefined },
    { client_id: "" },
    { client_id: 7 },
    { client_id: "a\r\nX: y" },
    { client_id: "x".repeat(3_000) },
    { redirect_uris: ["https://evil.example/callback"] },
    { redirect_uris: [`${REDIRECT}/`] },
    { redirect_uris: [] },
    { token_endpoint_auth_method: "private_key_jwt" },
    { token_endpoint_auth_method: ["none"] },
    { client_secret: "a\nb" },
  ];
  for (const registration of bad) {
    const { outcome, asked } = await registerAt({ registration });
    assertEquals([outcome.kind, asked.length], ["refused", 1], JSON.stringify(registration));
  }
});

Deno.test("what may be well later has failed, and what will not be is refused", async () => {
  const answers: [Response, Registered["kind"], number | undefined][] = [
    [new Response("", { status: 429, headers: { "Retry-After": "9" } }), "failed", 9],
    [page("Bad Gateway", 502), "failed", undefined],
    [page("Oops", 500), "failed", undefined],
    [page("Not Found", 404), "refused", undefined],
    [page("Not Allowed", 405), "refused", undefined],
    [page("Who are you?", 401), "refused", undefined],
    [page("No", 403), "refused", undefined],
    [page("Welcome", 200), "refused", undefined],
    [Response.json([], { status: 201 }), "refused", undefined],
    [Response.json({ error: "access_denied" }), "refused", undefined],
    [new Response("x".repeat(70_000), { status: 201 }), "refused", undefined],
    [Response.redirect("https://evil.example/register", 307), "refused", undefined],
  ];
  for (const [response, kind, retryAfter] of answers) {
    const { outcome } = await registerAt({ answer: () => response.clone() });
    const waits = "retryAfter" in outcome ? outcome.retryAfter : undefined;
    assertEquals([outcome.kind, waits], [kind, retryAfter], String(response.status));
  }
  const gone = startOAuthServer();
  await gone[Symbol.asyncDispose]();
  const { origin: issuer } = gone;
  const server = { issuer, takesDocuments: false };
  const { signal } = new AbortController();
  const deps = { publicUrl: PUBLIC, redirectUri: REDIRECT, scopes: [], fetch, now: NOW, signal };
  const there = { ...server, registrationEndpoint: `${issuer}/register` };
  assertEquals((await register(there, deps)).kind, "failed");
  assertEquals((await register(server, deps)).kind, "refused");
});

Deno.test("a refusal says nothing of what the server wrote", async () => {
  const secret = "hunter2";
  const behaviours: OAuthBehaviour[] = [
    { refuseRegistration: () => secret },
    { answer: () => page(secret, 404) },
    { registration: { redirect_uris: [`https://${secret}.example/`] } },
    { registration: { token_endpoint_auth_method: secret } },
  ];
  for (const behaviour of behaviours) {
    const { outcome } = await registerAt(behaviour);
    assertEquals(outcome.kind, "refused");
    assert(!JSON.stringify(outcome).includes(secret));
  }
});

Deno.test("our own document is a client where the server reads such, and can reach it", () => {
  const server = { issuer: "https://as.example", takesDocuments: true };
  const how = { publicUrl: PUBLIC, redirectUri: REDIRECT, now: NOW };
  assertEquals(documentRegistration(server, how), {
    kind: "document",
    clientId: `${PUBLIC}/oauth/client/${REDIRECT.split("/").at(-1)}.json`,
    method: "none",
    redirectUri: REDIRECT,
    issuer: "https://as.example",
    registeredAt: NOW,
  });
  assertEquals(documentRegistration({ ...server, takesDocuments: false }, how), undefined);
  for (
    const publicUrl of [
      "http://127.0.0.1:8000",
      "http://gateway.example",
      "https://localhost",
      "https://10.0.0.1",
      "https://gateway",
      "https://gateway.internal",
    ]
  ) {
    assertEquals(documentRegistration(server, { ...how, publicUrl }), undefined, publicUrl);
  }
  const secretly = { ...server, authMethods: ["client_secret_basic"] };
  assertEquals(documentRegistration(secretly, how)?.kind, "document");
  const registrationEndpoint = "https://as.example/register";
  assertEquals(documentRegistration({ ...secretly, registrationEndpoint }, how), undefined);
});

Deno.test("what everybody may read of us holds nothing secret, and names itself", () => {
  const metadata = clientMetadata(`${PUBLIC}/`, [REDIRECT]);
  assertEquals(clientDocument(`${PUBLIC}/`, REDIRECT), {
    client_id: `${PUBLIC}/oauth/client/${REDIRECT.split("/").at(-1)}.json`,
    ...metadata,
  });
  assertEquals(Object.keys(metadata).sort(), [
    "application_type",
    "client_name",
    "client_uri",
    "grant_types",
    "redirect_uris",
    "response_types",
    "token_endpoint_auth_method",
  ]);
});

Deno.test("the operator's client is used as the server takes it", () => {
  const how = { publicUrl: PUBLIC, redirectUri: REDIRECT, now: NOW };
  const server = { issuer: "https://as.example", takesDocuments: true };
  const client = { clientId: "own", clientSecret: "secret" };
  const methodAt = (authMethods: string[] | undefined, made = client) =>
    operatorRegistration({ ...server, authMethods }, how, made).method;
  assertEquals(methodAt(undefined), "client_secret_post");
  assertEquals(methodAt(["client_secret_basic"]), "client_secret_basic");
  assertEquals(operatorRegistration(server, how, { clientId: "own" }).method, "none");
});

Deno.test("a secret can be sent in two ways, and a client without one has no other", () => {
  const registration: Registration = {
    kind: "dynamic",
    clientId: "c",
    clientSecret: "s",
    method: "client_secret_basic",
    redirectUri: REDIRECT,
    issuer: "https://as.example",
    registeredAt: NOW,
  };
  const other = otherMethod(registration)!;
  assertEquals(other, { ...registration, method: "client_secret_post" });
  assertEquals(otherMethod(other), registration);
  assertEquals(
    otherMethod({ ...registration, clientSecret: undefined, method: "none" }),
    undefined,
  );
});

Deno.test("a registration is for one server and one redirect, until its secret ends", () => {
  const needed = { issuer: "https://as.example", redirectUri: REDIRECT, now: NOW };
  const registration: Registration = {
    kind: "dynamic",
    clientId: "c",
    method: "none",
    registeredAt: NOW,
    issuer: needed.issuer,
    redirectUri: REDIRECT,
  };
  assert(isCurrent(registration, needed));
  assert(!isCurrent(registration, { ...needed, issuer: "https://other.example" }));
  assert(!isCurrent(registration, { ...needed, redirectUri: LOOPBACK }));
  assert(isCurrent({ ...registration, secretEndsAt: NOW + SECRET_MARGIN_MS + 1 }, needed));
  assert(!isCurrent({ ...registration, secretEndsAt: NOW + SECRET_MARGIN_MS }, needed));
  // What is connected with it would end with it: the next person gets a client of their own.
  const month = { ...registration, secretEndsAt: NOW + 30 * DAY_MS };
  assert(isCurrent(month, { ...needed, now: NOW + 15 * DAY_MS - 1 }));
  assert(!isCurrent(month, { ...needed, now: NOW + 15 * DAY_MS }));
});
