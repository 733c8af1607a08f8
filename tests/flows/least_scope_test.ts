/** What a link asks for: what the tool needs that is called, and of who only reads no more than that. */

import { assert, assertEquals } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { API_KEY, call, type Gateway, startGateway } from "../support/gateway.ts";
import { digestHex } from "../../tasks/key.ts";

const AUTH = "https://www.googleapis.com/auth/";

/** The scopes that the provider is asked for behind a link, without those that say who it is. */
async function asked(url: string): Promise<string[]> {
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(url));
  const scopes = new URL(signIn.url).searchParams.get("scope")!.split(/[ ,]/);
  return scopes.filter((scope) => !["openid", "email"].includes(scope)).sort();
}

async function askedFor(gateway: Gateway, tool: string, args = {}, path = "/mcp") {
  const { json } = await gateway.mcp(call(tool, args), { path });
  const { error, connect_url } = json.result.structuredContent;
  return { error, scopes: await asked(connect_url) };
}

Deno.test("a link of who may only read asks for nothing more than reading", async () => {
  await using gateway = await startGateway({ emulate: ["slack"] });
  const rows: [tool: string, args: object, reads: string[]][] = [
    ["gmail_search_messages", { query: "x" }, [`${AUTH}gmail.readonly`]],
    ["calendar_list_events", {}, [`${AUTH}calendar.readonly`]],
    ["drive_search_files", { query: "x" }, [`${AUTH}drive.readonly`]],
  ];
  for (const [tool, args, reads] of rows) {
    const { error, scopes } = await askedFor(gateway, tool, args, "/mcp?read_only=true");
    assertEquals([error, scopes], ["not_connected", reads], tool);
    // Who may do more is asked once for what most tools need.
    assert((await askedFor(gateway, tool, args)).scopes.join() !== reads.join(), tool);
  }
});

Deno.test("what is granted is used, and a link asks for just what is missing", async () => {
  await using gateway = await startGateway();
  await gateway.connect("calendar", { scope: "calendar.readonly" });
  const listed = await gateway.mcp(call("calendar_list_events"));
  assertEquals(listed.json.result.isError ?? false, false, JSON.stringify(listed.json));
  const event = { title: "x", start: "2030-01-01T10:00:00Z" };
  const { error, scopes } = await askedFor(gateway, "calendar_create_event", event);
  assertEquals(error, "insufficient_scope");
  assertEquals(scopes, [`${AUTH}calendar.events`, `${AUTH}calendar.readonly`]);

  await gateway.connect("github", { scope: "public_repo" });
  const issue = { repo: "octocat/hello-world", title: "x" };
  const created = await gateway.mcp(call("github_create_issue", issue));
  assertEquals(created.json.result.isError ?? false, false, JSON.stringify(created.json));
});

Deno.test("who granted all of a calendar or of a drive in earlier times is asked for nothing", async () => {
  await using gateway = await startGateway();
  await gateway.connect("google", { scope: "calendar.full drive.full" });
  const event = { title: "x", start: "2030-01-01T10:00:00Z" };
  for (
    const [tool, args] of [
      ["calendar_create_event", event],
      ["calendar_list_calendars", {}],
      ["calendar_find_free_time", {}],
      ["drive_search_files", {}],
      ["drive_create_file", { name: "x.txt", content: "x" }],
    ] as const
  ) {
    const { json } = await gateway.mcp(call(tool, args));
    assertEquals(json.result.isError ?? false, false, `${tool}: ${JSON.stringify(json)}`);
  }
});

Deno.test("an API that says it misses another service's scope does not open that service", async () => {
  const faults = faultyFetch();
  const env = { API_KEYS: `voice:sha256:${digestHex(API_KEY)}:calendar` };
  await using gateway = await startGateway({ fetch: faults.fetch, env });
  await gateway.connect("calendar", { scope: "calendar.readonly" });
  const refusing = (scope: string) => () =>
    Response.json({ error: { code: 403, errors: [{ reason: "insufficientPermissions" }] } }, {
      status: 403,
      headers: { "WWW-Authenticate": `Bearer error="insufficient_scope", scope="${scope}"` },
    });
  for (const scope of [`${AUTH}drive`, `${AUTH}contacts`, "https://mail.google.com/"]) {
    faults.on("/calendar/v3/", refusing(scope));
    const { error, scopes } = await askedFor(gateway, "calendar_list_events");
    assertEquals(error, "insufficient_scope");
    assert(scopes.length > 0 && scopes.every((each) => each.startsWith(`${AUTH}calendar`)), scope);
  }
  faults.on("/calendar/v3/", refusing(`${AUTH}calendar.events`));
  const { scopes } = await askedFor(gateway, "calendar_list_events");
  assertEquals(scopes, [`${AUTH}calendar.events`, `${AUTH}calendar.readonly`]);
});
