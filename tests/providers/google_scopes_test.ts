import { assert, assertEquals } from "@std/assert";
import { closureOf, leastMissing } from "../../broker/core/scopes.ts";
import { calendarTools } from "../../providers/google/calendar/tools.ts";
import { google } from "../../providers/google/google.ts";
import type { Json } from "../support/api.ts";

const AUTH = "https://www.googleapis.com/auth/";
const provider = google.create({ clientId: "", clientSecret: "", redirectUri: "", fetch });
const short = (scope: string) => scope.replace(`${AUTH}calendar`, "").replace(/^\./, "") || "*";

/** What Google's description of Calendar v3 lists for each method that the tools call. */
const METHODS: Record<string, string> = {
  "events.list": "* app.created events events.freebusy events.owned events.owned.readonly " +
    "events.public.readonly events.readonly readonly",
  "events.get": "* app.created events events.freebusy events.owned events.owned.readonly " +
    "events.public.readonly events.readonly readonly",
  "events.insert": "* app.created events events.owned",
  "events.patch": "* app.created events events.owned",
  "events.delete": "* app.created events events.owned",
  "freebusy.query": "* events.freebusy freebusy readonly",
  "calendarList.list": "* calendarlist calendarlist.readonly readonly",
};

/** What each tool asks of Google, by its arguments. */
const CALLS: [tool: string, args: Json, methods: string[]][] = [
  ["calendar_list_events", {}, ["events.list"]],
  ["calendar_create_event", {}, ["events.list", "events.insert", "events.get"]],
  ["calendar_update_event", {}, ["events.list", "events.get", "events.patch"]],
  ["calendar_delete_event", {}, ["events.get", "events.delete"]],
  ["calendar_answer_invitation", {}, ["events.get", "events.patch"]],
  ["calendar_find_free_time", {}, ["events.list", "freebusy.query"]],
  ["calendar_list_calendars", {}, ["calendarList.list"]],
];

function alternativesOf(name: string, args: Json): string[][] {
  const tool = calendarTools.find((tool) => tool.name === name)!;
  return tool.scopesFor?.({ calendar_id: "primary", ...args } as never) ?? tool.scopes;
}

Deno.test("each alternative of a calendar tool is enough for all that the tool asks of Google", () => {
  assertEquals(
    new Set(CALLS.map(([tool]) => tool)),
    new Set(calendarTools.map(({ name }) => name)),
  );
  for (const [tool, args, methods] of CALLS) {
    for (const scopes of alternativesOf(tool, args)) {
      for (const method of methods) {
        const taken = METHODS[method]!.split(" ");
        assert(scopes.map(short).some((scope) => taken.includes(scope)), `${tool}: ${method}`);
      }
    }
  }
});

Deno.test("what a scope of a calendar includes opens no method that the scope does not", () => {
  const names = Object.keys(provider.impliedScopes).filter((scope) => scope.includes("/calendar"));
  for (const scope of names) {
    for (const implied of closureOf(provider, [scope])) {
      for (const [method, list] of Object.entries(METHODS)) {
        const [wide, narrow] = [scope, implied].map((one) => list.split(" ").includes(short(one)));
        assert(wide || !narrow, `${short(scope)} → ${short(implied)}: ${method}`);
      }
    }
  }
});

Deno.test("who granted a calendar before, or as it is asked for now, needs no other consent", () => {
  const { scopes } = provider.services.find(({ name }) => name === "calendar")!;
  for (const granted of [[`${AUTH}calendar`], scopes]) {
    for (const [tool, args] of CALLS) {
      assertEquals(leastMissing(provider, granted, alternativesOf(tool, args)), [], tool);
    }
  }
  const missing = (granted: string, tool: string) =>
    leastMissing(provider, [AUTH + granted], alternativesOf(tool, {})).map(short);
  assertEquals(missing("calendar.readonly", "calendar_list_events"), []);
  assertEquals(missing("calendar.readonly", "calendar_find_free_time"), []);
  assertEquals(missing("calendar.readonly", "calendar_create_event"), ["events"]);
  assertEquals(missing("calendar.events", "calendar_find_free_time"), ["events.freebusy"]);
  assertEquals(missing("calendar.events.owned", "calendar_list_events"), []);
  assertEquals(missing("gmail.modify", "calendar_list_events"), ["events.readonly"]);
});

Deno.test("every scope of Google's that has a title has a name, and is one that Google takes", () => {
  const { scopeTitles, scopeNames, impliedScopes, acceptsScope, services } = provider;
  const named = Object.values(scopeNames).flat();
  for (const scope of Object.keys(scopeTitles)) {
    assert(acceptsScope(scope) && named.includes(scope), scope);
  }
  for (
    const scope of services.flatMap(({ scopes, moreScopes = [] }) => [...scopes, ...moreScopes])
  ) {
    assert(scope in scopeTitles, scope);
  }
  for (const scope of Object.values(impliedScopes).flat().filter((one) => one.startsWith(AUTH))) {
    assert(scope in scopeTitles, scope);
  }
});
