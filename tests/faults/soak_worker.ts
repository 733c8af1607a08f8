/**
 * One gateway process among several on one KV file: the real program, in a
 * world that its parent steers. Beside it listens a control port, on which the
 * parent moves its clock and arms it to end itself in the middle of a refresh.
 *
 * @module
 */

import { type Attributes, type Meter, type MeterProvider, metrics } from "@opentelemetry/api";
import { type Control, endWithParent, HOLD_HEADER, WORKER_HEADER } from "./protocol.ts";

const NAME = `${Deno.env.get("WORKER")}/${Deno.pid}`;

/** What the control port changes. */
const state = { skew: 0, arm: null as Control["arm"] };

/** Ends this process as a power cut would: nothing is flushed, nothing given back. */
async function die(): Promise<never> {
  Deno.kill(Deno.pid, "SIGKILL");
  return await new Promise(() => {});
}

const platformFetch = globalThis.fetch;

/** Sends a refresh, unless the parent wants this process to die over it. */
async function refresh(input: URL | Request | string, init: RequestInit = {}): Promise<Response> {
  const { arm: point } = state;
  state.arm = null;
  const headers = new Headers(init.headers);
  headers.set(WORKER_HEADER, NAME);
  if (point === "before") return await die();
  if (point === "during") {
    const id = crypto.randomUUID();
    headers.set(HOLD_HEADER, id);
    platformFetch(input, { ...init, headers }).catch(() => {});
    const done = new URL(`/control/done?id=${id}`, String(input));
    await (await platformFetch(done)).body?.cancel();
    return await die();
  }
  const response = await platformFetch(input, { ...init, headers });
  if (point !== "after") return response;
  await response.arrayBuffer();
  return await die();
}

function isRefresh(body: unknown): boolean {
  return body instanceof URLSearchParams && body.get("grant_type") === "refresh_token";
}

async function control(request: Request): Promise<Response> {
  const { skew, arm }: Control = await request.json();
  if (skew !== undefined) state.skew = skew;
  if (arm !== undefined) state.arm = arm;
  return Response.json(state);
}

/** Says what is counted, line by line: who is killed can say nothing later. */
function sayCounts(): MeterProvider {
  const add = (name: string) => (_value: number, labels: Attributes = {}) =>
    console.log(JSON.stringify({ counted: name, ...labels }));
  const meter: Pick<Meter, "createCounter" | "createHistogram"> = {
    createCounter: (name) => ({ add: add(name) }),
    // One line per caller would be too many.
    createHistogram: () => ({ record: () => {} }),
  };
  return { getMeter: () => meter as Meter };
}

/** Before the program is loaded: it takes these as it finds them. */
function steer(): void {
  const now = Date.now;
  Date.now = () => now() + state.skew;
  globalThis.fetch = (input, init) =>
    isRefresh(init?.body) ? refresh(input, init) : platformFetch(input, init);
  // Housekeeping would refresh too, at moments that are not the test's.
  Object.defineProperty(Deno, "cron", { value: () => Promise.resolve() });
  metrics.setGlobalMeterProvider(sayCounts());
}

endWithParent();
steer();
const port = Number(Deno.env.get("CONTROL_PORT"));
Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, control);
await import("../../main.ts");
