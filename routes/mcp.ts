/**
 * `POST /mcp` and its other spellings: authentication, limits, CORS. What is
 * said inside is the gateway's business.
 *
 * @module
 */

import type { Context } from "hono";
import { cors } from "hono/cors";
import { z } from "zod";
import { isGatewayToken, isSessionToken, type Proof } from "../gateway/gateway.ts";
import { appActor } from "../broker/core/actor.ts";
import { parseJson, TooComplex } from "../broker/core/json.ts";
import { reasonOf } from "../broker/core/refusal.ts";
import { subjectOf } from "../broker/core/subject.ts";
import { type Area, post } from "./http/area.ts";
import { check, queryOf, readText, requireJson } from "./http/body.ts";
import { bearerOf, requireApiKey } from "./http/caller.ts";
import type { AppDeps, McpCaller } from "./http/deps.ts";
import { boundTokenOf } from "./bound_tokens.ts";
import { refuse } from "./http/errors.ts";
import { insufficient, sayMcpError } from "./mcp_challenge.ts";

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
    routes: PATHS.map((path) => post(path, (c) => answer(c, deps))),
  };
}

/**
 * Clients that begin with a GET look for the challenge there (Codex, mcp-remote
 * and mcporter, November 2026): 405 is for those that are known. For whom they
 * call does not matter yet.
 */
async function admit(c: Context, deps: AppDeps): Promise<void> {
  try {
    await callerOf(c, deps);
  } catch (error) {
    if (reasonOf(error)?.code !== "invalid_request") throw error;
  }
}

async function answer(c: Context, deps: AppDeps): Promise<Response> {
  const caller = await callerOf(c, deps);
  requireJson(c.req.raw);
  const wish = wishOf(c, deps);
  const text = await readText(c.req.raw, MCP_LIMIT, deps.world);
  let body: unknown;
  try {
    body = parseJson(text);
  } catch (error) {
    return c.json(error instanceof TooComplex ? tooComplex : parseError, 400);
  }
  const answer = await deps.mcp(c.req.raw, body, {
    subject: caller.subject,
    actor: caller.actor,
    filter: narrowed(caller.filter, wish),
    idempotencyKey: wish.idempotencyKey,
    ...patienceOf(wish, caller.isVoice),
    claimOnce: caller.proof && (() => caller.proof!.claim()),
  });
  if (caller.proof !== undefined && answer instanceof Response) {
    answer.headers.set("DPoP-Nonce", await deps.gateway.proofNonce());
  }
  return answer instanceof Response
    ? answer
    : insufficient(c, deps, caller.filter.scopes, answer.missingScope);
}

const parseError = rpcError(-32700, "Parse error: the body is not valid JSON");
const tooComplex = rpcError(-32600, "Invalid request: the body is too complex");

function rpcError(code: number, message: string) {
  return { jsonrpc: "2.0", error: { code, message }, id: null };
}

/** Who calls, before it says what it wants. */
interface Known extends Pick<McpCaller, "subject" | "actor" | "filter"> {
  /** Whether it is a voice, where it does not say so itself. */
  isVoice?: boolean | undefined;
  /** Of the key that its token is bound to. */
  proof?: Proof | undefined;
}

/** A backend with its API key, what it has given a session token, or a person with a gateway token. */
async function callerOf(c: Context, deps: AppDeps): Promise<Known> {
  const bound = await boundTokenOf(c, deps);
  if (bound !== undefined) return await holderOf(c, deps, bound.token, bound.proof);
  const bearer = bearerOf(c);
  if (bearer !== undefined && isSessionToken(bearer)) return await sessionOf(deps, bearer);
  if (bearer !== undefined && isGatewayToken(bearer)) return await holderOf(c, deps, bearer);
  if (bearer === undefined && c.req.header("X-Api-Key") === undefined) {
    return refuse({ code: "credential_missing" });
  }
  const { realm, services } = requireApiKey(c, deps.gateway);
  const userId = c.req.header("X-User-Id");
  if (userId === undefined) {
    return refuse({
      code: "invalid_request",
      detail: "The X-User-Id header is missing: it says which of your users the call is for.",
    });
  }
  return {
    subject: subjectOf(realm, userId),
    actor: appActor(realm),
    filter: { services: services && servicesNamed(services, deps.providers) },
  };
}

