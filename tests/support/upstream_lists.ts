/**
 * The lists of one upstream, whose server lists, and whose people are
 * connected, as a test says.
 *
 * @module
 */

import type { Acting } from "../../broker/core/actor.ts";
import type { Standing } from "../../broker/core/call.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { RemoteUpstream, UpstreamSpec } from "../../broker/core/upstream.ts";
import { UpstreamLists } from "../../mcp/upstream/lists.ts";
import type { RequestOptions } from "../../mcp/upstream/session.ts";
import { importKeyRing } from "../../vault/key_ring.ts";
import { createStore } from "../../vault/store.ts";
import { memoryRecords } from "./memory_records.ts";
import { REMOTE } from "./remote_spec.ts";
import { remoteTool } from "./upstream_double.ts";
import type { TestWorld } from "./world.ts";

export const SPEC: RemoteUpstream = { ...REMOTE, provider: "notes" };

/** Lists of one upstream, in one process, and what the upstream was asked. */
export function startLists(
  { lists, upstreams: store }: Store,
  world: TestWorld,
  spec: UpstreamSpec = SPEC,
  secrets: string[] = [],
) {
  const state = {
    asked: [] as Subject[],
    standing: (_subject: Subject, _actor: Acting["actor"]): Standing => ({
      kind: "connected",
      mark: "1",
      version: "1",
    }),
    list: (_subject: Subject, _cursor?: string, _signal?: AbortSignal): unknown => ({
      tools: [remoteTool("read")],
    }),
  };
  const clients = {
    with: <T>({ subject }: Acting, _signal: AbortSignal, use: (session: never) => Promise<T>) => {
      state.asked.push(subject);
      const request = async (
        _method: string,
        { cursor }: { cursor?: string },
        { signal }: RequestOptions,
      ) => await state.list(subject, cursor, signal);
      return use({ instructions: undefined, request } as never);
    },
  };
  const broker = {
    standing: ({ subject, actor }: Acting) => Promise.resolve(state.standing(subject, actor)),
    token: () =>
      Promise.reject(new Refusal({ code: "not_connected", service: "notes", title: "Notes" })),
  };
  const deps = { world, store, lists, broker, taken: new Set<string>() };
  const all = new UpstreamLists(spec, clients as never, deps as never, secrets);
  const visit = (subject: Subject): Acting => ({ subject, actor: { kind: "client", id: "1" } });
  const names = async (subject: Subject) =>
    (await all.tools(visit(subject))).map(({ listed }) => listed.name);
  return { state, all, visit, names };
}

/** An empty store in memory. */
export async function newStore(world: TestWorld): Promise<Store> {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return createStore(memoryRecords(), await importKeyRing([{ id: "k1", bytes }]), world);
}
