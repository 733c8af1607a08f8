import { assertEquals } from "@std/assert";
import { resolveService } from "../../../broker/core/scopes.ts";
import type { Stored } from "../../../broker/core/store.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { byPreference, choose, isAccount, namesOf } from "../../../broker/tokens/choice.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const servers = serversOf(serverOf());
const NAMED = {
  acme: { service: "acme", title: "Acme" },
  calendar: { service: "calendar", title: "Acme Calendar" },
};

interface Case {
  service: keyof typeof NAMED;
  all: Stored<Connection>[];
  account?: string;
  scopes?: string[];
}

/** The chosen account, or the reason why there is none. */
function chosen({ service, all, account, scopes = [] }: Case): unknown {
  const asked = { service, account, scopes: [scopes] };
  const choice = choose(resolveService(servers, service), all, asked);
  return "stored" in choice ? choice.stored.value.account : choice.reason;
}

const work = storedOf("work", ["calendar"], { connectedAt: 1 });
const home = storedOf("home", ["mail"], { connectedAt: 2 });
const notConnected = { code: "not_connected", ...NAMED.calendar };

const CASES: Record<string, [Case, chosen: unknown]> = {
  "nothing is connected": [{ service: "calendar", all: [] }, notConnected],
  "nothing is connected, whatever account is said": [
    { service: "acme", all: [], account: "work" },
    { code: "not_connected", ...NAMED.acme },
  ],
  "the one that there is": [{ service: "calendar", all: [work] }, "work"],
  "the one that was connected first": [{ service: "acme", all: [home, work] }, "work"],
  "the one that a person preferred last": [
    {
      service: "acme",
      all: [
        work,
        storedOf("then", [], { preferredAt: 8 }),
        storedOf("now", [], { preferredAt: 9, connectedAt: 9 }),
      ],
    },
    "now",
  ],
  "the one that can do it, though another is preferred": [
    { service: "calendar", all: [storedOf("mine", ["mail"], { preferredAt: 9 }), work] },
    "work",
  ],
  "the one that has the scope": [{ service: "acme", all: [work, home], scopes: ["mail"] }, "home"],
  "a scope that includes the one that is needed": [
    { service: "calendar", all: [work], scopes: ["calendar.free"] },
    "work",
  ],
  "the account that is said, in any case of letters": [
    { service: "acme", all: [work, home], account: "HOME@Example.com" },
    "home",
  ],
  "the account that is said, by its id": [
    { service: "acme", all: [work, home], account: "home" },
    "home",
  ],
  "of two accounts with one label, the preferred one": [
    {
      service: "acme",
      all: ["a", "b"].map((id, at) => storedOf(id, [], { label: "octocat", preferredAt: at })),
      account: "octocat",
    },
    "b",
  ],
  "no account of that name: all there are, the usual one first": [
    { service: "acme", all: [home, work], account: "play" },
    {
      code: "unknown_account",
      service: "acme",
      accounts: ["work@example.com", "home@example.com"],
    },
  ],
  "never another account than the one that is said": [
    { service: "calendar", all: [work, home], account: "home" },
    notConnected,
  ],
  "a service that no account opens": [{ service: "calendar", all: [home] }, notConnected],
  "a provider needs no service opened": [{ service: "acme", all: [storedOf("bare", [])] }, "bare"],
  "a service that is opened in part": [
    { service: "calendar", all: [storedOf("part", ["calendar.free"])] },
    "part",
  ],
  "what is missing, in friendly words": [
    {
      service: "calendar",
      all: [storedOf("part", ["calendar.free"])],
      scopes: ["calendar.ro", "calendar.free"],
    },
    {
      code: "insufficient_scope",
      ...NAMED.calendar,
      scope: "calendar.readonly",
      allows: ["calendar.ro"],
      account: "part",
    },
  ],
  "what is missing of the account that is said": [
    { service: "acme", all: [work, home], account: "home", scopes: ["calendar"] },
    {
      code: "insufficient_scope",
      ...NAMED.acme,
      scope: "calendar",
      allows: ["calendar"],
      account: "home",
    },
  ],
};
for (const [what, [asked, expected]] of Object.entries(CASES)) {
  Deno.test(`choose(): ${what}`, () => assertEquals(chosen(asked), expected));
}

Deno.test("choose(): of a default account that has ended, what reads takes the next that lives", () => {
  const ended = (account: string, at: number) =>
    storedOf(account, ["mail"], { connectedAt: at, status: "reauthorization_required" });
  const all = [
    ended("first", 1),
    ended("second", 2),
    storedOf("living", ["mail"], { connectedAt: 3 }),
  ]
    .concat(storedOf("wide", ["mail", "calendar"], { connectedAt: 4 }));
  const target = resolveService(servers, "mail");
  const asked = { service: "mail", scopes: [["mail"]] };
  const [first, , living] = all;
  const insteadOf = "first@example.com";
  assertEquals(choose(target, all, { ...asked, reading: true }), { stored: living!, insteadOf });
  const others = ["living@example.com", "wide@example.com"];
  assertEquals(choose(target, all, asked), { stored: first!, others });
  const named = { ...asked, account: "first", reading: true };
  assertEquals(choose(target, all, named), { stored: first! });
  // What a key may not have stands in for nothing, and is not told of.
  const reach = ["mail"];
  const limited = [first!, all[3]!];
  assertEquals(choose(target, limited, { ...asked, reach, reading: true }), {
    stored: first!,
    others: [],
  });
});

Deno.test("isAccount() compares ids exactly and labels without case", () => {
  const { value } = storedOf("U1", [], { label: "Ana@Example.com" });
  for (const name of ["U1", "ana@example.com", "Ana@Example.com"]) {
    assertEquals(isAccount(value, name), true, name);
  }
  for (const name of ["", "u1", "U", "U11", "ana", "ana@example.com "]) {
    assertEquals(isAccount(value, name), false, name);
  }
});

Deno.test("byPreference() puts the last preference first, then the oldest, and sorts a copy", () => {
  const all = [
    storedOf("young", [], { connectedAt: 5 }),
    storedOf("old", [], { connectedAt: 1 }),
    storedOf("liked", [], { connectedAt: 9, preferredAt: 10 }),
    storedOf("liked since", [], { connectedAt: 9, preferredAt: 11 }),
  ];
  const given = [...all];
  const accounts = byPreference(all).map(({ value }) => value.account);
  assertEquals(accounts, ["liked since", "liked", "old", "young"]);
  assertEquals(all, given);
});

Deno.test("namesOf() keeps the caller's word, and the title that people know", () => {
  assertEquals(namesOf(resolveService(servers, "acme"), "acme"), NAMED.acme);
  assertEquals(namesOf(resolveService(servers, "calendar"), "calendar"), NAMED.calendar);
});
