import { assertEquals } from "@std/assert";
import { listServices } from "../../../broker/connect/services.ts";
import { serverOf, serversOf } from "../fixtures.ts";

/** The scopes of each service, as they are listed. */
function listed(words: Parameters<typeof serverOf>[0]): Record<string, string[]> {
  const services = listServices(serversOf(serverOf(words)), undefined);
  return Object.fromEntries(services.map(({ name, scopes }) => [
    name,
    scopes.map(({ name }) => name),
  ]));
}

Deno.test("listServices() names the scopes that open a service, and none that say who somebody is", () => {
  const scopeTitles = { openid: "who you are", "calendar.ro": "read events", files: "files" };
  assertEquals(listed({ scopeTitles }), {
    calendar: ["calendar", "calendar.readonly"],
    mail: ["mail"],
  });
  const only = [{ name: "calendar", title: "Calendar", scopes: ["calendar"] }];
  const scopeNames = { calendar: ["calendar"] };
  assertEquals(listed({ services: only, scopeTitles: { openid: "who you are" }, scopeNames }), {
    calendar: ["calendar"],
  });
});

Deno.test("listServices() names no scope that says who somebody is or that nobody here judges", () => {
  const scopeTitles = { profile: "your name", app: "what the provider says" };
  const words = { scopeTitles, unjudgedScope: "app" };
  assertEquals(listed(words), { calendar: ["calendar", "calendar.readonly"], mail: ["mail"] });
  // Nor where there is one service, whose own every other scope is.
  const only = [{ name: "calendar", title: "Calendar", scopes: ["calendar"] }];
  const alone = { ...words, services: only, scopeNames: {}, scopeTitles: { app: "all" } };
  assertEquals(listed(alone), { calendar: ["calendar"] });
});
