/**
 * `POST /mcp` and its other spellings: authentication, limits, CORS. What is
 * said inside is the gateway's business.
 *
 * @module
 */

import { cors } from "hono/cors";
import { parseJson, TooComplex } from "../../broker/core/json.ts";
import { reasonOf } from "../../broker/core/refusal.ts";
import { type Area, post } from "../http/area.ts";
import type { Asked } from "../http/asked.ts";
import { readText, requireJson } from "../http/body.ts";
import type { AppDeps, ReadyAnswer } from "../http/deps.ts";
import type { Rest } from "../http/quick.ts";
import { callerOf } from "./callers.ts";
import { insufficient, sayMcpError } from "./challenge.ts";
import { narrowed, patienceOf, wishOf } from "./wish.ts";

/** The longest body, in bytes. */
export const MCP_LIMIT = 1024 * 1024;
/** `/mcp/sse` and `/sse` are what voice apps of the first hour call. */
const PATHS = ["/mcp", "/mcp/", "/mcp/:service", "/mcp/:service/", "/sse"];

/** The MCP endpoint at all its addresses. */
export function mcpArea(deps: AppDeps): Area {
  return {
    sayError: (c, error) => sayMcpError(c, deps, error),
    desktopApps: true,
    admit: (c) => admit(c, deps),
    cors: cors({
      // The origin itself was checked before.
      origin: (origin) => origin,
      // A client in a browser has to read the 405 that it gets for the others.
      allowMethods: ["POST", "GET", "DELETE"],
      allowHeaders: [
        "Authorization",
        "Content-Type",
        "DPoP",
        "Idempotency-Key",
        "Last-Event-ID",
        "Mcp-Method",
        "Mcp-Name",
        "Mcp-Protocol-Version",
        "Mcp-Session-Id",
        "X-Api-Key",
        "X-User-Id",
      ],
      exposeHeaders: ["DPoP-Nonce", "Mcp-Session-Id", "WWW-Authenticate"],
      maxAge: 600,
    }),
    routes: PATHS.map((path) =>
      post(path, async (c) => {
        const said = await answer(c, deps);
        return said instanceof Response ? said : said(c);
      })
    ),
    quick: ["/mcp", "/mcp/:service"].map((path) => ({ path, answer: (c) => answer(c, deps) })),
  };
}

/**
 * Clients that begin with a GET look for the challenge there (Codex, mcp-remote
 * and mcporter, November 2026): 405 is for those that are known. For whom they
 * call does not matter yet.
 */
async function admit(c: Asked, deps: AppDeps): Promise<void> {
  try {
    await callerOf(c, deps);
  } catch (error) {
    if (reasonOf(error)?.code !== "invalid_request") throw error;
  }
}

async function answer(c: Asked, deps: AppDeps): Promise<Response | Rest> {
  const caller = await callerOf(c, deps);
  requireJson(c.req.raw);
  const wish = wishOf(c, deps);
  const text = await readText(c.req.raw, MCP_LIMIT, deps.world);
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    return (c) => c.json(error instanceof TooComplex ? tooComplex : parseError, 400);
  }
  const answer = await deps.mcp(c.req.raw, body, {
    subject: caller.subject,
    actor: caller.actor,
    filter: narrowed(caller.filter, wish),
    idempotencyKey: wish.idempotencyKey,
    ...patienceOf(wish, caller.isVoice),
    claimOnce: caller.proof && (() => caller.proof!.claim()),
  });
  if ("missingScope" in answer) {
    return (c) => insufficient(c, deps, caller.filter.scopes, answer.missingScope);
  }
  const response = answer instanceof Response ? answer : responseOf(answer);
  if (caller.proof !== undefined) {
    response.headers.set("DPoP-Nonce", await deps.gateway.proofNonce());
  }
  return response;
}

function responseOf({ status, text, session }: ReadyAnswer): Response {
  const headers: Record<string, string> = {};
  if (text !== null) headers["Content-Type"] = "application/json";
  if (session !== undefined) headers["Mcp-Session-Id"] = session;
  return new Response(text, { status, headers });
}

const parseError = rpcError(-32700, "Parse error: the body is not valid JSON");
const tooComplex = rpcError(-32600, "Invalid request: the body is too complex");

function rpcError(code: number, message: string) {
  return { jsonrpc: "2.0", error: { code, message }, id: null };
}
