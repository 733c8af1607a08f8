/**
 * An import of many connections at two programs on one database at once, while
 * backends ask both for tokens and access tokens end: no refresh token is used
 * twice, and no connection is lost. `IMPORTS=10000` makes it a large one.
 */

import { assert, assertEquals } from "@std/assert";
import { sideBySide } from "../../broker/core/side_by_side.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { API_KEY, type Gateway, startGateway } from "../support/gateway.ts";
import { startZoo, type Zoo } from "../support/zoo.ts";

const ITEMS = Number(Deno.env.get("IMPORTS") ?? 500);
/** Of each access token that is issued, in seconds. */
const LIFETIME = 4;
/** Access tokens end by it, and leases do not: a lease whose clock jumps further is taken over. */
const JUMP_MS = 5_000;
type Line = Record<string, unknown>;

/** Every other one must be refreshed at once, and its account is asked for. */
function items(zoo: Zoo): Line[] {
  return Array.from({ length: ITEMS }, (_none, n) => {
    const { access_token, refresh_token } = zoo.issue();
    const item = { service: "zoo", user_id: `user_${n}`, access_token, refresh_token };
    return n % 2 === 0 ? { ...item, verify: "refresh" } : {
      ...item,
      verify: "none",
      account: { id: "animal" },
      expires_in: n % 4 === 1 ? LIFETIME : 0,
    };
  });
}

/** Imports them all, and tells of each line as it comes. */
async function importAll(
  { url }: Gateway,
  all: Line[],
  heard: (line: Line) => void = () => {},
): Promise<Line> {
  const response = await fetch(`${url}/connections/import`, {
    method: "POST",
    headers: { "Authorization": `Bearer ${API_KEY}`, "Content-Type": "application/x-ndjson" },
    body: ReadableStream.from(all.map((item) => `${JSON.stringify(item)}\n`))
      .pipeThrough(new TextEncoderStream()),
  });
  let rest = "";
  let last: Line = {};
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) heard(last = JSON.parse(line));
  }
  return last;
}

async function startBoth(zoo: Zoo): Promise<Gateway[]> {
  const env = {
    ENCRYPTION_KEYS: newKeyLine("k1"),
    PROVIDERS: JSON.stringify([zoo.spec]),
    ZOO_CLIENT_ID: "zoo-client",
    ZOO_CLIENT_SECRET: "zoo-secret",
  };
  const one = await startGateway({ env });
  return [one, await startGateway({ env, kvPath: one.kvPath })];
}

Deno.test(`${ITEMS} imports while refreshes run: none is refreshed twice, none is lost`, async () => {
  await using zoo = startZoo();
  zoo.bend("refresh", { members: { expires_in: LIFETIME } });
  const [one, two] = await startBoth(zoo) as [Gateway, Gateway];
  // The first one has the file.
  await using _first = one;
  await using _second = two;
  const both = [one, two];
  const all = items(zoo);

  const faults: unknown[] = [];
  const asking = new Set<Promise<void>>();
  const ask = async (user_id: unknown) => {
    await Promise.all(both.map(async ({ api }) => {
      const { status, json } = await api("/token/zoo", { body: { user_id } });
      if (status !== 200) faults.push([user_id, status, json]);
    }));
  };
  let lines = 0;
  const heard = ({ index, status, error }: Line) => {
    if (status === "refused") faults.push([index, error]);
    if (index === undefined) return;
    // Whatever was handed out before has ended, in both at once.
    if (++lines % Math.ceil(ITEMS / 3) === 0) {
      for (const { world } of both) world.skew += JUMP_MS;
    }
    const asked = ask(all[Number(index)]!.user_id).finally(() => asking.delete(asked));
    asking.add(asked);
  };
  const ends = await Promise.all(both.map((gateway) => importAll(gateway, all, heard)));
  await Promise.all(asking);
  assertEquals(faults, []);
  assert(ends.every(({ done }) => done === true));
  // Each was imported at one of the two, and known at the other.
  assertEquals(ends.reduce((sum, { imported }) => sum + Number(imported), 0), ITEMS);
  assertEquals(ends.reduce((sum, { unchanged }) => sum + Number(unchanged), 0), ITEMS);

  for (const { world } of both) world.skew += JUMP_MS;
  await sideBySide(all, 20, ({ user_id }) => ask(user_id));
  const again = await importAll(one, all);
  assertEquals([again.unchanged, faults], [ITEMS, []]);
  const used = zoo.asked.filter(({ answer }) => answer === "refresh")
    .map(({ form }) => form.refresh_token);
  assert(used.length >= ITEMS);
  assertEquals(new Set(used).size, used.length, "a refresh token was used twice");
  const records = await Array.fromAsync(one.kv.list({ prefix: ["connections"] }));
  assertEquals(records.length, ITEMS);
});
