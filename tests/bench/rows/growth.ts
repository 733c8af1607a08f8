/**
 * Row `growth`: whether a request costs the same where there is much: many
 * connections in the store, many tools behind an upstream.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { newKeyLine } from "../../../tasks/key.ts";
import { startUpstream } from "../../support/upstream_double.ts";
import type { Answer } from "../caller.ts";
import { fill } from "../fill.ts";
import { compared, compete, type Contestant } from "../contest.ts";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { mcpQuestion, messageOf } from "../messages.ts";
import type { Started } from "../started.ts";
import {
  ACCESS_TOKEN,
  appHeaders,
  ask,
  PERSON,
  startSwitchboard,
  tokenQuestion,
} from "../switchboard.ts";

/** Flat: more is noise no longer. */
const FLAT = 1.15;
const FEW = 10;

const TOKEN = tokenQuestion(PERSON);

/** One whose store holds connections of so many people, beside the one that is asked for. */
async function startWith(folder: string, people: number): Promise<Started> {
  const kvPath = `${folder}/${people}.sqlite`;
  const keys = newKeyLine("k1");
  await fill({ kvPath, keys, people });
  return await startSwitchboard({ KV_PATH: kvPath, ENCRYPTION_KEYS: keys });
}

async function connections(options: RowOptions): Promise<Finding> {
  const many = options.whole ? 1_000_000 : 10_000;
  options.say(`${FEW} and ${many} connections`);
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "switchboard_bench_" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const crowded = stack.use(await startWith(folder, many));
  const quiet = stack.use(await startWith(folder, FEW));
  const check = ({ body }: Answer) => assertEquals(JSON.parse(body).access_token, ACCESS_TOKEN);
  const both: [Contestant, Contestant] = [
    { name: "crowded", target: crowded, question: TOKEN, check },
    { name: `the same with ${FEW} connections`, target: quiet, question: TOKEN, check },
  ];
  return {
    what: `POST /token with ${many.toLocaleString("en")} connections`,
    ...compared(both, await compete(both, options.rounds)),
    budget: { times: FLAT },
    note: options.whole ? undefined : "a million with --whole",
  };
}

const PER_UPSTREAM = 500;
const TRIES = 240;
const BETWEEN_TRIES_MS = 250;

/** Upstreams that have so many tools together. */
function upstreamsWith(stack: AsyncDisposableStack, tools: number): string {
  const specs = [];
  for (let from = 0; from < tools; from += PER_UPSTREAM) {
    const named = Array.from({ length: Math.min(PER_UPSTREAM, tools - from) }, (_, i) => ({
      name: `read_thing_${from + i}`,
      description: "Reads a thing, by its id, as the owner sees it.",
      inputSchema: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
      annotations: { readOnlyHint: true },
    }));
    const { url } = stack.use(startUpstream({ tools: named }));
    specs.push({ name: `up${specs.length}`, url });
  }
  return JSON.stringify(specs);
}

/** All of them: where there are this many, they are looked up otherwise. */
const LISTED = mcpQuestion("2025", "tools/list", {}, {
  headers: appHeaders,
  path: "/mcp?mode=list",
});
const CALLED = mcpQuestion("2025", "tools/call", {
  name: "github_list_issues",
  arguments: {},
}, { headers: appHeaders });

/** A list does not wait long for upstreams: it is asked for until they are all there. */
async function kilobytesOnce({ port }: Started, check: Contestant["check"]): Promise<number> {
  for (let tries = 1;; tries++) {
    const answer = await ask(port, LISTED);
    try {
      check(answer);
      return answer.body.length / 1024;
    } catch (error) {
      if (tries === TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_TRIES_MS));
    }
  }
}

async function tools(options: RowOptions): Promise<Finding[]> {
  const [few, many] = [40, 2_000];
  options.say(`${few} and ${many} tools of upstreams`);
  await using stack = new AsyncDisposableStack();
  const crowded = stack.use(await startSwitchboard({ UPSTREAMS: upstreamsWith(stack, many) }));
  const quiet = stack.use(await startSwitchboard({ UPSTREAMS: upstreamsWith(stack, few) }));
  const holds = (least: number) => (answer: Answer) =>
    assert(messageOf(answer).result.tools.length > least);
  const right = (answer: Answer) => assertEquals(messageOf(answer).result.isError, true);
  const large = await kilobytesOnce(crowded, holds(many));
  const small = await kilobytesOnce(quiet, holds(few));
  const lists: [Contestant, Contestant] = [
    { name: "crowded", target: crowded, question: LISTED, check: holds(many), times: large },
    {
      name: `the same with ${few} tools of upstreams`,
      target: quiet,
      question: LISTED,
      check: holds(few),
      times: small,
    },
  ];
  const calls: [Contestant, Contestant] = [
    { name: "crowded", target: crowded, question: CALLED, check: right },
    { name: lists[1].name, target: quiet, question: CALLED, check: right },
  ];
  return [
    {
      what: `tools/list, a KB of it, with ${many.toLocaleString("en")} tools of upstreams`,
      ...compared(lists, await compete(lists, options.rounds)),
      budget: { times: FLAT },
      note: `${Math.round(large)} KB and ${Math.round(small)} KB`,
    },
    {
      what: `tools/call with ${many.toLocaleString("en")} tools of upstreams`,
      ...compared(calls, await compete(calls, options.rounds)),
      budget: { times: FLAT },
    },
  ];
}

export const growthRow: Row = {
  name: "growth",
  run: async (options) => [await connections(options), ...await tools(options)],
};
