/**
 * What was approved of upstream MCP servers' tools. Definitions
 * are no secrets: these records are not sealed.
 *
 * @module
 */

import type { UpstreamRecord } from "../broker/core/upstream.ts";
import type { UpstreamStore } from "../broker/core/store.ts";
import { upstreamKey, upstreamPrefix } from "./keys.ts";
import type { Records } from "./records.ts";

/** {@linkcode UpstreamStore} on {@linkcode Records}. */
export function createUpstreamStore(records: Records): UpstreamStore {
  return {
    get: (name) => records.get<UpstreamRecord>(upstreamKey(name)),
    async put(name, value, version) {
      const key = upstreamKey(name);
      return await records.commit({ checks: [{ key, version }], sets: [{ key, value }] }) !== null;
    },
  };
}

/** All upstreams that have a record. */
export async function listUpstreams(
  records: Records,
): Promise<[name: string, UpstreamRecord][]> {
  const found: [string, UpstreamRecord][] = [];
  for await (const { key, value } of records.list<UpstreamRecord>({ prefix: upstreamPrefix })) {
    found.push([String(key.at(-1)), value]);
  }
  return found;
}
