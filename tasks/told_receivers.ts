/**
 * Who is told of what a task does to connections. The task sends nothing: what
 * it writes waits, and a gateway sends it within a minute.
 *
 * @module
 */

import { ConfigError, type Env, faultOf } from "../broker/config/env.ts";
import { eventReceivers } from "../broker/config/event_entries.ts";
import { read, required } from "../broker/config/readers.ts";
import type { Store } from "../broker/core/store.ts";
import { receiverOf } from "../events/receivers.ts";

/** By `EVENTS`, as the gateway has it. @throws {ConfigError} */
export async function tellReceivers(
  { events }: Pick<Store, "events">,
  { EVENTS }: Env,
  providers: string[],
): Promise<void> {
  const { value: receivers, faults } = read(required(eventReceivers), EVENTS || "{}");
  if (receivers === undefined) throw new ConfigError(faults.map((why) => faultOf("EVENTS", why)));
  const isProvider = (realm: string) => providers.includes(realm);
  const nameOf = (realm: string) => receiverOf(receivers, isProvider, realm)?.name;
  await events.listen({
    receiverOf: nameOf,
    isRead: (realm) => nameOf(realm) !== undefined || !isProvider(realm),
    written() {},
  });
}
