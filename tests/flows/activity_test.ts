/** What is noted of what people, apps and MCP clients do, through the front door. */

import { assert, assertEquals } from "@std/assert";
import type { ActivityView } from "../../broker/core/activity.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { Browser } from "../support/browser.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { exchange, newClient, obtainCode, post, signIn } from "../support/mcp_client.ts";

const HOUR_MS = 60 * 60_000;
const ME: Subject = `voice:${USER}`;

/** What was noted of a subject, the oldest first. */
async function noted(gateway: Gateway, subject = ME): Promise<ActivityView[]> {
  await gateway.broker.idle();
  const { entries } = await gateway.activity.page(subject, { limit: 100 });
  return entries.reverse();
}

/** As short lines; `undefined` leaves a part out. */
function lines(entries: ActivityView[]): string[] {
  return entries.map(({ what, actor, provider, service, tool, app, outcome, count }) =>
    [what, `${actor.kind} ${actor.name ?? actor.id}`, provider, service, tool, app, outcome, count]
      .filter((part) => part !== undefined && part !== 1).join(", ")
  );
}

async function subjects({ kv }: Gateway): Promise<string[]> {
  const all = await Array.fromAsync(kv.list({ prefix: ["activity"] }));
  return [...new Set(all.map(({ key }) => String(key[1])))];
}

Deno.test("an app's life with a user is noted, and of calls nothing of what they say", async () => {
  await using gateway = await startGateway();
  const { world } = gateway;
  await gateway.connect("calendar");
  world.skew += 1;
  await gateway.api("/token/google", { body: { user_id: USER } });
  world.skew += 1;
  await gateway.api("/token/calendar", { body: { user_id: USER } });
  await gateway.api("/token/calendar", { body: { user_id: USER } });
  world.skew += 1;
  await gateway.mcp(call("calendar_list_events", { time_zone: "UTC" }));
  world.skew += 1;
  const event = { title: "Secret tryst", start: "2027-01-05T12:00", time_zone: "UTC" };
  await gateway.mcp(call("create_event", event));
  await gateway.mcp(call("create_event", event));
  world.skew += 1;
  await gateway.mcp(call("calendar_create_event", { title: "Another tryst" }));
  world.skew += 1;
  const headers = { "X-User-Id": USER };
  await gateway.api("/proxy/calendar/calendars/primary", { headers });
  world.skew += 1;
  await gateway.api(`/connections/google?user_id=${USER}`, { method: "DELETE" });
  const all = await noted(gateway);
  assertEquals(lines(all), [
    "connected, app voice, google, ok",
    "token_handed_out, app voice, google, ok",
    "token_handed_out, app voice, google, calendar, ok, 2",
    "tool_called, app voice, google, calendar, calendar_list_events, ok",
    "tool_called, app voice, google, calendar, calendar_create_event, ok",
    "tool_called, app voice, google, calendar, calendar_create_event, repeated",
    "tool_called, app voice, google, calendar, calendar_create_event, invalid_arguments",
    "api_called, app voice, google, calendar, ok",
    "disconnected, app voice, google, ok",
  ]);
  assert(!JSON.stringify(all).includes("tryst"));
  const account = all[0]!.account!;
  const withAccount = all.filter((entry) => entry.account === account);
  // Wrong arguments, and what was done before, are about no account.
  assertEquals(withAccount.length, all.length - 2);
  const uses = await gateway.activity.lastUse(ME);
  assertEquals(uses.map((use) => [use.service, use.account, use.actor.id, use.tool]), [
    ["calendar", account, "voice", undefined],
    [undefined, account, "voice", undefined],
  ]);
});

