/**
 * What a POST to the MCP endpoint is answered: who calls, what the address
 * leaves of their tools, and what the gateway says to that.
 *
 * @module
 */

import type { Awaitable } from "../../broker/core/awaitable.ts";
import { isRecord, parseJson, TooComplex } from "../../broker/core/json.ts";
import type { Counted } from "../../broker/core/limits.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { type Asked, notesOf } from "../http/asked.ts";
import { readText, requireJson } from "../http/body.ts";
import { addressOf } from "../http/caller.ts";
import type { AppDeps, ReadyAnswer } from "../http/deps.ts";
import { count, limitHeaders as lowLimits } from "../http/limited.ts";
import type { Quick, RequestEnv, Rest } from "../http/quick.ts";
import { type Ready, responseOf } from "../http/ready.ts";
import { callerOf, credentialOf } from "./callers.ts";
import { keepUnbuffered } from "../http/event_stream.ts";
import { insufficient } from "./challenge.ts";
import { narrowed, patienceOf, wishOf } from "./wish.ts";

/** The longest body, in bytes. */
export const MCP_LIMIT = 1024 * 1024;

/** The addresses that are answered without the router, where the request is plain. */
export function quickMcp(deps: AppDeps): Quick[] {
  const quick = (c: Asked) => {
    const credential = credentialOf(c);
    // Whose key it is is known without the store; what asks that afterwards says in whose name.
    return credential.kind === "key"
      ? answer(c, deps, credential)
      : deps.begin(addressOf(c), notesOf(c), () => answer(c, deps, credential));
  };
  const limitHeaders = (env: RequestEnv) => lowLimits(env, deps.gateway.limits, { low: true });
  return ["/mcp", "/mcp/:service"].map((path) => ({
    path,
    answer: quick,
    isBare: true,
    limitHeaders,
  }));
}

/** Answers a POST to the MCP endpoint. */
export async function answer(
  c: Asked,
  deps: AppDeps,
  credential = credentialOf(c),
): Promise<Ready | Response | Rest> {
  const known = callerOf(c, deps, credential);
  const caller = known instanceof Promise ? await known : known;
  const request = notesOf(c);
  request.subject = caller.subject;
  requireJson(c.req.raw);
  const wished = wishOf(c, deps);
  const wish = wished instanceof Promise ? await wished : wished;
  // Counted before it is read, and what it says is not thrown away: whoever calls a tool hears it there.
  const counting = counted(c, deps, caller.counted);
  let refused = counting instanceof Promise ? await counting : counting;
  const text = await readText(c.req.raw, MCP_LIMIT, deps.world);
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    const isComplex = error instanceof TooComplex;
    request.error = isComplex ? "too_complex" : "parse_error";
    return (c) => c.json(isComplex ? tooComplex : parseError, 400);
  }
  // Of a batch each message counts.
  if (Array.isArray(body) && body.length > 1) {
    refused ??= await counted(c, deps, caller.counted, Math.min(body.length, MAX_COUNTED) - 1);
  }
  if (refused !== undefined && !isCall(body)) throw refused;
  const answering = deps.mcp(c.req.raw, body, {
    subject: caller.subject,
    actor: caller.actor,
    filter: narrowed(caller.filter, wish),
    idempotencyKey: wish.idempotencyKey,
    ...patienceOf(wish, caller.isVoice),
    refused,
    claimOnce: caller.proof && (() => caller.proof!.claim()),
    request,
  });
  const answer = answering instanceof Promise ? await answering : answering;
  if ("missingScope" in answer) {
    return (c) => insufficient(c, deps, caller.filter.scopes, answer.missingScope);
  }
  if (answer instanceof Response) keepUnbuffered(answer.headers);
  const ready = answer instanceof Response ? answer : readyOf(answer);
  if (caller.proof === undefined) return ready;
  const response = ready instanceof Response ? ready : responseOf(ready);
  response.headers.set("DPoP-Nonce", await deps.gateway.proofNonce());
  return response;
}

/** A message of a batch that counts; longer ones are refused. */
const MAX_COUNTED = 20;

/** Counts some; that there were too many comes back. */
function counted(
  c: Asked,
  { gateway: { limits } }: AppDeps,
  all: readonly Counted[],
  units = 1,
): Awaitable<Refusal | undefined> {
  try {
    const counting = count(c, limits, all, units);
    return counting instanceof Promise ? counting.then(() => undefined, tooMany) : undefined;
  } catch (error) {
    return tooMany(error);
  }
}

function tooMany(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  throw error;
}

/** Whether it is one call of a tool, whose answer can say in words that there were too many. */
function isCall(body: unknown): boolean {
  return isRecord(body) && body.method === "tools/call" && body.id !== undefined;
}

function readyOf({ status, text, session }: ReadyAnswer): Ready {
  const headers = session === undefined ? undefined : { "Mcp-Session-Id": session };
  return { status, text, headers };
}

const parseError = rpcError(-32700, "Parse error: the body is not valid JSON");
const tooComplex = rpcError(-32600, "Invalid request: the body is too complex");

function rpcError(code: number, message: string) {
  return { jsonrpc: "2.0", error: { code, message }, id: null };
}
