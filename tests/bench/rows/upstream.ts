/**
 * Row `upstream`: a call that is passed on to another MCP server, beside a client
 * that calls that server itself.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { startUpstream, type UpstreamDouble } from "../../support/upstream_double.ts";
import type { Answer } from "../caller.ts";
import { checkAll, compared, compete, type Contestant } from "../contest.ts";
import type { Finding, Row } from "../finding.ts";
import { startDirectClient } from "../limits/limits.ts";
import { mcpQuestion, messageOf } from "../messages.ts";
import { appHeaders, startSwitchboard } from "../switchboard.ts";

const TOOL = {
  name: "weather",
  description: "Tells the weather.",
  inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  annotations: { readOnlyHint: true },
};
const TEXT = "Sunny";
/** Of the client, for one request. */
const CALLS = 10;

const QUESTION = mcpQuestion("2025", "tools/call", {
  name: "up_weather",
  arguments: { city: "Paris" },
}, { headers: appHeaders });

function check(answer: Answer): void {
  const message = answer.body.startsWith('{"result"') ? JSON.parse(answer.body) : messageOf(answer);
  assertEquals(message.result.content, [{ type: "text", text: TEXT }]);
}

async function withBoth<T>(
  use: (both: [Contestant, Contestant], upstream: UpstreamDouble) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const upstream = stack.use(startUpstream({
    tools: [TOOL],
    answer: () => ({ content: [{ type: "text", text: TEXT }] }),
  }));
  const { url } = upstream;
  const UPSTREAMS = JSON.stringify([{ name: "up", url }]);
  const ours = stack.use(await startSwitchboard({ UPSTREAMS }));
  const name = "the SDK's client, calling directly";
  const direct = { address: url, tool: TOOL.name, calls: CALLS };
  const client = stack.use(await startDirectClient(direct));
  return await use([
    { name: "ours", target: ours, question: QUESTION, check },
    { name, target: client, question: QUESTION, check, times: CALLS },
  ], upstream);
}

/** How many requests a call makes, once the upstream is known. */
async function roundTrips([ours]: [Contestant, Contestant], { heard }: UpstreamDouble) {
  await checkAll([ours]);
  heard.length = 0;
  await checkAll([ours]);
  // It asks twice.
  return heard.length / 2;
}

export const upstreamRow: Row = {
  name: "upstream",
  async run({ rounds, say }) {
    say("tools/call through an upstream");
    return await withBoth(async (both, upstream): Promise<Finding[]> => {
      const trips = await roundTrips(both, upstream);
      return [
        {
          what: "tools/call through an upstream on loopback",
          ...compared(both, await compete(both, rounds)),
          budget: { times: 1.3 },
        },
        {
          what: "requests to the upstream for one call",
          unit: "requests",
          ours: trips,
          budget: { most: 1 },
        },
      ];
    });
  },
  check: () =>
    withBoth(async (both, upstream) => {
      await checkAll(both);
      assertEquals(await roundTrips(both, upstream), 1);
    }),
};
