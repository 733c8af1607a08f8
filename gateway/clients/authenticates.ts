/**
 * Which clients prove who they are at the token endpoint. Of the others anybody
 * may say to be one.
 *
 * @module
 */

import type { Client } from "../../broker/core/client.ts";

/** Whether nobody else can use what is issued to it: it has a secret, or keys of its own. */
export function authenticates({ secretSha256, keys }: Client): boolean {
  return secretSha256 !== undefined || keys !== undefined;
}
