/**
 * Puts together what answers: loaded by `main.ts` for the first request, with
 * the code of the providers that are set up.
 *
 * @module
 */

import { createActivityLog } from "../audit/activity.ts";
import { Callers } from "../broker/core/callers.ts";
import type { World } from "../broker/core/world.ts";
import type { Ports } from "../compose.ts";
import { Living, type LivingOptions } from "./living.ts";
import { createRequestLog, type RequestLogOptions } from "./request_log.ts";
import { startProcess } from "./machine.ts";
import { createCarefulFetch } from "../net/careful_fetch.ts";
import { createDocumentFetch } from "../net/client_document.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import type { Vault } from "../vault/vault.ts";

/** What `main.ts` has opened. */
export interface Opened extends Pick<Ports, "waiting" | "checkHealth" | "version"> {
  vault: Vault;
  telemetry: Telemetry;
  /** Takes the lines that requests leave in the log. */
  writeRequest: RequestLogOptions["write"];
}

/** The program, and who calls it. */
export async function composeServing(
  options: LivingOptions,
  world: World,
  { vault, telemetry, writeRequest: write, ...ports }: Opened,
): Promise<{ switchboard: Living; callers: Callers }> {
  const callers = new Callers(() => performance.now());
  const switchboard = await Living.start(options, world, {
    ...ports,
    store: vault.store,
    activity: createActivityLog({
      store: vault.store,
      world,
      request: () => callers.current(),
    }),
    signingKeys: vault.ring,
    fetch: telemetry.quietFetch(fetch),
    nameRequest: telemetry.nameRequest,
    requestEnded: createRequestLog({
      ...{ setting: options.config.requestLog, callers, now: world.now, write },
    }),
    callers,
    startProcess,
    fetchDocument: createDocumentFetch(),
    careful: createCarefulFetch(),
  });
  return { switchboard, callers };
}
