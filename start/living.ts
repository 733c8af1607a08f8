/**
 * The program, as the settings of each moment have it. An operator's change
 * counts without a restart: the program is put together anew beside the one
 * that answers, and takes over from one request to the next.
 *
 * **How a process notices.** The version of the settings is looked at by the
 * first request after {@linkcode LOOK_AGAIN_MS}; it waits for the answer, so a
 * key that was withdrawn anywhere is good for that long at most, and in the
 * process that withdrew it not at all. Requests in between read nothing. A
 * store that does not answer keeps the last settings, and whoever asks meanwhile
 * waits {@linkcode LOOK_PATIENCE_MS} at most.
 *
 * **What goes on.** Requests that are being answered end where they began. What
 * a process knows in memory is made once and handed to each composition
 * (`Memory`), so that no change of an operator's clears it:
 *
 * - guesses at keys and secrets, doors, places of what was begun, unused
 *   registrations: a stranger would begin anew with all of them;
 * - proofs of DPoP that were used: one that was seen could be used again;
 * - refreshes and calls that run: two brokers in one process would ask the
 *   provider twice (the lease and the record's version would still keep that
 *   from doing harm), and a repeat could not wait for the call beside it;
 * - documents and keys of clients, what people have connected, how fast a
 *   provider may be asked, and imports: only courtesy and speed.
 *
 * Turns at the store, the verified tokens of `own_jwt.ts` and who calls
 * (`Callers`) hang on the process, not on a composition. What calls tools goes
 * on too where no provider and no upstream has changed (`parts.ts`); where one
 * has, sessions with upstreams and local servers begin anew, and the old ones
 * are ended once their requests are answered and the longest call is over: an
 * answer that is streamed goes on behind its beginning. What is lost then is
 * what a restart loses of them: questions to people that wait for an answer,
 * and the state of a local server's process. Of tenants that a provider did
 * not tell (`LateTenants`) each composition may ask once more.
 *
 * @module
 */

import type { Broker } from "../broker/broker.ts";
import type { Config } from "../broker/config/config.ts";
import { type Env, givenOf } from "../broker/config/env.ts";
import { type Merged, type SettingsContext, withSettings } from "../broker/config/settings.ts";
import { aboutOf, afterChange } from "../broker/config/settings_change.ts";
import { settingsView } from "../broker/config/settings_view.ts";
import type { Actor } from "../broker/core/actor.ts";
import { type AppFace, type Logo, logoRefOf } from "../broker/core/app_face.ts";
import { isToCome } from "../broker/core/clock.ts";
import { deadlineIn, until } from "../broker/core/deadline.ts";
import { saidOf } from "../broker/core/own_words.ts";
import { Refusal } from "../broker/core/refusal.ts";
import { digestHex } from "../broker/core/secrets.ts";
import {
  NO_SETTINGS,
  type Settings,
  type SettingsChange,
  type SettingsView,
  SETUP_ACTOR,
  type StoredSettings,
} from "../broker/core/settings.ts";
import { StoreError, VaultError } from "../broker/core/store_errors.ts";
import { traceOf } from "../broker/core/trace_of.ts";
import type { World } from "../broker/core/world.ts";
import { compose, createMemory, type Memory, type Ports } from "../compose.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { Composition } from "./composition.ts";
import type { Parts } from "./parts.ts";

/** What another process has changed counts here after this time, at the latest. */
export const LOOK_AGAIN_MS = 5_000;
/** So long a request waits for a store that does not say whether anything has changed. */
export const LOOK_PATIENCE_MS = 2_000;

/** What it is made of. */
export interface LivingOptions extends Pick<SettingsContext, "known"> {
  /** As env has it, and nothing else. */
  config: Config;
  /** Where providers' addresses are. */
  env: Env;
  /** The code of the providers that are named. */
  load(names: ReadonlySet<string>): Promise<ProviderModule[]>;
}

/** What is known of the settings. */
interface Current extends Merged {
  stored: StoredSettings;
  version: string | null;
}

/** The program, which takes over what an operator changes. */
export class Living implements Settings {
  readonly #options: LivingOptions;
  readonly #world: World;
  readonly #ports: Omit<Ports, "modules" | "settings">;
  readonly #memory: Memory;
  readonly #context: SettingsContext;
  #current: Current;
  #composition: Composition | undefined;
  /** Until then nobody looks. */
  #until = 0;
  #looking: Promise<void> | undefined;
  /** What is kept cannot be opened. */
  #isUnopened = false;
  /** The log has it that the settings are not as they are kept. */
  #isTold = false;
  readonly #draining = new Set<Promise<void>>();
  readonly #ending = new AbortController();

  private constructor(
    options: LivingOptions,
    world: World,
    ports: Omit<Ports, "modules" | "settings">,
  ) {
    this.#options = options;
    this.#world = world;
    this.#ports = ports;
    const { config, env, known } = options;
    this.#memory = createMemory(config, world, ports);
    this.#context = { env: givenOf(env), known, official: [] };
    this.#current = { config, faults: [], stored: NO_SETTINGS, version: null };
  }

