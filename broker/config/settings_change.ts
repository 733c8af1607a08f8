/**
 * One change of an operator's: what is kept afterwards. Whether it can count
 * is judged by `withSettings()`, with everything else that counts.
 *
 * @module
 */

import { logoRefOf } from "../core/app_face.ts";
import { Refusal } from "../core/refusal.ts";
import {
  type AppChange,
  type Changed,
  MAX_SETTINGS_BYTES,
  SETTINGS_LIMITS,
  type SettingsChange,
  type StoredApp,
  type StoredSettings,
} from "../core/settings.ts";
import { LOGO_RULE } from "./apps.ts";
import type { SettingFault } from "./merged.ts";

/** What a change is held against. */
export interface ChangeContext {
  /** Who, and when. */
  changed: Changed;
  /** Realms of the API keys that env has. */
  realmsByEnv: readonly string[];
  /** Whether env names an operator. */
  hasOperatorByEnv: boolean;
  /** Of MCP servers that count today, by name. */
  urlOf(upstream: string): string | undefined;
  /** A name for a new key. */
  newId(): string;
}

function refuse(detail: string): never {
  throw new Refusal({ code: "invalid_request", detail });
}

/**
 * The settings after a change.
 *
 * @throws {Refusal} `invalid_request`.
 */
export function afterChange(
  settings: StoredSettings,
  change: SettingsChange,
  context: ChangeContext,
): StoredSettings {
  const next = { ...settings, ...changedPart(settings, change, context) };
  if (new TextEncoder().encode(JSON.stringify(next)).byteLength > MAX_SETTINGS_BYTES) {
    return refuse(`settings: all of them have more than ${MAX_SETTINGS_BYTES} bytes.`);
  }
  return next;
}

/** What a change is about, as faults name it. */
export function aboutOf(change: SettingsChange): Pick<SettingFault, "kind" | "name"> {
  switch (change.kind) {
    case "app":
    case "app_removed":
    case "key":
    case "key_withdrawn":
      return { kind: "app", name: change.realm };
    case "credentials":
    case "credentials_removed":
    case "credentials_noted":
      return { kind: "credentials", name: change.provider };
    case "upstream":
    case "upstream_removed":
      return { kind: "upstream", name: change.name };
    case "operator":
    case "operator_removed":
      return { kind: "operator", name: `${change.provider}:${change.email}` };
  }
}

function changedPart(
  settings: StoredSettings,
  change: SettingsChange,
  context: ChangeContext,
): Partial<StoredSettings> {
  const { changed } = context;
  const { apps, credentials, upstreams, operators } = settings;
  switch (change.kind) {
    case "app": {
      const { realm } = change;
      const before = apps.find((app) => app.realm === realm);
      const app = appAfter(realm, before, change.app, changed);
      return { apps: put(apps, app, (each) => each.realm === realm, SETTINGS_LIMITS.apps) };
    }
    case "app_removed":
      return { apps: without(apps, ({ realm }) => realm === change.realm) };
    case "key":
    case "key_withdrawn": {
      const { realm } = change;
      const app = apps.find((each) => each.realm === realm) ??
        refuse(`There is no app "${realm}" here.`);
      const keys = keysAfter(app, change, context);
      return { apps: apps.map((each) => each === app ? { ...app, keys } : each) };
    }
    case "credentials": {
      const { kind: _, ...said } = change;
      const url = context.urlOf(said.provider);
      const entry = { ...said, ...(url !== undefined && { url }), changed };
      const isSame = ({ provider }: { provider: string }) => provider === said.provider;
      // Of each provider once, and of each MCP server.
      return { credentials: put(credentials, entry, isSame, Infinity) };
    }
    case "credentials_removed":
      return { credentials: without(credentials, (each) => each.provider === change.provider) };
    case "credentials_noted": {
      const { provider, secretEnds, isTesting } = change;
      const before = credentials.find((each) => each.provider === provider) ??
        refuse(`There are no credentials of "${provider}" here.`);
      const entry = { ...before, secretEnds, isTesting, changed };
      return { credentials: credentials.map((each) => each === before ? entry : each) };
    }
    case "upstream": {
      const { kind: _, ...said } = change;
      const isSame = ({ name }: { name: string }) => name === said.name;
      return { upstreams: put(upstreams, { ...said, changed }, isSame, SETTINGS_LIMITS.upstreams) };
    }
    case "upstream_removed":
      return {
        upstreams: without(upstreams, ({ name }) => name === change.name),
        // What was set for it is not there for whoever gets its name.
        credentials: credentials.filter(({ provider, url }) =>
          provider !== change.name || url === undefined
        ),
      };
    case "operator": {
      const { provider, email } = change;
      const entry = { provider, email, changed };
      const isSame = (each: { provider: string; email: string }) =>
        each.provider === provider && each.email === email;
      return { operators: put(operators, entry, isSame, SETTINGS_LIMITS.operators) };
    }
    case "operator_removed": {
      const { provider, email } = change;
      const left = without(
        operators,
        (each) => each.provider === provider && each.email === email,
      );
      // Else nobody could change anything, and the first setup would be open again.
      if (left.length === 0 && !context.hasOperatorByEnv) {
        return refuse("This is the only operator; name another one first.");
      }
      return { operators: left };
    }
  }
}

function appAfter(
  realm: string,
  before: StoredApp | undefined,
  { logo, ...parts }: AppChange,
  changed: Changed,
): StoredApp {
  const kept = logo === undefined ? before?.logo : logo === null ? undefined : logoRefOf(logo);
  if (logo && kept === undefined) return refuse(`logo: ${LOGO_RULE}.`);
  return { realm, ...parts, logo: kept, keys: before?.keys ?? [], changed };
}

function keysAfter(
  { realm, keys }: StoredApp,
  change: Extract<SettingsChange, { kind: "key" | "key_withdrawn" }>,
  { changed: made, realmsByEnv, newId }: ChangeContext,
): StoredApp["keys"] {
  if (change.kind === "key_withdrawn") return without(keys, ({ id }) => id === change.id);
  // Whoever sets keys by env alone keeps the console away from that app's users.
  if (realmsByEnv.includes(realm)) return refuse(`The key of "${realm}" is set by API_KEYS.`);
  if (keys.length >= SETTINGS_LIMITS.keysPerApp) {
    return refuse(`"${realm}" has ${keys.length} keys; withdraw one first.`);
  }
  return [...keys, { id: newId(), sha256: change.sha256, made }];
}

/** With one more, or in the place of the one that is the same. */
function put<T>(list: T[], entry: T, isSame: (each: T) => boolean, most: number): T[] {
  const at = list.findIndex(isSame);
  if (at >= 0) return list.with(at, entry);
  if (list.length >= most) return refuse(`There are ${most} of these, and no more can be added.`);
  return [...list, entry];
}

/** Without one that must be there. */
function without<T>(list: T[], isIt: (each: T) => boolean): T[] {
  const left = list.filter((each) => !isIt(each));
  return left.length < list.length ? left : refuse("There is no such entry here.");
}
