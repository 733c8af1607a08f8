import { assertEquals, assertThrows } from "@std/assert";
import type { App } from "../../../broker/core/api_key.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { Subject } from "../../../broker/core/subject.ts";
import { requireWayIn, type WayDeps, wayInto } from "../../../broker/connect/way_in.ts";
import { serverOf, serversOf } from "../fixtures.ts";

const BACK = "https://app.example.com/connected";
const LISTED = "https://app.example.com/listed/";

function deps(app: Partial<App> = {}, more: Partial<WayDeps> = {}): WayDeps {
  const servers = serversOf(serverOf());
  return { servers, apps: [{ realm: "voice", ...app }], returnUrls: [LISTED], ...more };
}

function way(
  of: WayDeps,
  { subject = "voice:u", services = ["mail"], returnTo }: {
    subject?: Subject;
    services?: string[];
    returnTo?: string;
  } = {},
): string | undefined {
  const found = wayInto(of, { subject, provider: "acme", services, returnTo });
  if (found.kind === "closed") return found.why;
  return found.kind === "app" ? found.returnTo ?? "no way back" : found.kind;
}

Deno.test("an app's users come back to where the link says, else to the app's default", () => {
  assertEquals(way(deps()), "no way back");
  assertEquals(way(deps({ returnTo: BACK })), BACK);
  assertEquals(way(deps({ returnTo: BACK }), { returnTo: LISTED }), LISTED);
  assertEquals(way(deps({ returnTo: BACK }), { returnTo: BACK }), BACK);
});

Deno.test("a default is allowed to the app that it was set for, and to no other", () => {
  const apps = [{ realm: "voice", returnTo: BACK }, { realm: "other", returnTo: LISTED }];
  const both = deps({}, { apps, returnUrls: [] });
  assertEquals(way(both, { returnTo: BACK }), BACK);
  assertEquals(way(both, { subject: "other:u", returnTo: BACK }), "return_url_not_allowed");
  assertEquals(way(both, { returnTo: `${BACK}?x=1` }), "return_url_not_allowed");
});

Deno.test("by hand-off only, what has no way back has no way in", () => {
  assertEquals(way(deps({ handOffOnly: true })), "hand_off_only");
  assertEquals(way(deps({ handOffOnly: true }), { returnTo: LISTED }), LISTED);
  assertEquals(way(deps({ handOffOnly: true, returnTo: BACK })), BACK);
});

Deno.test("a realm that is nobody's is never an app's, nor are its users", () => {
  for (const subject of ["gone:u", "github:583231", "voic:u", "voice_:u", ":u", "u"] as Subject[]) {
    assertEquals(way(deps({ returnTo: BACK }), { subject }), "unknown_realm", subject);
    assertEquals(way(deps(), { subject, returnTo: LISTED }), "unknown_realm", subject);
  }
});

Deno.test("a key has no way in for services that it may not use", () => {
  const limited = deps({ services: ["mail"] });
  assertEquals(way(limited), "no way back");
  for (const services of [["calendar"], ["mail", "calendar"], []]) {
    assertEquals(way(limited, { services }), "service_not_allowed", services.join());
    assertEquals(way(limited, { services, returnTo: LISTED }), "service_not_allowed");
    assertEquals(way(deps({ services: ["acme"] }), { services }), "no way back");
  }
});

Deno.test("a provider's name is the realm of people, whatever keys there are", () => {
  const apps = [{ realm: "acme" }, { realm: "local" }];
  assertEquals(way(deps({}, { apps }), { subject: "acme:1" }), "person");
  assertEquals(way(deps({}, { apps: "elsewhere" }), { subject: "acme:1" }), "person");
  assertEquals(way(deps({}, { apps }), { subject: "local:me" }), "local");
});

Deno.test("where keys are known elsewhere, a link is made as it is asked for", () => {
  const stdio = deps({}, { apps: "elsewhere", returnUrls: [] });
  assertEquals(way(stdio), "no way back");
  assertEquals(way(stdio, { subject: "local:me" }), "local");
});

Deno.test("a person's way is open in that person's session, and says whose it is not", () => {
  const all = { ...deps(), world: { log: () => {} } };
  const wanted = { subject: "acme:1" as Subject, provider: "acme", services: ["mail"] };
  assertEquals(requireWayIn(all, wanted, "acme:1"), { kind: "person" });
  for (
    const [person, code] of [
      [undefined, "sign_in_needed"],
      ["acme:2", "other_person"],
      ["acme:11", "other_person"],
      ["other:1", "other_person"],
    ] as const
  ) {
    const { reason } = assertThrows(() => requireWayIn(all, wanted, person), Refusal);
    assertEquals(reason.code, code);
  }
  const app = { ...wanted, subject: "voice:u" as Subject };
  for (const person of [undefined, "acme:1"] as const) {
    assertEquals(requireWayIn(all, app, person), { kind: "app", returnTo: undefined });
  }
});

Deno.test("a way that is closed is logged for the operator, without the user", () => {
  const events: unknown[] = [];
  const all = { ...deps({ handOffOnly: true }), world: { log: (e: unknown) => events.push(e) } };
  const wanted = { subject: "voice:u" as Subject, provider: "acme", services: ["mail"] };
  const { reason } = assertThrows(() => requireWayIn(all, wanted, undefined), Refusal);
  assertEquals(reason.code, "link_withdrawn");
  const why = "hand_off_only";
  const line = { level: "warn", event: "link_withdrawn", realm: "voice", provider: "acme", why };
  assertEquals(events, [line]);
});
