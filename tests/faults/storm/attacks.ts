/**
 * What attackers do: with an app's key, users and accounts of their own, and
 * nothing of the honest callers'. Each attack hands on all that it was answered.
 *
 * @module
 */

import { Browser } from "../../support/browser.ts";
import { hangUpAll, plan } from "../../support/disconnects.ts";
import type { Dice } from "../../support/fuzz/dice.ts";
import { everyRequest, slowCall, STREAM } from "../../support/hang_up_requests.ts";
import { type Point, ways } from "./bends.ts";
import type { Order } from "./outside.ts";
import { wildTools } from "./upstreams.ts";

/** What attackers have. */
export interface Attacker {
  /** Of the processes, which are attacked one by one. */
  origins: string[];
  publicUrl: string;
  apiKey: string;
  /** The honest ones, whom they know by name. */
  people: string[];
  /** Nothing that they ask for is waited for longer. */
  patienceMs: number;
  dice: Dice;
  /** Hands on what was answered. */
  seen(text: string): void;
  order(order: Order): void;
}

/** One way to attack. */
export interface Attack {
  name: string;
  weight: number;
  run(attacker: Attacker): Promise<void>;
}

/** No more of an answer is read. */
const MOST_READ = 2 * 1024 * 1024;
const HALF_OPEN = { sockets: 20, mostMs: 8_000 };
const MEGABYTE = 1024 * 1024;
const JSON_TYPE = { "Content-Type": "application/json" };
const encoder = new TextEncoder();

/** The users that attackers have connected; each is treated by its name. */
export const bentUsers = [
  "x-none_ok",
  ...(["api", "refresh"] satisfies Point[]).flatMap((point) =>
    ways.map((way) => `x-${point}_${way}`)
  ),
];

function randomUser({ dice }: Attacker): string {
  return dice.pick(bentUsers);
}

interface Sent {
  method?: string;
  user?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function send(attacker: Attacker, path: string, { method, user, headers, body }: Sent) {
  const { dice, origins, apiKey, seen, patienceMs } = attacker;
  const response = await fetch(dice.pick(origins) + path, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      Authorization: `Bearer ${apiKey}`,
      ...JSON_TYPE,
      ...(user === undefined ? {} : { "X-User-Id": user }),
      ...headers,
    },
    body: body ?? null,
    redirect: "manual",
    signal: AbortSignal.timeout(patienceMs),
  });
  seen([...response.headers].map((pair) => pair.join(": ")).join("\n"));
  if (response.body === null) return;
  let read = 0;
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    seen(text);
    // Whoever stops here hangs up.
    if ((read += text.length) > MOST_READ) break;
  }
}

let calls = 0;
function toolCall(name: string, args: Record<string, unknown> = {}): string {
  const params = { name, arguments: args };
  return JSON.stringify({ jsonrpc: "2.0", id: `x${calls += 1}`, method: "tools/call", params });
}

async function hangUp(attacker: Attacker): Promise<void> {
  const { dice, origins, apiKey, seen } = attacker;
  const requests = everyRequest({
    key: apiKey,
    user: randomUser(attacker),
    provider: "google",
    reads: "calendar_list_events",
    api: "/oauth2/v2/userinfo",
    slow: dice.int(2) === 0 ? "wild_hang" : "wild_flood",
  });
  const plans = Array.from({ length: 10 }, () => plan(dice, requests));
  const decoder = new TextDecoder();
  const port = Number(new URL(dice.pick(origins)).port);
  await hangUpAll(port, plans, 5, (bytes) => seen(decoder.decode(bytes)));
}

