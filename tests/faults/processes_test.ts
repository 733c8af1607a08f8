import { assertEquals, assertNotEquals } from "@std/assert";
import { Browser, type Page } from "../support/browser.ts";
import { type Caller, type Outcome, release, Sightings } from "./callers.ts";
import { ask, Fleet, token, type Worker } from "./fleet.ts";
import { modes, type RefreshRequest, shortDigest } from "./protocol.ts";

const MINUTE_MS = 60_000;
const LIFETIME_SECONDS = 3600;
const EXPIRED_MS = LIFETIME_SECONDS * 1000;

async function startFleet(processes: number): Promise<Fleet> {
  return await Fleet.start({ processes, accessTokenSeconds: LIFETIME_SECONDS });
}

/** A crowd that asks all processes, half of it for the token, half for a tool's answer. */
function crowd(count: number, processes: number, account: string): Caller[] {
  return Array.from({ length: count }, (_, index) => ({
    account,
    via: index % 2 === 0 ? "token" : "tool",
    worker: Math.floor(index / 2) % processes,
  }));
}

function tokensOf(outcomes: Outcome[]): string[] {
  return [...new Set(outcomes.flatMap(({ token }) => token ?? []))];
}

Deno.test("1,000 callers in three processes at expiry cause one token request and get one token", async () => {
  await using fleet = await startFleet(3);
  const accounts = modes.map((mode) => `${mode}-1`);
  await Promise.all(accounts.map((account) => fleet.connect(account)));
  const before = await Promise.all(accounts.map((account) => token(fleet.workers[0]!, account)));
  await fleet.setSkew(EXPIRED_MS);
  await fleet.log();
  for (const [index, account] of accounts.entries()) {
    const sightings = new Sightings();
    const outcomes = await release(fleet.workers, crowd(1_000, 3, account), sightings);
    assertEquals({ ...sightings }, { serverErrors: 0, withRetryAfter: 0, locked: 0, broken: 0 });
    const [issued = "", ...others] = tokensOf(outcomes);
    assertEquals(others, [], account);
    assertNotEquals(issued, before[index]!.json.access_token);
    const events = outcomes.filter(({ kind, detail }) => kind === "events" && detail === account);
    assertEquals(events.length, 500, "everybody sees the own calendar");
    const { refreshes, used } = await fleet.log();
    assertEquals(refreshes.map(({ account, issued }) => [account, issued]), [
      [account, shortDigest(issued)],
    ]);
    assertEquals(used, { [account]: [shortDigest(issued)] });
  }
});

Deno.test("thirty expiries in a row cause thirty token requests, whoever is first", async () => {
  await using fleet = await startFleet(3);
  await fleet.connect("rotating-1");
  await fleet.log();
  for (let expiry = 1; expiry <= 30; expiry++) {
    await fleet.setSkew(expiry * EXPIRED_MS);
    const outcomes = await release(fleet.workers, crowd(12, 3, "rotating-1"), new Sightings());
    const [issued = "", ...others] = tokensOf(outcomes);
    assertEquals(others, []);
    const { refreshes } = await fleet.log();
    assertEquals(refreshes.map((refresh) => refresh.issued), [shortDigest(issued)]);
  }
});

Deno.test("six writing processes never show a caller that the database is locked", async () => {
  await using fleet = await startFleet(6);
  const people = Array.from({ length: 100 }, (_, index) => `user_${index}`);
  const sent = await Promise.all(
    fleet.workers.flatMap((worker) => people.map((user) => confirmLink(worker, user))),
  );
  const stopped = sent.filter(({ url }) => !url.startsWith(`${fleet.provider}/o/oauth2/`));
  assertEquals(stopped.map(({ url, status }) => `${status} ${url}`), []);
  assertEquals(fleet.workers.map((worker) => worker.said("locked")), [0, 0, 0, 0, 0, 0]);
});

/**
 * Makes a link and says yes to it, up to the provider's door: three writes, one
 * of them conditional. Only those fail at once on a locked file (Deno 2.9.6):
 * what begins by reading cannot wait for its turn to write.
 */
async function confirmLink({ url }: Worker, user: string): Promise<Page> {
  const link = await ask(`${url}/links`, { user_id: user, service: "calendar" });
  assertEquals(link.status, 200, JSON.stringify(link.json));
  const browser = new Browser();
  const isProvider = (next: string) => !next.startsWith(url);
  return await browser.submit(await browser.open(link.json.url), { until: isProvider });
}

Deno.test("a process whose clock is two minutes ahead takes no lease from another, nor loses its own", async () => {
  await using fleet = await startFleet(2);
  const [usual, ahead] = fleet.workers as [Worker, Worker];
  const holders = [{ holder: usual, account: "slow-1" }, { holder: ahead, account: "slow-2" }];
  const accounts = ["slow-1", "slow-2", "rotating-1"];
  await Promise.all(accounts.map((account) => fleet.connect(account)));
  await usual.control({ skew: EXPIRED_MS });
  await ahead.control({ skew: EXPIRED_MS + 2 * MINUTE_MS });
  await fleet.log();
  const first = holders.map(({ holder, account }) => token(holder, account));
  // Both leases are held, and the provider is at work.
  const refreshes = await seenRefreshes(fleet, 2);
  const crowds = accounts.flatMap((account) => crowd(100, 2, account));
  const outcomes = await release(fleet.workers, crowds, new Sightings());
  refreshes.push(...(await fleet.log()).refreshes);
  assertEquals(refreshes.map(accountOf).sort(), accounts.toSorted());
  for (const account of accounts) {
    const own = outcomes.filter(({ caller }) => caller.account === account);
    assertEquals(new Set(own.map(({ kind }) => kind)), new Set(["token", "events"]));
    assertEquals(tokensOf(own).length, 1);
  }
  assertEquals((await Promise.all(first)).map(({ status }) => status), [200, 200]);
});

function accountOf({ account }: { account: string }): string {
  return account;
}

/** What the provider was asked, as soon as it is `count` times. */
async function seenRefreshes(fleet: Fleet, count: number) {
  const seen: RefreshRequest[] = [];
  while (seen.length < count) {
    seen.push(...(await fleet.log()).refreshes);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return seen;
}
