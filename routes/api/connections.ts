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
import { revocationError } from "./revocation.ts";
import { visibleTo } from "./visible.ts";

const Query = z.object({
  user_id: z.string({ error: "is missing" }),
  account: z.string().max(320).optional(),
});

const DefaultBody = z.object({ user_id: z.string(), account: z.string().min(1).max(320) });

/** Listing, choosing the default, ending. */
export function connectionRoutes({ broker, gateway, world }: AppDeps): Route[] {
  return [
    get("/connections", async (c) => {
      const key = await requireApiKey(c, gateway);
      const subject = await requireSubject(
        c,
        gateway,
        key,
        check(Query, queryOf(c.req.raw)).user_id,
      );
      const all = await broker.connections(subject);
      return c.json({
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
          extra: connection.extra,
          tenants: connection.tenants,
        })),
      });
    }),

    del("/connections/:service", async (c) => {
      const key = await requireApiKey(c, gateway);
      const service = pathPart(c, "service");
      const { user_id, account } = check(Query, queryOf(c.req.raw));
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
      return c.json({
        deleted: true,
        revoked: revocation.kind === "revoked",
        revocation_error: revocationError(revocation),
        provider: done.provider,
        account: done.account,
        services: done.services,
      });
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
      return c.json({ provider, account: connection.account, label: connection.label });
    }),
  ];
}
