/**
 * Forms that make something, and make one of it however often they are sent:
 * each has a text of its own, which is noted with the first sending.
 *
 * @module
 */

import { Refusal } from "../broker/core/refusal.ts";
import { digest } from "../broker/core/secrets.ts";
import type { Store } from "../broker/core/store.ts";
import type { Subject } from "../broker/core/subject.ts";
import type { World } from "../broker/core/world.ts";

/** How long a form is known that was sent, in ms: browsers keep a page as long as a day. */
const FORM_MS = 24 * 60 * 60_000;

/**
 * Makes what a person's form asks for; `undefined` where the same form was sent before. Where it is
 * refused nothing was made, and the form is as good as before.
 */
export async function onceByForm<T>(
  { store: { proofs }, world }: { store: Pick<Store, "proofs">; world: Pick<World, "now"> },
  { subject, once }: { subject: Subject; once: string },
  make: () => Promise<T>,
): Promise<T | undefined> {
  const now = world.now();
  const key = digest(`form ${subject} ${once}`);
  const noted = await proofs.add(key, { subject, expiresAt: now + FORM_MS }, now);
  if (noted === null) return undefined;
  try {
    return await make();
  } catch (error) {
    if (error instanceof Refusal) await proofs.take(key, noted);
    throw error;
  }
}
