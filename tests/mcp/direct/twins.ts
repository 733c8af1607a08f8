/**
 * One gateway whose MCP endpoint answers each request in two ways: as it does,
 * and by the SDKs alone. Both go through the whole front door.
 *
 * @module
 */

import { createMcpEndpoint } from "../../../mcp/endpoint.ts";
import { createDirect } from "../../../mcp/direct/direct.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { openGateway } from "../../support/attacks.ts";
import type { Gateway } from "../../support/gateway.ts";
import { type Behaviour, startUpstream } from "../../support/upstream_double.ts";
import { createLab } from "./lab.ts";

/** A request, of which each way gets its own. */
export interface Asked {
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string;
  /** Hangs up once a tool waits. */
  hangsUp?: boolean | undefined;
}

/** An answer as it is compared. */
export interface Answered {
  status: number;
  headers: [string, string][];
  text: string;
  /** Of each tool that waited: whether it was told to stop by then. */
  stopped: boolean[];
}

/** Both answers, and whether the first of them was the thin dispatch's. */
export interface Both {
  direct: Answered;
  sdk: Answered;
  isDirect: boolean;
}

/** The two. */
export interface Twins extends AsyncDisposable {
  gateway: Gateway;
  /** What `{name}` in headers stands for; it takes the way, `a` or `b`. `{way}` is the way itself. */
  meant: Map<string, (way: string) => string>;
  ask(asked: Asked): Promise<Both>;
}

/**
 * Sleeps of so long or less are a caller's patience: they are over once a tool waits. Where nobody
 * is impatient all of them are, and the longest is a call's own time.
 */
const PATIENCE_MS = 4_500;

/** Starts both; `upstream`: what the mounted server does. */
export async function startTwins(upstream?: Behaviour): Promise<Twins> {
  const lab = createLab();
  const double = upstream && startUpstream(upstream);
  let way: "a" | "b" = "a";
  let isDirect = false;
  const gateway = await openGateway({
    records: memoryRecords(),
    env: {
      LAB_CLIENT_ID: "lab-client",
      LAB_CLIENT_SECRET: "lab-secret",
      ...(double && {
        UPSTREAMS: JSON.stringify([{ name: "up", title: "Up", url: double.url }]),
      }),
    },
    modules: (modules) => [...modules.filter(({ name }) => name === "github"), lab.module],
    endpoint: (deps) => {
      const counted: typeof createDirect = (...parts) => {
        const direct = createDirect(...parts);
        return async (...asked) => {
          const answer = await direct(...asked);
          isDirect = answer !== undefined;
          return answer;
        };
      };
      const ways = {
        a: createMcpEndpoint(deps, counted),
        b: createMcpEndpoint(deps, () => () => Promise.resolve(undefined)),
      };
      return (...asked) => ways[way](...asked);
    },
  });
  const { world } = gateway;
  const meant: Twins["meant"] = new Map([["way", (way) => way]]);
  let [requests, secrets] = [0, 0];
  const one = async ({ path, headers, body, hangsUp }: Asked): Promise<Answered> => {
    const [patience, others] = [new Set<() => void>(), new Set<() => void>()];
    const stop = new AbortController();
    secrets = 0;
    world.secret = () => {
      secrets++;
      return `${way}${"_".repeat(20)}${String(requests * 1000 + secrets).padStart(22, "0")}`;
    };
    world.sleep = (ms, signal) =>
      new Promise((resolve) => {
        if (ms === 0 || signal?.aborted) return resolve();
        (ms <= PATIENCE_MS ? patience : others).add(resolve);
        signal?.addEventListener("abort", () => resolve(), { once: true });
      });
    lab.waited = [];
    lab.begun = () => {
      if (hangsUp) stop.abort();
      // Once it is waited for.
      setTimeout(() => (patience.size > 0 ? patience : others).forEach((end) => end()));
    };
    const said = Object.entries(headers).map((
      [name, value],
    ) => [name, value.replaceAll(/\{(\w+)\}/g, (_all, name) => meant.get(name)!(way))]);
    const request = new Request(gateway.url + path, {
      method: "POST",
      headers: said as [string, string][],
      body,
      signal: stop.signal,
    });
    const response = await gateway.handle(request);
    const text = await response.text();
    // What is told to whoever works on after the answer is told with it.
    if (lab.waited.length > 0) await new Promise((resolve) => setTimeout(resolve));
    return {
      status: response.status,
      headers: [...response.headers].map(([name, value]) => [name, ofNone(value)]),
      text: ofNone(text),
      stopped: lab.waited.map(({ aborted }) => aborted),
    };
  };
  return {
    gateway,
    meant,
    async ask(asked) {
      requests++;
      [way, isDirect] = ["a", false];
      const direct = await one(asked);
      way = "b";
      return { direct, sdk: await one(asked), isDirect };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await double?.[Symbol.asyncDispose]();
    },
  };
}

/** Without what tells the ways apart: secrets that were made, users, and the ids of requests. */
function ofNone(text: string): string {
  return text.replaceAll(/\b[ab]_{20}(?=\d{22})/g, "secret").replaceAll(/\buser-[ab]-/g, "user-")
    .replaceAll(/\b[0-9a-hjkmnp-tv-z]{9}-[0-9a-hjkmnp-tv-z]{7}\b/g, "request");
}