  /**
   * Puts the program together, with the settings of now. Those that cannot be opened are left out,
   * and said in the log: what env says is none of their business.
   *
   * @throws {StoreError} where nobody can say what they are.
   */
  static async start(
    options: LivingOptions,
    world: World,
    ports: Omit<Ports, "modules" | "settings">,
  ): Promise<Living> {
    const living = new Living(options, world, ports);
    await living.#begin();
    return living;
  }

  /** Answers a request by the settings of now. */
  handle(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response> {
    return isToCome(this.#until, this.#world.now(), LOOK_AGAIN_MS)
      ? this.#composition!.handle(request, info)
      : this.#handleLater(request, info);
  }

  /** The broker that counts at the moment. */
  get broker(): Broker {
    return this.#composition!.switchboard.broker;
  }

  /** The gateway that counts at the moment. */
  get gateway(): Gateway {
    return this.#composition!.switchboard.gateway;
  }

  /** The broker of the settings of now: for what is done though nobody asks. */
  async latestBroker(): Promise<Broker> {
    await this.#lookInTime();
    return this.broker;
  }

  /** Starts what should have started before the first client lists. */
  async warmUp(): Promise<void> {
    await this.#parts.warmUp();
  }

  /** Ends what it has started, also of earlier compositions. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all([this.#parts.close(), ...this.#draining]);
  }

  async view(): Promise<SettingsView> {
    await this.#look();
    return settingsView({
      ...this.#current,
      env: this.#options.config,
      isUnopened: this.#isUnopened,
      context: await this.#withOfficial(),
    });
  }

  async change(actor: Actor, seen: string | null, change: SettingsChange): Promise<string> {
    const { settings } = this.#ports.store;
    const kept = await settings.read();
    if ((kept?.version ?? null) !== seen) throw new Refusal({ code: "settings_changed" });
    const before = kept?.value ?? NO_SETTINGS;
    if (actor.id === SETUP_ACTOR.id) this.#requireSetup(before);
    if (change.kind === "operator") this.#requireSignIn(change.provider);
    const next = afterChange(before, change, this.#changeContext(actor));
    const { kind, name } = aboutOf(change);
    const { faults } = withSettings(this.#options.config, next, await this.#withOfficial());
    const fault = faults.find((fault) => fault.kind === kind && fault.name === name);
    // What is taken away cannot be wrong any more; what is left may have been before.
    if (fault !== undefined && !isTakingAway(change)) {
      throw new Refusal({ code: "invalid_request", detail: `${fault.fault}.` });
    }
    const version = await settings.write(next, seen, logoOf(change));
    if (version === null) throw new Refusal({ code: "settings_changed" });
    this.#world.log({
      level: "info",
      event: "settings_changed",
      change: change.kind,
      about: name,
      by: actor.id,
    });
    // One that began before this was written has not seen it.
    await this.#looking;
    await this.#look();
    return version;
  }

  newKey(): { key: string; sha256: string } {
    const key = `sb_${this.#world.secret()}`;
    return { key, sha256: digestHex(key) };
  }

  face(realm: string): AppFace {
    const { config } = this.#current;
    const { name, operator, privacyUrl, logo } = config.apps.find((app) => app.realm === realm) ??
      {};
    return { name, operator, privacyUrl, logo };
  }

  async logo(realm: string): Promise<Logo | undefined> {
    const app = this.#current.config.apps.find((app) => app.realm === realm);
    if (app?.logo === undefined) return undefined;
    const bytes = app.picture ?? await this.#ports.store.settings.logo(realm, app.logo);
    // By its own bytes once more: what is served as a picture is one.
    const type = bytes === null ? undefined : logoRefOf(bytes)?.type;
    return bytes === null || type === undefined ? undefined : { type, bytes };
  }

  get #parts(): Parts {
    return this.#composition!.switchboard.parts;
  }

  async #handleLater(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response> {
    await this.#lookInTime();
    return await this.#composition!.handle(request, info);
  }

  /** Looks, if it is time to; whoever asks waits for a slow store so long and no longer. */
  async #lookInTime(): Promise<void> {
    if (isToCome(this.#until, this.#world.now(), LOOK_AGAIN_MS)) return;
    using deadline = deadlineIn(this.#world, LOOK_PATIENCE_MS);
    // It does not reject, but for the deadline.
    await until(deadline.signal, this.#look()).catch(() => this.#outOfReach());
  }

  /** The last settings go on counting; who comes next does not wait again. */
  #outOfReach(): void {
    this.#until = this.#world.now() + LOOK_AGAIN_MS;
    this.#tell("settings_not_read", "the store does not answer");
  }

  /** Looks whether anything has changed, and takes it over; once for all who ask. Does not reject. */
  #look(): Promise<void> {
    return this.#looking ??= this.#takeOver().finally(() => this.#looking = undefined);
  }

  async #takeOver(): Promise<void> {
    const now = this.#world.now();
    try {
      const version = await this.#ports.store.settings.version();
      if (version !== this.#current.version || this.#isUnopened) {
        await this.#adopt(await this.#read());
      }
      this.#isTold = false;
    } catch (error) {
      this.#failed(error);
    }
    // From when it was asked: what is written while the answer is on its way is seen in time, too.
    this.#until = now + LOOK_AGAIN_MS;
  }

  #failed(error: unknown): void {
    if (error instanceof VaultError) this.#isUnopened = true;
    const isKnown = error instanceof VaultError || error instanceof StoreError;
    if (isKnown) return this.#tell("settings_not_read", saidOf(error));
    const { name, at } = traceOf(error);
    this.#tell("settings_not_applied", `${name} at ${at}`);
  }

  /** Once, until they are as they are kept again. */
  #tell(event: string, detail: string): void {
    if (!this.#isTold) this.#world.log({ level: "error", event, detail });
    this.#isTold = true;
  }

  async #begin(): Promise<void> {
    const now = this.#world.now();
    try {
      await this.#adopt(await this.#read());
    } catch (error) {
      if (error instanceof StoreError) throw error;
      this.#failed(error);
      this.#composition = await this.#compose(this.#current.config);
    }
    this.#until = now + LOOK_AGAIN_MS;
  }

