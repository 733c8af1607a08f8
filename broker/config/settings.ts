/**
 * The configuration that counts: what env says, and what an operator has set
 * in the console where env says nothing. It is judged by the same code as env.
 * What cannot count (a name that env gives away, an address that is none) is
 * left out by itself, and takes nothing else along.
 *
 * @module
 */

import type { ApiKey } from "../core/api_key.ts";
import type { AppFace } from "../core/app_face.ts";
import { issueWords } from "../core/issue_words.ts";
import { bytesOfHex, hexOfBytes } from "../core/random_secret.ts";
import {
  type AppRules,
  SETTINGS_LIMITS,
  type StoredApp,
  type StoredCredentials,
  type StoredOperator,
  type StoredSettings,
  type StoredUpstream,
} from "../core/settings.ts";
import { REALM } from "../core/subject.ts";
import type { RemoteUpstream } from "../core/upstream.ts";
import { variable } from "../core/variable.ts";
import { AppParts } from "./app_entries.ts";
import type { ConfiguredApp } from "./apps.ts";
import type { Config } from "./config.ts";
import { consoleUpstream } from "./console_upstreams.ts";
import type { Merged, SettingFault, SettingsContext } from "./merged.ts";
import { isTakenRealm, type KnownProvider, upstreamFaults } from "./names.ts";
import { operator } from "./operators.ts";
import { providerConfig } from "./providers.ts";
import { read, required } from "./readers.ts";

/** Lists that grow with each entry that can count. */
type Draft = Pick<Config, "apiKeys" | "apps" | "operators" | "providers" | "upstreams">;

/** Puts settings beside env; `env` must have no fault. */
export function withSettings(
  env: Config,
  stored: StoredSettings,
  context: SettingsContext,
): Merged {
  const draft: Draft = {
    apiKeys: [...env.apiKeys],
    apps: [...env.apps],
    operators: [...env.operators],
    providers: new Map(env.providers),
    upstreams: [...env.upstreams],
  };
  const faults: SettingFault[] = [];
  const each = <T>(
    kind: SettingFault["kind"],
    entries: T[],
    nameOf: (entry: T) => string,
    add: (entry: T) => string | undefined,
  ) => {
    const seen = new Set<string>();
    for (const entry of entries) {
      const name = nameOf(entry);
      const fault = seen.has(name) ? "is there twice" : add(entry);
      seen.add(name);
      if (fault !== undefined) faults.push({ kind, name, fault });
    }
  };
  const isOfProvider = ({ provider }: StoredCredentials) =>
    context.known.some(({ name }) => name === provider);
  const [ofProviders, ofServers] = [true, false].map((wanted) =>
    stored.credentials.filter((entry) => isOfProvider(entry) === wanted)
  ) as [StoredCredentials[], StoredCredentials[]];
  each(
    "credentials",
    ofProviders,
    ({ provider }) => provider,
    (entry) => addCredentials(draft, entry, context),
  );
  each(
    "upstream",
    stored.upstreams,
    ({ name }) => name,
    (entry) => addUpstream(draft, entry, env, context),
  );
  each("credentials", ofServers, ({ provider }) => provider, (entry) => addClient(draft, entry));
  each(
    "app",
    stored.apps,
    ({ realm }) => realm,
    (entry) => addApp(draft, entry, env, context),
  );
  each(
    "operator",
    stored.operators,
    ({ provider, email }) => `${provider}:${email}`,
    (entry) => addOperator(draft, entry, context),
  );
  return { config: { ...env, ...draft }, faults };
}

/** Of a client's id; providers make them of letters, digits, dots and dashes. */
const CLIENT_ID = /^[\x21-\x7e]{1,512}$/;
/** Of its secret: some are JWTs. */
const CLIENT_SECRET = /^[\x21-\x7e]{1,4096}$/;

/** Nothing of it is repeated. */
function textFault({ clientId, clientSecret }: StoredCredentials): string | undefined {
  if (!CLIENT_ID.test(clientId)) return "the client id must be 1 to 512 visible characters";
  if (CLIENT_SECRET.test(clientSecret)) return undefined;
  return "the client secret must be 1 to 4096 visible characters";
}

function addCredentials(
  draft: Draft,
  entry: StoredCredentials,
  { env, known }: SettingsContext,
): string | undefined {
  const { provider: name, clientId, clientSecret, secretEnds, isTesting } = entry;
  // Env has said it.
  if (draft.providers.has(name)) return undefined;
  const provider = known.find((each) => each.name === name)!;
  const cannot = credentialsFault(provider);
  if (cannot !== undefined) return cannot;
  const fault = textFault(entry);
  if (fault !== undefined) return fault;
  const configured = new Set([...draft.providers.keys(), name]);
  if (upstreamFaults({ providers: known, configured, upstreams: draft.upstreams }).length > 0) {
    return `an MCP server in UPSTREAMS has a name of ${name}'s`;
  }
  const faults: string[] = [];
  const given = {
    ...env,
    [variable(name, "CLIENT_ID")]: clientId,
    [variable(name, "CLIENT_SECRET")]: clientSecret,
    ...(secretEnds && { [variable(name, "CLIENT_SECRET_EXPIRES")]: secretEnds }),
    ...(isTesting && { [variable(name, "TESTING")]: "on" }),
  };
  const config = providerConfig(provider, given, faults);
  if (config !== undefined && faults.length === 0) draft.providers.set(name, config);
  return faults[0];
}

