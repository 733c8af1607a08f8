/** Who gives way where too much was begun. */

import { assertEquals, assertRejects } from "@std/assert";
import { type Actor, appActor } from "../../../broker/core/actor.ts";
import type { ConnectLink, PendingAuthorization } from "../../../broker/core/connection.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { ExpiringStore } from "../../../broker/core/store.ts";
import type { Subject } from "../../../broker/core/subject.ts";
import { memoryLimits } from "../../support/limit_store.ts";
import {
  CONNECTING,
  LINKS_ALIVE,
  Outstanding,
  SIGN_IN_STARTS,
  SIGNING_IN,
} from "../../../broker/connect/outstanding.ts";

/** No more than its records: what is sealed and how is not the point, and there are many. */
function store<T extends { expiresAt: number }>() {
  const records = new Map<string, T>();
  const part: ExpiringStore<T> = {
    async put(key, value) {
      await Promise.resolve();
      records.set(key, value);
    },
    peek: (key) => {
      const value = records.get(key);
      return Promise.resolve(value === undefined ? null : { value, version: "1" });
    },
    take: (key) => Promise.resolve(records.delete(key)),
    add: () => Promise.resolve(null),
    replace: () => Promise.resolve(null),
  };
  return { records, part };
}

function start() {
  const now = 1_000_000;
  const clock = { now: () => now };
  const links = store<ConnectLink>();
  const pending = store<PendingAuthorization>();
  const outstanding = new Outstanding(
    { links: links.part, pending: pending.part },
    clock,
    memoryLimits({ ...clock, sleep: () => new Promise(() => {}), log: () => {} }),
  );
  const ends = { expiresAt: now + 60_000 };
  return {
    links: links.records,
    pending: pending.records,
    link: (key: string, subject: Subject, actor: Actor = appActor("voice")) =>
      outstanding.linksFor({ subject, actor }).put(key, ends as ConnectLink),
    setOut: (key: string, who: Partial<PendingAuthorization>) =>
      outstanding.connecting().put(key, { ...ends, ...who } as PendingAuthorization),
    signIn: (key: string, browser: string, address?: string) =>
      outstanding.signingIn({ provider: "acme", returnTo: "/", browser, address })
        .put(key, ends as PendingAuthorization),
  };
}

async function codeOf(run: () => Promise<unknown>): Promise<string> {
  return (await assertRejects(run, Refusal)).reason.code;
}

Deno.test("a user's oldest link gives way to the newest, and no other user's", async () => {
  const t = start();
  await t.link("other", "voice:b");
  for (let n = 0; n <= LINKS_ALIVE.perSubject; n++) await t.link(`l${n}`, "voice:a");
  assertEquals([t.links.size, t.links.has("l0"), t.links.has("other")], [
    LINKS_ALIVE.perSubject + 1,
    false,
    true,
  ]);
});

Deno.test("a link that has lost its place before it is stored is not left behind", async () => {
  const t = start();
  const all = Array.from({ length: LINKS_ALIVE.perSubject + 3 }, (_, n) => `l${n}`);
  await Promise.all(all.map((key) => t.link(key, "voice:a")));
  assertEquals([...t.links.keys()], all.slice(3));
});

Deno.test("an app with too many links has to wait, no other app does, and no person", async () => {
  const t = start();
  const linksOf = async (subject: (n: number) => Subject, count: number) => {
    for (let n = 0; n < count; n++) await t.link(`${subject(n)} ${n}`, subject(n));
  };
  // However many one user is made, so many live, and the app has places for others.
  await linksOf(() => "voice:a", LINKS_ALIVE.perApp + 1);
  assertEquals(t.links.size, LINKS_ALIVE.perSubject);
  await linksOf((n) => `voice:u${n}`, LINKS_ALIVE.perApp - LINKS_ALIVE.perSubject);
  assertEquals(t.links.size, LINKS_ALIVE.perApp);
  assertEquals(await codeOf(() => t.link("late", "voice:late")), "rate_limited");
  assertEquals(t.links.has("late"), false);
  await t.link("others", "other:a", appActor("other"));
  await t.link("own", "voice:late", { kind: "person", id: "voice" });
  assertEquals(t.links.size, LINKS_ALIVE.perApp + 2);
});

Deno.test("who sets out too often gives way to itself: a subject, or a browser where it is nobody's", async () => {
  const t = start();
  await t.setOut("other", { subject: "voice:b", browser: "same" });
  await t.setOut("nobody's", { browser: "another" });
  for (let n = 0; n <= CONNECTING.perSubject; n++) {
    await t.setOut(`s${n}`, { subject: "voice:a", browser: "same" });
    await t.setOut(`b${n}`, { browser: "same" });
  }
  assertEquals([...t.pending.keys()].filter((key) => !/^[sb][1-9]/.test(key)), [
    "other",
    "nobody's",
  ]);
});

Deno.test("a browser gives way to itself, and an address may begin so many sign-ins", async () => {
  const t = start();
  for (let n = 0; n <= SIGNING_IN.perBrowser; n++) await t.signIn(`p${n}`, "one");
  assertEquals([t.pending.size, t.pending.has("p0")], [SIGNING_IN.perBrowser, false]);
  const begin = (n: number, address?: string) => t.signIn(`a${n} ${address}`, `b${n}`, address);
  for (let n = 0; n < SIGN_IN_STARTS.limit; n++) await begin(n, "192.0.2.1");
  assertEquals(await codeOf(() => begin(SIGN_IN_STARTS.limit, "192.0.2.1")), "rate_limited");
  for (let n = 0; n <= SIGN_IN_STARTS.limit; n++) await begin(n);
});

Deno.test("whoever has begun the most sign-ins gives way, by address where there is one", async () => {
  const t = start();
  await t.signIn("first", "honest", "198.51.100.1");
  for (let n = 0; n < 2 * SIGN_IN_STARTS.limit; n++) await t.signIn(`n${n}`, `nowhere ${n}`);
  for (let n = 0; t.pending.size < SIGNING_IN.all; n++) {
    await t.signIn(`x${n}`, `cheap ${n}`, `192.0.2.${Math.floor(n / SIGN_IN_STARTS.limit)}`);
  }
  for (let n = 0; n < 10; n++) await t.signIn(`late ${n}`, `late ${n}`, `203.0.113.${n}`);
  const gone = Array.from({ length: 10 }, (_, n) => `x${n * SIGN_IN_STARTS.limit}`);
  assertEquals(gone.filter((key) => t.pending.has(key)), []);
  assertEquals([t.pending.size, t.pending.has("first"), t.pending.has("n0")], [
    SIGNING_IN.all,
    true,
    true,
  ]);
});
