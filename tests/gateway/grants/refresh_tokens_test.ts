import { assertEquals } from "@std/assert";
import {
  type GatewaySecret,
  type Grant,
  type GrantLifetimes,
  grantLifetimes,
} from "../../../broker/core/grant.ts";
import { forkGrant } from "../../../gateway/grants/branches.ts";
import {
  FORK_MS,
  judge,
  leadsTo,
  MAX_FORKS,
  type Presenter,
  ROTATION_GRACE_MS,
} from "../../../gateway/grants/refresh_tokens.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const LIFETIMES: GrantLifetimes = grantLifetimes(30, 180);
const GRANT: Grant = {
  subject: "github:1",
  id: "g",
  clientId: "c",
  name: "Desk",
  scopes: [],
  resource: "https://gateway.example/mcp",
  createdAt: NOW - 1000,
  usedAt: NOW - 1000,
};
const CLIENT: Presenter = { clientId: "c", key: undefined, authenticates: false };
const NEW: GatewaySecret = {
  kind: "refresh",
  subject: "github:1",
  grantId: "g",
  expiresAt: NOW + 1e9,
};

/** A token that was used at NOW, and its successor. */
function used(more: Partial<GatewaySecret> = {}): GatewaySecret {
  return { ...NEW, rotated: { at: NOW, successor: "second" }, ...more };
}

function verdict(
  now: number,
  { token = used(), successor = NEW, grant = GRANT, presenter = CLIENT }: {
    token?: GatewaySecret;
    successor?: GatewaySecret | undefined;
    grant?: Grant;
    presenter?: Presenter;
  } = {},
) {
  return judge({ token, successor, grant, lifetimes: LIFETIMES }, presenter, now);
}

Deno.test("judge() gives a new one a successor, and a used one the same until that is used", () => {
  assertEquals(verdict(NOW, { token: NEW }), { kind: "rotate" });
  for (const late of [0, ROTATION_GRACE_MS + 1, 29 * 24 * FORK_MS]) {
    const expected = { kind: "repeat", successor: "second", branch: undefined };
    assertEquals(verdict(NOW + late), expected as never, String(late));
  }
});

Deno.test("judge() gives branches for an hour after the successor's first use, and no longer", () => {
  const at = NOW + 2 * FORK_MS;
  const successor = { ...NEW, rotated: { at, successor: "third" } };
  const until = at + FORK_MS;
  for (const now of [at, until - 1]) {
    assertEquals(verdict(now, { successor }), { kind: "fork", count: 1, until });
  }
  assertEquals(verdict(until, { successor }), { kind: "refuse", why: "late" });
  // By a clock that was ahead: the hour would be a long one.
  const ahead = { ...NEW, rotated: { at: at + 24 * FORK_MS, successor: "third" } };
  assertEquals(verdict(at, { successor: ahead }), { kind: "refuse", why: "late" });
});

Deno.test("judge() leads to the last branch until it is used, and keeps the hour and the count", () => {
  const until = NOW + FORK_MS;
  const fork = (count: number) => used({ forked: { successor: "branch", count, until } });
  const { grant } = forkGrant(GRANT, LIFETIMES, NOW);
  const branch = { ...NEW, branch: 1 };
  const usedBranch = { ...branch, rotated: { at: NOW + 1, successor: "next" } };
  assertEquals(leadsTo(fork(1)), "branch");
  assertEquals(
    verdict(until + FORK_MS, { grant, token: fork(1), successor: branch }),
    { kind: "repeat", successor: "branch", branch: 1 },
  );
  const again = (count: number, now: number) =>
    verdict(now, { grant, token: fork(count), successor: usedBranch });
  assertEquals(again(MAX_FORKS - 1, until - 1), { kind: "fork", count: MAX_FORKS, until });
  assertEquals(again(MAX_FORKS, until - 1), { kind: "refuse", why: "too_often" });
  assertEquals(again(1, until), { kind: "refuse", why: "late" });
});

Deno.test("judge() refuses what is of a chain that was ended, or led to one", () => {
  const { grant } = forkGrant(GRANT, LIFETIMES, NOW);
  const ended = { ...grant, branches: grant.branches!.slice(0, 1) };
  assertEquals(verdict(NOW, { grant: ended, token: { ...NEW, branch: 1 } }), {
    kind: "refuse",
    why: "ended",
  });
  const token = used({ forked: { successor: "branch", count: 1, until: NOW + FORK_MS } });
  const successor = { ...NEW, branch: 1 };
  assertEquals(verdict(NOW, { grant: ended, token, successor }), { kind: "refuse", why: "ended" });
  const trunkEnded = { ...grant, branches: grant.branches!.slice(1) };
  for (const token of [NEW, used()]) {
    assertEquals(verdict(NOW, { grant: trunkEnded, token }), { kind: "refuse", why: "ended" });
  }
});

Deno.test("judge() refuses another client, and another key than the one that it is bound to", () => {
  const other = { ...CLIENT, clientId: "other" };
  for (const token of [NEW, used()]) {
    assertEquals(verdict(NOW, { token, presenter: other }), {
      kind: "refuse",
      why: "other_client",
    });
    const bound = { ...token, key: "thumbprint" };
    for (const key of [undefined, "another"]) {
      assertEquals(verdict(NOW, { token: bound, presenter: { ...CLIENT, key } }), {
        kind: "refuse",
        why: "other_key",
      });
    }
    const own = verdict(NOW, { token: bound, presenter: { ...CLIENT, key: "thumbprint" } });
    assertEquals(own, verdict(NOW, { token }));
    // One that is bound to no key is anybody's who has it, with a key or without.
    assertEquals(verdict(NOW, { token, presenter: { ...CLIENT, key: "another" } }), own);
  }
});

Deno.test("judge() gives a client that authenticates the same successor for a minute, used or not", () => {
  const presenter = { ...CLIENT, authenticates: true };
  const usedSuccessor = { ...NEW, rotated: { at: NOW + 1, successor: "third" } };
  for (const successor of [NEW, usedSuccessor]) {
    const at = (now: number) => verdict(now, { successor, presenter });
    assertEquals(at(NOW + ROTATION_GRACE_MS - 1), {
      kind: "repeat",
      successor: "second",
      branch: undefined,
    });
    assertEquals(at(NOW + ROTATION_GRACE_MS), { kind: "refuse", why: "late" });
  }
});

Deno.test("judge() refuses where the successor is gone", () => {
  const presented = { token: used(), successor: undefined, grant: GRANT, lifetimes: LIFETIMES };
  assertEquals(judge(presented, CLIENT, NOW), { kind: "refuse", why: "late" });
});
