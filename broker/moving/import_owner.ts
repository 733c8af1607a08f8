/**
 * One refresh token is one connection's: where refresh tokens rotate, two that
 * hold the same one end each other at the first refresh. So a token set is
 * imported for one user alone, as long as that user has it.
 *
 * @module
 */

import type { Connection } from "../core/connection.ts";
import { digest } from "../core/secrets.ts";
import { type ImportDeps, type ImportItem, invalid } from "./import_item.ts";
import { markOf } from "./import_tokens.ts";

/** So long it is known for whom a token set was imported: longer than anybody moves in for. */
export const OWNER_KNOWN_MS = 30 * 24 * 60 * 60 * 1000;

/** Whether a connection was made of a token set. */
export function isOf({ imported = [], tokens }: Connection, mark: string): boolean {
  return imported.includes(mark) || markOf(tokens) === mark;
}

/** @throws {Refusal} `invalid_request` where another user has it. */
export async function requireOwner(deps: ImportDeps, item: ImportItem): Promise<void> {
  const { imports, connections, world } = deps;
  const { server: { name }, subject, given, mark } = item;
  // An access token alone is refreshed by nobody.
  if (given.refreshToken === undefined) return;
  const key = digest(JSON.stringify([name, mark]));
  for (;;) {
    const now = world.now();
    const mine = { subject, expiresAt: now + OWNER_KNOWN_MS };
    if (await imports.add(key, mine, now)) return;
    const found = await imports.peek(key);
    if (found === null) continue;
    const { value: { subject: other }, version } = found;
    if (other === subject) return;
    const { opened, unopened } = await connections.survey(other, name);
    if (unopened.length > 0 || opened.some(({ value }) => isOf(value, mark))) {
      throw invalid("This token set was imported for another user already.");
    }
    // It came to nothing, or was disconnected.
    if (await imports.replace(key, mine, version)) return;
  }
}
