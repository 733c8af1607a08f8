/**
 * `POST /connections`: an API key that a backend has of its user, as a
 * connection.
 *
 * @module
 */

import { z } from "zod";
import { LINK_LENGTHS, LONGEST_KEY } from "../../broker/broker.ts";
import { appActor } from "../../broker/core/actor.ts";
import { servicesOf } from "../../broker/core/scopes.ts";
import { LONGEST_NAME } from "../../broker/core/shown_name.ts";
import { subjectOf } from "../../broker/core/subject.ts";
import { post, type Route } from "../http/area.ts";
import { readBody } from "../http/body.ts";
import { requireApiKey, requireTarget } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";

const KeyBody = z.object({
  user_id: z.string(),
  service: z.string().max(LINK_LENGTHS.service),
  key: z.string().max(LONGEST_KEY),
  label: z.string().min(1).max(LONGEST_NAME).optional(),
});

/** Handing over a key. It is asked of its provider before it is kept, and never said again here. */
export function keyRoutes({ broker, gateway, world }: AppDeps): Route[] {
  return [
    post("/connections", async (c) => {
      const caller = requireApiKey(c, gateway);
      const { user_id, service, key, label } = await readBody(c.req.raw, KeyBody, world);
      const subject = subjectOf(caller.realm, user_id);
      const target = requireTarget(caller, broker, service);
      const request = { subject, actor: appActor(caller.realm), target, key, label };
      const { account, ...connection } = await gateway.doors.failing(
        "wrong_key",
        caller.realm,
        () => broker.connectByKey(request),
      );
      return c.json({
        provider: connection.provider,
        kind: target.server.credential.kind,
        services: servicesOf(target.server, connection.tokens.scopes).map(({ name }) => name),
        account,
        label: connection.label,
      });
    }),
  ];
}
