/**
 * What people and clients who are known may put into the store: no more than
 * they need, so that one of them alone cannot fill it. The first refresh token
 * of a branch goes in with its grant, and is not counted: it is one of four at
 * most that come of a refresh token that was (`refresh_tokens.ts`).
 *
 * @module
 */

import type { Store } from "../broker/core/store.ts";
import { TRUNK } from "./grants/branches.ts";
import type { Doors } from "./doors.ts";

type Limited = Pick<Store, "codes" | "secrets" | "sessions">;

/** The same store; what is put there is counted first, by person or grant. */
export function limitedStore<S extends Limited>(store: S, doors: Doors): S {
  const { codes, secrets, sessions } = store;
  const limited: Limited = {
    codes: {
      ...codes,
      async put(digest, code) {
        await doors.enter("code", code.subject);
        await codes.put(digest, code);
      },
    },
    secrets: {
      ...secrets,
      async put(digest, secret) {
        if (secret.kind === "personal") await doors.enter("personal_token", secret.subject);
        // By chain: whoever has a branch is not in the way of those who have another.
        else await doors.enter("refresh", `${secret.grantId} ${secret.branch ?? TRUNK}`);
        await secrets.put(digest, secret);
      },
    },
    sessions: {
      ...sessions,
      async put(digest, session) {
        await doors.enter("session", session.subject);
        await sessions.put(digest, session);
      },
    },
  };
  return { ...store, ...limited };
}
