/**
 * `POST /token/{service}`: the provider token of a backend's user.
 *
 * @module
 */

import { z } from "zod";
import { appActor } from "../../broker/core/actor.ts";
import { extraOf } from "../../broker/core/tenants.ts";
import { pathPart, post, type Route } from "../http/area.ts";
import { type Asked, notesOf } from "../http/asked.ts";
import { readBody } from "../http/body.ts";
import {
  addressOf,
  apiKeyOf,
  requireAllTools,
  requireScopes,
  requireTarget,
  subjectFor,
} from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { count, limitHeaders, ofKey, ofSubject } from "../http/limited.ts";
import type { Quick } from "../http/quick.ts";
import { type Ready, responseOf } from "../http/ready.ts";
import type { TokenAnswer } from "./answers/token.ts";
import { USER_ID_META } from "./user_id.ts";

/** How long a caller waits for a refresh. */
export const WAIT_MS = 15_000;
/** Seconds; no provider's tokens live much longer. */
export const LONGEST_MIN_TTL = 3600;

/** What is asked for. */
export const TokenBody = z.object({
  user_id: z.string().meta(USER_ID_META),
  account: z.string().max(320).optional()
    .describe("Which of the user's accounts, by its id or label. Without it: the default one."),
  scope: z.string().max(2000).optional()
    .describe("Scopes that the token must have, friendly names or the provider's own."),
  min_ttl: z.int().min(0).max(LONGEST_MIN_TTL).optional()
    .describe("Seconds that the token must be good for; it is refreshed where it is not."),
});

const PATH = "/token/:service";

/** Handing out a provider token. */
export function tokenRoutes(deps: AppDeps): Route[] {
  return [post(PATH, async (c) => responseOf(await answer(c, deps)))];
}

/** The same, where the request is plain. */
export function quickToken(deps: AppDeps): Quick {
  return {
    path: PATH,
    answer: (c) => deps.begin(addressOf(c), notesOf(c), () => answer(c, deps)),
    limitHeaders: (env) => limitHeaders(env, deps.gateway.limits),
  };
}

async function answer(c: Asked, { broker, gateway, world }: AppDeps): Promise<Ready> {
  const key = apiKeyOf(c, gateway);
  requireAllTools(key);
  const service = pathPart(c, "service");
  const { limits } = gateway;
  let body;
  let subject;
  try {
    body = await readBody(c.req.raw, TokenBody, world);
    subject = subjectFor(c, key.realm, body.user_id);
  } catch (error) {
    // It counts too, though nobody knows for whom.
    await count(c, limits, ofKey(key, "token"));
    throw error;
  }
  const counting = count(c, limits, [ofSubject(subject, key), ...ofKey(key, "token")]);
  if (counting instanceof Promise) await counting;
  const target = requireTarget(key, broker, service);
  const { tokens, account, label } = await broker.token({
    subject,
    actor: appActor(key.realm),
    service,
    reach: key.services,
    scopes: body.scope === undefined ? [] : [requireScopes(key, target, body.scope)],
    scopeParam: body.scope,
    account: body.account,
    minTtl: body.min_ttl === undefined ? undefined : body.min_ttl * 1000,
    noted: "token_handed_out",
    waitMs: WAIT_MS,
  });
  const { accessToken, tokenType, expiresAt, scopes, tenants } = tokens;
  const { credential } = target.server;
  const isKey = credential.kind === "api_key";
  const said: TokenAnswer = {
    // A key is said as its API wants it, and no other way: it is no bearer token everywhere.
    access_token: isKey ? undefined : accessToken,
    token_type: tokenType,
    header: isKey ? credential.header(accessToken) : undefined,
    expires_in: expiresAt === undefined
      ? undefined
      : Math.max(0, Math.floor((expiresAt - world.now()) / 1000)),
    expires_at: expiresAt,
    scope: scopes.join(" "),
    account,
    label,
    extra: extraOf(tokens),
    tenants,
  };
  return { status: 200, text: JSON.stringify(said) };
}
