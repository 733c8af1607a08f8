/**
 * Row `start`: from nothing to the first answer, beside a program of Hono, zod
 * and an opened KV.
 *
 * @module
 */

import { newKeyLine } from "../../../tasks/key.ts";
import type { Question } from "../caller.ts";
import { median } from "../contest.ts";
import type { Finding, Row } from "../finding.ts";
import { startBareStart } from "../limits/limits.ts";
import { mcpQuestion } from "../messages.ts";
import { exactCpuUs, residentBytes } from "../process_tree.ts";
import { type Started, started } from "../started.ts";
import {
  appHeaders,
  HEALTH,
  PERSON,
  startSwitchboard,
  switchboardStart,
  tokenQuestion,
} from "../switchboard.ts";

/** What one start took. */
interface Took {
  ms: number;
  cpuMs: number;
  residentMb: number;
}

/** A first request, and how much it may take. */
interface First {
  what: string;
  question: Question;
  times: number;
  megabytes: number;
}

const FIRSTS: First[] = [
  { what: "/health", question: HEALTH, times: 1.5, megabytes: 64 },
  {
    what: "/mcp (tools/list)",
    question: mcpQuestion("2025", "tools/list", {}, { headers: appHeaders }),
    times: 2.2,
    megabytes: 90,
  },
  {
    what: "/token",
    question: tokenQuestion(PERSON),
    times: 2.2,
    megabytes: 90,
  },
];

/** Starts, waits for the first answer, and ends it. */
async function took(start: () => Promise<Started>): Promise<Took> {
  await using program = await start();
  return {
    ms: program.readyMs,
    cpuMs: exactCpuUs(program.pid) / 1000,
    residentMb: residentBytes(program.pid) / 2 ** 20,
  };
}

const NAME = "a start of Hono, zod and an opened KV";

function findingsOf({ what, times, megabytes }: First, ours: Took[], bare: Took[]): Finding[] {
  const middle = (all: Took[], part: keyof Took) => median(all.map((one) => one[part]));
  const held = (part: keyof Took): Pick<Finding, "ours" | "limit" | "ratio" | "budget"> => ({
    ours: middle(ours, part),
    limit: { name: NAME, value: middle(bare, part) },
    ratio: median(ours.map((one, round) => one[part] / bare[round]![part])),
    budget: { times },
  });
  return [
    { what: `from nothing to the first answer of ${what}`, unit: "ms", ...held("ms") },
    { what: `the same, of processor time`, unit: "ms", ...held("cpuMs") },
    {
      what: `resident after the first answer of ${what}`,
      unit: "MB",
      ours: middle(ours, "residentMb"),
      budget: { most: megabytes },
    },
  ];
}

export const startRow: Row = {
  name: "start",
  async run({ rounds, say }) {
    const folder = await Deno.makeTempDir({ prefix: "switchboard_bench_" });
    const kept = { KV_PATH: `${folder}/kv.sqlite`, ENCRYPTION_KEYS: newKeyLine("k1") };
    try {
      // The person's connection is there when the program starts.
      await (await startSwitchboard(kept))[Symbol.asyncDispose]();
      const bare: Took[] = [];
      const ours = new Map(FIRSTS.map(({ what }): [string, Took[]] => [what, []]));
      for (let round = 0; round < rounds; round++) {
        say(`starts, round ${round + 1}`);
        bare.push(await took(startBareStart));
        for (const { what, question } of FIRSTS) {
          ours.get(what)!.push(await took(() => started(switchboardStart(kept, question))));
        }
      }
      return FIRSTS.flatMap((first) => findingsOf(first, ours.get(first.what)!, bare));
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
};
