/**
 * Row `token`: handing out a provider token that is fresh.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Answer, Question } from "../caller.ts";
import { checkAll, compared, compete, type Contestant } from "../contest.ts";
import type { Row } from "../finding.ts";
import { startBareToken } from "../limits/limits.ts";
import { fetchPackages } from "../packages.ts";
import { type TokenPeer, tokenPeers } from "../token_peers.ts";
import { ACCESS_TOKEN, appHeaders, ask, PERSON, startSwitchboard } from "../switchboard.ts";

const QUESTION: Question = {
  method: "POST",
  path: "/token/github",
  headers: appHeaders,
  body: JSON.stringify({ user_id: PERSON }),
};

function check({ status, body }: Answer): void {
  assertEquals(status, 200);
  assertEquals(JSON.parse(body).access_token, ACCESS_TOKEN);
}

/** Ours, the limit, and the others, all started; `use` is given them. */
async function withAll<T>(
  peers: TokenPeer[],
  use: (contestants: [Contestant, Contestant, ...Contestant[]]) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const ours = stack.use(await startSwitchboard());
  const { body } = await ask(ours.port, QUESTION);
  const bare = stack.use(await startBareToken(body));
  const others: Contestant[] = [];
  for (const { name, start, question } of peers) {
    const target = stack.use(await start());
    others.push({ name, target, question: await question(target), check, isPeer: true });
  }
  return await use([
    { name: "ours", target: ours, question: QUESTION, check },
    { name: "Hono, JSON, one KV get, one record opened", target: bare, question: QUESTION, check },
    ...others,
  ]);
}

export const tokenRow: Row = {
  name: "token",
  async run({ rounds, peers, say }) {
    say("POST /token");
    if (peers) await fetchPackages();
    return await withAll(peers ? tokenPeers : [], async (contestants) => [{
      what: "POST /token",
      ...compared(contestants, await compete(contestants, rounds)),
      budget: { times: 1.3 },
    }]);
  },
  check: () => withAll([], checkAll),
};
