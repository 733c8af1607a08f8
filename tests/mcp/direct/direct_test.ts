/**
 * The thin dispatch is held equal to the SDKs: each request of a large corpus
 * goes through the whole front door twice, and both answers are the same in
 * their status, headers and bytes.
 */

import { assert, assertEquals } from "@std/assert";
import { API_KEY } from "../../support/gateway.ts";
import { type Behaviour, remoteTool } from "../../support/upstream_double.ts";
import { askedOf, type Draft, HOT_2025, HOT_2026, mixed, single } from "./corpus.ts";
import { startTwins, type Twins } from "./twins.ts";

type Headers = Record<string, string>;

const HOT = [...HOT_2025, ...HOT_2026];

let users = 0;
/** A backend with its API key, for a user of its own: what is remembered of calls begins anew. */
const backend = (): Headers => ({
  Authorization: `Bearer ${API_KEY}`,
  "X-User-Id": `user-{way}-${users++}`,
});

const UPSTREAM: Behaviour = {
  tools: [remoteTool("say")],
};

/** Asks in both ways, and holds them equal; gives how many the thin dispatch answered. */
async function assertSame(twins: Twins, drafts: Iterable<Draft>, caller = backend) {
  const counts = { all: 0, direct: 0 };
  const differing: unknown[] = [];
  for (const draft of drafts) {
    const asked = askedOf(draft, caller());
    const { direct, sdk, isDirect } = await twins.ask(asked);
    counts.all++;
    if (isDirect) counts.direct++;
    if (JSON.stringify(direct) !== JSON.stringify(sdk)) differing.push({ asked, direct, sdk });
  }
  assertEquals(differing[0], undefined, `${differing.length} of ${counts.all}`);
  return counts;
}

Deno.test("what real clients ask is answered directly, and as the SDK answers it", async () => {
  await using twins = await startTwins();
  for (const draft of HOT) {
    const asked = askedOf(draft, backend());
    const { direct, sdk, isDirect } = await twins.ask(asked);
    assertEquals(direct, sdk, JSON.stringify(asked));
    assert(isDirect, JSON.stringify(asked));
  }
});

Deno.test("each difference of a request is answered as the SDK answers it", async () => {
  await using twins = await startTwins();
  const { all, direct } = await assertSame(twins, single(HOT));
  assert(direct > all / 2, `${direct} of ${all}`);
});

Deno.test("differences that come together are answered as the SDK answers them", async () => {
  await using twins = await startTwins(UPSTREAM);
  const { all, direct } = await assertSame(twins, mixed(HOT, 3000, 1));
  assert(direct > all / 4, `${direct} of ${all}`);
});
