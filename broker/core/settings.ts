/**
 * What an operator changes while the program runs: apps and their keys, the
 * credentials of providers, MCP servers, and who else is an operator. It is
 * kept in the vault, beside env, which counts where both say something.
 *
 * @module
 */

import type { Actor } from "./actor.ts";
import type { AppFace, Logo, LogoRef } from "./app_face.ts";
import type { Subject } from "./subject.ts";

/** How many there may be. */
export const SETTINGS_LIMITS = {
  apps: 100,
  /** Living keys of one app: two, so that one can take the other's place. */
  keysPerApp: 2,
  upstreams: 50,
  operators: 20,
  /** Of one app. */
  returnUrls: 20,
  services: 50,
  tools: 200,
};

/** All of it together, as JSON; pictures are kept apart. */
export const MAX_SETTINGS_BYTES = 256 * 1024;

/** Who did it: the operator's subject, or `setup`; and when, in epoch ms. */
export interface Changed {
  at: number;
  by: string;
}

/** What an app may do, beside what its key in env says. */
export interface AppRules {
  /** As `RETURN_URLS`, for this app alone. */
  returnUrls?: string[] | undefined;
  returnTo?: string | undefined;
  handOffOnly?: boolean | undefined;
  /** Services or providers that it may use; all where absent. */
  services?: string[] | undefined;
  /** Tools that it may use, by name; all where absent. */
  tools?: string[] | undefined;
}

/** A key, without the key. */
export interface StoredKey {
  /** Tells keys of one app apart, and says nothing of them. */
  id: string;
  /** SHA-256 of the key, as 64 hexadecimal digits. */
  sha256: string;
  made: Changed;
}

/** An app, as far as it is kept here. */
export interface StoredApp extends AppFace, AppRules {
  /** The realm of its users. */
  realm: string;
  keys: StoredKey[];
  changed: Changed;
}

/** This program's client at a provider, or at the authorization server of an MCP server. */
export interface StoredCredentials {
  /** Or the name of the MCP server. */
  provider: string;
  /** Of the MCP server that they are for: at another address nobody gets them. */
  url?: string | undefined;
  clientId: string;
  clientSecret: string;
  /** The day on which the secret ends, `YYYY-MM-DD`. */
  secretEnds?: string | undefined;
  /** The client is in the provider's test mode. */
  isTesting?: boolean | undefined;
  changed: Changed;
}

/** An MCP server: at a public https address, or one that is known by its name, without one. */
export interface StoredUpstream {
  name: string;
  title?: string | undefined;
  url?: string | undefined;
  changed: Changed;
}

/** Who runs this program: somebody with this verified address at this provider. */
export interface Operator {
  provider: string;
  email: string;
}

/** One who was named here. */
export interface StoredOperator extends Operator {
  changed: Changed;
}

/** All that is kept. */
export interface StoredSettings {
  apps: StoredApp[];
  credentials: StoredCredentials[];
  upstreams: StoredUpstream[];
  operators: StoredOperator[];
}

/** Nothing yet. */
export const NO_SETTINGS: StoredSettings = {
  apps: [],
  credentials: [],
  upstreams: [],
  operators: [],
};

/** An app as an operator sets it; what is left out is not set any more, but for the picture. */
export interface AppChange extends Omit<AppFace, "logo">, AppRules {
  /** A new picture; `null`: none any more; left out: as before. */
  logo?: Uint8Array<ArrayBuffer> | null | undefined;
}

/** One change. */
export type SettingsChange =
  /** Makes an app, or says anew what it is. Its keys stay. */
  | { kind: "app"; realm: string; app: AppChange }
  | { kind: "app_removed"; realm: string }
  /** `sha256`: of the key, as 64 hexadecimal digits; whoever makes the key shows it once. */
  | { kind: "key"; realm: string; sha256: string }
  | { kind: "key_withdrawn"; realm: string; id: string }
  /** Always both: an id without its secret is of no use, and the secret is never shown again. */
  | { kind: "credentials"; provider: string; clientId: string; clientSecret: string }
  | { kind: "credentials_removed"; provider: string }
  /** What is known of those that are set here; what is left out is not known any more. */
  | {
    kind: "credentials_noted";
    provider: string;
    secretEnds?: string | undefined;
    isTesting?: boolean | undefined;
  }
  /** In the place of one of the same name. */
  | { kind: "upstream"; name: string; title?: string | undefined; url?: string | undefined }
  | { kind: "upstream_removed"; name: string }
  | { kind: "operator"; provider: string; email: string }
  | { kind: "operator_removed"; provider: string; email: string };

