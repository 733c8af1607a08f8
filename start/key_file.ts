/**
 * Whether `ENCRYPTION_KEYS` and the file of `ENCRYPTION_KEYS_FILE` say the
 * same, where both are set: only the first counts, and whoever changes the file
 * changes nothing.
 *
 * @module
 */

import { ConfigError, type Env } from "../broker/config/env.ts";
import type { Doubt } from "../broker/config/doubts/doubt.ts";
import { parseKeyRing } from "../broker/config/vault.ts";
import { hexOfBytes } from "../broker/core/random_secret.ts";

/** `env`: as it was set, the key ring not put in. */
export async function keyFileDoubt(
  { ENCRYPTION_KEYS: text, ENCRYPTION_KEYS_FILE: file }: Env,
): Promise<Doubt[]> {
  if (!text || !file) return [];
  let inFile: string;
  try {
    inFile = await Deno.readTextFile(file);
  } catch {
    return [
      doubtOf("names a file that cannot be read; ENCRYPTION_KEYS is set, and counts.", false),
    ];
  }
  return ringOf(inFile) === ringOf(text)
    ? [doubtOf("is not followed, since ENCRYPTION_KEYS is set, with the same keys.", false)]
    : [doubtOf("names a file with other keys than ENCRYPTION_KEYS, which alone counts.", true)];
}

function doubtOf(found: string, isFault: boolean): Doubt {
  const cure = "Leave out the one that is not meant. What was sealed with keys of the other one " +
    "opens only while these stand in the ring.";
  return { variable: "ENCRYPTION_KEYS_FILE", found, cure, isFault };
}

/** To compare two; `undefined` for what is no ring. */
function ringOf(text: string): string | undefined {
  try {
    return parseKeyRing(text).map(({ id, bytes }) => `${id}:${hexOfBytes(bytes)}`).join();
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}
