/**
 * Who calls the REST part and the MCP endpoint.
 *
 * @module
 */

import { type ApiKey } from "../../broker/core/api_key.ts";
import { type Gateway, requireService } from "../../gateway/gateway.ts";
import type { Broker } from "../../broker/broker.ts";
import { scopesBeyond } from "../../broker/core/reach.ts";
import { friendlyScopes, requestedScopes, type Target } from "../../broker/core/scopes.ts";
import { type Asked, notesOf } from "./asked.ts";
import { type Subject, subjectOf } from "../../broker/core/subject.ts";
import type { AppDeps } from "./deps.ts";
import { refuse } from "./errors.ts";
import { count, ofKey, ofSubject } from "./limited.ts";
import type { RequestEnv } from "./quick.ts";

/** Whose budget a request counts against; `undefined` where that could be everybody's. */
export function addressOf({ env }: Asked): string | undefined {
  return (env as RequestEnv | undefined)?.caller;
}

/** The token of `Authorization: Bearer` (RFC 6750 §2.1). */
export function bearerOf(c: Asked): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(c.req.header("Authorization") ?? "")?.[1];
}

/** The API key from `Authorization: Bearer` or `X-Api-Key`. Nothing is counted yet. */
export function apiKeyOf(c: Asked, gateway: Gateway): ApiKey {
  const key = bearerOf(c) ?? c.req.header("X-Api-Key");
  return gateway.authenticate({ key, address: addressOf(c) });
}

/** The same, and counts the request against its limits; `also`: what it asks for. */
export async function requireApiKey(c: Asked, gateway: Gateway, also?: "link"): Promise<ApiKey> {
  const key = apiKeyOf(c, gateway);
  await count(c, gateway.limits, ofKey(key, also));
  return key;
}

/** The user that an app names, whom the request is for from then on. @throws {Refusal} `invalid_request`. */
export function subjectFor(c: Asked, realm: string, userId: string | undefined): Subject {
  const subject = subjectOf(realm, userId);
  notesOf(c).subject = subject;
  return subject;
}

/** The user of a backend that a request is for, against whose limit it counts. */
export async function requireSubject(
  c: Asked,
  { limits }: Gateway,
  key: ApiKey,
  userId: string | undefined,
): Promise<Subject> {
  const subject = subjectFor(c, key.realm, userId);
  await count(c, limits, [ofSubject(subject, key)]);
  return subject;
}

/**
 * The services that a name stands for: itself where a service is called so, also
 * an upstream's, which no provider has; else those of a provider.
 *
 * @throws {Refusal} `unknown_service`.
 */
export function servicesCalled(
  { broker, gateway }: Pick<AppDeps, "broker" | "gateway">,
  name: string,
): string[] {
  return gateway.services.some((service) => service.name === name)
    ? [name]
    : broker.resolve(name).services.map((service) => service.name);
}

/** What a service's name means; refuses one that the key is not for. */
export function requireTarget(key: ApiKey, broker: Broker, service: string): Target {
  const target = broker.resolve(service);
  requireService(key, target.server.name, target.services.map(({ name }) => name));
  return target;
}

/**
 * Refuses an app that may use some tools alone: a provider token, in its own hands or put into its
 * request, does what any tool does.
 *
 * @throws {Refusal} `tools_only`.
 */
export function requireAllTools({ tools, policy }: ApiKey): void {
  if (tools !== undefined || policy !== undefined) refuse({ code: "tools_only" });
}

/** What a `scope` parameter asks for; refuses what the key is not for, whatever service it names. */
export function requireScopes(
  { services }: ApiKey,
  target: Target,
  scope: string | undefined,
): string[] {
  const scopes = requestedScopes(target, scope);
  const [beyond] = scopesBeyond(target.server, services, scopes);
  if (beyond === undefined) return scopes;
  const service = friendlyScopes(target.server, [beyond]);
  return refuse({ code: "service_not_allowed", service });
}
