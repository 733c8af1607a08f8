/**
 * An operator at the settings of a gateway.
 *
 * @module
 */

import type { Actor } from "../../broker/core/actor.ts";
import type { AppChange, SettingsChange } from "../../broker/core/settings.ts";
import type { Gateway } from "./gateway.ts";

export const OPERATOR: Actor = { kind: "operator", id: "github:583231" };

/** Changes one thing, as whoever has just looked. */
export async function change(at: Gateway, what: SettingsChange): Promise<string> {
  const { version } = await at.settings.view();
  return await at.settings.change(OPERATOR, version, what);
}

/** Makes an app with a key; returns the key. */
export async function makeApp(at: Gateway, realm: string, app: AppChange = {}): Promise<string> {
  await change(at, { kind: "app", realm, app });
  const { key, sha256 } = at.settings.newKey();
  await change(at, { kind: "key", realm, sha256 });
  return key;
}
