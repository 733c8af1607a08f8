import { assert, assertEquals } from "@std/assert";
import { ask, Fleet, signIn, TAKEOVER, token, type Worker } from "./fleet.ts";
import { type KillPoint, killPoints, type Mode } from "./protocol.ts";

const LIFETIME_SECONDS = 3600;
/** Stale, but two minutes of life are left. */
const STALE_MS = (LIFETIME_SECONDS - 120) * 1000;

/** One process dies over the refresh of one account, while its token still lives. */
interface KillCase {
  account: string;
  victim: Worker;
  point: KillPoint;
  mode: Mode;
}

/** The provider did the work, the answer died with the process, and the old refresh token is dead. */
function isUnwinnable({ mode, point }: KillCase): boolean {
  return mode === "rotating" && point !== "before";
}

function accountsOf(list: { account: string }[]): string[] {
  return list.map(({ account }) => account).sort();
}

async function killAtRefresh({ account, victim, point }: KillCase): Promise<void> {
  await victim.control({ arm: point });
  await token(victim, account).then(
    ({ status }) => assert(false, `was answered with ${status}`),
    () => {},
  );
  assertEquals((await victim.running.ended).signal, "SIGKILL");
}

Deno.test("kill -9 before, during and after the token request costs no connection that can be saved", async () => {
  const cases = (["fast", "rotating"] satisfies Mode[]).flatMap((mode) =>
    killPoints.map((point) => ({ mode, point, account: `${mode}-${point}` }))
  );
  await using fleet = await Fleet.start({
    processes: cases.length + 1,
    accessTokenSeconds: LIFETIME_SECONDS,
  });
  const survivor = fleet.workers.at(-1)!;
  const kills: KillCase[] = cases.map((it, index) => ({ ...it, victim: fleet.workers[index]! }));
  await Promise.all(kills.map(({ account }) => fleet.connect(account, survivor)));
  const old = await Promise.all(kills.map(({ account }) => token(survivor, account)));
  await fleet.setSkew(STALE_MS);
  await fleet.log();
  await Promise.all(kills.map(killAtRefresh));
  const sent = kills.filter(({ point }) => point !== "before");
  assertEquals(accountsOf((await fleet.log()).refreshes), accountsOf(sent));

  await Promise.all(kills.map(async (it, index) => {
    const answer = await untilChanged(survivor, it.account, old[index]!.json.access_token);
    const { status, json: { error, connect_url } } = answer;
    if (!isUnwinnable(it)) assertEquals(status, 200, it.account);
    else {
      assertEquals([status, error], [409, "reauthorization_required"], it.account);
      assert(connect_url.startsWith(`${survivor.url}/auth/`));
    }
  }));
  assertEquals(survivor.said(TAKEOVER), kills.length);
  const { refreshes } = await fleet.log();
  assertEquals(accountsOf(refreshes), accountsOf(kills), "asked once each");

  await Promise.all(kills.filter(isUnwinnable).map((it) => healed(survivor, it)));
  assertEquals((await fleet.log()).refreshes, [], "nobody asks again");
});

/**
 * The first answer that is not the old token. Until the dead process's lease
 * has run out the old token is as good an answer as none: it still lives.
 */
async function untilChanged(worker: Worker, account: string, old: string) {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await token(worker, account);
    if (answer.json.access_token !== old) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${account} is not refreshed`);
}

/** A person connects again: the same record works. */
async function healed(survivor: Worker, { account }: KillCase): Promise<void> {
  const list = () => ask(`${survivor.url}/connections?user_id=${account}`);
  const dead = await list();
  const { json } = await token(survivor, account);
  await signIn(json.connect_url, account);
  assertEquals((await token(survivor, account)).status, 200);
  const { json: { connections: [connection, ...others] } } = await list();
  assertEquals(others, []);
  assertEquals(connection.status, "active");
  assertEquals(connection.connected_at, dead.json.connections[0].connected_at);
}
