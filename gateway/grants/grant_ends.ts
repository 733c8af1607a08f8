/**
 * What ends a grant, or one chain of it: its client gives a token back, its
 * person ends a place. (A person who revokes it all deletes its record.)
 *
 * @module
 */

import type { Client } from "../../broker/core/client.ts";
import type { EventReason } from "../../broker/core/events.ts";
import type { Grant } from "../../broker/core/grant.ts";
import { VaultError } from "../../broker/core/store_errors.ts";
import type { Subject } from "../../broker/core/subject.ts";
import { findSecret, type GrantDeps } from "./access.ts";
import { lives, withoutBranch } from "./branches.ts";
import { authenticates } from "../clients/authenticates.ts";
import { REFRESH_PREFIX } from "./grants.ts";
import { judgeKnown } from "./refresh.ts";
import { leadsTo } from "./refresh_tokens.ts";
import { noteRefused } from "./replays.ts";

/**
 * RFC 7009: ends the grant of a refresh or access token, if it is this client's
 * and gives something still. One that would be refused ends nothing: whoever
 * found an old one would sign its person out.
 *
 * @returns the grant that was ended, if one was.
 */
export async function revokeToken(
  deps: GrantDeps,
  token: string | undefined,
  client: Client,
): Promise<Grant | undefined> {
  const { store, tokens, world, lifetimes } = deps;
  const found = await findSecret(deps, token, REFRESH_PREFIX);
  const claims = found?.value ?? (token === undefined ? undefined : await tokens.verify(token));
  if (claims === undefined) return undefined;
  const { subject, grantId, branch } = claims;
  const stored = await store.grants.get(subject, grantId);
  if (stored === null || stored.value.clientId !== client.id) return undefined;
  if (found === null) {
    if (!lives(stored.value, branch, lifetimes, world.now())) return undefined;
  } else if (!authenticates(client)) {
    const successor = await findSecret(deps, leadsTo(found.value), REFRESH_PREFIX);
    const known = { found, successor, stored };
    // To give back what is bound to a key it need not be proved.
    const presenter = { clientId: client.id, key: found.value.key, authenticates: false };
    const verdict = judgeKnown(deps, known, presenter);
    if (verdict.kind === "refuse") {
      await noteRefused(deps, stored.value, verdict.why);
      return undefined;
    }
  }
  await store.grants.delete(subject, grantId, { by: "client", name: stored.value.name });
  return stored.value;
}

/**
 * A person ends a grant with all its tokens.
 *
 * @returns its name; `""` where it cannot be opened, `undefined` where there is none.
 */
export async function endGrant(
  { store: { grants } }: Pick<GrantDeps, "store">,
  subject: Subject,
  id: string,
  by: EventReason = "person",
): Promise<string | undefined> {
  let name: string | undefined;
  try {
    name = (await grants.get(subject, id))?.value.name;
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    name = "";
  }
  await grants.delete(subject, id, { by, name });
  return name;
}

/** What was ended of a grant. */
export interface EndedBranch {
  name: string;
  /** Nothing is left of the grant. */
  isLast: boolean;
}

/** Ends one chain of a grant with all its tokens; with the last one the grant ends. */
export async function endBranch(
  { store, world, lifetimes }: GrantDeps,
  subject: Subject,
  grantId: string,
  branch: number,
): Promise<EndedBranch | undefined> {
  for (;;) {
    const stored = await store.grants.get(subject, grantId);
    const without = stored && withoutBranch(stored.value, branch, lifetimes, world.now());
    if (stored === null || !without) return undefined;
    const { version } = stored;
    // With the last chain, unless another one has begun meanwhile.
    const isDone = without.grant === undefined
      ? await store.grants.take(subject, grantId, version, {
        by: "person",
        name: stored.value.name,
      })
      : await store.grants.put(without.grant, version);
    if (!isDone) continue;
    world.log({ level: "info", event: "grant_branch_ended", branch });
    return { name: stored.value.name, isLast: without.grant === undefined };
  }
}
