/**
 * Who a provider says it is, as far as it can be kept: an account's id is part
 * of a key, and its label is read by people.
 *
 * @module
 */

import type { Account } from "../core/connection.ts";
import { shownName } from "../core/shown_name.ts";
import type { World } from "../core/world.ts";

/** Characters. A longer one is refused: cut, it could be another account's. */
export const MAX_ACCOUNT_ID = 200;
/** Characters (RFC 5321 §4.5.3.1: 64 + 1 + 255). A longer address is nobody's. */
const LONGEST_EMAIL = 320;

/** The account as it is kept; `null` where its id names none. */
export function keptAccount(account: Account): Account | null {
  const { id, label, verifiedEmail, extra, tenants, untold } = account;
  // Halves of characters all become the same one in a key: two accounts would share a record.
  if (id === "" || id.length > MAX_ACCOUNT_ID || !id.isWellFormed()) return null;
  const email = verifiedEmail !== undefined && verifiedEmail.length <= LONGEST_EMAIL
    ? verifiedEmail
    : undefined;
  return { id, label: shownName(label, id), verifiedEmail: email, extra, tenants, untold };
}

/** The operator hears of tenants that a provider did not tell: the account is connected all the same. */
export function logUntold(
  world: World,
  { name: provider }: { name: string },
  { untold: detail }: Pick<Account, "untold">,
): void {
  if (detail === undefined) return;
  world.log({ level: "warn", event: "tenants_not_told", provider, detail });
}
