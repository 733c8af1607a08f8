/**
 * A person of whom there is a record of every kind, and a walk through all that
 * stands in a database, opened.
 *
 * @module
 */

import type { ActivityBlock } from "../../broker/core/activity.ts";
import type { Connection } from "../../broker/core/connection.ts";
import type { EventListener } from "../../broker/core/events.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { KeyRing } from "../../vault/key_ring.ts";
import { kindsOf, sealedKinds } from "../../vault/keys.ts";
import { type CutBox, opened } from "../../vault/pieces.ts";
import type { Records } from "../../vault/records.ts";

/** Stands in every field and digest of theirs that is secret. */
export const SECRET = "planted-secret";

/** In the order in which a person comes by them. */
type Planter = (planting: Planting) => Promise<unknown>;

interface Planting {
  store: Store;
  subject: Subject;
  now: number;
  /** Whether nothing takes several values of the database. */
  small?: boolean;
}

const SOON_MS = 60_000;

/** A connection whose tokens are told apart by its owner. */
export function connectionOf(
  { subject, now }: Pick<Planting, "subject" | "now">,
  more: Partial<Connection> = {},
): Connection {
  const account = more.account ?? `account of ${subject}`;
  return {
    subject,
    provider: "acme",
    account,
    label: `label of ${subject}`,
    status: "active",
    tokens: {
      accessToken: `${SECRET} access ${account}`,
      tokenType: "Bearer",
      refreshToken: `${SECRET} refresh ${account}`,
      renewal: { id: `${SECRET} id`, secret: `${SECRET} client` },
      issuedAt: now,
      expiresAt: now + SOON_MS,
      scopes: ["calendar"],
      extra: { instance: "https://acme.example" },
      tenants: [{ id: "site", label: "Site", extra: { hook: SECRET } }],
    },
    connectedAt: now,
    updatedAt: now,
    imported: [`${SECRET} mark`],
    ...more,
  };
}

const NOBODY_TOLD: EventListener = {
  receiverOf: () => undefined,
  isRead: () => true,
  written() {},
};

/** That something of theirs was ended; where it is to be sent, that waits. */
async function plantEvent({ store, subject, now }: Planting, receiver?: string) {
  await store.events.listen({ ...NOBODY_TOLD, receiverOf: () => receiver });
  const id = `${SECRET} ended`;
  const token = {
    ...{ subject, id, madeBy: SECRET, readOnly: false, voice: true },
    createdAt: now,
  };
  await store.sessionTokens.put({ ...token, expiresAt: now + SOON_MS }, null);
  await store.sessionTokens.delete(subject, id, { by: "app", name: `name of ${subject}` });
  await store.events.listen(NOBODY_TOLD);
}

/** By kind; a kind without a line here does not compile, nor pass. */
const PLANTERS: Record<
  ReturnType<typeof kindsOf<"subject" | "named">>[number],
  Planter
