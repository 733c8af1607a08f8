/**
 * What honest people do over MCP, in both eras.
 *
 * @module
 */

import { META, MODERN } from "../bad_input/requests.ts";
import type { Deed } from "./deeds.ts";
import { expecting, Fault, requireEqual, TryLater } from "./line.ts";
import { mcpHeaders, type Person } from "./person.ts";

const REQUIRED = ["calendar_create_event", "calendar_list_events", "notes_add", "notes_say"];
/** In words that say that the call was not done, or that it can be looked for later. */
const TRANSIENT = ["unavailable", "provider_unavailable", "store_unavailable", "timeout"];
const STILL_RUNNING_MS = 2_000;

/** One JSON-RPC request. */
interface Rpc {
  method: string;
  params?: Record<string, unknown> | undefined;
  headers?: Record<string, string> | undefined;
  isModern?: boolean | undefined;
}

async function rpc(person: Person, { method, params = {}, headers, isModern }: Rpc) {
  const id = `${person.name}-${person.counter += 1}`;
  const _meta = {
    ...(params._meta as Record<string, unknown> | undefined),
    ...(isModern
      ? {
        [`${META}protocolVersion`]: MODERN,
        [`${META}clientInfo`]: { name: "storm", version: "1" },
        [`${META}clientCapabilities`]: {},
      }
      : {}),
  };
  const name = typeof params.name === "string" ? { "Mcp-Name": params.name } : undefined;
  const answer = await person.line.ask("/mcp", {
    method: "POST",
    headers: {
      ...mcpHeaders(person),
      "Accept": "application/json, text/event-stream",
      ...(isModern ? { "MCP-Protocol-Version": MODERN, "Mcp-Method": method, ...name } : {}),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta } }),
  });
  expecting(200, answer);
  const message = answer.json ?? lastEvent(answer.text);
  requireEqual(message?.id, id, "the answer's id");
  if (message.result === undefined) throw new Fault(`an error: ${JSON.stringify(message.error)}`);
  return message.result;
}

function lastEvent(text: string) {
  const data = text.split("\n").findLast((line) => line.startsWith("data:"));
  if (data === undefined) throw new Fault(`neither JSON nor an event: ${text.slice(0, 200)}`);
  return JSON.parse(data.slice("data:".length));
}

async function list(person: Person, isModern: boolean): Promise<void> {
  const { tools } = await rpc(person, { method: "tools/list", isModern });
  const names = tools.map(({ name }: { name: string }) => name);
  const missing = REQUIRED.filter((name) => !names.includes(name));
  if (missing.length > 0) throw new Fault(`tools are missing: ${missing.join(", ")}`);
}

async function callTool(person: Person, call: Omit<Rpc, "method">) {
  const result = await rpc(person, { method: "tools/call", ...call });
  if (!result.isError) return result;
  const { error, retry_after = 1 } = result.structuredContent ?? {};
  if (error === "reauthorization_required") throw new TryLater(error, 0);
  if (error === "still_running") throw new TryLater(error, STILL_RUNNING_MS);
  if (TRANSIENT.includes(error)) {
    throw new TryLater(`${error} (${result.content?.[0]?.text})`, retry_after * 1000);
  }
  throw new Fault(`the tool failed: ${JSON.stringify(result).slice(0, 300)}`);
}

async function read(person: Person, isModern: boolean): Promise<void> {
  const { main, second, hasSecond } = person.accounts;
  const account = hasSecond && person.dice.int(2) === 0 ? second : main;
  const named = account === main ? {} : { account };
  const { structuredContent } = await callTool(person, {
    params: { name: "calendar_list_events", arguments: { time_zone: "UTC", ...named } },
    isModern,
  });
  const titles = structuredContent.events.map(({ title }: { title: string }) => title);
  requireEqual(titles, [account], "the calendar's events");
}

/** A tool that writes, and what it is told; the answer must have the text in it. */
interface Write {
  name: string;
  args: Record<string, unknown>;
  text: string;
}

/** Done once, also where it is sent twice. */
async function write(person: Person, { name, args, text }: Write, attempt: number): Promise<void> {
  const { ledger, dice, accounts } = person;
  ledger.ask(accounts.main, text);
  // What one credential did is no other's.
  const headers = { ...mcpHeaders(person, { byClient: true }), "Idempotency-Key": text };
  const call = { params: { name, arguments: args }, headers };
  const times = dice.int(4) === 0 ? 2 : 1;
  const sent = Array.from({ length: times }, () => once(person, call, attempt));
  const outcomes = await Promise.allSettled(sent);
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") throw outcome.reason;
    // "It may have been done": the ledger says whether it was done once at most.
    if (outcome.value === "unknown") return;
    if (!JSON.stringify(outcome.value).includes(text)) {
      throw new Fault(`the answer to a write is another's: ${JSON.stringify(outcome.value)}`);
    }
  }
  ledger.acknowledge(text);
}

async function once(person: Person, call: Omit<Rpc, "method">, attempt: number) {
  for (let turn = 0;; turn++) {
    try {
      return await callTool(person, call);
    } catch (error) {
      const { message } = error as Error;
      // Documented for a call whose process died.
      if (attempt > 0 && message.includes("may_have_been_done")) return "unknown";
      // Documented for a call that is sent twice.
      const waits = error instanceof TryLater && message === "still_running" && turn < 30;
      if (!waits) throw error;
      await new Promise((resolve) => setTimeout(resolve, STILL_RUNNING_MS));
    }
  }
}

/** The text of a write stays the same until it is done. */
const pending = new WeakMap<Person, string>();

function textFor(person: Person, attempt: number): string {
  const text = attempt === 0 ? undefined : pending.get(person);
  const mine = text ?? `w-${person.name}-${person.counter += 1}`;
  pending.set(person, mine);
  return mine;
}

async function createEvent(person: Person, attempt: number): Promise<void> {
  const text = textFor(person, attempt);
  const args = { title: text, start: "2027-01-05T10:00", time_zone: "UTC" };
  await write(person, { name: "calendar_create_event", args, text }, attempt);
}

async function addNote(person: Person, attempt: number): Promise<void> {
  const text = textFor(person, attempt);
  const args = { text, account: person.accounts.main };
  await write(person, { name: "notes_add", args, text }, attempt);
}

async function sayNote(person: Person, isModern: boolean): Promise<void> {
  const text = `s-${person.name}-${person.counter += 1}`;
  const steps = person.dice.int(3) === 0 ? 5 : 0;
  const meta = steps > 0 ? { _meta: { progressToken: text } } : {};
  const params = { name: "notes_say", arguments: { text, steps }, ...meta };
  const { content } = await callTool(person, { params, isModern });
  requireEqual(content, [{ type: "text", text }], "the upstream's answer");
}

export const mcpDeeds: Deed[] = [
  { name: "list, 2025", weight: 4, who: "both", run: (it) => list(it, false) },
  { name: "list, 2026", weight: 4, who: "both", run: (it) => list(it, true) },
  { name: "read, 2025", weight: 6, who: "both", run: (it) => read(it, false) },
  { name: "read, 2026", weight: 6, who: "both", run: (it) => read(it, true) },
  { name: "write", weight: 6, who: "both", run: createEvent },
  { name: "write upstream", weight: 4, who: "both", run: addNote },
  { name: "upstream, 2025", weight: 3, who: "both", run: (it) => sayNote(it, false) },
  { name: "upstream, 2026", weight: 3, who: "both", run: (it) => sayNote(it, true) },
];
