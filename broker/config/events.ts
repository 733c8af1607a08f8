/**
 * Where what happens to an app's users is sent, beside what else is configured.
 *
 * @module
 */

import type { ApiKey } from "../core/api_key.ts";
import { OPERATOR, type Receiver } from "../core/events.ts";
import { faultOf } from "./env.ts";

/** What does not fit together. Apps that an operator adds in the console are not known here. */
export function eventFaults(
  receivers: Receiver[] | undefined,
  apiKeys: ApiKey[] | undefined,
  providers: { name: string }[],
): string[] {
  if (receivers === undefined) return [];
  const clash = receivers.some(({ name }) => name === OPERATOR) &&
    apiKeys?.some(({ realm }) => realm === OPERATOR);
  return [
    ...receivers.filter(({ name }) => providers.some((each) => each.name === name)).map((
      { name },
    ) =>
      faultOf("EVENTS", `${name} is a provider; what happens to those who sign in goes to operator`)
    ),
    ...(clash ? [faultOf("EVENTS", "operator is also the name of an API key; rename that")] : []),
  ];
}
