/**
 * `GET /services`: what can be connected here, for apps that draw their own
 * pages; with `?user_id=`, what that user has connected of it.
 *
 * @module
 */

import { z } from "zod";
import type { ConnectionView } from "../../broker/broker.ts";
import { get, type Route } from "../http/area.ts";
import { check, queryOf } from "../http/body.ts";
import { requireApiKey, requireSubject } from "../http/caller.ts";
import type { AppDeps } from "../http/deps.ts";
import type { ServicesAnswer } from "./answers/services.ts";
import { USER_ID_META } from "./user_id.ts";
import { visibleTo } from "./visible.ts";

/** Whose connections stand beside them. */
export const ServicesQuery = z.object({
  user_id: z.string().optional().meta({
    ...USER_ID_META,
    description: "With it: what this user has connected of each.",
  }),
});

/** The list. */
export function serviceRoutes({ broker, gateway }: AppDeps): Route[] {
  return [
    get("/services", async (c) => {
      const key = await requireApiKey(c, gateway);
      const { user_id: userId } = check(ServicesQuery, queryOf(c.req.raw));
      const all = userId === undefined
        ? undefined
        : await broker.connections(await requireSubject(c, gateway, key, userId));
      const connections = all?.flatMap((each) => visibleTo(key, broker, each));
      const { markOf } = await import("../../broker/core/marks/mark.ts");
      return c.json(
        {
          services: broker.services(key.services).map((service) => ({
            name: service.name,
            title: service.title,
            provider: service.provider,
            provider_title: service.providerTitle,
            kind: service.kind,
            mark: markOf(service.name, service.title),
            scopes: service.scopes.map(({ name, title, isDefault }) => ({
              name,
              title,
              default: isDefault,
            })),
            params: service.params,
            connections: connections?.filter((each) => isOf(each, service)).map((each) => ({
              account: each.account,
              label: each.label,
              default: each.isDefault,
              status: each.status,
            })),
          })),
        } satisfies ServicesAnswer,
      );
    }),
  ];
}

/** One that cannot be opened is of all of its provider's services, as far as is known. */
function isOf(
  { provider, services, status }: ConnectionView,
  service: { name: string; provider: string },
): boolean {
  if (provider !== service.provider) return false;
  const isUnknown = services.length === 0 && status === "reauthorization_required";
  return isUnknown || services.includes(service.name);
}
