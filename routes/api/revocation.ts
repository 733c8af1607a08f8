/**
 * What a backend reads of an end that its provider did not confirm.
 *
 * @module
 */

import type { Revocation } from "../../broker/core/authorization_server.ts";

/** Why not; nothing where it did. */
export function revocationError(revocation: Revocation): string | undefined {
  switch (revocation.kind) {
    case "revoked":
      return undefined;
    case "unsupported":
      return revocation.reason ?? "this provider has no way to revoke";
    case "failed":
      return revocation.reason;
  }
}
