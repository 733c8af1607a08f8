/**
 * The end of a token set at its provider, where other connections of the same
 * account may hang on the same grant. GitHub's and Google's revocations end
 * all that a person has granted to this program, be it for another user of the
 * same app, for another app, or for the person's own sign-in.
 *
 * @module
 */

import type { AuthorizationServer, Revocation } from "../core/authorization_server.ts";
import { isUnnamed, type TokenSet } from "../core/connection.ts";
import { canEndAlone, mayEndOthers, revoke, revokeAlone } from "../core/credential.ts";
import { type HeldDeps, heldOn } from "./held.ts";

/**
 * Ends a token set that nobody holds here any more, and nothing else that is
 * held. Whoever asks has laid the connection down before: of two that are ended
 * at once the later one sees that nothing is left, and ends the grant.
 *
 * What a failure says is what an app reads. It is the same whether the provider
 * did not answer or others hang on the grant: that somebody else is connected
 * to the same account is that person's affair.
 *
 * @throws {StoreError}
 */
export async function endTokens(
  deps: HeldDeps,
  server: AuthorizationServer,
  account: string,
  tokens: TokenSet,
): Promise<Revocation> {
  const { ended } = await tryToEnd(deps, server, account, tokens);
  if (ended !== null && (ended.kind !== "failed" || canEndAlone(server) || !mayEndOthers(server))) {
    return ended;
  }
  const detail = ended?.reason ?? "others hang on the same grant";
  deps.world.log({ level: "warn", event: "access_not_ended", provider: server.name, detail });
  return { kind: "failed", reason: notEnded(server) };
}

/** How it went, for whoever may know. */
export interface Tried {
  /** `null`: nothing was asked, since others hang on the same grant. */
  ended: Revocation | null;
  /** All that the account had granted was to end, for certain. */
  wholeGrant: boolean;
}

/** As {@linkcode endTokens}, in plain words. @throws {StoreError} */
export async function tryToEnd(
  deps: HeldDeps,
  server: AuthorizationServer,
  account: string,
  tokens: TokenSet,
): Promise<Tried> {
  if (!mayEndOthers(server) || isUnnamed(account)) {
    return { ended: await revoke(server, tokens), wholeGrant: false };
  }
  if (await heldOn(deps, server.name, account) === "nothing") {
    const ended = await revoke(server, tokens);
    // Of a provider that has one way only nobody knows whether more has ended than this token set.
    return { ended, wholeGrant: canEndAlone(server) };
  }
  const ended = canEndAlone(server) ? await revokeAlone(server, tokens) : null;
  return { ended, wholeGrant: false };
}

/** True of a provider that did not answer, of one that refused, and of one that was not asked. */
export function notEnded({ title }: Pick<AuthorizationServer, "title">): string {
  return `its end was not confirmed by ${title}, where the access can be removed in the account`;
}
