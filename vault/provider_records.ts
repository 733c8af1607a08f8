/**
 * What processes tell each other of providers: times, and nothing of a person.
 *
 * @module
 */

import type { ProviderFault, ProviderStore } from "../broker/core/store.ts";
import { providerKey } from "./keys.ts";
import type { Records } from "./records.ts";

/** Nobody asks for what is older. */
const KEEP_MS = 2 * 24 * 60 * 60 * 1000;

const FAULT = "misconfigured";
const MAX_DETAIL = 500;

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
    async lastFault(provider) {
      const found = await records.get<ProviderFault>(providerKey(provider, FAULT));
      return found?.value ?? null;
    },
    async noteFault(provider, { at, detail }) {
      const value = { at, detail: detail.slice(0, MAX_DETAIL) };
      const key = providerKey(provider, FAULT);
      await records.commit({ sets: [{ key, value, expireIn: KEEP_MS }] });
    },
  };
}