  async #read(): Promise<{ value: StoredSettings; version: string | null }> {
    return await this.#ports.store.settings.read() ?? { value: NO_SETTINGS, version: null };
  }

  /** Puts the program together with these settings; from then on it answers. */
  async #adopt(kept: { value: StoredSettings; version: string | null }): Promise<void> {
    const { value: stored, version } = kept;
    // Addresses of those that are known by name are needed for such an entry alone.
    const byName = stored.upstreams.some(({ url }) => url === undefined);
    const context = byName ? await this.#withOfficial() : this.#context;
    const merged = withSettings(this.#options.config, stored, context);
    const composition = await this.#compose(merged.config);
    for (const { kind, name, fault } of merged.faults) {
      this.#world.log({ level: "warn", event: "setting_left_out", kind, name, fault });
    }
    const old = this.#composition;
    this.#composition = composition;
    this.#current = { ...merged, stored, version };
    this.#isUnopened = false;
    if (old !== undefined) this.#retire(old);
  }

  async #compose(config: Config): Promise<Composition> {
    const modules = await this.#options.load(new Set(config.providers.keys()));
    const ports = { ...this.#ports, modules, settings: this };
    const parts = this.#composition?.switchboard.parts;
    const before = { memory: this.#memory, parts };
    const switchboard = await compose(config, this.#world, ports, before);
    switchboard.parts.broker.set(switchboard.broker);
    return new Composition(switchboard);
  }

  /** What nobody uses any more is ended; see above. */
  #retire(old: Composition): void {
    const { parts } = old.switchboard;
    if (parts === this.#parts) return;
    const draining = this.#drain(old, parts)
      .catch((error) =>
        this.#world.log({ level: "error", event: "upstreams_not_closed", ...traceOf(error) })
      )
      .finally(() => this.#draining.delete(draining));
    this.#draining.add(draining);
  }

  async #drain(old: Composition, parts: Parts): Promise<void> {
    const { signal } = this.#ending;
    const ending = new Promise<void>((resolve) =>
      signal.addEventListener("abort", () => resolve(), { once: true })
    );
    await Promise.race([old.answered(), ending]);
    if (parts.longestMs > 0) await this.#world.sleep(parts.longestMs, signal);
    await parts.close();
  }

  async #withOfficial(): Promise<SettingsContext> {
    const { officialServers } = await import("../providers/discovered/official.ts");
    return { ...this.#context, official: officialServers };
  }

  /** An operator who cannot sign in would end the first setup, and nobody could go on. */
  #requireSignIn(provider: string): void {
    if (this.gateway.signInServers.some(({ name }) => name === provider)) return;
    const detail = "provider: nobody signs in with it here; set its client id and secret first.";
    throw new Refusal({ code: "invalid_request", detail });
  }

  /** As it is kept at this moment: somebody may have been named since this process last looked. */
  #requireSetup(stored: StoredSettings): void {
    const { operators } = withSettings(this.#options.config, stored, this.#context).config;
    if (operators.length > 0) throw new Refusal({ code: "code_invalid" });
  }

  #changeContext({ id: by }: Actor) {
    const { config } = this.#options;
    const { upstreams } = this.#current.config;
    return {
      changed: { at: this.#world.now(), by },
      realmsByEnv: config.apiKeys.map(({ realm }) => realm),
      hasOperatorByEnv: config.operators.length > 0,
      urlOf(name: string) {
        const spec = upstreams.find((spec) => spec.name === name);
        return spec?.kind === "http" ? spec.url : undefined;
      },
      newId: () => this.#world.secret(),
    };
  }
}

function isTakingAway({ kind }: SettingsChange): boolean {
  return kind.endsWith("_removed") || kind === "key_withdrawn";
}

/** What becomes of an app's picture. */
function logoOf(change: SettingsChange) {
  if (change.kind === "app_removed") return { realm: change.realm, bytes: null };
  if (change.kind !== "app" || change.app.logo === undefined) return undefined;
  return { realm: change.realm, bytes: change.app.logo };
}
