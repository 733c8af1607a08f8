import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { Refusal } from "../../../broker/core/refusal.ts";
import {
  friendlyScopes,
  missingScopes,
  requestedScopes,
  resolveService,
  scopeWords,
  servicesOf,
} from "../../../broker/core/scopes.ts";
import { serverOf, serversOf } from "../fixtures.ts";

const server = serverOf();
/** Inherited by every object: a table that is asked carelessly has them all. */
const INHERITED = ["constructor", "__proto__", "toString", "hasOwnProperty"];

/** What a grant has, what is needed, what is missing. */
const GRANTS: Record<string, [granted: string, needed: string, missing: string]> = {
  "nothing is needed": ["", "", ""],
  "nothing is granted": ["", "calendar", "calendar"],
  "the very scope": ["calendar", "calendar", ""],
  "a scope that includes it": ["calendar", "calendar.ro", ""],
  "by way of another": ["calendar", "calendar.free", ""],
  "not the other way round": ["calendar.free", "calendar.ro calendar", "calendar.ro calendar"],
  "each one for itself": ["calendar.ro", "calendar.ro calendar mail", "calendar mail"],
  "a circle, from either side": ["mail.send", "mail mail.send", ""],
  "no word for another case": ["Calendar", "calendar", "calendar"],
  "unknown words stand for themselves": ["gist", "gist repo", "repo"],
  "an inherited name includes nothing": [INHERITED.join(" "), "calendar name", "calendar name"],
  "an inherited name is not granted": ["calendar", INHERITED.join(" "), INHERITED.join(" ")],
};
for (const [what, [granted, needed, missing]] of Object.entries(GRANTS)) {
  Deno.test(`missingScopes(): ${what}`, () => {
    assertEquals(missingScopes(server, wordsOf(granted), wordsOf(needed)), wordsOf(missing));
  });
}

Deno.test("servicesOf() names the services that a grant opens at least in part", () => {
  const opened: [granted: string, services: string][] = [
    ["", ""],
    ["openid", ""],
    ["calendar", "calendar"],
    ["calendar.free", "calendar"],
    ["calendar.freebusy", ""],
    ["mail.send calendar.ro", "calendar mail"],
    ["constructor __proto__", ""],
  ];
  for (const [granted, services] of opened) {
    const names = servicesOf(server, wordsOf(granted)).map(({ name }) => name);
    assertEquals(names, wordsOf(services), granted);
  }
});

Deno.test("servicesOf() takes a service without scopes for opened by every grant", () => {
  const bare = serverOf({ services: [{ name: "acme", title: "Acme", scopes: [] }] });
  for (const granted of ["", "openid", "anything"]) {
    assertEquals(servicesOf(bare, wordsOf(granted)), bare.services, granted);
  }
});

const both = resolveService(serversOf(server), "acme");
const calendar = resolveService(serversOf(server), "calendar");

Deno.test("requestedScopes() without a scope is what the services need", () => {
  for (const scope of [undefined, "", "  "]) {
    assertEquals(requestedScopes(calendar, scope), ["calendar"]);
    assertEquals(requestedScopes(both, scope), ["calendar", "mail"]);
  }
});

Deno.test("requestedScopes() takes friendly names and the provider's own, once each", () => {
  const asked: [scope: string, scopes: string][] = [
    ["calendar.readonly", "calendar.ro"],
    ["office", "calendar mail"],
    ["mail  office mail", "mail calendar"],
    ["calendar.free", "calendar.free"],
  ];
  for (const [scope, scopes] of asked) {
    assertEquals(requestedScopes(both, scope), wordsOf(scopes), scope);
  }
});

Deno.test("requestedScopes() refuses what is neither, with the names that there are", () => {
  for (const word of [...INHERITED, "Calendar", "office\n", "x".repeat(100), "<b>"]) {
    const { reason } = assertThrows(() => requestedScopes(both, `mail ${word}`), Refusal);
    assertEquals(reason.code, "invalid_request", word);
    const { detail } = reason as { detail: string };
    assertStringIncludes(detail, "Known names: office, calendar.readonly, calendar");
    assertEquals(/[<\n]|native code|x{61}/.test(detail), false, detail);
  }
  assertEquals(requestedScopes(both, "mail ".repeat(400)), ["mail"]);
  assertThrows(() => requestedScopes(both, "mail ".repeat(401)), Refusal);
});

Deno.test("friendlyScopes() says one name for one scope, and asks for the same again", () => {
  const said: [scopes: string, words: string][] = [
    ["", ""],
    ["calendar.ro", "calendar.readonly"],
    // `office` means more than one.
    ["mail calendar", "mail calendar"],
    ["calendar.free constructor", "calendar.free constructor"],
  ];
  for (const [scopes, words] of said) assertEquals(friendlyScopes(server, wordsOf(scopes)), words);
  const needed = ["calendar.ro", "mail", "calendar.free"];
  assertEquals(requestedScopes(both, friendlyScopes(server, needed)), needed);
});

Deno.test("resolveService() knows services and providers, and a service's own name wins", () => {
  const git = { name: "git", title: "Git", scopes: ["repo"] };
  const forge = serverOf({ name: "forge", services: [git, { ...git, name: "forge" }] });
  const namesake = serverOf({ name: "git", services: [] });
  const servers = serversOf(namesake, server, forge);
  const found = (name: string) => {
    const { server, services, isProvider } = resolveService(servers, name);
    return [server.name, services.map(({ name }) => name).join(" "), isProvider];
  };
  assertEquals(found("calendar"), ["acme", "calendar", false]);
  assertEquals(found("acme"), ["acme", "calendar mail", true]);
  assertEquals(found("git"), ["forge", "git", false]);
  // Its own name is the provider's, and asks for what stands under it alone.
  assertEquals(found("forge"), ["forge", "forge", true]);
});

Deno.test("resolveService() refuses other names, and says them without what they may hide", () => {
  const known = ["acme", "calendar", "mail"];
  const shown: [name: string, service: string][] = [
    ["", ""],
    ["Calendar", "Calendar"],
    ["constructor", "constructor"],
    ["__proto__", "__proto__"],
    ["a\r\nb <i>", "a??b??i?"],
    ["x".repeat(100), "x".repeat(60)],
  ];
  for (const [name, service] of shown) {
    const { reason } = assertThrows(() => resolveService(serversOf(server), name), Refusal);
    assertEquals(reason, { code: "unknown_service", service, known });
  }
});

function wordsOf(text: string): string[] {
  return text.split(" ").filter(Boolean);
}

Deno.test("a grant that its provider alone judges covers everything, and no other grant does", () => {
  const judged = serverOf({ unjudgedScope: "app" });
  const names = (granted: string[]) => servicesOf(judged, granted).map(({ name }) => name);
  assertEquals(missingScopes(judged, ["app"], ["mail", "calendar"]), []);
  assertEquals(missingScopes(judged, ["mail"], ["mail", "calendar"]), ["calendar"]);
  assertEquals([names(["app"]), names(["mail"]), names([])], [["calendar", "mail"], ["mail"], []]);
});

Deno.test("scopeWords() leaves out what says who somebody is", () => {
  const titled = serverOf({ scopeTitles: { mail: "Read mail", openid: "Who you are" } });
  assertEquals(scopeWords(titled, ["openid", "mail", "other"]), ["Read mail", "other"]);
});
