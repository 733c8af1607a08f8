/**
 * Clients of a remote upstream whose replies a test gives, and a broker that
 * has a token for each person.
 *
 * @module
 */

import { type Reason, Refusal } from "../../broker/core/refusal.ts";
import type { RemoteUpstream, UpstreamAccess } from "../../broker/core/upstream.ts";
import { type Sender, UpstreamClients } from "../../mcp/upstream/client.ts";
import { handSleeps } from "./hand_sleeps.ts";
import { type Reply, SESSIONS, upstreamOf } from "./replying_server.ts";

/** As a server refuses a token. */
export const REFUSED: Reply = () =>
  new Response(null, { status: 401, headers: { "WWW-Authenticate": "Bearer realm=x" } });

/** What the broker is asked, as far as tests look at it. */
export interface Asked {
  subject: string;
  rejected?: string;
  scopes?: string[][];
}

/** Clients of a server, and what the broker was asked for them. */
export function startClients(
  more: { provider?: string | undefined; access?: UpstreamAccess } = {},
) {
  const { provider } = { provider: "notes", ...more };
  const { upstream, world, answers, sent } = upstreamOf(SESSIONS);
  const { asleep } = handSleeps(world);
  const spec: RemoteUpstream = { ...upstream.spec, provider };
  const asked: Asked[] = [];
  const state = {
    token: ({ subject }: Asked): Promise<{ token: string; account: string }> =>
      Promise.resolve({ token: `token-of-${subject}`, account: "1" }),
  };
  const broker = {
    token: async (request: Asked) => {
      asked.push({ ...request });
      const { token: accessToken, account } = await state.token(request);
      return { tokens: { accessToken }, account };
    },
  };
  const told: unknown[] = [];
  const clients = new UpstreamClients(spec, {
    world,
    broker: broker as never,
    fetch: upstream.ways.fetch,
    access: more.access,
    places: {
      add: () => {
        throw new RangeError("no process is lent");
      },
    } as never,
    heard: (subject, { method }) => void told.push([subject, method]),
  });
  const tokens = new Set<string>();
  const call = (subject: `${string}:${string}`, sender: Partial<Sender> = {}) => {
    const { signal } = new AbortController();
    const visitor = { subject, actor: { kind: "client", id: "1" }, tokens, ...sender } as Sender;
    return clients.with(
      visitor,
      signal,
      (session) => session.request("tools/call", {}, { signal, timeoutMs: 60_000 }),
    );
  };
  /** How often each was asked, and with which token. */
  const seen = (wanted: string) =>
    sent.filter(({ message }) => message.method === wanted)
      .map(({ headers }) => headers.get("Authorization")?.slice("Bearer ".length));
  return { clients, spec, state, answers, sent, asked, tokens, call, seen, told, asleep };
}

export const refusal = (code: Reason["code"]) =>
  Promise.reject(new Refusal({ code, service: "notes", title: "Notes", account: "1" } as never));
