/**
 * `deno task upstreams`: which upstream tools have changed since they were
 * approved, and `deno task upstreams accept <upstream> [tool]` to let them in.
 *
 * @module
 */

import { isOnDeploy, kvPathOf } from "../broker/config/config.ts";
import { acceptTools } from "../mcp/upstream/review.ts";
import type { Records } from "../vault/records.ts";
import { openRecords } from "../vault/deno_kv.ts";
import { createUpstreamStore, listUpstreams } from "../vault/upstream_records.ts";

const USAGE = "Usage: deno task upstreams [accept <upstream> [tool]]";

async function main([verb, upstream, tool, ...more]: string[]): Promise<number> {
  if (more.length > 0 || (verb !== undefined && (verb !== "accept" || upstream === undefined))) {
    console.error(USAGE);
    return 2;
  }
  const env = Deno.env.toObject();
  const records = await openRecords(kvPathOf(env, isOnDeploy(env)));
  try {
    return upstream === undefined ? await show(records) : await accept(records, upstream, tool);
  } finally {
    records.close();
  }
}

async function show(records: Records): Promise<number> {
  for (const [name, { approved, withheld }] of await listUpstreams(records)) {
    const changed = Object.entries(withheld);
    console.log(`${name}: ${Object.keys(approved).length} approved, ${changed.length} withheld`);
    for (const [tool, { description }] of changed) {
      console.log(`  ${tool}`);
      console.log(`    was: ${approved[tool]?.description ?? "(nothing)"}`);
      console.log(`    is:  ${description}`);
    }
  }
  return 0;
}

async function accept(
  records: Records,
  upstream: string,
  tool: string | undefined,
): Promise<number> {
  const store = createUpstreamStore(records);
  for (;;) {
    const stored = await store.get(upstream);
    const next = stored === null ? null : acceptTools(stored.value, tool);
    if (stored === null || next === null) {
      console.error(
        `Nothing of ${upstream}${tool === undefined ? "" : ` called ${tool}`} is withheld.`,
      );
      return 1;
    }
    if (await store.put(upstream, next, stored.version)) break;
  }
  console.log("Accepted. It is listed again within five minutes.");
  return 0;
}

Deno.exit(await main(Deno.args));
