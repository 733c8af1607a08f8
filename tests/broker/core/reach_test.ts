import { assertEquals, assertThrows } from "@std/assert";
import type { App } from "../../../broker/core/api_key.ts";
import {
  beyondReach,
  isSeen,
  opensSomething,
  reachOf,
  requireAll,
  requireReach,
  scopesBeyond,
} from "../../../broker/core/reach.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { catalogueModules } from "../../../providers/catalogue/catalogue.ts";
import { google } from "../../../providers/google/google.ts";
import { serverOf } from "../fixtures.ts";

const AUTH = "https://www.googleapis.com/auth/";
const server = google.create({
  clientId: "id",
  clientSecret: "secret",
  redirectUri: "https://gateway.example.com/callback/google",
  fetch,
});

function beyond(reach: string[] | undefined, ...scopes: string[]): string[] {
  return scopesBeyond(server, reach, scopes);
}

Deno.test("scopesBeyond() lets a service have its scopes, wider and narrower ones, and who it is", () => {
  const within = [
    `${AUTH}gmail.modify`,
    `${AUTH}gmail.readonly`,
    `${AUTH}gmail.labels`,
    "https://mail.google.com/",
    "openid",
    "email",
    "profile",
    `${AUTH}userinfo.email`,
    `${AUTH}userinfo.profile`,
  ];
  assertEquals(beyond(["gmail"], ...within), []);
});

Deno.test("scopesBeyond() names what opens another service, in whatever part", () => {
  const others = [
    `${AUTH}calendar`,
    `${AUTH}calendar.events.readonly`,
    `${AUTH}drive`,
    `${AUTH}drive.file`,
    `${AUTH}drive.readonly`,
  ];
  assertEquals(beyond(["gmail"], `${AUTH}gmail.send`, ...others), others);
  assertEquals(beyond(["gmail", "calendar"], ...others), others.slice(2));
});

Deno.test("scopesBeyond() takes a scope of no known service for one of another", () => {
  const unknown = [`${AUTH}contacts`, `${AUTH}cloud-platform`, "x", "toString"];
  assertEquals(beyond(["gmail", "calendar", "drive"], ...unknown), unknown);
});

Deno.test("scopesBeyond() finds nothing beyond a provider's own name, or no limit", () => {
  for (const reach of [undefined, ["google"], ["gmail", "google"]]) {
    assertEquals(beyond(reach, `${AUTH}drive`, `${AUTH}contacts`), []);
  }
  assertEquals(beyond([], `${AUTH}gmail.send`), [`${AUTH}gmail.send`]);
});

Deno.test("requireReach() says by their titles what else a connection is for", () => {
  const scopes = [`${AUTH}gmail.modify`, `${AUTH}drive.file`, `${AUTH}drive`, `${AUTH}contacts`];
  const { reason } = assertThrows(() => requireReach(server, ["gmail"], scopes), Refusal);
  const others = ["Google Drive", `${AUTH}contacts`];
  assertEquals(reason, { code: "connection_not_allowed", title: "Google", others });
  requireReach(server, ["gmail"], scopes.slice(0, 1));
});

Deno.test("requireAll() takes what nobody can look into for more than a limited key is for", () => {
  for (const reach of [undefined, ["google"]]) requireAll(server, reach);
  // All services of today are not all that a grant may be for.
  for (const reach of [[], ["gmail"], ["gmail", "calendar", "drive"]]) {
    assertThrows(() => requireAll(server, reach), Refusal);
  }
});

Deno.test("isSeen() shows what has a service within, and hides what has none", () => {
  assertEquals(isSeen(server, ["gmail"], [`${AUTH}drive`, `${AUTH}gmail.send`]), true);
  assertEquals(isSeen(server, ["gmail"], [`${AUTH}drive`, "openid"]), false);
  assertEquals(isSeen(server, ["gmail"], []), false);
  assertEquals(isSeen(server, undefined, []), true);
});

Deno.test("reachOf() keeps nobody short whose keys another process knows", () => {
  const voice: App = { realm: "voice", services: ["gmail"] };
  assertEquals(reachOf([voice], "voice:1"), ["gmail"]);
  for (const subject of ["github:1", "other:1"] as const) {
    assertEquals(reachOf([voice], subject), undefined);
  }
  for (const subject of ["voice:1", "github:1"] as const) {
    assertEquals(reachOf("elsewhere", subject), undefined);
  }
});

Deno.test("scopesBeyond() lets nobody have a scope that opens a second service, too", () => {
  const { create } = catalogueModules.find(({ name }) => name === "microsoft")!;
  const microsoft = create({ clientId: "", clientSecret: "", redirectUri: "", fetch });
  const cases: [reach: string[], scopes: string, beyond: string][] = [
    [["outlook"], "Mail.Send Mail.Read MailboxSettings.Read User.Read offline_access openid", ""],
    [["outlook"], "Mail.Read Calendars.Read", "Calendars.Read"],
    [["outlook"], "Mail.Read Contacts.Read mail.read", "Contacts.Read mail.read"],
    [["onedrive"], "Files.Read Files.ReadWrite", ""],
    [["onedrive"], "Files.ReadWrite.All Sites.Read.All", "Files.ReadWrite.All Sites.Read.All"],
    [["sharepoint"], "Sites.ReadWrite.All Files.Read", "Sites.ReadWrite.All Files.Read"],
    [["onedrive", "sharepoint"], "Sites.ReadWrite.All Files.ReadWrite.All Files.Read", ""],
    [["teams"], "Chat.Read ChatMessage.Send ChannelMessage.Read.All Team.ReadBasic.All", ""],
    [["microsoft"], "Sites.ReadWrite.All Directory.ReadWrite.All", ""],
  ];
  const graph = (scopes: string[]) => scopes.map((scope) => `https://graph.microsoft.com/${scope}`);
  for (const [reach, scopes, beyond] of cases) {
    const all = scopes.split(" ");
    const expected = beyond.split(" ").filter(Boolean);
    assertEquals(scopesBeyond(microsoft, reach, all), expected, scopes);
    const known = all.filter((scope) => /^[A-Z]/.test(scope) && scope !== "Contacts.Read");
    const wide = expected.filter((scope) => known.includes(scope));
    if (reach[0] === "microsoft") continue;
    assertEquals(scopesBeyond(microsoft, reach, graph(known)), graph(wide), scopes);
  }
});

Deno.test("isSeen() shows all of a provider to whom it is open as a whole", () => {
  assertEquals([isSeen(server, ["google"], []), isSeen(server, ["gmail"], [])], [true, false]);
});

Deno.test("beyondReach() names the other services alone, of a scope that opens one within as well", () => {
  const both = serverOf({ impliedScopes: { all: ["calendar", "mail"] } });
  assertEquals(beyondReach(both, ["mail"], ["all"]), {
    code: "connection_not_allowed",
    title: "Acme",
    others: ["Acme Calendar"],
  });
});

Deno.test("opensSomething() knows what says who somebody is, or how long it lasts", () => {
  const opens = (scope: string) => opensSomething(serverOf(), scope);
  assertEquals(["mail", "unknown"].map(opens), [true, true]);
  assertEquals(["openid", "email", "profile", "offline_access"].map(opens), [
    false,
    false,
    false,
    false,
  ]);
});
