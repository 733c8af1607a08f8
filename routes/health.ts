/**
 * `GET /health`: whether the program and its store answer.
 *
 * @module
 */

import { type Area, get, sayJson } from "./http/area.ts";
import type { AppDeps } from "./http/deps.ts";

/** For whoever watches the program. */
export function healthArea({ world, version, checkHealth }: AppDeps): Area {
  return {
    sayError: sayJson(world),
    anyHost: true,
    routes: [
      get("/health", async (c) => {
        try {
          const { keys } = await checkHealth();
          return c.json({ status: "ok", version, keys });
        } catch {
          world.log({ level: "error", event: "store_unavailable" });
          return c.json({ status: "store_unavailable", version }, 503);
        }
      }),
    ],
  };
}
