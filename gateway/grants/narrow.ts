/**
 * A person takes away a part of what they allowed. Access tokens that were
 * issued before say more; the grant is read with every call, so that counts no
 * more.
 *
 * @module
 */

import { serviceOf, toRead } from "../../broker/core/gateway_scopes.ts";
import { unique } from "../../broker/core/lists.ts";
import type { Store } from "../../broker/core/store.ts";
import type { Subject } from "../../broker/core/subject.ts";

/** What two lists of scopes both allow: of each service the lesser. */
export function narrowed(held: string[], wanted: string[]): string[] {
  return unique(held.flatMap((scope) => {
    if (wanted.includes(scope)) return [scope];
    const service = serviceOf(scope);
    const reading = toRead(service);
    return wanted.includes(scope === service ? reading : service) ? [reading] : [];
  }));
}

/**
 * Leaves a grant with those of its scopes that are named. Nothing is ever added.
 *
 * @returns its name, or `undefined` where there is no such grant, or nothing would be left of it.
 */
export async function narrowGrant(
  { store }: { store: Pick<Store, "grants"> },
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
