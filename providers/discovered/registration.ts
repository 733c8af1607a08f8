/**
 * Which client this program is at an authorization server that was discovered:
 * the operator's, the one that our document describes, or one that is
 * registered there (RFC 7591).
 *
 * @module
 */

import { discard, readJson } from "../../broker/core/bodies.ts";
import type { Discovered, Registration } from "../../broker/core/discovered.ts";
import { parseRetryAfter } from "../retry_after.ts";
import { clientMetadata, documentId, isReadable } from "./client_metadata.ts";
import {
  type Method,
  methodFor,
  METHODS,
  type RegisteredClient,
  registeredIn,
} from "./registered.ts";

export { clientDocument, clientMetadata } from "./client_metadata.ts";

type Server = Pick<
  Discovered,
  "issuer" | "authMethods" | "registrationEndpoint" | "takesDocuments"
>;

/** What every registration is made with. */
export interface Registering {
  publicUrl: string;
  redirectUri: string;
  /** Epoch ms. */
  now: number;
}

/** The client that the operator made there. */
export function operatorRegistration(
  { issuer, authMethods }: Server,
  { redirectUri, now }: Registering,
  { clientId, clientSecret }: { clientId: string; clientSecret?: string | undefined },
): Registration {
  const method = clientSecret === undefined ? "none" : methodFor(authMethods);
  const client = { clientId, clientSecret, method };
  return { kind: "operator", ...client, redirectUri, issuer, registeredAt: now };
}

/** The client of our own document; `undefined` where the server cannot read it, or takes none. */
export function documentRegistration(
  { issuer, takesDocuments, authMethods, registrationEndpoint }: Server,
  { publicUrl, redirectUri, now }: Registering,
): Registration | undefined {
  if (!takesDocuments || !isReadable(publicUrl)) return undefined;
  // A document holds no secret. Where that is not enough, registering may be.
  const isEnough = authMethods?.includes("none") ?? true;
  if (!isEnough && registrationEndpoint !== undefined) return undefined;
  const clientId = documentId(publicUrl, redirectUri);
  return { kind: "document", clientId, method: "none", redirectUri, issuer, registeredAt: now };
}

/** What came of registering. Reasons are in own words. */
export type Registered =
  | { kind: "registered"; registration: Registration }
  /** Asking again would not help; the operator may make a client there. */
  | { kind: "refused"; reason: string }
  | { kind: "failed"; reason: string; retryAfter?: number | undefined };

/** How a client is registered. */
export interface RegisterDeps extends Registering {
  /** Asked for later: some servers refuse what was not registered. */
  scopes: string[];
  fetch: typeof fetch;
  /** For all tries together. */
  signal: AbortSignal;
}

/** How often a registration is tried, in other words each time. */
export const REGISTRATION_TRIES = 3;
/** Of an answer, in decoded bytes. */
export const REGISTRATION_ANSWER_BYTES = 64 * 1024;

/** Registers a client. Does not throw. */
export async function register(server: Server, deps: RegisterDeps): Promise<Registered> {
  const { registrationEndpoint, issuer, authMethods } = server;
  if (registrationEndpoint === undefined) {
    return { kind: "refused", reason: "it does not register clients by itself" };
  }
  const { publicUrl, redirectUri, scopes, now } = deps;
  // The secret of a client that has none cannot end, and take the connections along.
  const methods = METHODS.filter((method) => authMethods?.includes(method) ?? true);
  if (methods.length === 0) {
    return { kind: "refused", reason: "its token endpoint takes no method that is known here" };
  }
  let asked: Record<string, unknown> = {
    ...clientMetadata(publicUrl, [redirectUri]),
    token_endpoint_auth_method: methods[0],
    ...(scopes.length > 0 && { scope: scopes.join(" ") }),
  };
  for (let tries = 1;; tries++) {
    const answer = await post(registrationEndpoint, asked, deps);
    if (answer.kind === "failed" || answer.kind === "closed") {
      return answer.kind === "failed" ? answer : { kind: "refused", reason: answer.reason };
    }
    if (answer.kind === "answered") {
      const found = registeredIn(answer.members, { redirectUri, now, authMethods, asked });
      return found.kind === "refused"
        ? found
        : { kind: "registered", registration: of(found.client) };
    }
    if (tries === REGISTRATION_TRIES) {
      return { kind: "refused", reason: "it refuses what this client says of itself" };
    }
    asked = otherWords(asked, answer.words, methods);
  }

  function of(client: RegisteredClient): Registration {
    return { kind: "dynamic", ...client, redirectUri, issuer, registeredAt: now };
  }
}

