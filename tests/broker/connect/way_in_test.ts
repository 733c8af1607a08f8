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
  { subject = "voice:u", services = ["mail"], returnTo, origin }: {
    subject?: Subject;
    services?: string[];
    returnTo?: string;
    origin?: string;
  } = {},
): string | undefined {
  const found = wayInto(of, { subject, provider: "acme", services, returnTo, origin });
  if (found.kind === "closed") return found.why;
  if (found.kind === "app" && found.origin !== undefined) {
    return `${found.origin} hears, then ${found.returnTo ?? "no way back"}`;
  }
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

Deno.test("a page hears of it whose origin an allowed address has, letter by letter", () => {
  const app = "https://app.example.com";
  assertEquals(way(deps(), { origin: app }), `${app} hears, then no way back`);
  assertEquals(way(deps({ returnTo: BACK }), { origin: app }), `${app} hears, then ${BACK}`);
  assertEquals(way(deps(), { origin: app, returnTo: LISTED }), `${app} hears, then ${LISTED}`);
  const own = deps({ returnTo: "https://own.example:8443/x" }, { returnUrls: [] });
  const port = "https://own.example:8443";
  assertEquals(way(own, { origin: port }), `${port} hears, then https://own.example:8443/x`);
  const local = deps({}, { returnUrls: ["http://127.0.0.1:3000/", "http://localhost:3000/x"] });
  for (const origin of ["http://127.0.0.1:3000", "http://localhost:3000"]) {
    assertEquals(way(local, { origin }), `${origin} hears, then no way back`);
  }
});

Deno.test("no other origin is told, and nothing that is not written as browsers write it", () => {
  const wide = deps({}, {
    returnUrls: [LISTED, "https://xn--bcher-kva.example/", "http://localhost:3000/"],
  });
  for (
    const origin of [
      "",
      "*",
      "/",
      "null",
      "https://evil.example",
      "https://example.com",
      "https://sub.app.example.com",
      "https://app.example.com.evil.example",
      "https://app.example.com@evil.example",
      "https://evil.example#https://app.example.com",
      "https://user@app.example.com",
      "https://app.example.com/",
      "https://app.example.com/listed/",
      "https://app.example.com:443",
      "https://app.example.com:8443",
      "https://app.example.com.",
      "https://APP.example.com",
      "HTTPS://app.example.com",
      "https:app.example.com",
      "https:\\\\app.example.com",
      " https://app.example.com",
      "https://app.example.com\n",
      "http://app.example.com",
      "https://bücher.example",
      "http://localhost",
      "http://localhost:3001",
      "http://127.0.0.1:3000",
      "https://localhost:3000",
      "ftp://app.example.com",
      "data:text/html,x",
      "javascript:alert(1)",
      "blob:https://app.example.com",
      "file://",
    ]
  ) assertEquals(way(wide, { origin }), "origin_not_allowed", origin);
  // Nor one that is allowed to another app.
  const apps = [{ realm: "voice" }, { realm: "other", returnTo: BACK }];
  const both = deps({}, { apps, returnUrls: [] });
  const origin = "https://app.example.com";
  assertEquals(way(both, { origin }), "origin_not_allowed");
  assertEquals(way(both, { origin, subject: "other:u" }), `${origin} hears, then ${BACK}`);
});

Deno.test("an origin opens no way that is closed, and is one to hand off to", () => {
  const origin = "https://app.example.com";
  assertEquals(way(deps({ handOffOnly: true }), { origin }), `${origin} hears, then no way back`);
  const elsewhere = { origin, returnTo: "https://evil.example/" };
  assertEquals(way(deps(), elsewhere), "return_url_not_allowed");
  assertEquals(
    way(deps(), { origin: "https://evil.example", returnTo: LISTED }),
    "origin_not_allowed",
  );
  const limited = deps({ services: ["mail"] });
  assertEquals(way(limited, { origin, services: ["calendar"] }), "service_not_allowed");
  assertEquals(way(deps(), { origin, subject: "gone:u" }), "unknown_realm");
  assertEquals(way(deps(), { origin, subject: "acme:1" }), "person");
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
    assertEquals(requireWayIn(all, app, person), {
      kind: "app",
      returnTo: undefined,
      origin: undefined,
    });
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
