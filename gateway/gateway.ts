/**
 * The gateway as an OAuth 2.1 resource and authorization server, behind one
 * object: who calls, sign-in, clients, grants, access.
 *
 * @module
 */

import type { Quotas } from "../broker/core/quotas.ts";
import { type Activity, NO_ACTIVITY } from "../broker/core/activity.ts";
import { type Actor, appActor } from "../broker/core/actor.ts";
import type { ApiKey } from "../broker/core/api_key.ts";
import type { AuthorizationServer } from "../broker/core/authorization_server.ts";
import type { Client } from "../broker/core/client.ts";
import type { Account } from "../broker/core/connection.ts";
import { callerName, type Identified } from "../broker/core/callers.ts";
import { parseGatewayScopes, type Reach, usableScopes } from "../broker/core/gateway_scopes.ts";
import type {
  AuthorizationCode,
  Branch,
  Grant,
  GrantLifetimes,
  RegisteredClient,
  Session,
  SessionToken,
} from "../broker/core/grant.ts";
import type { Limits } from "../broker/core/limits.ts";
import type { Operator } from "../broker/core/settings.ts";
import { isSecret } from "../broker/core/secrets.ts";
import { partsOf, type Subject } from "../broker/core/subject.ts";
import { type Access, createPersonalToken, type GrantDeps, readAccess } from "./grants/access.ts";
import { createGatewayTokens } from "./grants/access_token.ts";
import { reachOf } from "./address_reach.ts";
import { authenticate, type Presented } from "./api_keys.ts";
import { authenticateClient, type Credentials } from "./clients/client_authentication.ts";
import { type CodeExchange, exchangeCode, issueCode } from "./grants/codes.ts";
import { branchesOf, TRUNK } from "./grants/branches.ts";
import { endOf } from "./grants/grant_life.ts";
import { endBranch, endGrant, revokeToken } from "./grants/grant_ends.ts";
import { narrowGrant } from "./grants/narrow.ts";
import type { GatewayTokenSet } from "./grants/grants.ts";
import { type RefreshExchange, refreshGrant } from "./grants/refresh.ts";
import type { Asking } from "./clients/documents.ts";
import type { Doors } from "./doors.ts";
import { createGatewayMemory, type GatewayMemory, type MemoryOptions } from "./gateway_memory.ts";
import { AccessNotes } from "./notes.ts";
import type { Proof } from "./dpop/proofs.ts";
import { createResources, type Resources, splitQuery } from "./resources.ts";
import {
  createSessionToken,
  endSessionTokens,
  livingSessionTokens,
  readSessionToken,
  type SessionAccess,
  type SessionTokenDeps,
  type SessionTokenRequest,
} from "./session_tokens.ts";
import { isInSetup, type Issued, redeemSetupCode, type SetupDeps } from "./setup.ts";
import { endSession, isFresh, readSession, type SessionDeps, startSession } from "./sessions.ts";
import { onceByForm } from "./sent_forms.ts";
import { createSignInRule, type SignedIn } from "./sign_in_rule.ts";

export { isGatewayToken } from "./grants/access.ts";
export { claimedClient, requireOneWay } from "./clients/client_authentication.ts";
export { ASSERTION_ALGORITHMS, DPOP_ALGORITHMS } from "./clients/client_keys.ts";
export { type Proof, ProofError } from "./dpop/proofs.ts";
export { requireService } from "./api_keys.ts";
export { isRedirectUri, mayRedirect } from "./clients/redirects.ts";
export { PROTECTED_RESOURCE, repeatable } from "./resources.ts";
export { GrantError } from "./grants/grants.ts";
export { isSessionToken } from "./session_tokens.ts";
export { SETUP_MS } from "./setup.ts";
export { FRESH_MS, SESSION_MS } from "./sessions.ts";
export { createGatewayMemory, type GatewayMemory };
export type { Access, Credentials, GatewayTokenSet, SessionAccess };
export { TRUNK };

/** The number of a chain, in a form. */
const BRANCH = /^\d{1,9}$/;

/** A grant as its person sees it. */
export interface GrantView extends Omit<Grant, "branches"> {
  endsAt: number;
  /** The chains that live, the oldest first; more than one: it is used in several places. */
  branches: Branch[];
}

/** What a person can allow a client to use. */
export interface GatewayService {
  name: string;
  title: string;
  /** What a person connects for it: a service, or a provider; absent: nothing. */
  connects?: string | undefined;
}

