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
