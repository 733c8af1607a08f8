/**
 * A person takes away a part of what they allowed. Access tokens that were
 * issued before say more; the grant is read with every call, so that counts no
 * more.
 *
 * @module
 */

import type { Subject } from "../../broker/core/subject.ts";
import type { GrantDeps } from "./access.ts";

/** What is left of some scopes: of `service` in both, the lesser. */
export function narrowed(held: string[], wanted: string[]): string[] {
  return held.flatMap((scope) => {
    if (wanted.includes(scope)) return [scope];
    const reading = `${scope}:read`;
    return !scope.endsWith(":read") && wanted.includes(reading) ? [reading] : [];
  });
}

/**
 * Leaves a grant with those of its scopes that are named. Nothing is ever added.
 *
 * @returns its name, or `undefined` where there is no such grant, or nothing would be left of it.
 */
export async function narrowGrant(
  { store }: Pick<GrantDeps, "store">,
  subject: Subject,
  id: string,
  wanted: string[],
): Promise<string | undefined> {
  for (;;) {
    const stored = await store.grants.get(subject, id);
    if (stored === null) return undefined;
    const { value: grant, version } = stored;
    const scopes = narrowed(grant.scopes, wanted);
    if (scopes.length === 0) return undefined;
    // Somebody wrote first, such as a call that noted its use: what is there now is narrowed.
    if (await store.grants.put({ ...grant, scopes }, version)) return grant.name;
  }
}