/** What an error may complain of, and what is left out then. */
const COMPLAINTS: [about: RegExp, members: string[]][] = [
  [/scope/, ["scope"]],
  [/application[_ ]?type|native|redirect/, ["application_type"]],
  [/grant|response[_ ]?type/, ["grant_types", "response_types"]],
  [/uri/, ["client_uri"]],
];

/** The same client in other words: without what was complained of, else with what must be said alone. */
function otherWords(
  asked: Record<string, unknown>,
  words: string,
  methods: readonly Method[],
): Record<string, unknown> {
  const { token_endpoint_auth_method: method } = asked;
  const next = methods[methods.indexOf(method as Method) + 1];
  if (/auth[_ ]?method|client_secret|public client/.test(words) && next !== undefined) {
    return { ...asked, token_endpoint_auth_method: next };
  }
  const left = COMPLAINTS.find(([about, members]) =>
    about.test(words) && members.some((member) => member in asked)
  )?.[1];
  if (left !== undefined) {
    return Object.fromEntries(Object.entries(asked).filter(([name]) => !left.includes(name)));
  }
  const { client_name, redirect_uris } = asked;
  const isLeast = Object.keys(asked).length <= 3;
  return {
    client_name,
    redirect_uris,
    token_endpoint_auth_method: isLeast ? next ?? method : method,
  };
}

type Answer =
  | { kind: "answered"; members: Record<string, unknown> }
  /** Its words are looked at, and shown to nobody. */
  | { kind: "complained"; words: string }
  | { kind: "closed"; reason: string }
  | { kind: "failed"; reason: string; retryAfter?: number | undefined };

async function post(
  endpoint: string,
  asked: Record<string, unknown>,
  { fetch, signal }: RegisterDeps,
): Promise<Answer> {
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "User-Agent": "switchboard",
      },
      body: JSON.stringify(asked),
      redirect: "manual",
      signal,
    });
    const { status, headers, ok } = response;
    if (!ok && status !== 400 && status !== 422) {
      await discard(response);
      return closedBy(status, headers);
    }
    const members = await readJson(response, { limit: REGISTRATION_ANSWER_BYTES, signal });
    const isObject = typeof members === "object" && members !== null && !Array.isArray(members);
    if (!ok) return { kind: "complained", words: isObject ? wordsOf(members) : "" };
    if (!isObject) return { kind: "closed", reason: "its answer is no registration" };
    // Some say no with 200.
    const isError = "error" in members && !("client_id" in members);
    return isError
      ? { kind: "complained", words: wordsOf(members) }
      : { kind: "answered", members: members as Record<string, unknown> };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) {
      return { kind: "closed", reason: "its answer is no registration" };
    }
    const reason = signal.aborted ? "no answer in time" : "it cannot be reached";
    return { kind: "failed", reason };
  }
}

function closedBy(status: number, headers: Headers): Answer {
  if (status === 401 || status === 403) {
    return { kind: "closed", reason: "it registers only clients that it knows already" };
  }
  const isLater = status === 408 || status === 425 || status === 429 || status >= 500;
  return isLater && status !== 501
    ? {
      kind: "failed",
      reason: `it answered with status ${status}`,
      retryAfter: parseRetryAfter(headers),
    }
    : { kind: "closed", reason: `it answered a registration with status ${status}` };
}

function wordsOf(members: object): string {
  const { error, error_description: description } = members as Record<string, unknown>;
  return [error, description].filter((each) => typeof each === "string").join(" ").slice(0, 1_000)
    .toLowerCase();
}

/**
 * The same client with its secret sent in the other way: some servers register
 * a method that their token endpoint then refuses. `undefined` where there is
 * no other way.
 */
export function otherMethod(registration: Registration): Registration | undefined {
  if (registration.clientSecret === undefined) return undefined;
  const isPost = registration.method === "client_secret_post";
  return { ...registration, method: isPost ? "client_secret_basic" : "client_secret_post" };
}

/** A secret that ends within this time is renewed before it is used, in ms. */
export const SECRET_MARGIN_MS = 10 * 60_000;

/** What somebody connects ends with the secret: nobody gets less than half of its life. */
function marginOf(life: number): number {
  return Math.max(SECRET_MARGIN_MS, life / 2);
}

/** Whether a registration is the one that is needed, and its secret not over. */
export function isCurrent(
  { issuer, redirectUri, registeredAt, secretEndsAt }: Registration,
  needed: { issuer: string; redirectUri: string; now: number },
): boolean {
  return issuer === needed.issuer && redirectUri === needed.redirectUri &&
    (secretEndsAt === undefined ||
      secretEndsAt - needed.now > marginOf(secretEndsAt - registeredAt));
}
