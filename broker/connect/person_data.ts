/**
 * What is kept of one person, for themselves to read: everything but secrets.
 * Each field is named here; what is not named does not get out, whatever is
 * added to a record.
 *
 * @module
 */

import type { Connection } from "../core/connection.ts";
import { isRenewable, shownKind } from "../core/credential.ts";
import type { Grant, Session, SessionToken } from "../core/grant.ts";
import { unique } from "../core/lists.ts";
import { type Reach, reachesAll, scopesBeyond } from "../core/reach.ts";
import { scopeWords, type Servers, servicesOf } from "../core/scopes.ts";
import type { Store } from "../core/store.ts";
import { partsOf, type Subject } from "../core/subject.ts";
import { extraOf } from "../core/tenants.ts";
import { byPreference } from "../tokens/choice.ts";

/** What reading it needs. */
export interface PersonDataDeps {
  servers: Servers;
  store: Pick<Store, "connections" | "grants" | "sessionTokens" | "people">;
}

/** Times are epoch ms, as everywhere in the API. */
export type PersonData = Awaited<ReturnType<typeof personData>>;

/** So many records of each kind are written out, the first ones; how many there are is said. */
export const EXPORTED_RECORDS = 5_000;

/** All of it; of connections what an API key is for, and nothing else of them. @throws {StoreError} */
export async function personData(
  { servers, store }: PersonDataDeps,
  { subject, reach }: { subject: Subject; reach?: Reach },
) {
  const { connections, grants, sessionTokens, people } = store;
  const [{ opened, unopened }, allowed, tokens, sessions, records] = await Promise.all([
    connections.survey(subject),
    grants.list(subject),
    sessionTokens.list(subject),
    people.sessions(subject),
    people.count(subject),
  ]);
  const { realm, userId } = partsOf(subject);
  const all = opened.map(({ value }) => value);
  const defaults = unique(opened.map(({ value }) => value.provider)).map((provider) =>
    byPreference(opened.filter(({ value }) => value.provider === provider))[0]!.value
  );
  return {
    user: {
      user_id: userId,
      realm,
      names: unique(sessions.map(({ label }) => label)),
      emails: unique([...sessions, ...allowed].flatMap(({ email }) => email ?? [])),
    },
    connections: [
      ...some(all).flatMap((each) => connectionOf(servers, reach, each, defaults.includes(each))),
      // Nothing else of them can be opened.
      ...unopened.filter(({ ref }) => isWhole(servers, reach, ref.provider)).map((
        { ref: { provider, account }, updatedAt },
      ) => ({
        ...{ provider, account, updated_at: updatedAt },
        readable: false,
      })),
    ],
    apps: some(allowed.filter(({ clientId }) => clientId !== undefined)).map(grantOf),
    personal_tokens: some(allowed.filter(({ clientId }) => clientId === undefined)).map(grantOf),
    session_tokens: some(tokens).map(sessionTokenOf),
    sessions: some(sessions).map(sessionOf),
    // Also what is short-lived: links that were not used yet, sign-ins under way, remembered calls.
    records,
  };
}

function some<T>(all: T[]): T[] {
  return all.slice(0, EXPORTED_RECORDS);
}

/** What a provider has that is not set up is for no key of some services alone. */
function isWhole(servers: Servers, reach: Reach, provider: string): boolean {
  const server = servers.get(provider);
  return reach === undefined || (server !== undefined && reachesAll(server, reach));
}

function connectionOf(
  servers: Servers,
  reach: Reach,
  connection: Connection,
  isDefault: boolean,
) {
  const { provider, account, label, status, tokens, ...times } = connection;
  const server = servers.get(provider);
  const isAll = isWhole(servers, reach, provider);
  const open = server === undefined
    ? []
    : servicesOf(server, tokens.scopes).map(({ name }) => name);
  const services = open.filter((name) => isAll || reach?.includes(name) === true);
  if (!isAll && services.length === 0) return [];
  const beyond = server === undefined ? [] : scopesBeyond(server, reach, tokens.scopes);
  const scopes = tokens.scopes.filter((scope) => !beyond.includes(scope));
  return [{
    provider,
    title: server?.title ?? provider,
    kind: server && shownKind(server),
    account,
    label,
    status,
    default: isDefault,
    services,
    scopes,
    allows: server === undefined ? [] : scopeWords(server, scopes),
    extra: extraOf(tokens),
    tenants: tokens.tenants?.map(({ id, label }) => ({ id, label })),
    renews: isRenewable(tokens),
    connected_at: times.connectedAt,
    updated_at: times.updatedAt,
    signed_in_at: times.signedInAt,
    used_at: times.usedAt,
    expires_at: tokens.expiresAt,
    ended_at: times.endedAt,
    revoked_at: times.revokedAt,
    moved_at: times.moved?.at,
  }];
}

function grantOf({ clientId, name, scopes, resource, createdAt, usedAt, branches }: Grant) {
  return {
    name,
    client_id: clientId,
    scopes,
    resource,
    created_at: createdAt,
    used_at: usedAt,
    places: branches?.map(({ since, usedAt }) => ({ since, used_at: usedAt })),
  };
}

function sessionTokenOf({ services, tools, accounts, readOnly, voice, ...times }: SessionToken) {
  return {
    ...{ services, tools, accounts, voice },
    read_only: readOnly,
    created_at: times.createdAt,
    expires_at: times.expiresAt,
  };
}

function sessionOf({ label, email, expiresAt }: Session) {
  return { label, email, expires_at: expiresAt };
}
