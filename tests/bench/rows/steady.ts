/**
 * Row `steady`: 16 callers for some minutes, who list, call and ask for tokens,
 * each time for another person. What is resident meanwhile.
 *
 * @module
 */

import { assert } from "@std/assert";
import { Caller, type Question, wireOf } from "../caller.ts";
import { median } from "../contest.ts";
import type { Finding, Row } from "../finding.ts";
import { mcpQuestion } from "../messages.ts";
import { residentBytes } from "../process_tree.ts";
import { appHeaders, startSwitchboard, tokenQuestion } from "../switchboard.ts";
import type { Target } from "../load.ts";

const CALLERS = 16;
const SAMPLES = 40;

/** What a caller asks in turns, for one person. */
function questionsOf(person: string): Question[] {
  const headers = { ...appHeaders, "X-User-Id": person };
  const call = { name: "github_update_issue", arguments: { repo: "octocat/hello", number: 1 } };
  return [
    mcpQuestion("2025", "tools/list", {}, { headers }),
    mcpQuestion("2025", "tools/call", call, { headers }),
    mcpQuestion("2026", "tools/call", call, { headers }),
    tokenQuestion(person, headers),
  ];
}

/** Callers ask until the time is over; resolves with how many requests, and what was resident. */
async function askFor(
  target: Target,
  ms: number,
): Promise<{ requests: number; megabytes: number[] }> {
  const begun = performance.now();
  const megabytes: number[] = [];
  let [requests, people] = [0, 0];
  const look = () => {
    const due = (megabytes.length + 1) * ms / SAMPLES;
    if (performance.now() - begun < due) return;
    megabytes.push(residentBytes(target.pid) / 2 ** 20);
  };
  const ask = async () => {
    using caller = new Caller(target.port);
    while (performance.now() - begun < ms) {
      for (const question of questionsOf(`person-${people += 1}`)) {
        const status = await caller.ask(wireOf(question, target.port));
        // Nobody of them is connected: their token is refused.
        assert(status < 500, `${question.path} answers ${status}`);
        requests += 1;
        look();
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, ask));
  return { requests, megabytes };
}

export const steadyRow: Row = {
  name: "steady",
  async run({ minutes, say }): Promise<Finding[]> {
    say(`${CALLERS} callers for ${minutes} min`);
    await using ours = await startSwitchboard();
    const { requests, megabytes } = await askFor(ours, minutes * 60_000);
    const part = (from: number, to: number) =>
      median(megabytes.slice(megabytes.length * from, megabytes.length * to));
    const [second, last] = [part(0.25, 0.5), part(0.75, 1)];
    const curve = megabytes.filter((_, i) => i % 8 === 7).map(Math.round).join(", ");
    const about = `${minutes} min, ${requests.toLocaleString("en")} requests, each fourth for ` +
      `somebody new; at equal distances ${curve}`;
    return [
      {
        what: `resident under ${CALLERS} callers, at most`,
        unit: "MB",
        ours: Math.max(...megabytes),
        budget: { most: 180 },
        note: about,
      },
      {
        what: "the same, its last quarter by its second",
        unit: "MB",
        ours: last,
        limit: { name: "the second quarter", value: second },
        budget: { times: 1.1 },
      },
    ];
  },
};
