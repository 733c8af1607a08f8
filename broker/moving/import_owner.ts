/**
 * One refresh token is one connection's: where refresh tokens rotate, two that
 * hold the same one end each other at the first refresh. So a token set is
 * imported for one user alone, as long as that user has it.
 *
 * @module
 */

import type { Connection } from "../core/connection.ts";
import { digest } from "../core/secrets.ts";
import { heldRef } from "./import_held.ts";
import { type ImportDeps, type ImportItem, invalid, unavailable } from "./import_item.ts";
import { markOf } from "./import_tokens.ts";

/** So long it is known for whom a token set was imported: longer than anybody moves in for. */
export const OWNER_KNOWN_MS = 30 * 24 * 60 * 60 * 1000;

/** An import for another user that began less than this ago may be under way still. */
export const UNDER_WAY_MS = 60 * 1000;

/** Whether a connection was made of a token set. */
export function isOf({ imported = [], tokens }: Connection, mark: string): boolean {
  return imported.includes(mark) || markOf(tokens) === mark;
}

/** @throws {Refusal} `invalid_request` where another user has it; `provider_unavailable`: may have it soon. */
export async function requireOwner(deps: ImportDeps, item: ImportItem): Promise<void> {
  const { imports, connections, world } = deps;
  const { server: { name }, subject, given, mark } = item;
  // An access token alone is refreshed by nobody.
  if (given.refreshToken === undefined) return;
  const key = digest(JSON.stringify([name, mark]));
  const { subject: held } = heldRef(item);
  for (;;) {
    const now = world.now();
    const mine = { subject, held, expiresAt: now + OWNER_KNOWN_MS };
    if (await imports.add(key, mine, now)) return;
    const found = await imports.peek(key);
    if (found === null) continue;
    const { value: { subject: other, expiresAt }, version } = found;
    if (other === subject) return;
    const { opened, unopened } = await connections.survey(other, name);
    if (unopened.length > 0 || opened.some(({ value }) => isOf(value, mark))) {
      throw invalid("This token set was imported for another user already.");
    }
    // By another process, maybe: what it stores is not there yet.
    const endsIn = expiresAt - OWNER_KNOWN_MS + UNDER_WAY_MS - now;
    if (endsIn > 0) throw unavailable(item.server, Math.min(endsIn, UNDER_WAY_MS));
    // It came to nothing, or was disconnected.
    if (await imports.replace(key, mine, version)) return;
  }
}
