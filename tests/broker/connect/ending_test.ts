import { assert, assertEquals } from "@std/assert";
import { endingOf, inPopup, popupOf } from "../../../broker/connect/ending.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { randomSecret } from "../../../broker/core/secrets.ts";
import { serverOf, serversOf } from "../fixtures.ts";

const ORIGIN = "https://app.example.com";
const BACK = `${ORIGIN}/connected?mine=1&code=own&error=own`;
const done = { code: "c", service: "mail" };
const failed = { error: "provider_error", service: "mail", access: "taken_back" };

Deno.test("without an origin the app hears at its return_to alone, or not at all", () => {
  assertEquals(endingOf({}, done), undefined);
  assertEquals(
    endingOf({ returnTo: BACK }, done)?.redirectTo?.href,
    `${ORIGIN}/connected?mine=1&code=c`,
  );
  assertEquals(
    endingOf({ returnTo: BACK }, failed)?.redirectTo?.href,
    `${ORIGIN}/connected?mine=1&error=provider_error&service=mail&access=taken_back`,
  );
  assertEquals(endingOf({ returnTo: BACK }, done)?.popup, undefined);
});

Deno.test("with an origin its page is told, and what it is told is what return_to would say", () => {
  for (const told of [done, failed]) {
    const ending = endingOf({ returnTo: BACK, origin: ORIGIN }, told)!;
    assertEquals([ending.popup!.origin, ending.popup!.told, ending.told], [ORIGIN, told, told]);
    const { mine, ...said } = Object.fromEntries(ending.redirectTo!.searchParams);
    assertEquals([mine, said], ["1", told]);
    assertEquals(endingOf({ origin: ORIGIN }, told)!.redirectTo, undefined);
  }
});

Deno.test("a trip is called the same on its first page and its last, and does not tell its link", () => {
  const link = randomSecret();
  const { trip } = popupOf(ORIGIN, link);
  assertEquals(endingOf({ origin: ORIGIN, link }, done)!.popup!.trip, trip);
  assert(popupOf(ORIGIN, randomSecret()).trip !== trip && !link.includes(trip));
});

Deno.test("whose page waits hears that it is over, as long as today's rules allow it", () => {
  const deps = { servers: serversOf(serverOf()), apps: [{ realm: "voice" }], returnUrls: [BACK] };
  const trip = {
    subject: "voice:u",
    provider: "acme",
    services: ["mail"],
    service: "mail",
  } as const;
  const here = { ...trip, services: ["mail"], origin: ORIGIN, link: randomSecret() };
  const refusal = new Refusal({ code: "link_expired" });
  const popupIn = (error: unknown) => (error as Refusal).reason.popup;
  const over = popupIn(inPopup(deps, here, refusal, { ends: true }));
  assertEquals(over?.told, { error: "expired_link", service: "mail" });
  assertEquals(popupIn(inPopup(deps, here, refusal, { ends: false })), popupOf(ORIGIN, here.link));
  const closed = [
    { returnUrls: [] },
    { returnUrls: ["https://other.example/"] },
    { apps: [] },
    { apps: [{ realm: "voice", services: ["calendar"] }] },
  ];
  for (const rules of closed) {
    assertEquals(inPopup({ ...deps, ...rules }, here, refusal, { ends: true }), refusal);
  }
  const plain = { ...here, origin: undefined };
  assertEquals(inPopup(deps, plain, refusal, { ends: true }), refusal);
  const fault = new TypeError("no refusal");
  assertEquals(inPopup(deps, here, fault, { ends: true }), fault);
});