Deno.test("users whom an app made up leave nothing behind", async () => {
  await using gateway = await startGateway();
  for (const user_id of ["nobody", "no.one"]) {
    await gateway.api("/token/google", { body: { user_id } });
    await gateway.api("/token/nonsense", { body: { user_id } });
    await gateway.mcp(call("calendar_list_events", { time_zone: "UTC" }), { userId: user_id });
    await gateway.mcp(call("no_such_tool"), { userId: user_id });
  }
  await gateway.broker.idle();
  assertEquals(await subjects(gateway), []);
});

Deno.test("a person's sign-in, consent, tokens and their ends are noted, by the names that they know", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const { world } = gateway;
  const browser = new Browser();
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client, { browser });
  const { json } = await exchange(gateway, client, code);
  const asClient = { key: json.access_token as string, userId: null };
  world.skew += 1;
  await gateway.mcp(call("calendar_list_events", { time_zone: "UTC" }), asClient);
  world.skew += 1;
  const [subject] = (await Array.fromAsync(gateway.kv.list({ prefix: ["grants"] })))
    .map(({ key }) => key[1] as Subject);
  await post(gateway, "/oauth/revoke", { token: json.refresh_token, client_id: client.id });
  assertEquals(lines(await noted(gateway, subject)), [
    "signed_in, person octocat, github, ok",
    `access_allowed, person ${subject}, Test client, ok`,
    "tool_called, client Test client, google, calendar, calendar_list_events, not_connected",
    "access_ended, client Test client, Test client, ok",
  ]);
});

Deno.test("a connection that its provider ended is noted once, and its calls with what became of them", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ fetch: faults.fetch });
  await gateway.connect("calendar");
  gateway.world.skew += 2 * HOUR_MS;
  faults.on("/oauth2/token", () => Response.json({ error: "invalid_grant" }, { status: 400 }));
  for (let i = 0; i < 3; i++) await gateway.api("/token/google", { body: { user_id: USER } });
  const all = await noted(gateway);
  assertEquals(lines(all), [
    "connected, app voice, google, ok",
    "refresh_failed, system refresh, google, reauthorization_required",
    "token_handed_out, app voice, google, reauthorization_required, 3",
  ]);
  assertEquals(await gateway.activity.lastUse(ME), []);
});

Deno.test("a session token acts in the name of the app that made it", async () => {
  await using gateway = await startGateway();
  await gateway.connect("calendar");
  gateway.world.skew += 1;
  const body = { user_id: USER, services: ["calendar"] };
  const { json: { token } } = await gateway.api("/sessions", { body });
  gateway.world.skew += 1;
  await gateway.mcp(call("calendar_list_events", { time_zone: "UTC" }), {
    key: token,
    userId: null,
  });
  gateway.world.skew += 1;
  await gateway.api(`/sessions?user_id=${USER}`, { method: "DELETE" });
  assertEquals(lines(await noted(gateway)), [
    "connected, app voice, google, ok",
    "access_allowed, app voice, voice, ok",
    "tool_called, client voice, google, calendar, calendar_list_events, ok",
    "access_ended, app voice, voice, ok",
  ]);
});

Deno.test("what a person does on their own page is noted as theirs", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const browser = new Browser();
  const home = await signIn(browser, await browser.open(gateway.url));
  const make = home.forms.find(({ action }) => action === "/dashboard/tokens")!;
  const made = await browser.submit(home, {
    form: make,
    fields: { name: "My agent" },
    checked: [["service", "calendar"]],
  });
  assert(made.html.includes("sb_pat_"), made.html);
  const [token] = /sb_pat_[\w-]+/.exec(made.html)!;
  gateway.world.skew += 1;
  await gateway.mcp(call("calendar_list_events", { time_zone: "UTC" }), {
    key: token,
    userId: null,
  });
  await gateway.broker.idle();
  const [subject] = await subjects(gateway);
  const all = await noted(gateway, subject as Subject);
  assertEquals(lines(all), [
    "signed_in, person octocat, github, ok",
    `access_allowed, person ${subject}, My agent, ok`,
    "tool_called, client My agent, google, calendar, calendar_list_events, not_connected",
  ]);
});
