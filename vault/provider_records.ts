/**
 * What processes tell each other of providers: times, and nothing of a person.
 *
 * @module
 */

import type { ProviderStore } from "../broker/core/store.ts";
import { providerKey } from "./keys.ts";
import type { Records } from "./records.ts";

/** Nobody asks for what is older. */
const KEEP_MS = 2 * 24 * 60 * 60 * 1000;

/** {@linkcode ProviderStore} on {@linkcode Records}. */
export function createProviderStore(records: Records): ProviderStore {
  return {
    async last(provider, event) {
      return (await records.get<number>(providerKey(provider, event)))?.value ?? null;
    },
    async note(provider, event, value) {
      const key = providerKey(provider, event);
      await records.commit({ sets: [{ key, value, expireIn: KEEP_MS }] });
    },
  };
}
