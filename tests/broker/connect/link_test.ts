import { assert, assertEquals, assertThrows } from "@std/assert";
import { appActor } from "../../../broker/core/actor.ts";
import type { App } from "../../../broker/core/api_key.ts";
import type { Service } from "../../../broker/core/authorization_server.ts";
import type { ConnectLink } from "../../../broker/core/connection.ts";
import { ALONE } from "../../../broker/core/clock.ts";
import { LINK_LENGTHS, LINK_LIFETIME_MS } from "../../../broker/core/link_bounds.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { resolveService } from "../../../broker/core/scopes.ts";
import { digest, randomSecret } from "../../../broker/core/secrets.ts";
import type { ExpiringStore } from "../../../broker/core/store.ts";
import type { World } from "../../../broker/core/world.ts";
import { createLink, cureLink, linkOf, type LinkRequest } from "../../../broker/connect/link.ts";
import { serverOf, serversOf } from "../fixtures.ts";

const NOW = 1_000_000;
const SECRET = randomSecret();
const world = {
  now: () => NOW,
  secret: () => SECRET,
  random: () => 0.5,
  log: () => {},
} as unknown as World;
const servers = serversOf(serverOf());
const apps = [{ realm: "voice" }];

function request(service: string, more: Partial<LinkRequest> = {}): LinkRequest {
  const target = resolveService(servers, service);
  return { subject: "voice:user:1", actor: appActor("voice"), target, service, ...more };
}

const RETURN_URLS = [
  "https://app.example.com/done/",
  "https://app.example.com/exact",
  "https://other.example/cb?from=sb",
  "http://localhost:3000/",
];

/** Whether a link may bring the person back to there. */
function mayReturn(returnTo: string, returnUrls = RETURN_URLS): boolean {
  try {
    return linkOf({ world, servers, apps, returnUrls }, request("acme", { returnTo })).returnTo ===
      returnTo;
  } catch (error) {
    assert(error instanceof Refusal, String(error));
    assertEquals(error.reason.code, "invalid_request");
    return false;
  }
}

Deno.test("a link brings back to what is listed, and below what ends in a slash", () => {
  for (
    const returnTo of [
      "https://app.example.com/done/",
      "https://app.example.com/done/42?x=1",
      "https://app.example.com/done/?next=/evil",
      "https://app.example.com/exact",
      "https://other.example/cb?from=sb",
      "http://localhost:3000/anything",
    ]
  ) assertEquals(mayReturn(returnTo), true, returnTo);
});

Deno.test("a link brings back to nowhere else", () => {
  for (
    const returnTo of [
      "",
      "/done/",
      "//app.example.com/done/",
      "https://app.example.com/done",
      "https://app.example.com/exact/",
      "https://app.example.com/exact?x=1",
      "https://app.example.com/exactly",
      "https://other.example/cb",
      "https://other.example/cb?from=sb&x=1",
      "http://app.example.com/done/",
      "http://localhost:3001/anything",
      "http://localhost/anything",
      "https://app.example.com:8443/done/",
      "https://app.example.com.evil.example/done/",
      "https://app.example.com@evil.example/done/",
      "https://me@app.example.com/done/",
      "https://:pw@app.example.com/done/",
      "https://app.example.com/done/#token",
      "https://app.example.com/done/../evil",
      "https://app.example.com/done/%2e%2e/evil",
      "https://app.example.com\\done/",
      "https://app.example.com/done/\\evil",
      "HTTPS://app.example.com/done/",
      "https://APP.example.com/done/",
      "https://app.example.com/done/é",
      " https://app.example.com/done/",
      "https://app.example.com/done/\n",
      "javascript:alert(1)//https://app.example.com/done/",
    ]
  ) assertEquals(mayReturn(returnTo), false, returnTo);
  assertEquals(mayReturn("https://app.example.com/done/", []), false);
  // Nor to what is listed and should never have been.
  for (const entry of ["https://me@app.example.com/", "https://:pw@app.example.com/"]) {
    assertEquals(mayReturn(entry, [entry]), false, entry);
  }
});

Deno.test("linkOf() says what is asked for, and until when", () => {
  const deps = { world, servers, apps, returnUrls: [] };
  const link = linkOf(deps, request("calendar", { scope: "calendar.readonly", account: "a" }));
  assertEquals(link, {
    subject: "voice:user:1",
    actor: appActor("voice"),
    provider: "acme",
    service: "calendar",
    services: ["calendar"],
    scopes: ["calendar.ro"],
    userId: "user:1",
    scopeParam: "calendar.readonly",
    account: "a",
    returnTo: undefined,
    origin: undefined,
    params: undefined,
    trail: "c-gggggggggg",
    expiresAt: NOW + LINK_LIFETIME_MS,
  });
  assertEquals(linkOf(deps, request("acme", { lifetimeMs: 30_000 })).expiresAt, NOW + 30_000);
});

