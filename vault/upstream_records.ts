/**
 * What was approved of upstream MCP servers' tools, in Deno KV. Definitions
 * are no secrets: these records are not sealed.
 *
 * @module
 */

import type { UpstreamRecord, UpstreamStore } from "../broker/core/connection.ts";
import { upstreamKey, upstreamPrefix } from "./keys.ts";
import { commit } from "./deno_kv.ts";

/** {@linkcode UpstreamStore} on Deno KV. */
export function createUpstreamStore(kv: Deno.Kv): UpstreamStore {
  return {
    async get(name) {
      const { value, versionstamp } = await kv.get<UpstreamRecord>(upstreamKey(name));
      return versionstamp === null ? null : { value, version: versionstamp };
    },
    async put(name, record, version) {
      const key = upstreamKey(name);
      const { ok } = await commit(
        kv,
        (operation) => operation.check({ key, versionstamp: version }).set(key, record),
      );
      return ok;
    },
  };
}

/** All upstreams that have a record. */
export async function listUpstreams(kv: Deno.Kv): Promise<[name: string, UpstreamRecord][]> {
  const found: [string, UpstreamRecord][] = [];
  for await (const { key, value } of kv.list<UpstreamRecord>({ prefix: upstreamPrefix })) {
    found.push([String(key.at(-1)), value]);
  }
  return found;
}