async function holderOf(
  c: Context,
  { gateway }: AppDeps,
  token: string,
  proof?: Proof,
): Promise<Known> {
  const access = await gateway.access(token, proof);
  const resource = gateway.resources.of(c.req.path);
  // RFC 8707: a token for another resource is nobody's here.
  const meant = access?.audience === undefined ||
    gateway.resources.covers(access.audience, resource);
  if (access === undefined || !meant) return refuse({ code: "invalid_gateway_token" });
  // Only of who may call: nobody else fills what is remembered.
  await proof?.claimHere();
  const actor = { kind: "client" as const, id: access.grantId };
  return { subject: access.subject, actor, filter: { scopes: access.scopes }, proof };
}

/** Whose header and address say nothing of whom it is for: the token alone does. */
async function sessionOf({ gateway, providers }: AppDeps, token: string): Promise<Known> {
  const access = await gateway.sessionAccess(token);
  if (access === undefined) return refuse({ code: "invalid_gateway_token" });
  const { session: { subject, id, accounts, services, tools, readOnly, voice }, key } = access;
  const ofKey = key.services && servicesNamed(key.services, providers);
  return {
    subject,
    actor: { kind: "client", id, accounts },
    filter: { services: common(services, ofKey), tools, readOnly },
    isVoice: voice,
  };
}

/** What is in both lists; one that is absent has everything. */
function common(one: string[] | undefined, other: string[] | undefined): string[] | undefined {
  return one === undefined || other === undefined
    ? one ?? other
    : one.filter((name) => other.includes(name));
}

const Query = z.object({
  services: z.string().max(1000).optional(),
  tools: z.string().max(4000).optional(),
  read_only: z.enum(["true", "false"]).optional(),
  voice: z.enum(["true", "false"]).optional(),
  timeout_ms: z.string().regex(/^\d{1,5}$/, "must be a number of milliseconds").optional(),
});

/** How long a voice can be silent; LiveKit's agents give up after 5 s (November 2026). */
export const VOICE_TIMEOUT_MS = 4_500;
export const TIMEOUT_MS = { least: 500, most: 30_000 };

/** What a caller wants of the endpoint, beside the call itself. */
interface Wish {
  /** By the query, and by the path. */
  services: string[][];
  tools: string[] | undefined;
  readOnly: boolean;
  idempotencyKey: string | undefined;
  voice: boolean | undefined;
  /** ms */
  timeout: number | undefined;
}

/** `/mcp/{service}`, `?services=github,calendar&tools=…&read_only=true&voice=true`, `Idempotency-Key`. */
function wishOf(c: Context, { broker, gateway, providers }: AppDeps): Wish {
  const query = check(Query, queryOf(c.req.raw));
  const listOf = (text: string) => text.split(",").map((item) => item.trim()).filter(Boolean);
  const services: string[][] = [];
  if (query.services !== undefined) {
    services.push(servicesNamed(listOf(query.services), providers));
  }
  const path: string | undefined = c.req.param("service");
  if (path !== undefined && path !== "sse") {
    const known = gateway.services.some(({ name }) => name === path);
    services.push(known ? [path] : broker.resolve(path).services.map(({ name }) => name));
  }
  return {
    services,
    tools: query.tools === undefined ? undefined : listOf(query.tools),
    readOnly: query.read_only === "true",
    idempotencyKey: idempotencyKeyOf(c),
    voice: query.voice === undefined ? undefined : query.voice === "true",
    timeout: query.timeout_ms === undefined ? undefined : Number(query.timeout_ms),
  };
}

/** A provider's name stands for all its services, as everywhere; an unknown one for nothing. */
function servicesNamed(names: string[], providers: AppDeps["providers"]): string[] {
  return names.flatMap((name) =>
    providers.get(name)?.services.map((service) => service.name) ?? [name]
  );
}

/** A filter, narrowed by what was wished; never wider than it was. */
function narrowed(filter: McpCaller["filter"], wish: Wish): McpCaller["filter"] {
  return {
    scopes: filter.scopes,
    services: wish.services.reduce(common, filter.services),
    tools: common(filter.tools, wish.tools),
    readOnly: filter.readOnly === true || wish.readOnly,
  };
}

function idempotencyKeyOf(c: Context): string | undefined {
  const key = c.req.header("Idempotency-Key");
  if (key === undefined || /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  const detail = "Idempotency-Key must be 1 to 255 visible characters.";
  return refuse({ code: "invalid_request", detail });
}

/** How long the caller waits, and whether it listens: as the address says, else as its token does. */
function patienceOf(
  { voice: said, timeout }: Wish,
  isVoice = false,
): Pick<McpCaller, "timeoutMs" | "voice"> {
  const voice = said ?? isVoice;
  if (timeout === undefined) return { voice, timeoutMs: voice ? VOICE_TIMEOUT_MS : undefined };
  return { voice, timeoutMs: Math.min(Math.max(timeout, TIMEOUT_MS.least), TIMEOUT_MS.most) };
}
