/**
 * `GET /health`: whether the program and its store answer. With `?deep`, and an
 * API key, also which providers refuse the program's own client: that is for
 * whoever runs it, and no stranger needs to know it. With `?caller=` and an
 * address that the caller put into `X-Forwarded-For`, also how it is found who
 * calls: that everybody finds out who is counted, and no address is told.
 *
 * @module
 */

import type { ApiKey } from "../broker/core/api_key.ts";
import { type Area, get, sayJson } from "./http/area.ts";
import { requireApiKey } from "./http/caller.ts";
import { healthAnswer } from "./health_answer.ts";
import type { AppDeps } from "./http/deps.ts";
import type { RequestEnv } from "./http/quick.ts";

/** For whoever watches the program. */
export function healthArea(deps: AppDeps): Area {
  const { world, gateway } = deps;
  return {
    sayError: sayJson(world),
    anyHost: true,
    routes: [
      get("/health", async (c) => {
        const key = c.req.query("deep") === undefined ? undefined : await requireApiKey(c, gateway);
        const said = c.req.query("caller");
        const { connection } = c.env as RequestEnv;
        const { status, body } = await healthAnswer(deps, async () => ({
          providers: key && await providersFor(deps, key),
          caller: said && deps.explainCaller?.(c.req.raw, connection, said),
        }));
        return c.json(body, status);
      }),
    ],
  };
}

/** What is wrong with providers that a key is for; nothing is said of one that works. */
async function providersFor(
  { broker, providers }: AppDeps,
  { services }: ApiKey,
): Promise<Record<string, "client_refused">> {
  const refusing = (await broker.refusingClient()).filter((name) => {
    const names = [name, ...providers.get(name)?.services.map((service) => service.name) ?? []];
    return services === undefined || names.some((one) => services.includes(one));
  });
  return Object.fromEntries(refusing.map((name) => [name, "client_refused"]));
}
