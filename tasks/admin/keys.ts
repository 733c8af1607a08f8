/**
 * API keys that are kept in the vault, as the console keeps them.
 *
 * @module
 */

import { Refusal } from "../../broker/core/refusal.ts";
import type { AppView, KeyView, SettingsChange, SettingsView } from "../../broker/core/settings.ts";
import { inOwnWords } from "../../broker/core/own_words.ts";
import { StoreError } from "../../broker/core/store_errors.ts";
import { ADMIN, type Program } from "./program.ts";

/** So often somebody else may change the settings in between. */
const TRIES = 5;

/** A key that was made here or in the console. */
export type KeptKey = Extract<KeyView, { source: "console" }>;

/** Those of an app, the oldest first. */
export function keptKeys({ keys }: AppView): KeptKey[] {
  return keys.filter((key): key is KeptKey => key.source === "console")
    .sort((a, b) => a.made.at - b.made.at);
}

/** The settings, and that app. @throws {StoreError} where they cannot be opened. */
export async function look(
  { living }: Program,
  realm: string,
): Promise<{ view: SettingsView; app: AppView | undefined }> {
  const view = await living.settings.view();
  if (view.isUnopened) {
    const closed = inOwnWords(new Error("these keys do not open what is kept"));
    throw new StoreError("read the settings", closed, true);
  }
  return { view, app: view.apps.find((app) => app.realm === realm) };
}

/** Makes a change of what is there; again, where somebody was faster. */
export async function changeSettings(
  program: Program,
  realm: string,
  change: (app: AppView | undefined) => Promise<SettingsChange> | SettingsChange,
): Promise<void> {
  for (let tries = 1;; tries += 1) {
    const { view, app } = await look(program, realm);
    try {
      await program.living.settings.change(ADMIN, view.version, await change(app));
      return;
    } catch (error) {
      const isLate = error instanceof Refusal && error.reason.code === "settings_changed";
      if (!isLate || tries === TRIES) throw error;
    }
  }
}