/** Why a provider cannot be set up by a client's id and secret alone. */
export function credentialsFault(
  { name, needs = "client", privateKeyFault }: KnownProvider,
): string | undefined {
  if (needs !== "client") return `${name} takes no client of this program's`;
  if (privateKeyFault === undefined) return undefined;
  return `${name} needs a private key, which env alone holds`;
}

function addUpstream(
  draft: Draft,
  entry: StoredUpstream,
  { publicUrl }: Config,
  { env, known: providers, official }: SettingsContext,
): string | undefined {
  const read = consoleUpstream(entry, { env, official, publicUrl });
  if ("fault" in read) return read.fault;
  const { spec } = read;
  if (draft.apiKeys.some(({ realm }) => realm === spec.name)) return "an app has this name";
  const upstreams = [...draft.upstreams, spec];
  const configured = new Set(draft.providers.keys());
  const [fault] = upstreamFaults({ providers, configured, upstreams });
  if (fault === undefined) draft.upstreams.push(spec);
  return fault;
}

/** This program's client at the authorization server of an MCP server, for that address alone. */
function addClient(draft: Draft, entry: StoredCredentials): string | undefined {
  const { provider: name, clientId: id, clientSecret: secret, url } = entry;
  const at = draft.upstreams.findIndex((spec) => spec.name === name);
  const spec = draft.upstreams[at];
  if (spec?.kind !== "http" || spec.oauth === undefined) {
    return "there is no provider, and no MCP server that is connected, of this name";
  }
  if (spec.client !== undefined) return undefined;
  if (spec.url !== url) return "they were set for another address of this MCP server";
  const fault = textFault(entry);
  if (fault === undefined) {
    draft.upstreams[at] = { ...spec, client: { id, secret } } satisfies RemoteUpstream;
  }
  return fault;
}

const DIGEST = /^[0-9a-f]{64}$/;

function addApp(
  draft: Draft,
  { realm, keys, changed: _, logo, ...parts }: StoredApp,
  env: Config,
  { known }: SettingsContext,
): string | undefined {
  if (!REALM.test(realm)) return "the name must be a-z, 0-9, _ and -, up to 32";
  if (isTakenRealm(realm, known)) return `the name "${realm}" is taken`;
  const parsed = AppParts().safeParse(parts);
  if (!parsed.success) {
    const members = Object.keys(AppParts().shape);
    return parsed.error.issues.map((issue) => issueWords(issue, members)).join("; ");
  }
  const { name, operator, privacyUrl, ...rules } = parsed.data;
  const own = env.apps.find((app) => app.realm === realm);
  const face: ConfiguredApp = { realm, ...filled({ name, operator, privacyUrl, logo }, own) };
  const byEnv = env.apiKeys.filter((key) => key.realm === realm);
  const [first] = byEnv;
  const all: Omit<ApiKey, "sha256"> = first === undefined
    ? { realm, ...rules }
    : { realm, ...filled(rules, withoutSha(first)) };
  const isNowhere = all.handOffOnly === true && all.returnTo === undefined &&
    (all.returnUrls ?? []).length === 0 && env.returnUrls.length === 0;
  if (isNowhere) return "it can send its users nowhere: set a default address, or return URLs";
  const fault = first === undefined ? keysFault(draft, realm, keys) : undefined;
  if (fault !== undefined) return fault;
  draft.apps = [...draft.apps.filter((app) => app.realm !== realm), face];
  const digests = first === undefined
    ? keys.map(({ sha256 }) => bytesOfHex(sha256))
    : byEnv.map(({ sha256 }) => sha256);
  draft.apiKeys = [
    ...draft.apiKeys.filter((key) => key.realm !== realm),
    ...digests.map((sha256) => ({ ...all, sha256 })),
  ];
  return undefined;
}

function withoutSha({ sha256: _, ...app }: ApiKey): Omit<ApiKey, "sha256"> {
  return app;
}

/** What is kept, with what env says in its place. */
function filled<T extends AppRules & AppFace>(kept: T, byEnv: Partial<T> | undefined): T {
  const said = Object.entries(byEnv ?? {}).filter(([, value]) =>
    // A switch that env leaves off may be on here: it only takes something away.
    value !== undefined && value !== false
  );
  return { ...kept, ...Object.fromEntries(said) };
}

function keysFault(draft: Draft, realm: string, keys: StoredApp["keys"]): string | undefined {
  if (draft.upstreams.some(({ name }) => name === realm)) return "an MCP server has this name";
  if (keys.length > SETTINGS_LIMITS.keysPerApp) {
    return `it has more than ${SETTINGS_LIMITS.keysPerApp} keys`;
  }
  if (keys.some(({ sha256 }) => !DIGEST.test(sha256))) return "a key is no SHA-256";
  // Whose users a key is for must not depend on which is looked at first.
  const others = new Set(draft.apiKeys.map(({ sha256 }) => hexOfBytes(sha256)));
  return keys.some(({ sha256 }) => others.has(sha256)) ? "a key of it is another app's" : undefined;
}

function addOperator(
  draft: Draft,
  { provider, email }: StoredOperator,
  { known }: SettingsContext,
): string | undefined {
  const { value, faults: [fault] } = read(required(operator), `${provider}:${email}`);
  if (value === undefined) return fault;
  if (known.every(({ name }) => name !== provider)) return `there is no provider "${provider}"`;
  draft.operators.push(value);
  return undefined;
}
