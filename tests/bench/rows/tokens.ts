/**
 * Row `read`: how many tokens a model reads of the lists of tools.
 *
 * @module
 */

import { assert } from "@std/assert";
import type { Finding, Row } from "../finding.ts";
import { mcpQuestion, messageOf } from "../messages.ts";
import { fetchPackages, packaged } from "../packages.ts";
import type { Started } from "../started.ts";
import { appHeaders, ask, startSwitchboard } from "../switchboard.ts";

/** All providers that have tools. */
const PROVIDERS = ["GITHUB", "GOOGLE", "ASANA", "SLACK", "LINEAR"];
const PER_TOOL = 195;
const IN_SEARCH_MODE = 900;

/** A tool, as far as it matters. */
interface Listed {
  name: string;
}

async function listed({ port }: Started, path: string): Promise<Listed[]> {
  const question = mcpQuestion("2025", "tools/list", {}, { headers: appHeaders, path });
  return messageOf(await ask(port, question)).result.tools;
}

function startWithAll(): Promise<Started> {
  const named = PROVIDERS.flatMap((name) => [
    [`${name}_CLIENT_ID`, "id"],
    [`${name}_CLIENT_SECRET`, "secret"],
  ]);
  return startSwitchboard(Object.fromEntries(named));
}

/** By the tokenizer of current models, o200k. */
async function tokenizer(): Promise<(text: string) => number> {
  await fetchPackages();
  const { encode } = await import(`file://${packaged("gpt-tokenizer/esm/encoding/o200k_base.js")}`);
  return (text) => encode(text).length;
}

export const tokensRow: Row = {
  name: "read",
  async run({ peers, say }): Promise<Finding[]> {
    const perTool = {
      what: "tokens (o200k) of a native tool as listed, on average",
      unit: "tokens" as const,
      budget: { most: PER_TOOL },
    };
    const inSearch = {
      what: "tokens (o200k) of all tools in search mode",
      unit: "tokens" as const,
      budget: { most: IN_SEARCH_MODE },
    };
    if (!peers) {
      const note = "the tokenizer is a package of others: not with --no-peers";
      return [{ ...perTool, note }, { ...inSearch, note }];
    }
    say("tokens");
    const tokens = await tokenizer();
    await using ours = await startWithAll();
    const usual = await listed(ours, "/mcp");
    const sum = usual.reduce((all, tool) => all + tokens(JSON.stringify(tool)), 0);
    const found = await listed(ours, "/mcp?mode=search");
    const hasSearch = found.some(({ name }) => name === "find_tools");
    return [
      { ...perTool, ours: sum / usual.length, note: `${usual.length} tools` },
      hasSearch
        ? { ...inSearch, ours: tokens(JSON.stringify(found)), note: `${found.length} tools` }
        : { ...inSearch, note: "there is no search mode yet" },
    ];
  },
  async check() {
    await using ours = await startWithAll();
    assert((await listed(ours, "/mcp")).length > 40);
  },
};
