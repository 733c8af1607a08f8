/**
 * Where operators look at settings and change them. A change is judged with
 * everything else that counts before it is kept, and counts from then on.
 *
 * @module
 */

import type { Config } from "../broker/config/config.ts";
import { merge } from "../broker/config/merge.ts";
import { loggedName, type SettingFault, type SettingsContext } from "../broker/config/merged.ts";
import { type Activity, DEPLOYMENT } from "../broker/core/activity.ts";
import type { Actor } from "../broker/core/actor.ts";
import { type AppFace, type Logo, logoRefOf } from "../broker/core/app_face.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { digestHex } from "../broker/core/secrets.ts";
import {
  NO_SETTINGS,
  type Settings,
  type SettingsChange,
  type SettingsStore,
  type SettingsView,
  SETUP_ACTOR,
  type StoredSettings,
} from "../broker/core/settings.ts";
import type { World } from "../broker/core/world.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Counting } from "./counting.ts";

/** What it works with. */
export interface DeskDeps {
  world: World;
  store: SettingsStore;
  /** Where is noted who has changed what. */
  activity?: Activity | undefined;
  /** By env alone. */
  env: Config;
  context: SettingsContext;
  /** What counts at the moment. */
  counting(): Counting;
  gateway(): Gateway;
  /** Takes over what is kept now; resolves when it counts. Does not reject. */
  takeOver(): Promise<void>;
}

/** {@linkcode Settings} of one process. */
export class SettingsDesk implements Settings {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  async view(): Promise<SettingsView> {
    const { env, takeOver, counting } = this.#deps;
    await takeOver();
    const { settingsView } = await import("../broker/config/settings_view.ts");
    return settingsView({ ...counting(), env, context: await withOfficial(this.#deps.context) });
  }

  async change(actor: Actor, seen: string | null, change: SettingsChange): Promise<string> {
    const { store, world, takeOver, activity } = this.#deps;
    const { aboutOf, afterChange } = await import("../broker/config/settings_change.ts");
    const kept = await store.read();
    if ((kept?.version ?? null) !== seen) throw new Refusal({ code: "settings_changed" });
    const before = kept?.value ?? NO_SETTINGS;
    if (actor.id === SETUP_ACTOR.id) await this.#requireSetup(before);
    if (change.kind === "operator") this.#requireSignIn(change.provider);
    const next = afterChange(before, change, this.#changeContext(actor));
    await this.#requireCounting(next, change, aboutOf(change));
    const version = await store.write(next, seen, logoOf(change));
    if (version === null) throw new Refusal({ code: "settings_changed" });
    const about = loggedName(aboutOf(change));
    const { kind } = change;
    world.log({ level: "info", event: "settings_changed", change: kind, about, by: actor.id });
    activity?.note({
      ...{ at: world.now(), what: "changed_by_operator", subject: DEPLOYMENT, actor },
      ...{ about: about === undefined ? kind : `${kind} ${about}`, outcome: "ok" },
    });
    await takeOver();
    return version;
  }

  async isOperator(signedIn: Parameters<Settings["isOperator"]>[0]): Promise<boolean> {
    await this.#deps.takeOver();
    return this.#deps.gateway().isOperator(signedIn);
  }

  newKey(): { key: string; sha256: string } {
    const key = `sb_${this.#deps.world.secret()}`;
    return { key, sha256: digestHex(key) };
  }

  face(realm: string): AppFace {
    const { name, operator, privacyUrl, logo } = this.#app(realm) ?? {};
    return { name, operator, privacyUrl, logo };
  }

  async logo(realm: string): Promise<Logo | undefined> {
    const app = this.#app(realm);
    if (app?.logo === undefined) return undefined;
    const bytes = app.picture ?? await this.#deps.store.logo(realm, app.logo);
    // By its own bytes once more: what is served as a picture is one.
    const type = bytes === null ? undefined : logoRefOf(bytes)?.type;
    return bytes === null || type === undefined ? undefined : { type, bytes };
  }

  #app(realm: string) {
    return this.#deps.counting().config.apps.find((app) => app.realm === realm);
  }

  /** What is taken away cannot be wrong any more, and what is left may have been before. */
  async #requireCounting(
    next: StoredSettings,
    change: SettingsChange,
    { kind, name }: Pick<SettingFault, "kind" | "name">,
  ): Promise<void> {
    if (change.kind.endsWith("_removed") || change.kind === "key_withdrawn") return;
    const context = await withOfficial(this.#deps.context);
    const { faults } = await merge(this.#deps.env, next, context);
    const fault = faults.find((fault) => fault.kind === kind && fault.name === name);
    if (fault === undefined) return;
    throw new Refusal({ code: "invalid_request", detail: `${fault.fault}.` });
  }

  /** An operator who cannot sign in would end the first setup, and nobody could go on. */
  #requireSignIn(provider: string): void {
    if (this.#deps.gateway().signInServers.some(({ name }) => name === provider)) return;
    const detail = "provider: nobody signs in with it here; set its client id and secret first.";
    throw new Refusal({ code: "invalid_request", detail });
  }

  /** As it is kept at this moment: somebody may have been named since this process last looked. */
  async #requireSetup(stored: StoredSettings): Promise<void> {
    const { env, context } = this.#deps;
    const { operators } = (await merge(env, stored, context)).config;
    if (operators.length > 0) throw new Refusal({ code: "code_invalid" });
  }

  #changeContext({ id: by }: Actor) {
    const { env, world, counting } = this.#deps;
    const { upstreams } = counting().config;
    return {
      changed: { at: world.now(), by },
      realmsByEnv: env.apiKeys.map(({ realm }) => realm),
      hasOperatorByEnv: env.operators.length > 0,
      urlOf(name: string) {
        const spec = upstreams.find((spec) => spec.name === name);
        return spec?.kind === "http" ? spec.url : undefined;
      },
      newId: () => world.secret(),
    };
  }
}

/** With the servers that can be added by name. */
export async function withOfficial(context: SettingsContext): Promise<SettingsContext> {
  const { officialServers } = await import("../providers/discovered/official.ts");
  return { ...context, official: officialServers };
}

/** What becomes of an app's picture. */
function logoOf(change: SettingsChange) {
  if (change.kind === "app_removed") return { realm: change.realm, bytes: null };
  if (change.kind !== "app" || change.app.logo === undefined) return undefined;
  return { realm: change.realm, bytes: change.app.logo };
}
