/**
 * Who calls the MCP endpoint: a backend with its API key, what it has given a
 * session token, or a person with a gateway token.
 *
 * @module
 */

import { appActor } from "../../broker/core/actor.ts";
import { subjectOf } from "../../broker/core/subject.ts";
import { isGatewayToken, isSessionToken, type Proof } from "../../gateway/gateway.ts";
import type { Asked } from "../http/asked.ts";
import { bearerOf, requireApiKey } from "../http/caller.ts";
import type { AppDeps, McpCaller } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import { boundTokenOf, comesBound } from "./bound_tokens.ts";
import { common, servicesNamed } from "./wish.ts";

/** Who calls, before it says what it wants. */
export interface Known extends Pick<McpCaller, "subject" | "actor" | "filter"> {
  /** Whether it is a voice, where it does not say so itself. */
  isVoice?: boolean | undefined;
  /** Of the key that its token is bound to. */
  proof?: Proof | undefined;
}

/**
 * A backend with its API key, what it has given a session token, or a person with a gateway token.
 * The first is known at once. Throws as well as rejects.
 */
export function callerOf(c: Asked, deps: AppDeps): Known | Promise<Known> {
  if (comesBound(c)) return boundHolderOf(c, deps);
  const bearer = bearerOf(c);
  if (bearer !== undefined && isSessionToken(bearer)) return sessionOf(deps, bearer);
  if (bearer !== undefined && isGatewayToken(bearer)) return holderOf(c, deps, bearer);
  if (bearer === undefined && c.req.header("X-Api-Key") === undefined) {
    return refuse({ code: "credential_missing" });
  }
  const { realm, services, tools } = requireApiKey(c, deps.gateway);
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
    filter: { services: services && servicesNamed(services, deps.providers), tools },
  };
}

async function boundHolderOf(c: Asked, deps: AppDeps): Promise<Known> {
  const { token, proof } = await boundTokenOf(c, deps);
  return await holderOf(c, deps, token, proof);
}

async function holderOf(
  c: Asked,
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
  const actor = { kind: "client" as const, id: access.grantId, name: access.name };
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
    actor: { kind: "client", id, name: key.realm, accounts },
    filter: { services: common(services, ofKey), tools: common(tools, key.tools), readOnly },
    isVoice: voice,
  };
}
