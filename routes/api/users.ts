/**
 * `/users/{id}`: all that is kept of a backend's user, and the end of all of it.
 *
 * @module
 */

import { appActor } from "../../broker/core/actor.ts";
import type { Erased } from "../../broker/broker.ts";
import { partsOf } from "../../broker/core/subject.ts";
import { del, get, pathPart, type Route } from "../http/area.ts";
import { requireApiKey, subjectFor } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import { personFile, sectionsOf } from "../http/person_file.ts";
import type { DeletedAnswer } from "./answers/users.ts";
import { revocationError } from "./revocation.ts";

/** Reading everything of a user, and deleting it. */
export function userRoutes(deps: AppDeps): Route[] {
  const { broker, gateway } = deps;
  return [
    get("/users/:id", async (c) => {
      const { realm, services: reach } = await requireApiKey(c, gateway);
      const subject = subjectFor(c, realm, pathPart(c, "id"));
      return personFile(await sectionsOf(deps, { subject, reach }));
    }),

    del("/users/:id", async (c) => {
      const { realm, services: reach } = await requireApiKey(c, gateway);
      const subject = subjectFor(c, realm, pathPart(c, "id"));
      const erased = await broker.erase({ subject, actor: appActor(realm), reach });
      const { userId } = partsOf(subject);
      return c.json({ deleted: true, user_id: userId, ...shown(erased) } satisfies DeletedAnswer);
    }),
  ];
}

function shown({ at, openAt, connections, removed }: Erased) {
  return {
    at,
    connections: connections.map(({ provider, account, label, revocation }) => ({
      provider,
      account,
      label,
      revoked: revocation.kind === "revoked",
      revocation_error: revocationError(revocation),
    })),
    removed,
    // Nothing new is kept of them before.
    open_at: openAt,
  };
}
