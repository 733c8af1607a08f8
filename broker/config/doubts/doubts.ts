/**
 * All that is doubtful in a configuration that has no fault.
 *
 * @module
 */

import { callerDoubts } from "./callers.ts";
import type { Doubt, Doubted } from "./doubt.ts";
import { isGuessed } from "../values.ts";
import { placeDoubts } from "./places.ts";
import { providerDoubts } from "./providers.ts";
import { unknownVariables } from "./variables.ts";

export type { Doubt, Doubted } from "./doubt.ts";

/** Pure; in the order in which an operator would look. */
export function doubtsOf(doubted: Doubted): Doubt[] {
  return [
    ...unknownVariables(doubted),
    ...placeDoubts(doubted),
    ...keyDoubts(doubted),
    ...providerDoubts(doubted),
    ...callerDoubts(doubted),
  ];
}

function keyDoubts({ config }: Doubted): Doubt[] {
  return config.encryptionKeys.filter(({ bytes }) => isGuessed(bytes)).map(({ id }) => ({
    variable: "ENCRYPTION_KEYS",
    found: `${id} is no secret, but the same few bytes over and over.`,
    cure: "`deno task rekey` seals everything under the first key; then take it out.",
    isFault: true,
  }));
}
