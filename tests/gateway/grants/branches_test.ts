import { assertEquals } from "@std/assert";
import { type Grant, grantLifetimes } from "../../../broker/core/grant.ts";
import {
  branchesOf,
  forkGrant,
  lives,
  MAX_BRANCHES,
  TRUNK,
  used,
  USED_AT_MS,
  withoutBranch,
} from "../../../gateway/grants/branches.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const DAY_MS = 24 * 60 * 60_000;
const LIFETIMES = grantLifetimes(30, 180);
const GRANT: Grant = {
  subject: "github:1",
  id: "g",
  clientId: "c",
  name: "Desk",
  scopes: [],
  resource: "https://gateway.example/mcp",
  createdAt: NOW,
  usedAt: NOW,
};

function forkedTimes(times: number): Grant {
  let grant = GRANT;
  for (let n = 0; n < times; n++) ({ grant } = forkGrant(grant, LIFETIMES, NOW + n));
  return grant;
}

const idsOf = (grant: Grant, now = NOW) => branchesOf(grant, LIFETIMES, now).map(({ id }) => id);

Deno.test("a grant of before there were branches is its trunk", () => {
  assertEquals(branchesOf(GRANT, LIFETIMES, NOW), [{ id: TRUNK, since: NOW, usedAt: NOW }]);
  assertEquals(lives(GRANT, undefined, LIFETIMES, NOW), true);
  assertEquals(lives(GRANT, TRUNK, LIFETIMES, NOW), true);
  assertEquals(lives(GRANT, 1, LIFETIMES, NOW), false);
});

Deno.test("forkGrant() makes four branches, and lets whoever comes then into the newest", () => {
  assertEquals(idsOf(forkedTimes(MAX_BRANCHES)), [0, 1, 2, 3, 4]);
  const grant = forkedTimes(MAX_BRANCHES + 3);
  assertEquals(idsOf(grant), [0, 1, 2, 3, 4]);
  assertEquals(branchesOf(grant, LIFETIMES, NOW).map(({ joined }) => joined), [
    ...Array(MAX_BRANCHES).fill(undefined),
    3,
  ]);
});

Deno.test("withoutBranch() ends one for good; its number does not come back", () => {
  const { grant } = withoutBranch(forkedTimes(MAX_BRANCHES), 4, LIFETIMES, NOW)!;
  assertEquals(idsOf(grant!), [0, 1, 2, 3]);
  assertEquals(idsOf(forkGrant(grant!, LIFETIMES, NOW).grant), [0, 1, 2, 3, 5]);
  assertEquals(withoutBranch(grant!, 4, LIFETIMES, NOW), undefined);
});

Deno.test("withoutBranch() ends the trunk too, and with the last chain the grant", () => {
  const { grant } = withoutBranch(forkedTimes(1), TRUNK, LIFETIMES, NOW)!;
  assertEquals(idsOf(grant!), [1]);
  assertEquals(withoutBranch(grant!, 1, LIFETIMES, NOW), { grant: undefined });
  assertEquals(withoutBranch(GRANT, TRUNK, LIFETIMES, NOW), { grant: undefined });
});

Deno.test("a chain that nobody uses ends as a grant does, and the grant goes on by the others", () => {
  const later = NOW + 20 * DAY_MS;
  const grant = used(forkedTimes(1), 1, later)!;
  assertEquals(grant.usedAt, later);
  assertEquals(idsOf(grant, NOW + 30 * DAY_MS), [1]);
  assertEquals(idsOf(grant, later + 30 * DAY_MS), []);
  assertEquals(idsOf(forkGrant(grant, LIFETIMES, NOW + 30 * DAY_MS).grant), [1, 2]);
});

Deno.test("used() writes once an hour for each chain, and after a clock that was ahead", () => {
  const grant = forkedTimes(1);
  assertEquals(used(grant, undefined, NOW + USED_AT_MS - 1), undefined);
  const first = used(grant, undefined, NOW + USED_AT_MS)!;
  assertEquals(first.branches!.map(({ usedAt }) => usedAt), [NOW + USED_AT_MS, NOW]);
  // The grant has been used this hour, and this chain has not.
  const second = used(first, 1, NOW + USED_AT_MS)!;
  assertEquals(second.branches!.map(({ usedAt }) => usedAt), Array(2).fill(NOW + USED_AT_MS));
  assertEquals(used(second, 1, NOW + USED_AT_MS), undefined);
  assertEquals(used(second, 1, NOW - USED_AT_MS)!.usedAt, NOW - USED_AT_MS);
});