/** A request that a DPoP proof came with. */
export interface ProvedPath {
  method: string;
  /** Of the address it was sent to; the rest is `publicUrl`, whatever its headers say. */
  path: string;
  /** The access token beside it, at a resource. */
  token?: string | undefined;
}

/** What a gateway is made of; each is handed on to the decisions that need it, and no further. */
export interface GatewayOptions extends MemoryOptions {
  /** With which a person may sign in. */
  signInServers: AuthorizationServer[];
  /** All that a person can allow: the providers' services, and upstream MCP servers. */
  services: GatewayService[];
  /** Names that stand for several services: the providers'. */
  providers: ReadonlyMap<string, { services: { name: string }[] }>;
  apiKeys: ApiKey[];
  /** `*@example.com`, `me@gmail.com`, or `*` for everybody; empty: nobody. */
  signInAllow: string[];
  /** Who runs this program; they may sign in, too. */
  operators?: Operator[] | undefined;
  grantLifetimes: GrantLifetimes;
  /** How much one person may hold; absent: the usual. */
  quotas?: Quotas | undefined;
  /** Told who calls, as soon as that is proved. */
  identified: Identified;
  /** Where is noted what is done; absent: nowhere. */
  activity?: Activity | undefined;
}

/**
 * What the edges ask for. Methods that touch the store may also throw a
 * `StoreError` or a `VaultError`.
 */
export interface Gateway {
  services: GatewayService[];
  resources: Resources;
  clientDocuments: boolean;
  /** What an address can be used for; `undefined` where its query is none that is answered. */
  reach(path: string, search: string): Reach | undefined;
  /**
   * Uses up a code of `deno task admin setup`; the secret is for a cookie.
   *
   * @throws {Refusal} `code_invalid`, `rate_limited`.
   */
  redeemSetupCode(code: unknown, address: string | undefined): Promise<Issued>;
  /** Whether such a secret lets change settings: for a while, and until there is an operator. */
  isInSetup(secret: unknown): Promise<boolean>;
  /** The resource that a client means by a URL, and what that URL can be used for. */
  meant(url: string): { resource: string; reach: Reach } | undefined;
  /** The scopes that can be of use there; anywhere where no reach is named. */
  scopes(reach?: Reach): string[];
  parseScopes(reach: Reach, scope: string | undefined): string[];
  doors: Doors;
  /** How often what may be done. */
  limits: Limits;
  /** The API key that a caller presented. @throws {Refusal} `invalid_client`, `rate_limited`. */
  authenticate(presented: Presented): ApiKey;
  signInServers: AuthorizationServer[];
  /** @throws {Refusal} `sign_in_refused`, `rate_limited`. */
  signIn(
    server: AuthorizationServer,
    account: Account,
  ): Promise<{ secret: string; session: Session }>;
  session(secret: unknown): Promise<Session | undefined>;
  /** Whether a person who is signed in runs this program, by what is set today: ask it at every use. */
  isOperator(signedIn: SignedIn): boolean;
  /** Whether a sign-in is so new that something may be changed by it. */
  isFresh(session: Session): boolean;
  signOut(secret: string, options: { everywhere: boolean }): Promise<void>;
  /** @throws {Refusal} `unknown_client`, `client_document`, `rate_limited`, `asking.fault`. */
  client(id: string | undefined, asking?: Asking): Promise<Client>;
  /**
   * Lets public clients pass, and confidential ones that prove who they are.
   *
   * @throws {Refusal} `unknown_client`, `client_document`, `invalid_request`, `rate_limited`.
   */
  authenticateClient(client: Client, credentials: Credentials): Promise<void>;
  /** @throws {Refusal} `client_document`, `rate_limited`. */
  register(metadata: unknown, address: string | undefined): Promise<RegisteredClient>;
  /** @throws {Refusal} `rate_limited`. */
  issueCode(
    request: Omit<AuthorizationCode, "grantId" | "usableUntil" | "expiresAt" | "used" | "replayed">,
  ): Promise<string>;
  /**
   * @throws {GrantError} `invalid_grant`, `invalid_target`. @throws {Refusal} `rate_limited`.
   * @throws {ProofError} `invalid_dpop_proof`.
   */
  exchangeCode(exchange: CodeExchange): Promise<GatewayTokenSet>;
  /**
   * @throws {GrantError} `invalid_grant`, `invalid_target`. @throws {Refusal} `rate_limited`.
   * @throws {ProofError} `invalid_dpop_proof`.
   */
  refresh(exchange: RefreshExchange): Promise<GatewayTokenSet>;
  /** Ends the grant of a token of this client's; see `revokeToken()` for one that is old. */
  revoke(token: string | undefined, client: Client): Promise<void>;
  /**
   * The DPoP proof that came with a request; `path` is that of the address it was sent to.
   *
   * @throws {ProofError} `invalid_dpop_proof`, `use_dpop_nonce`.
   */
  readProof(text: string, request: ProvedPath): Promise<Proof>;
  /** A nonce for the proofs to come. */
  proofNonce(): Promise<string>;
  /** `undefined` for everything that is not a living gateway token, bound to the proof's key if to any. */
  access(token: string, proof?: Proof): Promise<Access | undefined>;
  /** What a subject has allowed, and when each ends, or has ended. */
  grants(subject: Subject): Promise<GrantView[]>;
  grantLifetimes: GrantLifetimes;
  /** `actor`: who does, where it is not the person. */
  endGrant(subject: Subject, id: string, actor?: Actor): Promise<void>;
  /** Ends one chain of a grant, by its number as a form says it; the grant with the last one. */
  endBranch(subject: Subject, id: string, branch: string): Promise<void>;
  /** Leaves a grant with a part of its scopes; returns its name, if there is something left of it. */
  narrowGrant(subject: Subject, id: string, scopes: string[]): Promise<string | undefined>;
  /**
   * It is shown once. `once`: a text that the form was given; who sends the same form again gets
   * `undefined`, and makes no second one.
   */
  createPersonalToken(
    person: SignedIn,
    request: { name: string; scopes: string[]; once: string },
  ): Promise<string | undefined>;
  /** For a platform of a backend; the token is shown once. @throws {Refusal} `rate_limited`. */
  createSessionToken(
    key: ApiKey,
    request: SessionTokenRequest,
  ): Promise<{ token: string; record: SessionToken }>;
  /** `undefined` for everything that is not a living session token. */
  sessionAccess(token: string): Promise<SessionAccess | undefined>;
  /** Those of a subject that are good today. */
  sessionTokens(subject: Subject): Promise<SessionToken[]>;
  /** Ends one of a subject, or all; returns how many that were. */
  endSessionTokens(subject: Subject, id: string | undefined): Promise<number>;
}

