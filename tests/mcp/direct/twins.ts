/**
 * One gateway whose MCP endpoint answers each request in two ways: as it does,
 * and by the SDKs alone. Both go through the whole front door, and what each
 * does beside its answer is looked at as well: what tools and upstreams were
 * asked, what is noted, logged and traced.
 *
 * @module
 */

import { createMcpEndpoint } from "../../../mcp/endpoint.ts";
import { createDirect } from "../../../mcp/direct/direct.ts";
import type { Activity } from "../../../broker/core/activity.ts";
import { type Timed, type Timing, UNTIMED } from "../../../broker/core/time_spent.ts";
import type { Spans } from "../../../broker/core/world.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { openGateway } from "../../support/attacks.ts";
import type { Gateway } from "../../support/gateway.ts";
import { digestHex } from "../../../tasks/key.ts";
import {
  type Behaviour,
  startUpstream,
  type UpstreamDouble,
} from "../../support/upstream_double.ts";
import { createLab, type Lab } from "./lab.ts";

/** A request, of which each way gets its own. */
export interface Asked {
  /** With the query. */
  path: string;
  headers: Record<string, string>;
  body: string;
  /** When it hangs up: before anything is read of it, or once a tool waits. */
  hangsUp?: "before" | "during" | undefined;
  /** What comes once a tool waits, one after the other. */
  meanwhile?: Asked[] | undefined;
  /** What comes then and may wait for that tool itself. */
  alongside?: Asked[] | undefined;
}

/** An answer as it is compared. */
export interface Answered {
  status: number;
  headers: [string, string][];
  hasBody: boolean;
  text: string;
  /** Of each tool that waited: whether it was told to stop by then. */
  stopped: boolean[];
  /** Tools of our own that were run, and what the upstream was asked and told, in order. */
  done: string[];
  /** What is noted of it: lines of the log, events, activity, spans. */
  noted: string[];
  /** What came meanwhile. */
  meanwhile: Answered[];
}

/** Both answers, and whether the first of them was the thin dispatch's. */
export interface Both {
  direct: Answered;
  sdk: Answered;
  isDirect: boolean;
}

/** What `{name}` in headers stands for, of a way (`a` or `b`) and a path. */
export type Meaning = (way: string, path: string) => string | Promise<string>;

/** The two. */
export interface Twins extends AsyncDisposable {
  gateway: Gateway;
  upstream: UpstreamDouble | undefined;
  lab: Lab;
  /** `{way}` is the way itself, `{host}` and `{origin}` are the gateway's own, `{page}` is an origin that may call. */
  meant: Map<string, Meaning>;
  ask(asked: Asked): Promise<Both>;
  /** Asks in a way of the test's own; what is given back is cleaned of what tells the ways apart. */
  askRaw(ask: () => Promise<string>): Promise<{ direct: string; sdk: string; isDirect: boolean }>;
}

/**
 * Sleeps of so long or less are a caller's patience: they are over once a tool waits. Where nobody
 * is impatient all of them are, and the longest is a call's own time.
 */
const PATIENCE_MS = 4_500;
/** Of each key, by its name. */
export const keyOf = (name: string) => `test-${name}-key`;
/** Keys that have less than the usual one: some services, some tools, what reads, few requests. */
const APPS = {
  picky: { tools: ["lab_*", "up_say", "find_tools", "call_tool"], deny_tools: ["lab_count"] },
  reader: { read_only: true },
  tight: { limits: { subject: "6/min" } },
};
const KEYS = ["voice", ...Object.keys(APPS), "serving"].map((name) =>
  `${name}:sha256:${digestHex(keyOf(name))}${name === "serving" ? ":lab" : ""}`
);
/** Of pages of a desktop app's, which may call. */
const PAGE_ORIGIN = "app://-";

/**
 * Starts both; `upstream`: what the mounted server does. `mine`: there is another one, which does the
 * same with each person's GitHub token.
 */
