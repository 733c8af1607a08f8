/**
 * `POST /token/{service}`: the provider token of a backend's user.
 *
 * @module
 */

import { appActor } from "../../broker/core/actor.ts";
import { isRecord } from "../../broker/core/json.ts";
import { lazily } from "../../broker/core/lazily.ts";
import { extraOf } from "../../broker/core/tenants.ts";
import { pathPart, post, type Route } from "../http/area.ts";
import { type Asked, notesOf } from "../http/asked.ts";
import { check, readJson } from "../http/body.ts";
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
import type { TokenAsked } from "./token_body.ts";

/** How long a caller waits for a refresh. */
export const WAIT_MS = 15_000;
/** Loaded with the first body that says more than whose token is wanted. */
const schema = lazily(async () => (await import("./token_body.ts")).TokenBody);

/** Members beside the user's id. */
const MORE = ["account", "scope", "min_ttl"] as const satisfies (keyof TokenAsked)[];

async function asked(body: unknown): Promise<TokenAsked> {
  const isPlain = isRecord(body) && MORE.every((member) => body[member] === undefined);
  const { user_id } = isPlain ? body : {};
  return typeof user_id === "string" ? { user_id } : check(await schema(), body);
}

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
    body = await asked(await readJson(c.req.raw, world));
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
