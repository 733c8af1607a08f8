/**
 * What processes tell each other of providers: times, and nothing of a person.
 *
 * @module
 */

import type { ProviderFault, ProviderStore } from "../broker/core/store.ts";
import { DEPLOYMENT } from "../broker/core/activity.ts";
import type { EventOutbox } from "./event_outbox.ts";
import { providerKey } from "./keys.ts";
import { type Records, together } from "./records.ts";

/** Nobody asks for what is older. */
const KEEP_MS = 2 * 24 * 60 * 60 * 1000;

const FAULT = "misconfigured";
const PAUSED = "paused";
/** Pauses of one provider that are kept. */
const MOST_PAUSES = 200;
/** A courtesy to the others: whoever does not hear of it asks, and is told by the provider. */
const TRIES = 5;
const SECRET_END = "secret_end";
const MAX_DETAIL = 500;

/** {@linkcode ProviderStore} on {@linkcode Records}. */
export function createProviderStore(records: Records, outbox?: EventOutbox): ProviderStore {
  return {
    async last(provider, event) {
      return (await records.get<number>(providerKey(provider, event)))?.value ?? null;
    },
    async note(provider, event, value) {
      const key = providerKey(provider, event);
      await records.commit({ sets: [{ key, value, expireIn: KEEP_MS }] });
    },
    async pauses(provider) {
      return (await records.get<Record<string, number>>(providerKey(provider, PAUSED)))?.value ??
        {};
    },
    async notePause(provider, of, until, now) {
      const key = providerKey(provider, PAUSED);
      for (let tries = 0; tries < TRIES; tries++) {
        const found = await records.get<Record<string, number>>(key);
        const all = Object.entries({ ...found?.value, [of]: until })
          .filter(([, end]) => end > now)
          // What holds for everybody makes way for nobody's own.
          .sort(([one, a], [other, b]) => Number(other === "") - Number(one === "") || b - a)
          .slice(0, MOST_PAUSES);
        const checks = [{ key, version: found?.version ?? null }];
        const sets = [{ key, value: Object.fromEntries(all), expireIn: KEEP_MS }];
        if (await records.commit({ checks, sets }) !== null) return;
      }
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
    async tellSecretEnd(provider, endsAt) {
      if (outbox === undefined) return;
      const key = providerKey(provider, SECRET_END);
      const found = await records.get<number>(key);
      if (found?.value === endsAt) return;
      const at = outbox.now();
      const event = await outbox.writing({
        ...{ type: "connection.expiring", reason: "client_secret_expires" },
        ...{ subject: DEPLOYMENT, at, provider, endsAt },
      });
      if (event === undefined) return;
      const checks = [{ key, version: found?.version ?? null }];
      const expireIn = Math.max(0, endsAt - at) + KEEP_MS;
      const sets = [{ key, value: endsAt, expireIn }];
      // Who was faster has told it.
      if (await records.commit(together({ checks, sets }, event.change)) === null) return;
      outbox.written(event);
    },
  };
}
