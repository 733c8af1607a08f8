/**
 * What became of a connection that was ended, in words.
 *
 * @module
 */

import type { Revocation } from "../../broker/core/authorization_server.ts";
import { shown } from "./output.ts";

/** A connection that is not there any more. */
export interface EndedConnection {
  provider: string;
  account: string;
  label?: string | undefined;
  revocation: Revocation;
}

/** Whether its provider may still honour its tokens. */
export function isUntold({ revocation }: EndedConnection): boolean {
  return revocation.kind !== "revoked";
}

export function endedLine({ provider, account, label, revocation }: EndedConnection): string {
  const of = `${provider}, account ${shown(account)}${label ? ` (${shown(label)})` : ""}`;
  return revocation.kind === "revoked"
    ? `${of}: revoked at the provider, and deleted here.`
    : `${of}: deleted here, NOT revoked at the provider: ${
      shown(revocation.reason ?? "it has no way to revoke")
    }.`;
}
