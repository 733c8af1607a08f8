/**
 * Rows `list` and `call`: ours in both revisions beside bare Hono with the same
 * bytes.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Answer } from "../caller.ts";
import { checkAll, compete, type Contestant, median, ratioOf } from "../contest.ts";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { startFixedAnswer } from "../limits/limits.ts";
import { type Era, ERAS, mcpQuestion, messageOf } from "../messages.ts";
import { appHeaders, ask, startSwitchboard } from "../switchboard.ts";

/** A request that is measured. */
interface Asked {
  row: string;
  what: string;
  method: string;
  params: Record<string, unknown>;
  budget: Record<Era, { times: number }>;
  /** What the message must hold; it throws where it does not. */
  // deno-lint-ignore no-explicit-any -- rows look where they know something stands
  holds(message: any): void;
}

const LIST: Asked = {
  row: "list",
  what: "tools/list",
  method: "tools/list",
  params: {},
  budget: { "2025": { times: 1.6 }, "2026": { times: 2 } },
  holds({ result }) {
    assert(result.tools.length > 20);
  },
};

/** A tool that answers by itself: its arguments are read, found good, and ask for nothing. */
const CALL: Asked = {
  row: "call",
  what: "tools/call, answered by the tool itself",
  method: "tools/call",
  params: { name: "github_list_issues", arguments: {} },
  budget: { "2025": { times: 2.5 }, "2026": { times: 2.5 } },
  holds({ result }) {
    assertEquals(typeof result.content[0].text, "string");
  },
};

/** Ours and bare Hono, started; `use` is given both. */
async function withBoth<T>(
  { method, params, holds }: Asked,
  era: Era,
  use: (contestants: Contestant[]) => Promise<T>,
): Promise<T> {
  const question = mcpQuestion(era, method, params, { headers: appHeaders });
  await using ours = await startSwitchboard();
  const answer = await ask(ours.port, question);
  await using bare = await startFixedAnswer(answer.body);
  const check = (answer: Answer) => {
    assertEquals(answer.status, 200);
    holds(messageOf(answer));
  };
  const same = ({ body }: Answer) => assertEquals(body, answer.body);
  return await use([
    { name: "ours", target: ours, question, check },
    { name: "bare", target: bare, question, check: same },
  ]);
}

async function measure(asked: Asked, era: Era, { rounds }: RowOptions): Promise<Finding> {
  const measured = await withBoth(asked, era, (both) => compete(both, rounds));
  return {
    what: `${asked.what}, ${era}`,
    unit: "µs CPU",
    ours: median(measured.get("ours")!),
    limit: { name: "bare Hono, the same bytes", value: median(measured.get("bare")!) },
    ratio: ratioOf(measured, "ours", "bare"),
    budget: asked.budget[era],
  };
}

function rowOf(asked: Asked): Row {
  return {
    name: asked.row,
    async run(options) {
      const findings: Finding[] = [];
      for (const era of ERAS) {
        options.say(`${asked.what}, ${era}`);
        findings.push(await measure(asked, era, options));
      }
      return findings;
    },
    async check() {
      for (const era of ERAS) await withBoth(asked, era, checkAll);
    },
  };
}

export const listRow = rowOf(LIST);
export const callRow = rowOf(CALL);
