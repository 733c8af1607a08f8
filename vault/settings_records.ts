/**
 * What an operator has set in the console: all of it in one box, so that it is
 * changed as a whole or not at all; pictures apart, since nobody needs them to
 * decide; and which version it is in a small record, which every process looks
 * at every few seconds.
 *
 * @module
 */

import { logoRefOf } from "../broker/core/app_face.ts";
import { bytesOfBase64 } from "../broker/core/random_secret.ts";
import type { LogoChange, SettingsStore, StoredSettings } from "../broker/core/settings.ts";
import type { KeyRing } from "./key_ring.ts";
import { logoKey, settingsKey, settingsVersionKey } from "./keys.ts";
import { type CutBox, keysOf, opened, sealed, type SealedChange, versionOf } from "./pieces.ts";
import type { Change, Entry, RecordKey, Records } from "./records.ts";

/** The stored value; see SCHEMA.md. */
interface Sealed extends CutBox {
  v: 1;
}

/** In the box. */
interface Kept {
  version: string;
  settings: StoredSettings;
}

/** {@linkcode SettingsStore} on {@linkcode Records}. */
export function createSettingsStore(records: Records, ring: KeyRing): SettingsStore {
  const head = () => records.get<{ version: string }>(settingsVersionKey);
  return {
    async version() {
      return (await head())?.value.version ?? null;
    },
    async read() {
      const entry = await records.get<Sealed>(settingsKey);
      const found = entry && await opened(records, ring, entry);
      if (found === null) return null;
      const { settings, version } = found.plain as Kept;
      return { value: settings, version };
    },
    async write(settings, seen, logo) {
      const version = crypto.randomUUID();
      for (;;) {
        const [current, before] = [await head(), await records.get<Sealed>(settingsKey)];
        // Not the database's own version: that is another one once it was sealed anew.
        if ((current?.value.version ?? null) !== seen) return null;
        const value: Kept = { version, settings };
        const own = await sealed(ring, {
          key: settingsKey,
          value,
          clear: {},
          before: before && versionOf(before),
        });
        const also = logo === undefined ? undefined : await logoChange(records, ring, logo);
        const change: Change = {
          checks: [
            { key: settingsVersionKey, version: current?.version ?? null },
            { key: settingsKey, version: before?.version ?? null },
            ...also?.checks ?? [],
          ],
          sets: [
            { key: settingsVersionKey, value: { version } },
            ...own.sets,
            ...also?.sets ?? [],
          ],
          deletes: [...own.deletes, ...also?.deletes ?? []],
        };
        if (await records.commit(change) !== null) return version;
      }
    },
    async logo(realm, ref) {
      const entry = await records.get<Sealed>(logoKey(realm));
      const found = entry && await opened(records, ring, entry);
      if (found === null) return null;
      const bytes = bytesOfBase64(found.plain as string);
      // Another process may have put another one there.
      return logoRefOf(bytes)?.sha256 === ref.sha256 ? bytes : null;
    },
  };
}

async function logoChange(
  records: Records,
  ring: KeyRing,
  { realm, bytes }: LogoChange,
): Promise<SealedChange & { checks: { key: RecordKey; version: string | null }[] }> {
  const key = logoKey(realm);
  const entry: Entry<Sealed> | null = await records.get<Sealed>(key);
  const checks = [{ key, version: entry?.version ?? null }];
  const before = entry && versionOf(entry);
  if (bytes === null) {
    return { checks, sets: [], deletes: before === null ? [] : keysOf(key, before) };
  }
  const value = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return { checks, ...await sealed(ring, { key, value, clear: {}, before }) };
}