Deno.test("a link says where at the provider only what its entry knows, and in its form", () => {
  const param = { title: "Shop", pattern: /^[a-z]+$/ };
  const known = serversOf(serverOf({ params: { shop: param } }));
  const paramsOf = (params: Record<string, string>) => {
    const asked = { ...request("mail"), target: resolveService(known, "mail"), params };
    return linkOf({ world, servers: known, apps, returnUrls: [] }, asked).params;
  };
  assertEquals(paramsOf({ shop: "one" }), { shop: "one" });
  for (const params of [{ shop: "evil.example/" }, { host: "one" }, { shop: "one", host: "one" }]) {
    const { reason } = assertThrows(() => paramsOf(params as Record<string, string>), Refusal);
    assertEquals(reason.code, "invalid_request", JSON.stringify(params));
  }
});

/** A service that is open to whoever is connected at all. */
function free(service: Service): Service {
  return service.name === "free" ? { ...service, scopes: [] } : service;
}

Deno.test("a provider's link is for the services that its scopes open", () => {
  const servicesOf = (scope?: string) =>
    linkOf({ world, servers, apps, returnUrls: [] }, request("acme", { scope })).services;
  assertEquals(servicesOf(), ["calendar", "mail"]);
  assertEquals(servicesOf("mail"), ["mail"]);
  assertEquals(servicesOf("office"), ["calendar", "mail"]);
  assertEquals(servicesOf("openid"), []);
  // Its own service stands among them for scopes of its own, and else where nothing else does.
  const [, mail] = serverOf().services;
  const openedBy = (
    scopes: string[],
    scope: string,
    others = [mail!, { ...mail!, name: "free" }],
  ) => {
    const services = [{ name: "acme", title: "Acme", scopes }, ...others];
    const own = serversOf(serverOf({ services: services.map(free) }));
    const asked = { ...request("mail"), target: resolveService(own, "acme"), scope };
    return linkOf({ world, servers: own, apps, returnUrls: [] }, asked).services;
  };
  assertEquals(openedBy(["calendar"], "calendar mail"), ["acme", "mail", "free"]);
  assertEquals(openedBy([], "mail"), ["mail", "free"]);
  assertEquals(openedBy([], "mail", []), ["acme"]);
  assertThrows(() => servicesOf("constructor"), Refusal);
});

Deno.test("createLink() keeps the digest, and puts the secret into the URL alone", async () => {
  const kept: [string, ConnectLink][] = [];
  const links = {
    put: (key, value) => Promise.resolve(void kept.push([key, value])),
  } as Partial<ExpiringStore<ConnectLink>> as ExpiringStore<ConnectLink>;
  const publicUrl = "https://sb.example.com";
  const deps = { clocks: ALONE, links, world, publicUrl, servers, apps, returnUrls: RETURN_URLS };
  const returnTo = "https://app.example.com/exact";
  const asked = request("calendar", { scope: "calendar.readonly mail", account: "a", returnTo });
  const { url, expiresAt } = await createLink(deps, asked);
  const query = new URLSearchParams({
    user_id: "user:1",
    scope: "calendar.readonly mail",
    link: SECRET,
  });
  assertEquals(url, `https://sb.example.com/auth/calendar?${query}`);
  assertEquals(expiresAt, NOW + LINK_LIFETIME_MS);
  const made = { at: NOW, step: "link_made", requestId: undefined } as const;
  assertEquals(kept, [[digest(SECRET), { ...linkOf(deps, asked), made }]]);
  assert(!JSON.stringify(kept).includes(SECRET));
  const plain = new URL((await createLink(deps, request("acme"))).url);
  assertEquals([...plain.searchParams.keys()], ["user_id", "link"]);
});

Deno.test("a link is made of nothing that its record could not hold, whoever asks for it", () => {
  const deps = { world, servers, apps, returnUrls: RETURN_URLS };
  // No host has a name as long as an origin may be.
  const { origin: longestOrigin, ...lengths } = LINK_LENGTHS;
  const long = `https://${"x".repeat(longestOrigin)}`;
  const { reason } = assertThrows(() => linkOf(deps, request("acme", { origin: long })), Refusal);
  assertEquals(reason, {
    code: "invalid_request",
    detail: `origin is longer than ${longestOrigin} characters`,
  });
  const texts: Record<keyof typeof lengths, string> = {
    service: "s",
    scope: "calendar",
    account: "a",
    returnTo: "https://app.example.com/done/",
  };
  for (const [part, longest] of Object.entries(lengths)) {
    const text = texts[part as keyof typeof lengths];
    const withLength = (length: number) => ({
      [part]: text.padEnd(length, part === "scope" ? " " : "x"),
    });
    linkOf(deps, request("acme", withLength(longest)));
    const refused = () => linkOf(deps, request("acme", withLength(longest + 1)));
    const { reason } = assertThrows(refused, Refusal);
    assertEquals(reason, {
      code: "invalid_request",
      detail: `${part} is longer than ${longest} characters`,
    });
  }
});

Deno.test("a link that nobody may make is said to be made in the app where only the app makes it", async () => {
  const links = {} as ExpiringStore<ConnectLink>;
  const more = {
    clocks: ALONE,
    world,
    links,
    servers,
    publicUrl: "https://sb.example",
    returnUrls: [],
  };
  const cure = (apps: App[]) => cureLink({ ...more, apps }, request("mail"));
  const handsOff = [{ realm: "voice", handOffOnly: true }];
  assertEquals(await cure(handsOff), { onlyInApp: true });
  assertEquals(await cure([{ realm: "voice", services: ["calendar"] }]), {
    onlyInApp: false,
  });
});
