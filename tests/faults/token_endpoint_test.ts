import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { type Fault, type FaultyFetch, faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const TOKEN_ENDPOINT = "/oauth2/token";

interface Connected extends Gateway {
  faults: FaultyFetch;
  /** The token that was there before anything failed. */
  first: string;
  token(body?: Record<string, unknown>): ReturnType<Gateway["api"]>;
}

async function startConnected(): Promise<Connected> {
  const faults = faultyFetch();
  const gateway = await startGateway({ fetch: faults.fetch });
  await gateway.connect("calendar");
  faults.reset();
  const token = (body = {}) => gateway.api("/token/google", { body: { user_id: USER, ...body } });
  const first = (await token()).json.access_token;
  return Object.assign(gateway, { faults, first, token });
}

const issued = (more: Record<string, unknown> = {}) =>
  Response.json({ access_token: "google_new", token_type: "Bearer", expires_in: 3600, ...more });

/** A body that says it is longer than it is. */
const halfABody: Fault = () =>
  new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"access_token":"goog'));
        controller.error(new Error("connection lost"));
      },
    }),
    { headers: { "Content-Type": "application/json" } },
  );

const TRANSIENT: Record<string, Fault> = {
  "500": () => new Response("oops", { status: 500 }),
  "a redirect": () => Response.redirect("https://evil.example/token", 307),
  "HTML": () => new Response("<html>Down for maintenance</html>", { status: 200 }),
  "half a body": halfABody,
  "a lost connection": () => Promise.reject(new TypeError("connection refused")),
  "JSON that is no object": () => Response.json(null),
  "no access_token": () => Response.json({ token_type: "Bearer" }),
  "an access_token that is no text": () => Response.json({ access_token: 1 }),
  "an error about the client": () => Response.json({ error: "invalid_client" }, { status: 401 }),
  "an error in a 200": () => Response.json({ error: "temporarily_unavailable" }),
  "a body without end": () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(65536).fill(32)),
      }),
    ),
};

for (const [name, fault] of Object.entries(TRANSIENT)) {
  Deno.test(`${name} from the token endpoint costs nothing but time`, async () => {
    await using gateway = await startConnected();
    gateway.faults.on(TOKEN_ENDPOINT, fault);
    gateway.world.skew = HOUR_MS - 4 * MINUTE_MS;
    assertEquals((await gateway.token()).json.access_token, gateway.first, "while it lives");
    gateway.world.skew = HOUR_MS + MINUTE_MS;
    const out = await gateway.token();
    assertEquals([out.status, out.json.error], [503, "provider_unavailable"]);
    assert(out.json.retry_after >= 1 && out.json.retry_after <= 30);
    assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 2, "one attempt per 30 seconds");
    const call2 = await gateway.mcp(call("calendar_list_events"));
    const words = name.includes("client") ? "operator must act" : "not answering. Try again in";
    assertStringIncludes(call2.json.result.content[0].text, words);

    gateway.faults.reset();
    gateway.world.skew += MINUTE_MS;
    const healed = await gateway.token();
    assertEquals(healed.status, 200);
    assertNotEquals(healed.json.access_token, gateway.first);
    assert(
      !/google_|oops|Down for/.test(JSON.stringify(gateway.world.events)),
      "no body in a log",
    );
  });
}

Deno.test("an endpoint that never answers frees its callers, and a late answer is kept", async () => {
  await using gateway = await startConnected();
  let answer = (_: Response) => {};
  const asked = Promise.withResolvers<void>();
  gateway.faults.on(TOKEN_ENDPOINT, () => {
    asked.resolve();
    return new Promise((resolve) => answer = resolve);
  });
  gateway.world.speed = 200;
  gateway.world.skew = HOUR_MS - 4 * MINUTE_MS;
  assertEquals((await gateway.token()).json.access_token, gateway.first, "while it lives");
  await asked.promise;
  gateway.world.skew = HOUR_MS + MINUTE_MS;
  const out = await gateway.token();
  assertEquals([out.status, out.json.error], [503, "provider_unavailable"]);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1, "nobody asks beside it");

  answer(issued({ refresh_token: "google_refresh_rotated" }));
  await gateway.broker.idle();
  const late = await gateway.token();
  assertEquals(late.json.access_token, "google_new");
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
});

Deno.test("an endpoint that never answers is asked again after two minutes", async () => {
  await using gateway = await startConnected();
  let answer = (_: Response) => {};
  gateway.faults.on(TOKEN_ENDPOINT, () => new Promise((resolve) => answer = resolve));
  gateway.world.speed = 1000;
  gateway.world.skew = HOUR_MS + MINUTE_MS;
  assertEquals((await gateway.token()).status, 503);
  const given = () => gateway.world.events.some(({ event }) => event === "refresh_unanswered");
  while (!given()) await gateway.world.sleep(1000);
  gateway.world.speed = 100;
  const lost = answer;
  gateway.faults.on(TOKEN_ENDPOINT, () => issued({ refresh_token: "second" }));
  // The lease that was given up is taken over when it has been seen unchanged for ten seconds.
  let again = await gateway.token();
  for (let tries = 0; tries < 20 && again.status === 503; tries++) {
    gateway.world.skew += 3_000;
    again = await gateway.token();
  }
  lost(issued({ access_token: "google_late", refresh_token: "late" }));
  await gateway.broker.idle();
  assertEquals(
    (await gateway.token()).json.access_token,
    "google_new",
    "the late one is superseded",
  );
});

