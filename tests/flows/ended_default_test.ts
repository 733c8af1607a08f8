/**
 * The default account has ended at the provider, and another one lives: what
 * reads goes on with the living one and says so; what changes something is not
 * done with an account that nobody meant.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, startGateway, USER } from "../support/gateway.ts";

const HOUR_MS = 60 * 60_000;
const SECOND_MS = 1_000;

/** Two Google accounts; the first one, the default, is ended at Google. */
async function start() {
  const faults = faultyFetch();
  const gateway = await startGateway({ fetch: faults.fetch });
  const refreshes: string[] = [];
  const as = (id: string, email: string) => {
    faults.on("/oauth2/v2/userinfo", () => Response.json({ id, email, verified_email: true }));
    faults.on("/oauth2/token", (request) => grant(request, id));
  };
  /** Tokens that say whose they are; the first account's are refreshed no more. */
  async function grant(request: Request, id: string): Promise<Response> {
    const form = new URLSearchParams(await request.text());
    const refreshed = form.get("refresh_token");
    if (refreshed !== null) refreshes.push(refreshed);
    if (refreshed === "refresh-1") {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    const whose = refreshed?.split("-")[1] ?? id;
    return Response.json({
      access_token: `access-${whose}-${refreshes.length}`,
      refresh_token: `refresh-${whose}`,
      token_type: "Bearer",
      expires_in: 3600,
    });
  }
  const calls: [method: string, authorization: string | null][] = [];
  faults.on("/calendar/v3/", (request) => {
    calls.push([request.method, request.headers.get("Authorization")]);
    return Response.json({ items: [], id: "e1", summary: "x", timeZone: "UTC" });
  });
  as("1", "work@example.com");
  await gateway.connect("calendar");
  gateway.world.skew += SECOND_MS;
  as("2", "home@example.com");
  await gateway.connect("calendar");
  gateway.world.skew += 2 * HOUR_MS;
  return Object.assign(gateway, { calls });
}

const EVENT = { title: "x", start: "2026-12-01T10:00:00Z", end: "2026-12-01T11:00:00Z" };

Deno.test("a call that reads goes on with the living account, and says which one it is", async () => {
  await using gateway = await start();
  for (let times = 0; times < 2; times++) {
    const { json } = await gateway.mcp(call("calendar_list_calendars", {}, times));
    assert(json.result.isError !== true, JSON.stringify(json));
    const note =
      "This is from the account home@example.com: work@example.com has to be connected to Google again.";
    assertStringIncludes(json.result.content[0].text, note);
    // The only part that some clients show.
    assertEquals(json.result.structuredContent.notes, [note]);
  }
  assert(gateway.calls.every(([, header]) => header!.startsWith("Bearer access-2")));
});

Deno.test("a call that changes something asks, and is done with no account that was not named", async () => {
  await using gateway = await start();
  const { json } = await gateway.mcp(call("calendar_create_event", EVENT));
  assertEquals(json.result.structuredContent.error, "reauthorization_required");
  assertStringIncludes(
    json.result.content[0].text,
    'Or name another one as "account": home@example.com.',
  );
  assertEquals(gateway.calls, []);
  const named = { ...EVENT, account: "home@example.com" };
  await gateway.mcp(call("calendar_create_event", named, 2));
  assert(gateway.calls.length > 0);
  assert(gateway.calls.every(([, header]) => header!.startsWith("Bearer access-2")));
});

Deno.test("the account that was named is meant, for reading, too", async () => {
  await using gateway = await start();
  const args = { account: "work@example.com" };
  const { json } = await gateway.mcp(call("calendar_list_calendars", args));
  assertEquals(json.result.structuredContent.error, "reauthorization_required");
  assert(!json.result.content[0].text.includes("home@"), "nor is another one offered");
  assertEquals(gateway.calls, []);
});

Deno.test("whoever takes a provider token, or calls by the proxy, may change things: it asks as well", async () => {
  await using gateway = await start();
  const answers = [
    await gateway.api("/token/calendar", { body: { user_id: USER } }),
    await gateway.api("/proxy/calendar/calendar/v3/users/me/calendarList", {
      headers: { "X-User-Id": USER },
    }),
  ];
  for (const { json } of answers) {
    assertEquals(json.error, "reauthorization_required");
    assertStringIncludes(
      json.error_description,
      'Or name another one as "account": home@example.com.',
    );
    assert(json.connect_url !== undefined);
  }
  assertEquals(gateway.calls, []);
});
