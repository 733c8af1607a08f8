/**
 * Row `token`: handing out a provider token that is fresh.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Answer, Question } from "../caller.ts";
import { checkAll, compared, compete, type Contestant } from "../contest.ts";
import type { Finding, Row } from "../finding.ts";
import { startBareToken } from "../limits/limits.ts";
import { fetchPackages } from "../packages.ts";
import { type TokenPeer, tokenPeers } from "../token_peers.ts";
import {
  ACCESS_TOKEN,
  ask,
  PEOPLE,
  PERSON,
  startSwitchboard,
  tokenQuestion,
} from "../switchboard.ts";

/** All for one person, who is looked up once for those who ask in one go. */
const FOR_ONE = tokenQuestion(PERSON);
const FOR_EACH: Question = {
  ...FOR_ONE,
  of: (caller) => tokenQuestion(PEOPLE[(caller - 1) % PEOPLE.length]!),
};

function check({ status, body }: Answer): void {
  assertEquals(status, 200);
  assertEquals(JSON.parse(body).access_token, ACCESS_TOKEN);
}

/** Ours, the limit, and the others, all started; `use` is given them. */
async function withAll<T>(
  asked: Question,
  peers: TokenPeer[],
  use: (contestants: [Contestant, Contestant, ...Contestant[]]) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const ours = stack.use(await startSwitchboard());
  const { body } = await ask(ours.port, FOR_ONE);
  const bare = stack.use(await startBareToken(body));
  const others: Contestant[] = [];
  for (const { name, start, question } of peers) {
    const target = stack.use(await start());
    others.push({ name, target, question: await question(target), check, isPeer: true });
  }
  return await use([
    { name: "ours", target: ours, question: asked, check },
    { name: "Hono, JSON, one KV get, one record opened", target: bare, question: asked, check },
    ...others,
  ]);
}

export const tokenRow: Row = {
  name: "token",
  async run({ rounds, peers, say }) {
    if (peers) await fetchPackages();
    const measured = (what: string, asked: Question, others: TokenPeer[]) => {
      say(what);
      return withAll(asked, others, async (contestants): Promise<Finding> => ({
        what,
        ...compared(contestants, await compete(contestants, rounds)),
        budget: { times: 1.3 },
      }));
    };
    return [
      await measured("POST /token, each caller for somebody else", FOR_EACH, []),
      await measured("POST /token, all callers for one person", FOR_ONE, peers ? tokenPeers : []),
    ];
  },
  check: () => withAll(FOR_EACH, [], checkAll),
};