export async function startTwins(
  upstream?: Behaviour,
  { mine = false }: { mine?: boolean } = {},
): Promise<Twins> {
  const done: string[] = [];
  const noted: string[] = [];
  const lab = createLab((name, args) => void done.push(JSON.stringify([name, args])));
  /** Ends what waits at the upstream. */
  let letGo = Promise.withResolvers<undefined>();
  const double = upstream && startUpstream({
    ...upstream,
    async answer(heard) {
      const { name } = heard.params;
      if (name !== "wait" && name !== "keep") return await upstream.answer?.(heard);
      lab.begun();
      return await letGo.promise;
    },
  });
  const own = mine && upstream ? startUpstream(upstream) : undefined;
  let way: "a" | "b" = "a";
  /** Of the request that is being answered. */
  let current: Timed | undefined;
  let isDirect = false;
  const gateway = await openGateway({
    records: memoryRecords(),
    env: {
      LAB_CLIENT_ID: "lab-client",
      LAB_CLIENT_SECRET: "lab-secret",
      API_KEYS: KEYS.join(),
      APPS: JSON.stringify(APPS),
      ALLOWED_ORIGINS: PAGE_ORIGIN,
      REQUEST_LOG: "all",
      ...(double && {
        UPSTREAMS: JSON.stringify([
          { name: "up", title: "Up", url: double.url },
          ...(own ? [{ name: "mine", title: "Mine", url: own.url, provider: "github" }] : []),
        ]),
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
      const activity = deps.activity && notingIn(noted, deps.activity);
      const ways = {
        a: createMcpEndpoint({ ...deps, activity }, counted),
        b: createMcpEndpoint({ ...deps, activity }, () => () => Promise.resolve(undefined)),
      };
      return (...asked) => {
        current = asked[2].request;
        return ways[way](...asked);
      };
    },
  });
  const { world, url } = gateway;
  const { host, origin } = new URL(url);
  const meant: Twins["meant"] = new Map<string, Meaning>([
    ["way", (way) => way],
    ["host", () => host],
    ["origin", () => origin],
    ["page", () => PAGE_ORIGIN],
  ]);
  const said = async (value: string, path: string) => {
    let all = value;
    for (const [found, name] of value.matchAll(/\{(\w+)\}/g)) {
      all = all.replace(found, await meant.get(name!)!(way, path));
    }
    return all;
  };
  const send = async ({ path, headers, body }: Asked, signal: AbortSignal) => {
    const all: [string, string][] = [];
    for (const [name, value] of Object.entries({ Host: "{host}", ...headers })) {
      all.push([name, value.includes("{") ? await said(value, path) : value]);
    }
    return await gateway.handle(
      new Request(url + path, { method: "POST", headers: all, body, signal }),
    );
  };
  let now = 0;
  // Whoever is outside takes a while each time.
  const timing: Timing = {
    begin: (part, of = current) => of?.spending.begin(part, () => now++) ?? UNTIMED,
  };
  let [requests, secrets] = [0, 0];
  const secret = () => {
    secrets++;
    return `${way}${"_".repeat(20)}${String(requests * 1000 + secrets).padStart(22, "0")}`;
  };
  const one = async (asked: Asked): Promise<Answered> => {
    const { hangsUp } = asked;
    const [patience, others] = [new Set<() => void>(), new Set<() => void>()];
    const stop = new AbortController();
    secrets = 0;
    world.secret = secret;
    world.sleep = (ms, signal) =>
      new Promise((resolve) => {
        if (ms === 0 || signal?.aborted) return resolve();
        const sleeping = ms <= PATIENCE_MS ? patience : others;
        const end = () => {
          sleeping.delete(end);
          resolve();
        };
        sleeping.add(end);
        signal?.addEventListener("abort", end, { once: true });
      });
    // Where nobody speaks of traces, calls are made as without them.
    world.spans = asked.body.includes("traceparent") ? notingSpans(noted) : undefined;
    world.timing = timing;
    for (const list of [gateway.requests, world.events, done, noted, lab.waited]) list.length = 0;
    for (const { heard } of [double, own].filter((each) => each !== undefined)) heard.length = 0;
    let isOver = false;
    const [besides, later]: [Answered[], Promise<Answered>[]] = [[], []];
    // Once it is waited for.
    const endSleeps = () => {
      if (isOver) return;
      (patience.size > 0 ? patience : others).forEach((end) => end());
      setTimeout(endSleeps);
    };
    lab.begun = async () => {
      lab.begun = () => {};
      const answer = async (other: Asked) =>
        await read(await send(other, new AbortController().signal));
      for (const other of asked.meanwhile ?? []) besides.push(await answer(other));
      later.push(...(asked.alongside ?? []).map(answer));
      if (hangsUp === "during") stop.abort();
      setTimeout(endSleeps);
    };
    if (hangsUp === "before") stop.abort();
    const answered = await read(await send(asked, stop.signal));
    besides.push(...await Promise.all(later));
    isOver = true;
    letGo.resolve(undefined);
    letGo = Promise.withResolvers();
    // What is told to whoever works on after the answer is told with it.
    if (lab.waited.length > 0) await turn();
    // What an upstream was asked ends some turns after its caller has gone.
    const isNoted = () => noted.some((note) => note.includes('"tool_called"'));
    for (let turns = 0; double && hangsUp && !isNoted() && turns < 1000; turns++) await turn();
    const heard = [
      ...(double?.heard ?? []).filter(({ method }) => method === "tools/call"),
      // A session of one's own is begun by the same request in either way.
      ...(own?.heard ?? []).filter(({ method }) => OWN.has(method)),
    ].map(({ authorization, method, params }) =>
      // Of how many requests ours is one to the upstream, it tells by its token.
      JSON.stringify([method, params, authorization?.slice(0, 11)])
        .replace(/"progressToken":\d+/, '"progressToken":0')
    );
    return {
      ...answered,
      stopped: lab.waited.map(({ aborted }) => aborted),
      done: [...done, ...heard].map(ofNone),
      noted: [
        ...noted,
        ...gateway.requests.map((line) => line.replace(/"ms":[\d.]+/, "")),
        ...world.events.filter(({ event }) => !SAID_ONCE.test(event))
          .map((event) => JSON.stringify(event)),
      ].map(ofNobody),
      meanwhile: besides,
    };
  };
  return {
    gateway,
    upstream: double,
    lab,
    meant,
    async ask(asked) {
      requests++;
      [way, isDirect] = ["a", false];
      const direct = await one(asked);
      way = "b";
      return { direct, sdk: await one(asked), isDirect };
    },
    async askRaw(ask) {
      requests++;
      world.secret = secret;
      const answers: string[] = [];
      isDirect = false;
      for (way of ["a", "b"] as const) {
        secrets = 0;
        answers.push(ofNone(await ask()));
      }
      return { direct: answers[0]!, sdk: answers[1]!, isDirect };
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await double?.[Symbol.asyncDispose]();
      await own?.[Symbol.asyncDispose]();
    },
  };
}

/** What a person's own server is asked in an order that is sure. */
const OWN = new Set(["initialize", "tools/call"]);

/** What the log says once, whoever asks first. */
const SAID_ONCE = /^(forbidden|upstream_(changed|tool))/;

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

async function read(response: Response): Promise<Answered> {
  const hasBody = response.body !== null;
  const text = ofNone(await response.text());
  const headers = [...response.headers].map(([name, value]): [string, string] => [
    name,
    // How long it took is different each time, and who is told so is not.
    name === "server-timing" ? value.replaceAll(/dur=[\d.]+/g, "dur") : ofNone(value),
  ]);
  const none = { stopped: [], done: [], noted: [], meanwhile: [] };
  return { status: response.status, headers, hasBody, text, ...none };
}

/** Notes what is noted, and notes it. */
function notingIn(noted: string[], activity: Activity): Activity {
  return {
    note(entry) {
      noted.push(JSON.stringify(entry));
      activity.note(entry);
    },
    count: (...counted) => activity.count(...counted),
    step: (note) => activity.step(note),
    requestId: () => activity.requestId(),
  };
}

/** Spans of which only calls are noted: what the store is asked depends on what was asked before. */
function notingSpans(noted: string[]): Spans {
  return {
    within(span, work) {
      noted.push(JSON.stringify(span));
      return work();
    },
    part: () => () => {},
    traceparent: () => undefined,
  };
}

/** Without what tells the ways apart: secrets that were made, users, and ids of requests and connects. */
function ofNone(text: string): string {
  return text.replaceAll(/\b[ab]_{20}(?=\d{22})/g, "secret").replaceAll(/\buser-[ab]-/g, "user-")
    .replaceAll(/\b[0-9a-hjkmnp-tv-z]{9}-[0-9a-hjkmnp-tv-z]{7}\b/g, "request")
    .replaceAll(/"connect_id":"c-\w+"/g, "");
}

/** The same of what is noted, where grants and sessions have their ids. */
function ofNobody(text: string): string {
  return ofNone(text).replaceAll(/(?<![\w-])[\w-]{43}(?![\w-])/g, "id");
}
