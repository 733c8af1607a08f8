/**
 * Rows `list` and `call`: ours in both revisions beside bare Hono with the same
 * bytes, and beside other programs that serve MCP.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Answer } from "../caller.ts";
import {
  checkAll,
  compared,
  compete,
  type Contestant,
  median,
  ratioOf,
  type Rounds,
} from "../contest.ts";
import type { Finding, Row, RowOptions } from "../finding.ts";
import { startFixedAnswer } from "../limits/limits.ts";
import { type Era, ERAS, mcpQuestion, messageOf } from "../messages.ts";
import { type McpPeer, mcpPeers } from "../mcp_peers.ts";
import { fetchPackages } from "../packages.ts";
import { type Started, started } from "../started.ts";
import { appHeaders, ask, startFlags, startSwitchboard, switchboardStart } from "../switchboard.ts";

/** A request that is measured. */
interface Asked {
  what: string;
  method: string;
  params: Record<string, unknown>;
  budget: Record<Era, { times: number }>;
  /** What the message must hold; it throws where it does not. */
  // deno-lint-ignore no-explicit-any -- rows look where they know something stands
  holds(message: any): void;
  /** `false`: the others are not asked it. */
  peers?: false;
  /** It is held against fastmcp's build for the edge as well, with authentication out of both. */
  edge?: true;
}

const LIST: Asked = {
  what: "tools/list",
  method: "tools/list",
  params: {},
  budget: { "2025": { times: 1.6 }, "2026": { times: 2 } },
  holds({ result }) {
    assert(result.tools.length > 20);
  },
};

/** Its arguments are read and found good; then it has nothing to ask its provider for. */
const CALL: Asked = {
  what: "tools/call that needs no provider",
  method: "tools/call",
  params: { name: "github_update_issue", arguments: { repo: "octocat/hello-world", number: 1 } },
  budget: { "2025": { times: 2.5 }, "2026": { times: 2.5 } },
  holds({ result }) {
    assertStringIncludes(result.content[0].text, "Say what to change");
  },
  edge: true,
};

/** Its arguments are read and found wrong. */
const REFUSED: Asked = {
  ...CALL,
  what: "tools/call with wrong arguments",
  params: { name: "github_list_issues", arguments: {} },
  peers: false,
  holds({ result }) {
    assertStringIncludes(result.content[0].text, "repo is missing");
  },
};

/** A request in one revision, and who is asked it beside ours and bare Hono. */
interface Contest {
  asked: Asked;
  era: Era;
  peers?: McpPeer[];
  /** Ours takes part a second time, where nobody is asked who calls. */
  isOpen?: boolean;
}

/** Starts bare Hono and the others; `use` is given them all. */
async function withAll<T>(
  ours: Started,
  { asked: { method, params, holds }, era, peers = [], isOpen = false }: Contest,
  use: (contestants: [Contestant, Contestant, ...Contestant[]]) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  const question = mcpQuestion(era, method, params, { headers: appHeaders });
  const answer = await ask(ours.port, question);
  const bare = stack.use(await startFixedAnswer(answer.body));
  const check = (answer: Answer) => {
    assertEquals(answer.status, 200);
    holds(messageOf(answer));
  };
  const same = ({ body }: Answer) => assertEquals(body, answer.body);
  const others: Contestant[] = [];
  if (peers.length > 0) {
    const tools = stack.adopt(await Deno.makeTempFile(), (file) => Deno.remove(file));
    await Deno.writeTextFile(tools, JSON.stringify(await listed(ours.port)));
    for (const { name, start, open, connect, prefix = "" } of peers) {
      const target = stack.use(await start(tools));
      const headers = await open?.(target) ?? {};
      const named = "name" in params ? { ...params, name: `${prefix}${params.name}` } : params;
      const question = mcpQuestion(era, method, named, { headers });
      others.push({ name, target: { ...target, connect }, question, check, isPeer: true });
    }
  }
  if (isOpen) {
    const open = stack.use(await startOpenEndpoint());
    others.push({ name: OPEN, target: open, question, check: same });
  }
  return await use([
    { name: "ours", target: ours, question, check },
    { name: "bare Hono, the same bytes", target: bare, question, check: same },
    ...others,
  ]);
}

const EDGE = "fastmcp/edge";
const OPEN = "our endpoint alone";

/** Our endpoint where nobody is asked who calls, with the providers that the program has. */
async function startOpenEndpoint(): Promise<Started> {
  const { env, ready } = switchboardStart();
  const file = new URL("../open_endpoint.ts", import.meta.url).pathname;
  return await started({
    command: Deno.execPath(),
    args: (port, folder) => {
      const variables = JSON.stringify(env?.(port, folder));
      return ["run", ...startFlags(), "--quiet", file, String(port), variables];
    },
    ready,
  });
}

/** The tools as Switchboard lists them. */
async function listed(port: number): Promise<unknown> {
  const question = mcpQuestion("2025", "tools/list", {}, { headers: appHeaders });
  return messageOf(await ask(port, question)).result.tools;
}

async function measure(asked: Asked, era: Era, options: RowOptions): Promise<Finding[]> {
  const wanted = options.peers && asked.peers !== false;
  if (wanted) await fetchPackages();
  const peers = wanted ? mcpPeers.filter(({ eras }) => eras.includes(era)) : [];
  await using ours = await startSwitchboard();
  const isOpen = asked.edge === true && peers.some(({ name }) => name.startsWith(EDGE));
  return await withAll(ours, { asked, era, peers, isOpen }, async (contestants) => {
    const rounds = await compete(contestants, options.rounds);
    const [ours, bare, ...others] = contestants;
    const theirs = others.filter(({ name }) => name !== OPEN);
    const finding = {
      what: `${asked.what}, ${era}`,
      ...compared([ours, bare, ...theirs], rounds),
      budget: asked.budget[era],
    };
    const edge = theirs.find(({ name }) => name.startsWith(EDGE));
    return others.length === theirs.length || edge === undefined
      ? [finding]
      : [finding, besideEdge(finding, edge.name, rounds)];
  });
}

/** The budget leaves authentication out of both. */
function besideEdge({ what, unit }: Finding, name: string, rounds: Rounds): Finding {
  return {
    what,
    unit,
    ours: median(rounds.get(OPEN) ?? []),
    limit: { name, value: median(rounds.get(name) ?? []) },
    ratio: ratioOf(rounds, OPEN, name),
    budget: { times: 1 },
    note: "with authentication out of both, and with it limits and the log",
  };
}

function rowOf(name: string, asked: Asked[]): Row {
  return {
    name,
    async run(options) {
      const findings: Finding[] = [];
      for (const one of asked) {
        for (const era of ERAS) {
          options.say(`${one.what}, ${era}`);
          findings.push(...await measure(one, era, options));
        }
      }
      return findings;
    },
    async check() {
      await using ours = await startSwitchboard();
      for (const one of asked) {
        for (const era of ERAS) {
          await withAll(ours, { asked: one, era, isOpen: one.edge === true }, checkAll);
        }
      }
    },
  };
}

export const listRow = rowOf("list", [LIST]);
export const callRow = rowOf("call", [CALL, REFUSED]);
