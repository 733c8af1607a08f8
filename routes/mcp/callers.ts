/**
 * Who calls the MCP endpoint: a backend with its API key, what it has given a
 * session token, or a person with a gateway token.
 *
 * @module
 */

import type { ApiKey } from "../../broker/core/api_key.ts";
import { appActor } from "../../broker/core/actor.ts";
import type { Awaitable } from "../../broker/core/awaitable.ts";
import { callerName } from "../../broker/core/callers.ts";
import type { Counted } from "../../broker/core/limits.ts";
import { subjectOf } from "../../broker/core/subject.ts";
import { isGatewayToken, isSessionToken, type Proof } from "../../gateway/gateway.ts";
import { type Asked, notesOf } from "../http/asked.ts";
import { addressOf, bearerOf } from "../http/caller.ts";
import type { AppDeps, McpCaller } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import { ofKey, ofSubject } from "../http/limited.ts";
import { boundTokenOf, comesBound } from "./bound_tokens.ts";
import { common, servicesNamed } from "./wish.ts";

/** Who calls, before it says what it wants. */
export interface Known extends Pick<McpCaller, "subject" | "actor" | "filter"> {
  /** What its requests count against, the narrowest first. */
  counted: readonly Counted[];
  /** Whether it is a voice, where it does not say so itself. */
  isVoice?: boolean | undefined;
  /** Of the key that its token is bound to. */
  proof?: Proof | undefined;
}

/** What a request brings to say who calls, by what it looks like. */
type Credential =
  | { kind: "bound" }
  | { kind: "session" | "gateway"; token: string }
  | { kind: "key"; key: string | undefined };

/** The credential of a request; nothing is known of it yet. */
export function credentialOf(c: Asked): Credential {
  if (comesBound(c)) return { kind: "bound" };
  const bearer = bearerOf(c);
  if (bearer === undefined) return { kind: "key", key: c.req.header("X-Api-Key") };
  if (isSessionToken(bearer)) return { kind: "session", token: bearer };
  return isGatewayToken(bearer) ? { kind: "gateway", token: bearer } : { kind: "key", key: bearer };
}

/**
 * A backend with its API key, what it has given a session token, or a person with a gateway token.
 * The first is known at once.
 */
export function callerOf(
  c: Asked,
  deps: AppDeps,
  credential = credentialOf(c),
): Awaitable<Known> {
  switch (credential.kind) {
    case "bound":
      return boundHolderOf(c, deps);
    case "session":
      return sessionOf(deps, credential.token);
    case "gateway":
      return holderOf(c, deps, credential.token);
    case "key":
      return appOf(c, deps, credential.key);
  }
}

function appOf(c: Asked, deps: AppDeps, key: string | undefined): Known {
  if (key === undefined) return refuse({ code: "credential_missing" });
  const app = deps.gateway.authenticate({ key, address: addressOf(c) });
  const { actor, caller, counted, filter } = ofAppIn(deps, app);
  // Not every such request is begun in anybody's name; see quickMcp().
  notesOf(c).caller = caller;
  const userId = c.req.header("X-User-Id");
  if (userId === undefined) {
    return refuse({
      code: "invalid_request",
      detail: "The X-User-Id header is missing: it says which of your users the call is for.",
    });
  }
  const subject = subjectOf(app.realm, userId);
  return { subject, actor, counted: [ofSubject(subject, app), ...counted], filter };
}

/** What is the same of all requests with one API key. */
interface OfApp extends Pick<Known, "actor" | "counted" | "filter"> {
  /** As `Callers` calls it. */
  caller: string;
}

/** As long as its providers, and its keys, are what they are. */
const ofApps = new WeakMap<AppDeps, WeakMap<ApiKey, OfApp>>();

function ofAppIn(deps: AppDeps, app: ApiKey): OfApp {
  let known = ofApps.get(deps);
  if (known === undefined) ofApps.set(deps, known = new WeakMap());
  let own = known.get(app);
  if (own === undefined) known.set(app, own = ofApp(deps, app));
  return own;
}

function ofApp({ providers }: AppDeps, app: ApiKey): OfApp {
  const { realm, services, tools } = app;
  const actor = appActor(realm);
  const filter = {
    services: services && servicesNamed(services, providers),
    tools,
    ...policyOf(app),
  };
  return { actor, caller: callerName(actor), counted: ofKey(app), filter: Object.freeze(filter) };
}

/** What its key says of tools, whatever a request asks for. */
function policyOf({ policy }: ApiKey): Pick<McpCaller["filter"], "policy" | "readOnly"> {
  return policy === undefined
    ? NO_POLICY
    : policy.readOnly === true
    ? { policy, readOnly: true }
    : { policy };
}

const NO_POLICY = {};

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
  const { subject, scopes } = access;
  const counted = [
    { name: "client" as const, key: access.grantId },
    ofSubject(subject, {}),
    { name: "person" as const, key: subject },
  ];
  return { subject, actor, counted, filter: { scopes }, proof };
}

/** Whose header and address say nothing of whom it is for: the token alone does. */
async function sessionOf({ gateway, providers }: AppDeps, token: string): Promise<Known> {
  const access = await gateway.sessionAccess(token);
  if (access === undefined) return refuse({ code: "invalid_gateway_token" });
  const { session: { subject, id, accounts, services, tools, readOnly, voice }, key } = access;
  const ofApp = key.services && servicesNamed(key.services, providers);
  return {
    subject,
    actor: { kind: "client", id, name: key.realm, accounts },
    counted: [
      { name: "client", key: id, size: key.limits?.client },
      ofSubject(subject, key),
      // What the app's other users have taken is not for whoever holds one user's token to read.
      ...ofKey(key).map((counted) => ({ ...counted, isShared: true })),
    ],
    filter: {
      services: common(services, ofApp),
      tools: common(tools, key.tools),
      readOnly,
      ...policyOf(key),
    },
    isVoice: voice,
  };
}
