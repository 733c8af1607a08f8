/**
 * Row `token`: handing out a provider token that is fresh.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Answer, Question } from "../caller.ts";
import { checkAll, compete, type Contestant, median, ratioOf } from "../contest.ts";
import type { Row } from "../finding.ts";
import { startBareToken } from "../limits/limits.ts";
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

/** Ours and the limit, started; `use` is given both. */
async function withBoth<T>(use: (contestants: Contestant[]) => Promise<T>): Promise<T> {
  await using ours = await startSwitchboard();
  const { body } = await ask(ours.port, QUESTION);
  await using bare = await startBareToken(body);
  return await use([
    { name: "ours", target: ours, question: QUESTION, check },
    { name: "bare", target: bare, question: QUESTION, check },
  ]);
}

export const tokenRow: Row = {
  name: "token",
  async run({ rounds, say }) {
    say("POST /token");
    const measured = await withBoth((both) => compete(both, rounds));
    const bare = median(measured.get("bare")!);
    return [{
      what: "POST /token",
      unit: "µs CPU",
      ours: median(measured.get("ours")!),
      limit: { name: "Hono, JSON, one KV get, one record opened", value: bare },
      ratio: ratioOf(measured, "ours", "bare"),
      budget: { times: 1.3 },
    }];
  },
  check: () => withBoth(checkAll),
};
