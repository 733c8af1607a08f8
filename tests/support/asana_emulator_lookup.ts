/**
 * What the emulated Asana finds for a request, or refuses.
 *
 * @module
 */

import type { AsanaState, AsanaTask, AsanaUser } from "./asana_emulator.ts";

/** A refusal, to be thrown. */
export class Refused extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/**
 * Whose token it is.
 *
 * @throws {Refused}
 */
export function signedIn(
  state: AsanaState,
  header: string | undefined,
  scope: string,
  now: number,
): AsanaUser {
  const token = /^Bearer (.+)$/.exec(header ?? "")?.[1] ?? "";
  const grant = state.grants.find(({ accessTokens }) => (accessTokens[token] ?? 0) > now);
  const user = state.users.find(({ gid }) => gid === grant?.user);
  if (grant === undefined || user === undefined) throw new Refused(401, "Not Authorized");
  if (!grant.scopes.includes("default") && !grant.scopes.includes(scope)) {
    throw new Refused(403, `Forbidden: this endpoint needs the scope ${scope}`);
  }
  return user;
}

/** A workspace that the person is in. */
export function workspaceOf(state: AsanaState, me: AsanaUser, gid: string | undefined) {
  if (gid === undefined) throw new Refused(400, "workspace: Missing input");
  const workspace = state.workspaces.find((one) => one.gid === gid);
  if (workspace === undefined) throw unknown("workspace", gid);
  if (!workspace.members.includes(me.gid)) {
    throw new Refused(403, "workspace: You do not have access to this workspace.");
  }
  return workspace;
}

/** A task that the person may see. */
export function taskOf(state: AsanaState, me: AsanaUser, gid: string | undefined): AsanaTask {
  const task = state.tasks.find((one) => one.gid === gid);
  if (task === undefined) throw unknown("task", gid);
  workspaceOf(state, me, task.workspace);
  return task;
}

/** `me`, an id or an e-mail address. */
export function userOf(state: AsanaState, me: AsanaUser, wanted: string | undefined): AsanaUser {
  const user = wanted === "me"
    ? me
    : state.users.find(({ gid, email }) => gid === wanted || email === wanted);
  if (user === undefined) throw new Refused(400, `assignee: Not a recognized ID: ${wanted}`);
  return user;
}

/** What is not there. */
export function unknown(field: string, gid: string | undefined): Refused {
  return new Refused(404, `${field}: Unknown object: ${gid}`);
}