/** A gateway for one public URL, over a store; with a memory of before it forgets nothing. */
export function createGateway(
  options: GatewayOptions,
  memory: GatewayMemory = createGatewayMemory(options),
): Gateway {
  const { publicUrl, services, world, grantLifetimes, identified } = options;
  const { doors, store, keyGuesses, clients, authentication, nonces, proofs } = memory;
  const tokens = createGatewayTokens(publicUrl, options.signingKeys, world);
  const rule = createSignInRule(
    options.signInAllow,
    options.signInServers.map(({ name }) => name),
    options.operators,
  );
  const grants: GrantDeps = {
    ...{ store, tokens, world, rule, identified },
    lifetimes: grantLifetimes,
    quotas: options.quotas,
  };
  const { apiKeys, signingKeys } = options;
  const sessionTokens: SessionTokenDeps = {
    ...{ store, world, publicUrl, signingKeys, apiKeys, doors, identified },
  };
  const setup: SetupDeps = { store, world };
  const hasOperators = (options.operators ?? []).length > 0;
  const sessions: SessionDeps = { store, world, rule, identified };
  const notes = new AccessNotes(options.activity ?? NO_ACTIVITY, world);
  const names = services.map(({ name }) => name);
  const addressed = {
    services: names,
    ofProvider: (name: string) =>
      options.providers.get(name)?.services.map((service) => service.name),
  };
  const resources = createResources(
    publicUrl,
    (name) => names.includes(name) || options.providers.has(name),
  );
  const reach = (path: string, search: string) => reachOf(addressed, path, search);
  const keepingClient = async <T>(client: Client, issuing: Promise<T>): Promise<T> => {
    const issued = await issuing;
    if (client.kind !== "operator") await clients.markUsed(client.id);
    return issued;
  };
  return {
    services,
    resources,
    clientDocuments: options.clientDocuments,
    reach,
    meant(url) {
      const resource = resources.named(url);
      if (resource === undefined) return undefined;
      const at = reach(resource.slice(publicUrl.length), splitQuery(url).search);
      return at && { resource, reach: at };
    },
    scopes: (at = { services: names, readOnly: false }) => usableScopes(at),
    parseScopes: (at, scope) => parseGatewayScopes(at.services, scope, at),
    doors,
    limits: memory.limits,
    authenticate(presented) {
      const key = authenticate(options.apiKeys, keyGuesses, presented);
      identified.caller(callerName(appActor(key.realm)));
      return key;
    },
    signInServers: options.signInServers,
    async signIn(server, account) {
      const signedIn = await startSession(sessions, server, account);
      notes.signedIn(signedIn.session, server.name);
      return signedIn;
    },
    session: (secret) => readSession(sessions, secret),
    isOperator: (signedIn) => rule.isOperator(signedIn),
    redeemSetupCode: (code, address) =>
      doors.failing("wrong_setup", address, () => redeemSetupCode(setup, code, hasOperators)),
    isInSetup: (secret) => isInSetup(setup, secret, hasOperators),
    isFresh: (session) => isFresh(session, world.now()),
    signOut: (secret, how) => endSession(sessions, secret, how),
    client: (id, asking) => clients.find(id, asking),
    authenticateClient: (client, credentials) =>
      authenticateClient(authentication, client, credentials),
    register: (metadata, address) => clients.register(metadata, address),
    async issueCode(request) {
      const code = await issueCode(grants, request);
      // From now on it is known: no flood of strangers' clients takes its place.
      await clients.markUsed(request.clientId);
      notes.access({ what: "access_allowed", subject: request.subject, app: request.name });
      return code;
    },
    exchangeCode: (exchange) => keepingClient(exchange.client, exchangeCode(grants, exchange)),
    refresh: (exchange) => keepingClient(exchange.client, refreshGrant(grants, exchange)),
    async revoke(token, client) {
      const grant = await revokeToken(grants, token, client);
      if (grant === undefined) return;
      const { subject, id, name } = grant;
      const actor = { kind: "client" as const, id, name };
      notes.access({ what: "access_ended", subject, actor, app: name });
    },
    readProof: (text, { method, path, token }) =>
      proofs.read(text, { method, url: publicUrl + path, token }),
    proofNonce: () => nonces.current(),
    access: (token, proof) => readAccess(grants, token, proof),
    grantLifetimes,
    grants: async (subject) =>
      (await store.grants.list(subject))
        .map((grant) => ({
          ...grant,
          endsAt: endOf(grant, grantLifetimes),
          branches: branchesOf(grant, grantLifetimes, world.now()),
        })),
    // What cannot be an id is nobody's; a form may hold a text of any length.
    endGrant: async (subject, id, actor) => {
      if (!isSecret(id)) return;
      const name = await endGrant(grants, subject, id, actor?.kind);
      if (name !== undefined) notes.access({ what: "access_ended", subject, actor, app: name });
    },
    endBranch: async (subject, id, branch) => {
      if (!isSecret(id) || !BRANCH.test(branch)) return;
      const ended = await endBranch(grants, subject, id, Number(branch));
      if (ended === undefined) return;
      const what = ended.isLast ? "access_ended" : "access_narrowed";
      notes.access({ what, subject, app: ended.name });
    },
    async narrowGrant(subject, id, scopes) {
      if (!isSecret(id)) return undefined;
      const app = await narrowGrant(grants, subject, id, scopes);
      if (app !== undefined) notes.access({ what: "access_narrowed", subject, app });
      return app;
    },
    async createPersonalToken({ subject, email }, { name, scopes, once }) {
      const resource = `${publicUrl}/mcp`;
      const request = { subject, email, name, scopes, resource };
      const made = await onceByForm(
        { store, world },
        { subject, once },
        () => createPersonalToken(grants, request),
      );
      if (made !== undefined) notes.access({ what: "access_allowed", subject, app: name });
      return made;
    },
    async createSessionToken(key, request) {
      const made = await createSessionToken(sessionTokens, key, request);
      const { record: { subject } } = made;
      const { realm } = key;
      notes.access({ what: "access_allowed", subject, actor: appActor(realm), app: realm });
      return made;
    },
    sessionAccess: (token) => readSessionToken(sessionTokens, token),
    sessionTokens: (subject) => livingSessionTokens(sessionTokens, subject),
    async endSessionTokens(subject, id) {
      const ended = await endSessionTokens(sessionTokens, subject, id);
      const { realm: app } = partsOf(subject);
      if (ended > 0) notes.access({ what: "access_ended", subject, actor: appActor(app), app });
      return ended;
    },
  };
}
