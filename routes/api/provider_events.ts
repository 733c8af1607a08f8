/**
 * `POST /provider-events/{provider}`: what providers tell by themselves. Who
 * delivers proves it by the delivery's own signature.
 *
 * @module
 */

import { notesOf } from "../http/asked.ts";
import { pathPart, post, type Route } from "../http/area.ts";
import { readBytes } from "../http/body.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuseHttp } from "../http/errors.ts";
import { countAddress } from "../http/limited.ts";

/** The longest delivery, in bytes: those that are heeded are a few KB. */
export const DELIVERY_LIMIT = 64 * 1024;

/** Answered with 202 (RFC 8935 §2.2) when the provider was asked, or is being asked. */
export function providerEventRoutes(deps: AppDeps): Route[] {
  const { broker, world } = deps;
  return [
    post("/provider-events/:provider", async (c) => {
      const provider = pathPart(c, "provider");
      // Before a body is read for nobody.
      if (!broker.listensTo(provider)) refuseHttp({ code: "not_found" });
      // Each is a signature to check, whoever sends it.
      await countAddress(c, deps);
      const body = await readBytes(c.req.raw, DELIVERY_LIMIT, world);
      await broker.heed(provider, { headers: c.req.raw.headers, body });
      // Its signature has proved it.
      notesOf(c).caller = `provider ${provider}`;
      return c.body(null, 202);
    }),
  ];
}
