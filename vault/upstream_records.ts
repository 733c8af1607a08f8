/**
 * What was approved of upstream MCP servers. Definitions are no secrets: these
 * records are not sealed.
 *
 * @module
 */

import type { Stored, UpstreamStore } from "../broker/core/store.ts";
import type { DefinitionRecord, OlderRecord } from "../broker/core/upstream.ts";
import { definitionKey, definitionPrefix, upstreamKey } from "./keys.ts";
import type { Records } from "./records.ts";

/** {@linkcode UpstreamStore} on {@linkcode Records}. */
export function createUpstreamStore(records: Records): UpstreamStore {
  async function list(upstream?: string): Promise<Stored<DefinitionRecord>[]> {
    const found: Stored<DefinitionRecord>[] = [];
    const all = records.list<DefinitionRecord>({ prefix: definitionPrefix(upstream) });
    for await (const { value, version } of all) found.push({ value, version });
    return found;
  }
  return {
    get: (upstream, tool) => records.get<DefinitionRecord>(definitionKey({ upstream, tool })),
    async put(value, version) {
      const key = definitionKey(value);
      return await records.commit({ checks: [{ key, version }], sets: [{ key, value }] }) !== null;
    },
    list,
    count: async (upstream) =>
      (await list(upstream)).filter(({ value }) => value.tool !== undefined).length,
    older: async (upstream) =>
      (await records.get<OlderRecord>(upstreamKey(upstream)))?.value ?? null,
  };
}