/** Where something was set; env counts where both say something. */
export type Source = "env" | "console";

/** A key of an app, without the key. Those by env are neither counted nor withdrawn here. */
export type KeyView = { source: "env" } | { source: "console"; id: string; made: Changed };

/** An app as operators see it: as it counts today. */
export interface AppView extends AppFace, AppRules {
  realm: string;
  keys: KeyView[];
  /** What of it env says, and nothing here changes. */
  byEnv: (keyof AppFace | keyof AppRules | "keys")[];
  /** Absent where nothing of it is kept here. */
  changed?: Changed | undefined;
  /** Why what is kept here of it does not count. */
  fault?: string | undefined;
}

/** A provider that the program knows. Its secret is shown to nobody. */
export interface CredentialsView {
  provider: string;
  /** Absent: it is not set up. */
  source?: Source | undefined;
  clientId?: string | undefined;
  hasSecret: boolean;
  /** Epoch ms: when the secret ends, where that is noted. */
  secretEndsAt?: number | undefined;
  /** Whether the client is in the provider's test mode; absent where there is none. */
  isTesting?: boolean | undefined;
  /** What has to be registered there. */
  redirectUri: string;
  /** Whether they can be set here: some need what env alone may say. */
  isSettable: boolean;
  changed?: Changed | undefined;
  fault?: string | undefined;
}

/** An MCP server as operators see it. */
export interface UpstreamView {
  name: string;
  title: string;
  source: Source;
  /** Absent of local ones; of those that env names the origin alone, as the rest may be a secret. */
  url?: string | undefined;
  changed?: Changed | undefined;
  fault?: string | undefined;
}

/** An operator as operators see one. */
export interface OperatorView extends Operator {
  source: Source;
  changed?: Changed | undefined;
  fault?: string | undefined;
}

/** Who changes settings as long as there is no operator: whoever used the setup's code. */
export const SETUP_ACTOR: Actor = { kind: "operator", id: "setup" };

/** What operators see. Holds no secret. */
export interface SettingsView {
  /** What a change has to name; `null` before the first. */
  version: string | null;
  /** What is kept here cannot be opened with the keys of this program: nothing can be changed. */
  isUnopened: boolean;
  apps: AppView[];
  /** All providers that are known and are set up by a client of this program's. */
  credentials: CredentialsView[];
  upstreams: UpstreamView[];
  /** MCP servers that can be added by name alone. */
  knownUpstreams: { name: string; title: string; url: string }[];
  operators: OperatorView[];
}

/**
 * What the pages of operators stand on. Who may call is for them to ask first:
 * `gateway.isOperator()`, `gateway.isFresh()`, or a session of the first setup; and
 * {@linkcode Settings.isOperator} before something is changed.
 */
export interface Settings {
  /** As it is kept now, and as it counts. @throws {StoreError} */
  view(): Promise<SettingsView>;
  /**
   * Changes one thing, if nothing was changed since `seen`; returns the new version. From then on
   * it counts in this process, and in all others a few seconds later.
   *
   * @throws {Refusal} `invalid_request` for what cannot be, `settings_changed` where somebody was
   * faster.
   * @throws {StoreError}, {VaultError}
   */
  change(actor: Actor, seen: string | null, change: SettingsChange): Promise<string>;
  /**
   * Whether somebody who is signed in runs this program, by the settings as they are kept now and not
   * as they were some seconds ago.
   */
  isOperator(signedIn: { subject: Subject; email?: string | undefined }): Promise<boolean>;
  /** A new API key; only its digest is kept, by a change of the kind `key`. */
  newKey(): { key: string; sha256: string };
  /** What people are shown of an app today. */
  face(realm: string): AppFace;
  /** Its picture. @throws {StoreError} */
  logo(realm: string): Promise<Logo | undefined>;
}

/** A picture that a change writes; `null`: it is deleted. */
export interface LogoChange {
  realm: string;
  bytes: Uint8Array<ArrayBuffer> | null;
}

/** Settings at rest. */
export interface SettingsStore {
  /** One small read. `null`: there never were any. */
  version(): Promise<string | null>;
  /** @throws {VaultError} where they cannot be opened. */
  read(): Promise<{ value: StoredSettings; version: string } | null>;
  /** Only if the version is `seen` still. The new version, or `null`: somebody was faster. */
  write(value: StoredSettings, seen: string | null, logo?: LogoChange): Promise<string | null>;
  /** The picture of an app, if it is still the one that is meant. */
  logo(realm: string, ref: LogoRef): Promise<Uint8Array<ArrayBuffer> | null>;
}
