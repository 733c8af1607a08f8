/**
 * `/oauth/token` and `/oauth/revoke`: what MCP clients call themselves (OAuth
 * 2.1 §3.2, RFC 7009).
 *
 * @module
 */

import type { Context } from "hono";
import { cors } from "hono/cors";
import { callerName } from "../../broker/core/callers.ts";
import type { Client } from "../../broker/core/client.ts";
import {
  claimedClient,
  type GatewayTokenSet,
  GrantError,
  type Proof,
  ProofError,
} from "../../gateway/gateway.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { type Area, post } from "../http/area.ts";
import { readForm } from "../http/body.ts";
import { addressOf } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { errorJson, wireOf as generalWireOf } from "../http/errors.ts";
import { notesOf } from "../http/asked.ts";
import { count, LIMIT_HEADERS, limitHeaders } from "../http/limited.ts";
import { credentialsOf } from "./credentials.ts";

const TOKEN_PATH = "/oauth/token";
const FORM_LIMIT = 16 * 1024;
/** Codes, refresh tokens, and JWTs, which can be given back. */
const TOKEN = /^[A-Za-z0-9._-]{43,}$/;

/** What clients call to get tokens, and to give them back. */
export function tokenArea(deps: AppDeps): Area {
  const { gateway } = deps;
  return {
    sayError: (c, error) => sayGrantError(c, deps, error),
    anyOrigin: true,
    limitHeaders: (c) => limitHeaders(c.env, gateway.limits),
    // Clients in browsers; nothing here reads a cookie.
    cors: cors({
      origin: "*",
      allowMethods: ["POST"],
      exposeHeaders: ["DPoP-Nonce", "WWW-Authenticate", ...LIMIT_HEADERS],
    }),
    routes: [
      post(TOKEN_PATH, async (c) => {
        const form = await readForm(c.req.raw, FORM_LIMIT, deps.world);
        // Before the client proves who it is: what is said of the proof uses no assertion up.
        const proof = await proofOf(c, deps);
        const client = await authenticate(c, deps, form);
        // With a slash or a query it is its path's resource; what is none of ours stays as it is.
        const resource = form.resource && (gateway.resources.named(form.resource) ?? form.resource);
        switch (form.grant_type) {
          case "authorization_code": {
            const { code, code_verifier: verifier, redirect_uri: redirectUri } = form;
            const exchange = { client, resource, code, verifier, redirectUri, proof };
            return c.json(wireOf(noted(c, await gateway.exchangeCode(exchange))));
          }
          case "refresh_token": {
            const { refresh_token: refreshToken } = form;
            const asked = { client, resource, refreshToken, proof };
            return c.json(wireOf(noted(c, await gateway.refresh(asked))));
          }
          default:
            return saidNo(c, "unsupported_grant_type", undefined, 400);
        }
      }),

      post("/oauth/revoke", async (c) => {
        const form = await readForm(c.req.raw, FORM_LIMIT, deps.world);
        const client = await authenticate(c, deps, form);
        await gateway.revoke(form.token, client);
        // RFC 7009 §2.2: 200 for a token that is unknown too.
        return c.body(null, 200);
      }),
    ],
  };
}

/** Public clients say who they are; confidential ones prove it (RFC 6749 §2.3). */
async function authenticate(
  c: Context,
  { gateway }: AppDeps,
  form: Record<string, string>,
): Promise<Client> {
  const { id, ...credentials } = credentialsOf(c.req.header("Authorization"), form);
  const address = addressOf(c);
  // With what cannot be a token of ours no stranger's document is fetched.
  const presented = form.token ?? form.refresh_token ?? form.code ?? "";
  const fault = TOKEN.test(presented) ? undefined : { code: "unknown_client" as const };
  const client = await gateway.client(id ?? await claimedClient(credentials.assertion), {
    address,
    fault,
  });
  await gateway.authenticateClient(client, { ...credentials, address });
  // By address too: anybody can name a public client, and uses up what is theirs alone.
  if (address !== undefined) {
    await count(c, gateway.limits, [{ name: "oauth_token", key: `${client.id} ${address}` }]);
  }
  return client;
}

/** The key that the tokens are to be bound to, where the client offers one (RFC 9449 §5). */
async function proofOf(c: Context, { gateway }: AppDeps): Promise<Proof | undefined> {
  const text = c.req.header("DPoP");
  if (text === undefined) return undefined;
  const proof = await gateway.readProof(text, { method: "POST", path: TOKEN_PATH });
  c.header("DPoP-Nonce", await gateway.proofNonce());
  return proof;
}

/** Who brought a code or a refresh token that is good is that grant's client from then on. */
function noted(c: Context, given: GatewayTokenSet): GatewayTokenSet {
  const { subject, id } = given.of;
  const request = notesOf(c);
  request.caller = callerName({ kind: "client", id });
  request.subject = subject;
  return given;
}

function wireOf({ accessToken, expiresIn, refreshToken, scopes, isBound }: GatewayTokenSet) {
  return {
    access_token: accessToken,
    token_type: isBound ? "DPoP" : "Bearer",
    expires_in: expiresIn,
    refresh_token: refreshToken,
    scope: scopes.join(" "),
  };
}

/**
 * RFC 6749 §5.2: the bare code for the caller, the reason for the log, an id that both carry.
 * Whoever is wrong too often is told to wait, and fills no log.
 */
async function sayGrantError(
  c: Context,
  { world, gateway }: AppDeps,
  thrown: unknown,
): Promise<Response> {
  const isDeleted = thrown instanceof Refusal && thrown.reason.code === "user_deleted";
  // While its tokens were made: what the client hears is what it hears from then on.
  const error = isDeleted ? new GrantError("invalid_grant", "its person was deleted") : thrown;
  if (error instanceof ProofError) c.header("DPoP-Nonce", await gateway.proofNonce());
  const request = notesOf(c);
  // Nothing is wrong: the client comes again with the nonce.
  if (error instanceof ProofError && error.error === "use_dpop_nonce") {
    return saidNo(c, error.error, "Take the nonce of DPoP-Nonce.", 400);
  }
  const unknown = error instanceof Refusal && error.reason.code === "unknown_client"
    ? error.reason
    : undefined;
  const isRefused = error instanceof GrantError || error instanceof ProofError;
  if (!isRefused && unknown === undefined) {
    return errorJson(c, generalWireOf(error, world, request));
  }
  try {
    await gateway.doors.enter("wrong_token", addressOf(c));
  } catch (tooOften) {
    return errorJson(c, generalWireOf(tooOften, world, request));
  }
  const code = isRefused ? error.error : "invalid_client";
  const detail = isRefused ? error.reason : unknown?.detail ?? "unknown client or wrong secret";
  const { id: request_id } = request;
  world.log({ level: "warn", event: "grant_refused", request_id, error: code, detail });
  if (unknown !== undefined) c.header("WWW-Authenticate", 'Basic realm="switchboard"');
  // What helps is the same whatever the reason was, which is nobody's business but the operator's.
  const cure = code === "invalid_grant" ? "Sign in again." : "Refused.";
  const description = `${cure} The operator's log has the reason under ${request_id}.`;
  return saidNo(c, code, description, unknown === undefined ? 400 : 401);
}

/** RFC 6749 §5.2, and a member more, which clients that do not know it leave alone. */
function saidNo(
  c: Context,
  error: string,
  error_description: string | undefined,
  status: 400 | 401,
): Response {
  const request = notesOf(c);
  request.error = error;
  return c.json({ error, error_description, request_id: request.id }, status);
}