/** Sockets with half a request, held for some seconds; one in three goes on sending, slowly. */
async function halfOpen({ dice, origins, apiKey, patienceMs }: Attacker): Promise<void> {
  const port = Number(new URL(dice.pick(origins)).port);
  const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${apiKey}\r\n`;
  const begun = `${head}Content-Type: application/json\r\nContent-Length: 9999\r\n\r\n{`;
  const sockets = await Promise.all(
    Array.from(
      { length: HALF_OPEN.sockets },
      () => Deno.connect({ hostname: "127.0.0.1", port }),
    ),
  );
  try {
    for (const socket of sockets) {
      await socket.write(encoder.encode(dice.int(2) === 0 ? head : begun));
    }
    for (let ms = 0; ms < Math.min(patienceMs, HALF_OPEN.mostMs); ms += 1_000) {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      for (let at = 0; at < sockets.length; at += 3) {
        await sockets[at]!.write(encoder.encode("x"));
      }
    }
  } finally {
    for (const socket of sockets) socket.close();
  }
}

async function bigBody(attacker: Attacker): Promise<void> {
  const size = attacker.dice.pick([MEGABYTE - 300, MEGABYTE + 300, 3 * MEGABYTE]);
  const body = toolCall("calendar_list_events", { query: "x".repeat(size) });
  await send(attacker, "/mcp", { user: randomUser(attacker), body });
}

async function deepJson(attacker: Attacker): Promise<void> {
  const depth = attacker.dice.pick([65, 10_000, 400_000]);
  const body = attacker.dice.int(2) === 0
    ? "[".repeat(depth) + "]".repeat(depth)
    : '{"a":'.repeat(depth / 5 | 0) + "1" + "}".repeat(depth / 5 | 0);
  await send(attacker, attacker.dice.pick(["/mcp", "/links"]), { user: "x-none_ok", body });
}

async function batch(attacker: Attacker): Promise<void> {
  const messages = Array.from({ length: 20 }, (_, id) => ({
    jsonrpc: "2.0",
    id,
    method: "tools/list",
  }));
  await send(attacker, "/mcp", { user: randomUser(attacker), body: JSON.stringify(messages) });
}

async function badToken(attacker: Attacker): Promise<void> {
  const { dice } = attacker;
  const guess = "A".repeat(43);
  const jwt = `${btoa('{"alg":"none"}')}.${btoa('{"sub":"google:h1-1"}')}.`;
  const bearer = dice.pick([guess, `sb_pat_${guess}`, jwt, "\u00e9", ""]);
  const headers = { Authorization: `Bearer ${bearer}` };
  const user = dice.pick(attacker.people);
  await send(attacker, "/mcp", { user, headers, body: '{"jsonrpc":"2.0","id":1,"method":"ping"}' });
  await send(attacker, "/token/google", { headers, body: JSON.stringify({ user_id: user }) });
  const form = `grant_type=refresh_token&client_id=desk&refresh_token=${guess}`;
  const type = { "Content-Type": "application/x-www-form-urlencoded" };
  await send(attacker, "/oauth/token", { headers: type, body: form });
}

async function badCallback(attacker: Attacker): Promise<void> {
  const state = attacker.dice.pick(["A".repeat(43), "", "%00", "x".repeat(5_000)]);
  const iss = encodeURIComponent(attacker.publicUrl);
  const provider = attacker.dice.pick(["google", "github", "..%2f"]);
  await send(attacker, `/callback/${provider}?state=${state}&code=x&iss=${iss}`, {});
}

/** Their own accounts, at which the provider answers as badly as it can. */
async function bentProvider(attacker: Attacker): Promise<void> {
  const user = randomUser(attacker);
  switch (attacker.dice.int(3)) {
    case 0:
      return await send(attacker, "/token/google", { body: JSON.stringify({ user_id: user }) });
    case 1:
      return await send(attacker, "/mcp?timeout_ms=4000", {
        user,
        body: toolCall("calendar_list_events", { time_zone: "UTC" }),
      });
    default:
      return await send(attacker, "/proxy/google/calendar/v3/calendars/primary/events", { user });
  }
}

/** A person whose account the provider describes as badly as it can. */
async function bentUserinfo(attacker: Attacker): Promise<void> {
  await connectAttacker(attacker, `x-userinfo_${attacker.dice.pick(ways)}`);
}

/** Connects an account of an attacker's user, or tries to. */
export async function connectAttacker(attacker: Attacker, user: string): Promise<void> {
  const { dice, origins, publicUrl, apiKey, seen, patienceMs } = attacker;
  const routed: typeof fetch = async (input, init) => {
    const url = String(input);
    if (!url.startsWith(publicUrl)) return await fetch(url, init);
    const response = await fetch(dice.pick(origins) + url.slice(publicUrl.length), {
      ...init,
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    seen(text);
    return new Response(text, { status: response.status, headers: response.headers });
  };
  const link = await routed(`${publicUrl}/links`, {
    method: "POST",
    headers: { Authorization: `Bearer ${apiKey}`, ...JSON_TYPE },
    body: JSON.stringify({ user_id: user, service: "calendar" }),
  });
  const { url } = await link.json();
  const browser = new Browser({ fetch: routed });
  const page = await browser.submit(await browser.open(url));
  await browser.submit(page, { fields: { account: `${user}-1` } });
}

async function wildCall(attacker: Attacker): Promise<void> {
  const { dice } = attacker;
  const tool = `wild_${dice.pick(wildTools)}`;
  const path = dice.int(2) === 0 ? "/mcp" : "/mcp?timeout_ms=1500";
  const user = randomUser(attacker);
  const isStream = dice.int(2) === 0;
  await send(attacker, path, {
    user,
    headers: isStream ? STREAM : {},
    body: isStream ? slowCall(tool) : toolCall(tool),
  });
}

async function restartWild({ dice, order }: Attacker): Promise<void> {
  const list = dice.pick(["tools", "tools", "garbled", "hang"] as const);
  await Promise.resolve(order({ kind: "restart_wild", ms: dice.int(3_000), list }));
}

/** What is somebody else's, by every name that one could guess. */
async function othersData(attacker: Attacker): Promise<void> {
  const { dice } = attacker;
  const victim = dice.pick(attacker.people);
  switch (dice.int(6)) {
    case 0:
      return await send(attacker, "/token/google", { body: JSON.stringify({ user_id: victim }) });
    case 1:
      return await send(attacker, `/connections?user_id=${victim}`, {});
    case 2:
      return await send(attacker, `/connections/google?user_id=${victim}`, { method: "DELETE" });
    case 3:
      return await send(attacker, "/token/google", {
        body: JSON.stringify({ user_id: "x-none_ok", account: `${victim}-1` }),
      });
    case 4:
      return await send(attacker, "/proxy/google/oauth2/v2/userinfo", {
        user: "x-none_ok",
        headers: { "X-Account": `${victim}-1` },
      });
    default:
      // The same key as the victim's, for the same call.
      return await send(attacker, "/mcp", {
        user: victim,
        headers: { "Idempotency-Key": `w-${victim}-${dice.int(50)}` },
        body: toolCall("calendar_create_event", { title: "x", start: "2027-01-05T10:00Z" }),
      });
  }
}

async function registerClient(attacker: Attacker): Promise<void> {
  const redirect_uris = [`https://evil${attacker.dice.int(9)}.example/cb`];
  await send(attacker, "/oauth/register", { body: JSON.stringify({ redirect_uris }) });
}

/** Every way that there is. */
export const attacks: Attack[] = [
  { name: "ten callers who hang up", weight: 6, run: hangUp },
  { name: "twenty half-open sockets", weight: 1, run: halfOpen },
  { name: "a body of a megabyte and more", weight: 2, run: bigBody },
  { name: "deep JSON", weight: 3, run: deepJson },
  { name: "a batch of twenty lists", weight: 3, run: batch },
  { name: "bad tokens", weight: 4, run: badToken },
  { name: "wrong callback", weight: 4, run: badCallback },
  { name: "own account at a bad provider", weight: 10, run: bentProvider },
  { name: "sign-in with bad userinfo", weight: 2, run: bentUserinfo },
  { name: "own call to a bad upstream", weight: 5, run: wildCall },
  { name: "upstream restarted", weight: 1, run: restartWild },
  { name: "others' data asked for", weight: 6, run: othersData },
  { name: "client registered", weight: 1, run: registerClient },
];