Deno.test("Retry-After is honoured, up to ten minutes", async () => {
  for (const [header, seconds] of [["120", 120], ["86400", 600], ["1", 30]] as const) {
    await using gateway = await startConnected();
    gateway.faults.on(
      TOKEN_ENDPOINT,
      () => new Response(null, { status: 429, headers: { "Retry-After": header } }),
    );
    gateway.world.skew = HOUR_MS + MINUTE_MS;
    const out = await gateway.token();
    assertEquals(out.status, 503);
    assert(out.json.retry_after > seconds - 3 && out.json.retry_after <= seconds, out.text);
    gateway.world.skew += (seconds - 5) * 1000;
    await gateway.token();
    assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
    gateway.world.skew += 6000;
    await gateway.token();
    assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 2);
  }
});

Deno.test("a token set without expires_in is taken to live an hour", async () => {
  await using gateway = await startConnected();
  gateway.faults.on(TOKEN_ENDPOINT, () => issued({ expires_in: undefined }));
  gateway.world.skew = HOUR_MS;
  const { json } = await gateway.token();
  assertEquals(json.access_token, "google_new");
  assert(json.expires_in > 3590 && json.expires_in <= 3600);
});

Deno.test("expires_in as a text is read as a number", async () => {
  await using gateway = await startConnected();
  gateway.faults.on(TOKEN_ENDPOINT, () => issued({ expires_in: "1800" }));
  gateway.world.skew = HOUR_MS;
  assert((await gateway.token()).json.expires_in <= 1800);
});

Deno.test("a rotated refresh token is the one that is sent next", async () => {
  await using gateway = await startConnected();
  const sent: (string | null)[] = [];
  gateway.faults.on(TOKEN_ENDPOINT, async (request) => {
    sent.push(new URLSearchParams(await request.clone().text()).get("refresh_token"));
    return issued({ refresh_token: `rotated_${sent.length}` });
  });
  for (const hours of [1, 2, 3]) {
    gateway.world.skew = hours * HOUR_MS;
    await gateway.token();
  }
  assert(sent[0]?.startsWith("google_refresh_"));
  assertEquals(sent.slice(1), ["rotated_1", "rotated_2"]);
});

Deno.test("a shorter scope is believed, and what it lacks asks for a link", async () => {
  await using gateway = await startConnected();
  const scope = "openid email https://www.googleapis.com/auth/calendar.readonly";
  gateway.faults.on(TOKEN_ENDPOINT, () => issued({ scope }));
  gateway.world.skew = HOUR_MS;
  assertEquals((await gateway.token()).json.scope, scope);
  gateway.faults.reset();
  const { json } = await gateway.mcp(
    call("calendar_create_event", { title: "x", start: "2030-01-01" }),
  );
  assertEquals(json.result.structuredContent.error, "insufficient_scope");
  assert(json.result.structuredContent.connect_url.includes("calendar.events"));
});

Deno.test("a refresh in flight does not bring back what is disconnected meanwhile", async () => {
  await using gateway = await startConnected();
  let answer = (_: Response) => {};
  const asked = Promise.withResolvers<void>();
  gateway.faults.on(TOKEN_ENDPOINT, () => {
    asked.resolve();
    return new Promise((resolve) => answer = resolve);
  });
  const revoked: (string | null)[] = [];
  gateway.faults.on("/oauth2/revoke", async (request) => {
    revoked.push(new URLSearchParams(await request.clone().text()).get("token"));
    return undefined as unknown as Response;
  });
  gateway.world.skew = HOUR_MS;
  const waiting = gateway.token();
  await asked.promise;
  const gone = await gateway.api(`/connections/google?user_id=${USER}`, { method: "DELETE" });
  assertEquals(gone.json.revoked, true);
  answer(issued({ refresh_token: "google_refresh_orphan" }));
  const out = await waiting;
  assertEquals([out.status, out.json.error], [404, "not_connected"]);
  const list = await gateway.api(`/connections?user_id=${USER}`);
  assertEquals(list.json.connections, []);
  assertEquals(revoked.length, 2);
  assertEquals(revoked[1], "google_refresh_orphan", "what was issued too late must not live on");
});

Deno.test("a reconnect during a refresh wins, and its tokens stay", async () => {
  for (
    const late of [issued({ refresh_token: "stale" }), Response.json({ error: "invalid_grant" })]
  ) {
    await using gateway = await startConnected();
    let answer = (_: Response) => {};
    const asked = Promise.withResolvers<void>();
    gateway.faults.on(TOKEN_ENDPOINT, async (request) => {
      if (!(await request.clone().text()).includes("grant_type=refresh_token")) {
        return undefined as unknown as Response;
      }
      asked.resolve();
      return await new Promise<Response>((resolve) => answer = resolve);
    });
    gateway.world.skew = HOUR_MS;
    const waiting = gateway.token();
    await asked.promise;
    await gateway.connect("calendar");
    answer(late);
    const out = await waiting;
    assertEquals(out.status, 200, out.text);
    assertNotEquals(out.json.access_token, "google_new");
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    assertEquals(json.connections[0].status, "active");
    assertEquals((await gateway.token()).json.access_token, out.json.access_token);
  }
});

Deno.test("refreshes are counted by provider and outcome, without a token", async () => {
  await using gateway = await startConnected();
  gateway.world.skew = HOUR_MS;
  await gateway.token();
  gateway.faults.on(TOKEN_ENDPOINT, () => new Response(null, { status: 500 }));
  gateway.world.skew = 2 * HOUR_MS;
  await gateway.token();
  gateway.faults.on(
    TOKEN_ENDPOINT,
    () => Response.json({ error: "invalid_grant" }, { status: 400 }),
  );
  gateway.world.skew += MINUTE_MS;
  await gateway.token();
  assertEquals(gateway.world.counted, [
    "refresh google refreshed",
    "waited google",
    "refresh google failed",
    "waited google",
    "refresh google reauthorization_required",
    "waited google",
  ]);
});
