/**
 * Settings as operators see them: what is kept, what counts, and where it is
 * from. No secret is in it, and no digest of one.
 *
 * @module
 */

import type {
  AppView,
  CredentialsView,
  KeyView,
  OperatorView,
  SettingsView,
  StoredSettings,
  UpstreamView,
} from "../core/settings.ts";
import type { Config } from "./config.ts";
import type { Merged, SettingFault, SettingsContext } from "./merged.ts";
import { credentialsFault } from "./settings.ts";

/** What is shown. */
export interface Shown extends Merged {
  /** By env alone. */
  env: Config;
  stored: StoredSettings;
  version: string | null;
  isUnopened: boolean;
  context: SettingsContext;
}

/** The view. */
export function settingsView(shown: Shown): SettingsView {
  const { version, isUnopened, context } = shown;
  return {
    version,
    isUnopened,
    apps: appsIn(shown),
    credentials: credentialsIn(shown),
    upstreams: upstreamsIn(shown),
    knownUpstreams: context.official.map(({ name, title, url }) => ({ name, title, url })),
    operators: operatorsIn(shown),
  };
}

function faultOf({ faults }: Shown, kind: SettingFault["kind"], name: string): string | undefined {
  return faults.find((fault) => fault.kind === kind && fault.name === name)?.fault;
}

function appsIn(shown: Shown): AppView[] {
  const { env, stored, config } = shown;
  const realms = new Set([...env.apiKeys, ...stored.apps].map(({ realm }) => realm));
  return [...realms].map((realm): AppView => {
    const kept = stored.apps.find((app) => app.realm === realm);
    const face = config.apps.find((app) => app.realm === realm) ?? kept;
    const key = config.apiKeys.find((key) => key.realm === realm) ?? kept;
    const own = env.apiKeys.find((key) => key.realm === realm);
    const ownFace = env.apps.find((app) => app.realm === realm);
    const keys: KeyView[] = own !== undefined
      ? [{ source: "env" }]
      : (kept?.keys ?? []).map(({ id, made }) => ({ source: "console", id, made }));
    const said = { ...ownFace, ...own, handOffOnly: own?.handOffOnly || undefined };
    const parts = [
      "name",
      "operator",
      "privacyUrl",
      "logo",
      "returnUrls",
      "returnTo",
      "handOffOnly",
      "services",
      "tools",
    ] as const;
    return {
      realm,
      name: face?.name,
      operator: face?.operator,
      privacyUrl: face?.privacyUrl,
      logo: face?.logo,
      returnUrls: key?.returnUrls,
      returnTo: key?.returnTo,
      handOffOnly: key?.handOffOnly,
      services: key?.services,
      tools: key?.tools,
      keys,
      byEnv: [
        ...(own === undefined ? [] : ["keys" as const]),
        ...parts.filter((part) => said[part] !== undefined),
      ],
      changed: kept?.changed,
      fault: faultOf(shown, "app", realm),
    };
  });
}

function credentialsIn(shown: Shown): CredentialsView[] {
  const { env, stored, config, context } = shown;
  const servers = config.upstreams.flatMap((spec) =>
    spec.kind === "http" && spec.oauth !== undefined ? [spec] : []
  );
  const clients = context.known.filter(({ needs = "client" }) => needs === "client");
  const names = new Set([
    ...clients.map(({ name }) => name),
    ...servers.map(({ name }) => name),
    ...stored.credentials.map(({ provider }) => provider),
  ]);
  return [...names].map((provider): CredentialsView => {
    const known = context.known.find(({ name }) => name === provider);
    const kept = stored.credentials.find((each) => each.provider === provider);
    const ownServer = env.upstreams.find(({ name }) => name === provider);
    const server = servers.find(({ name }) => name === provider)?.client;
    const isByEnv = env.providers.has(provider) ||
      (ownServer?.kind === "http" && ownServer.client !== undefined);
    const counting = config.providers.get(provider) ??
      (server && { clientId: server.id, clientSecret: server.secret });
    return {
      provider,
      source: counting === undefined
        ? undefined
        : isByEnv || (kept?.clientId !== counting.clientId)
        ? "env"
        : "console",
      clientId: counting?.clientId ?? kept?.clientId,
      secretEndsAt: config.providers.get(provider)?.secretEndsAt,
      isTesting: known?.hasTestMode && (config.providers.get(provider)?.isTesting ?? false),
      hasSecret: (counting?.clientSecret ?? kept?.clientSecret) !== undefined,
      redirectUri: `${env.publicUrl}/callback/${provider}`,
      isSettable: !isByEnv && (known === undefined || credentialsFault(known) === undefined),
      changed: kept?.changed,
      fault: faultOf(shown, "credentials", provider),
    };
  });
}

function upstreamsIn(shown: Shown): UpstreamView[] {
  const { env, stored, config } = shown;
  const urlOf = (name: string) => {
    const spec = config.upstreams.find((spec) => spec.name === name);
    return spec?.kind === "http" ? spec.url : undefined;
  };
  const byEnv = env.upstreams.map(({ name, title }): UpstreamView => ({
    name,
    title,
    source: "env",
    url: originOf(urlOf(name)),
  }));
  return [
    ...byEnv,
    ...stored.upstreams.map(({ name, title, url, changed }): UpstreamView => {
      const fault = faultOf(shown, "upstream", name);
      const spec = fault === undefined
        ? config.upstreams.find((each) => each.name === name)
        : undefined;
      return {
        name,
        title: spec?.title ?? title ?? name,
        source: "console",
        url: url ?? urlOf(name),
        changed,
        fault,
      };
    }),
  ];
}

/** Some servers take a secret in the path or the query, and whoever runs the console need not see env. */
function originOf(url: string | undefined): string | undefined {
  return url && new URL(url).origin;
}

function operatorsIn(shown: Shown): OperatorView[] {
  const { env, stored } = shown;
  return [
    ...env.operators.map((each): OperatorView => ({ ...each, source: "env" })),
    ...stored.operators.map(({ provider, email, changed }): OperatorView => ({
      provider,
      email,
      source: "console",
      changed,
      fault: faultOf(shown, "operator", `${provider}:${email}`),
    })),
  ];
}
