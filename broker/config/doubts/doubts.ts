/**
 * All that is doubtful in a configuration that has no fault.
 *
 * @module
 */

import { hexOfBytes } from "../../core/random_secret.ts";
import { callerDoubts } from "./callers.ts";
import type { Doubt, Doubted } from "./doubt.ts";
import { isGuessed } from "../values.ts";
import { placeDoubts } from "./places.ts";
import { providerDoubts } from "./providers.ts";
import { proxyDoubts } from "./proxies.ts";
import { secretEndDoubts } from "./secret_ends.ts";
import { textDoubts } from "./texts.ts";
import { unknownVariables } from "./variables.ts";

export type { Doubt, Doubted } from "./doubt.ts";

/** Pure; in the order in which an operator would look. */
export function doubtsOf(doubted: Doubted): Doubt[] {
  return [
    ...unknownVariables(doubted),
    ...textDoubts(doubted),
    ...placeDoubts(doubted),
    ...proxyDoubts(doubted),
    ...keyDoubts(doubted),
    ...providerDoubts(doubted),
    ...secretEndDoubts(doubted),
    ...callerDoubts(doubted),
  ];
}

function keyDoubts({ config }: Doubted): Doubt[] {
  const ids = new Map<string, string>();
  const twice = config.encryptionKeys.flatMap(({ id, bytes }): Doubt[] => {
    const hex = hexOfBytes(bytes);
    const first = ids.get(hex);
    ids.set(hex, first ?? id);
    return first === undefined ? [] : [{
      variable: "ENCRYPTION_KEYS",
      found:
        `${first} and ${id} are one and the same key: changing from one to the other changes nothing.`,
      cure: "`deno task key` prints a new one; put it in front, and run `deno task rekey`.",
      isFault: true,
    }];
  });
  return [...twice, ...guessed(config)];
}

function guessed(config: Doubted["config"]): Doubt[] {
  return config.encryptionKeys.filter(({ bytes }) => isGuessed(bytes)).map(({ id }) => ({
    variable: "ENCRYPTION_KEYS",
    found: `${id} is no secret, but the same few bytes over and over.`,
    cure: "`deno task rekey` seals everything under the first key; then take it out.",
    isFault: true,
  }));
}