> = {
  connections: ({ store, ...of }) => store.connections.put(connectionOf(of), null),
  leases: ({ store, subject, now }) =>
    store.leases.take({ subject, provider: "acme", account: "a" }, SECRET, now + SOON_MS),
  due: ({ store, ...of }) =>
    store.connections.put(connectionOf(of, { account: `due of ${of.subject}` }), null, {
      dueAt: of.now + SOON_MS,
    }),
  grants: async ({ store, subject, now }) => {
    const of = { subject, scopes: ["calendar"], resource: "https://x/mcp", createdAt: now };
    const grant = { ...of, id: `${SECRET} grant`, clientId: "client", name: "App" };
    const more = { email: `mail of ${subject}`, refused: { late: now } };
    await store.grants.put({ ...grant, ...more }, null);
    await store.grants.put({ ...of, id: `${SECRET} personal`, name: "Speaker" }, null);
  },
  session_tokens: ({ store, subject, now }) =>
    store.sessionTokens.put({
      ...{ subject, id: `${SECRET} id`, madeBy: `${SECRET} key`, readOnly: false, voice: true },
      ...{ createdAt: now, expiresAt: now + SOON_MS },
    }, null),
  activity: async ({ store, subject, now }) => {
    const of = { subject, sequence: 1, expiresAt: now + SOON_MS };
    const block: ActivityBlock = {
      ...{ ...of, id: "1", uses: [], leftOut: 0 },
      entries: [{
        ...{ what: "tool_called", tool: "t", account: `account of ${subject}`, outcome: "ok" },
        ...{ actor: { kind: "client", id: SECRET, name: "App" }, at: now, since: now, count: 1 },
      }],
      link: { chain: "c", begunAt: now, writes: 1 },
    };
    const { version: seen = null } = await store.activity.head(subject) ?? {};
    const chain = { chain: "c", key: SECRET, block: "1", mac: "m", mark: SECRET, writes: 1 };
    await store.activity.append([{ head: { ...of, ...chain }, blocks: [block], seen }]);
  },
  // With the activity.
  chains: ({ store, subject }) => store.activity.head(subject),
  events: (planting) => plantEvent(planting),
  outbox: (planting) => plantEvent(planting, "receiver"),
  wakes: (planting) => plantEvent(planting, "receiver"),
  lanes: ({ store, subject, now }) =>
    store.events.takeLane(subject, SECRET, { now, until: now + SOON_MS }),
  epochs: ({ store, subject }) => store.epochs.raise(subject),
  pending: ({ store, subject, now }) =>
    store.pending.put(`${SECRET} state ${subject}`, {
      ...{ subject, provider: "acme", services: [], scopes: [], browser: SECRET },
      ...{ verifier: SECRET, link: SECRET, expiresAt: now + SOON_MS },
    }),
  links: ({ store, subject, now }) =>
    store.links.put(`${SECRET} link ${subject}`, {
      ...{ subject, provider: "acme", service: "acme", services: [], scopes: [] },
      ...{ userId: subject, browser: SECRET, expiresAt: now + SOON_MS },
    }),
  handoffs: ({ store, subject, now }) => {
    const account = `handed to ${subject}`;
    const { tokens } = connectionOf({ subject, now }, { account });
    return store.handoffs.put(`${SECRET} code ${subject}`, {
      ...{ subject, provider: "acme", services: [], tokens },
      ...{ account: { id: account, label: account }, usableUntil: now + SOON_MS },
      expiresAt: now + SOON_MS,
    });
  },
  codes: ({ store, subject, now }) =>
    store.codes.put(`${SECRET} code ${subject}`, {
      ...{ subject, grantId: SECRET, clientId: "client", redirectUri: "x:", challenge: SECRET },
      ...{ scopes: [], resource: "", name: "", usableUntil: now, expiresAt: now + SOON_MS },
    }),
  secrets: ({ store, subject, now }) =>
    store.secrets.put(`${SECRET} token ${subject}`, {
      ...{ kind: "refresh", subject, grantId: SECRET, expiresAt: now + SOON_MS },
      rotated: { at: now, successor: SECRET },
    }),
  sessions: ({ store, subject, now }) =>
    store.sessions.put(`${SECRET} cookie ${subject}`, {
      ...{ subject, email: `mail of ${subject}`, label: `name of ${subject}`, epoch: 0 },
      expiresAt: now + SOON_MS,
    }),
  calls: ({ store, subject, now, small }) =>
    store.calls.put(`${SECRET} call ${subject}`, {
      // It takes several values of the database.
      ...{ subject, call: SECRET, outcome: `${SECRET} of ${subject} `.repeat(small ? 1 : 6_000) },
      expiresAt: now + SOON_MS,
    }),
  imports: async ({ store, subject, now }) => {
    const held: Subject = `~import:${SECRET} ${subject}`;
    const expiresAt = now + SOON_MS;
    await store.imports.put(`${SECRET} import ${subject}`, { subject, held, expiresAt });
    await store.connections.put(
      connectionOf({ subject: held, now }, { account: "?", heldFor: subject }),
      null,
      { dueAt: now + SOON_MS },
    );
    await store.leases.take({ subject: held, provider: "acme", account: "!" }, SECRET, now);
  },
  lists: ({ store, subject, now }) =>
    store.lists.put(`${SECRET} list ${subject}`, {
      ...{ kind: "page", subject, tools: [{ name: `tool of ${subject}` }] },
      expiresAt: now + SOON_MS,
    }),
  trails: ({ store, subject, now }) =>
    store.trails.write(
      {
        ...{ id: `c-${SECRET} ${subject}`, subject, provider: "acme" },
        steps: [{ at: now, step: "failed", requestId: `${SECRET} request ${subject}` }],
        expiresAt: now + SOON_MS,
      },
      null,
      [`${SECRET} request ${subject}`],
    ),
  proofs: ({ store, subject, now }) =>
    store.proofs.put(`${SECRET} form ${subject}`, { subject, expiresAt: now + SOON_MS }),
};

/** Every kind of which a person can have a record. */
export const PERSONAL_KINDS: string[] = [...kindsOf("subject"), ...kindsOf("named")];

/** All that there can be of somebody. */
export async function plantPerson(planting: Planting): Promise<void> {
  for (const kind of PERSONAL_KINDS) await PLANTERS[kind as keyof typeof PLANTERS](planting);
}

/** Everything in a database as text: keys, what is in clear, and what is in boxes. */
export async function walk(records: Records, ring: KeyRing): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of records.list<CutBox>({ prefix: [] })) {
    const isSealed = sealedKinds.some((kind) => kind === entry.key[0]);
    const plain = isSealed ? (await opened(records, ring, entry))?.plain : undefined;
    const { box: _box, ...clear } = isSealed ? entry.value : { box: undefined, is: entry.value };
    found.push(JSON.stringify([entry.key, clear, plain]));
  }
  return found;
}
