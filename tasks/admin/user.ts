/**
 * `deno task admin user <realm:id>`: what is kept of one person, as far as an
 * operator may see it: no secret, no token.
 *
 * @module
 */

import type { PersonData } from "../../broker/connect/person_data.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { LONGEST_ACTIVITY_PAGE } from "../../broker/core/activity.ts";
import { createActivityReader } from "../../audit/reader.ts";
import type { ConnectTrail } from "../../broker/core/connect_trail.ts";
import { connectJson } from "./connects.ts";
import { type Args, type Command, EXIT } from "./command.ts";
import { json, many, shown, shownTime } from "./output.ts";
import { type Program, withProgram } from "./program.ts";
import { readSubject } from "./subject.ts";

/** So many connects are shown, the latest, of so many that are looked through. */
const [CONNECTS, MOST_CONNECTS_READ] = [10, 500];

export const command: Command = {
  usage: "user <realm:id> [--json]",
  shape: { positionals: 1, switches: ["json"] },
  async run(args) {
    const subject = readSubject(args.positionals[0]!);
    return await withProgram((program) => user(program, subject, args));
  },
};

async function user(program: Program, subject: Subject, args: Args): Promise<number> {
  const found = await userOf(program, subject);
  if (args.has("json")) console.log(json(found, 2));
  else for (const line of linesOf(found)) console.log(line);
  return EXIT.done;
}

type Found = Awaited<ReturnType<typeof userOf>>;

async function userOf({ vault: { store }, living, world }: Program, subject: Subject) {
  const { connections, records } = await living.broker.personData({ subject });
  const [grants, sessionTokens, sessions] = [
    await store.grants.list(subject),
    await store.sessionTokens.list(subject),
    await store.people.sessions(subject),
  ];
  const reader = createActivityReader(store.activity, world);
  const { entries } = await reader.page(subject, { limit: LONGEST_ACTIVITY_PAGE });
  const { trails } = await store.trails.list(subject, MOST_CONNECTS_READ);
  const begun = ({ steps }: ConnectTrail) => steps[0]?.at ?? 0;
  const latest = trails.toSorted((one, other) => begun(other) - begun(one));
  const ofGrants = grants.map(({ id, name, clientId, scopes, createdAt, usedAt }) => ({
    ...{ id, name, client_id: clientId, scopes },
    created_at: createdAt,
    used_at: usedAt,
  }));
  return {
    subject,
    connections: connections.map(connectionOf),
    grants: ofGrants.filter(({ client_id }) => client_id !== undefined),
    personal_tokens: ofGrants.filter(({ client_id }) => client_id === undefined),
    session_tokens: sessionTokens.map(({ id, services, readOnly, createdAt, expiresAt }) => ({
      ...{ id, services, read_only: readOnly },
      created_at: createdAt,
      expires_at: expiresAt,
    })),
    sessions: sessions.map(({ expiresAt }) => ({ expires_at: expiresAt })),
    // Of the newest entries; as many as one page has, at most.
    activity: {
      count: entries.reduce((sum, { count }) => sum + count, 0),
      last_at: entries[0]?.at,
    },
    connects: latest.slice(0, CONNECTS).map(connectJson),
    records,
  };
}

type FileConnection = PersonData extends { connections: (infer Each)[] } ? Each : never;

/** Named one by one: what is added to a person's own file does not get here by itself. */
function connectionOf(each: FileConnection) {
  const { provider, account } = each;
  if (!("label" in each)) return { provider, account, readable: false as const };
  const { label, status, services, expires_at, used_at, connected_at } = each;
  return { provider, account, label, status, services, expires_at, used_at, connected_at };
}

function* linesOf(found: Found): Generator<string> {
  yield shown(found.subject);
  for (const each of found.connections) {
    const of = `connection   ${each.provider}, account ${shown(each.account)}`;
    if ("readable" in each) {
      yield `${of}: cannot be opened with these keys`;
      continue;
    }
    yield `${of} (${shown(each.label)}): ${each.status}; ${each.services.join(", ") || "-"}; ` +
      `token until ${shownTime(each.expires_at)}; last used ${shownTime(each.used_at)}`;
  }
  for (const { id, name, used_at } of found.grants) {
    yield `MCP client   ${shown(name)}, ${id}; last used ${shownTime(used_at)}`;
  }
  for (const { id, name, used_at } of found.personal_tokens) {
    yield `personal     ${shown(name)}, ${id}; last used ${shownTime(used_at)}`;
  }
  for (const { id, expires_at } of found.session_tokens) {
    yield `session token ${id}; until ${shownTime(expires_at)}`;
  }
  const { count, last_at } = found.activity;
  for (const each of found.connects) {
    const { connect_id, service, standing, error, began_at } = each;
    yield `connect      ${shownTime(began_at)}, ${shown(service)}: ${standing}` +
      `${error === undefined ? "" : ` (${error})`}; deno task admin find ${connect_id}`;
  }
  yield `signed in    in ${many(found.sessions.length, "browser")}`;
  yield `activity     ${many(count, "entry", "entries")} of late; the last ${shownTime(last_at)}`;
}
