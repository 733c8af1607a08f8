/**
 * `/connections`: what a backend's user has connected, the default account, the
 * end.
 *
 * @module
 */

import { z } from "zod";
import { appActor } from "../../broker/core/actor.ts";
import { del, get, pathPart, post, type Route } from "../http/area.ts";
import { check, queryOf, readBody } from "../http/body.ts";
import { requireApiKey, requireSubject, requireTarget } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import type { ConnectionsAnswer, DefaultAnswer, EndedAnswer } from "./answers/connections.ts";
import { revocationError } from "./revocation.ts";
import { USER_ID_META } from "./user_id.ts";
import { visibleTo } from "./visible.ts";

const UserId = z.string({ error: "is missing" }).meta(USER_ID_META);

/** Whose connections are listed. */
export const ListQuery = z.object({ user_id: UserId });

/** Which connection is ended. */
export const EndQuery = z.object({
  user_id: UserId,
  account: z.string().max(320).optional()
    .describe("Which of the user's accounts, by its id or label. Needed where there are several."),
});

/** Which account is meant from now on. */
export const DefaultBody = z.object({
  user_id: z.string().meta(USER_ID_META),
  account: z.string().min(1).max(320).describe("One of the user's accounts, by its id or label."),
});

/** Listing, choosing the default, ending. */
export function connectionRoutes({ broker, gateway, world }: AppDeps): Route[] {
  return [
    get("/connections", async (c) => {
      const key = await requireApiKey(c, gateway);
      const { user_id } = check(ListQuery, queryOf(c.req.raw));
      const subject = await requireSubject(c, gateway, key, user_id);
      const all = await broker.connections(subject);
      return c.json(
        {
          connections: all.flatMap((each) => visibleTo(key, broker, each)).map((connection) => ({
            provider: connection.provider,
            kind: connection.kind,
            services: connection.services,
            account: connection.account,
            label: connection.label,
            default: connection.isDefault,
            status: connection.status,
            scope: connection.scopes.join(" "),
            connected_at: connection.connectedAt,
            updated_at: connection.updatedAt,
            expires_at: connection.expiresAt,
            ends_at: connection.endsAt,
            extra: connection.extra,
            tenants: connection.tenants,
          })),
        } satisfies ConnectionsAnswer,
      );
    }),

    del("/connections/:service", async (c) => {
      const key = await requireApiKey(c, gateway);
      const service = pathPart(c, "service");
      const { user_id, account } = check(EndQuery, queryOf(c.req.raw));
      const subject = await requireSubject(c, gateway, key, user_id);
      requireTarget(key, broker, service);
      const done = await broker.disconnect({
        subject,
        actor: appActor(key.realm),
        service,
        account,
        reach: key.services,
      });
      const { revocation } = done;
      return c.json(
        {
          deleted: true,
          revoked: revocation.kind === "revoked",
          revocation_error: revocationError(revocation),
          provider: done.provider,
          account: done.account,
          services: done.services,
        } satisfies EndedAnswer,
      );
    }),

    post("/connections/:service/default", async (c) => {
      const key = await requireApiKey(c, gateway);
      const service = pathPart(c, "service");
      const { user_id, account } = await readBody(c.req.raw, DefaultBody, world);
      const subject = await requireSubject(c, gateway, key, user_id);
      requireTarget(key, broker, service);
      const { provider, ...connection } = await broker.prefer({
        subject,
        actor: appActor(key.realm),
        service,
        account,
        reach: key.services,
      });
      const { account: id, label } = connection;
      return c.json({ provider, account: id, label } satisfies DefaultAnswer);
    }),
  ];
}
