/**
 * What was approved of upstream MCP servers. Definitions are no secrets: these
 * records are not sealed. Texts stand apart, since several of them do not fit
 * into one value, and most readers want digests alone.
 *
 * @module
 */

import type { Stored, UpstreamStore } from "../broker/core/store.ts";
import type {
  Definition,
  DefinitionRecord,
  KeptText,
  ListReport,
  OlderRecord,
} from "../broker/core/upstream.ts";
import {
  definitionKey,
  definitionPrefix,
  reportKey,
  reportPrefix,
  textOfKey,
  upstreamKey,
} from "./keys.ts";
import type { Change, Records } from "./records.ts";

/** A record as this version writes it, or as those before it did: with one form of each kind. */
type AnyRecord = Omit<DefinitionRecord, "accepted" | "waiting"> & {
  accepted?: DefinitionRecord["accepted"];
  waiting?: DefinitionRecord["waiting"] | Definition;
  approved?: Definition;
  areHintsBelieved?: boolean;
};

/** {@linkcode UpstreamStore} on {@linkcode Records}. */
export function createUpstreamStore(records: Records): UpstreamStore {
  async function list(upstream?: string): Promise<Stored<DefinitionRecord>[]> {
    const found: Stored<DefinitionRecord>[] = [];
    const all = records.list<AnyRecord>({ prefix: definitionPrefix(upstream) });
    for await (const { value, version } of all) found.push({ value: recordOf(value), version });
    return found;
  }
  return {
    async get(upstream, tool) {
      const found = await records.get<AnyRecord>(definitionKey({ upstream, tool }));
      return found && { value: recordOf(found.value), version: found.version };
    },
    async put(value, version, { keep, drop = [] } = {}) {
      const key = definitionKey(value);
      const sets: NonNullable<Change["sets"]> = [{ key, value }];
      if (keep !== undefined) {
        const { digest, text, rest } = keep;
        sets.push({ key: textOfKey(value, digest), value: { text, rest } satisfies KeptText });
      }
      const deletes = drop.map((digest) => textOfKey(value, digest));
      return await records.commit({ checks: [{ key, version }], sets, deletes }) !== null;
    },
    list,
    count: async (upstream) =>
      (await list(upstream)).filter(({ value }) => value.tool !== undefined).length,
    text: async (of, digest) => (await records.get<KeptText>(textOfKey(of, digest)))?.value ?? null,
    older: async (upstream) =>
      (await records.get<OlderRecord>(upstreamKey(upstream)))?.value ?? null,
    report: async (upstream) => (await records.get<ListReport>(reportKey(upstream)))?.value ?? null,
    async reports() {
      const found: ListReport[] = [];
      const all = records.list<ListReport>({ prefix: reportPrefix });
      for await (const { value } of all) found.push(value);
      return found;
    },
    async putReport(value) {
      await records.commit({ sets: [{ key: reportKey(value.upstream), value }] });
    },
  };
}

function recordOf(
  { upstream, tool, older, accepted, waiting = [], approved, areHintsBelieved = false }: AnyRecord,
): DefinitionRecord {
  const one = ({ digest, text, rest }: Definition) => ({ digest, kept: { text, rest } });
  return {
    upstream,
    tool,
    older,
    accepted: accepted ?? (approved === undefined ? [] : [{ ...one(approved), areHintsBelieved }]),
    waiting: Array.isArray(waiting) ? waiting : [one(waiting)],
  };
}
