/**
 * What the operator set for providers, the same for HTTP and stdio:
 * `GITHUB_CLIENT_ID` and so on.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../core/addresses.ts";
import { nearest } from "../core/near.ts";
import { variable } from "../core/variable.ts";
import { clientFaults, isQuoted, QUOTES } from "./client_text.ts";
import { type Env, EXAMPLES, faultOf } from "./env.ts";
import type { KnownProvider } from "./names.ts";
import { read, required } from "./readers.ts";
import { dayAt } from "./secret_ends.ts";
import { baseUrl, onOrOff } from "./values.ts";

/** What the operator set for one provider. */
export interface ProviderConfig {
  clientId: string;
  clientSecret: string;
  /** As PEM, where the provider needs one. */
  privateKey?: string | undefined;
  /** With which it signs what it tells by itself. */
  webhookSecret?: string | undefined;
  /** Epoch ms: when the secret ends, as the operator has noted it. */
  secretEndsAt?: number | undefined;
  /** The client is in the provider's test mode, in which connections end. */
  isTesting?: boolean | undefined;
  /** No slash at the end. */
  baseUrl?: string | undefined;
  /** No slash at the end. */
  apiUrl?: string | undefined;
}

/** The settings of a provider with credentials; adds what is wrong to `faults`. */
export function providerConfig(
  { name, privateKeyFault, takesWebhookSecret, hasTestMode }: Pick<
    KnownProvider,
    "name" | "privateKeyFault" | "takesWebhookSecret" | "hasTestMode"
  >,
  env: Env,
  faults: string[],
): ProviderConfig | undefined {
  const addresses = addressesOf(name, env, faults);
  // A file that holds one ends in a line break, which is no part of it.
  const clientId = env[variable(name, "CLIENT_ID")]?.trim();
  const clientSecret = env[variable(name, "CLIENT_SECRET")]?.trim();
  if (clientId === undefined && clientSecret === undefined) return undefined;
  if (clientId === undefined || clientSecret === undefined) {
    const suffixes = ["CLIENT_ID", "CLIENT_SECRET"] as const;
    const [missing, other] = clientId === undefined ? suffixes : suffixes.toReversed();
    faults.push(
      `${variable(name, missing!)}: is not set, but ${variable(name, other!)} is. ` +
        meantBy(variable(name, missing!), variable(name, other!), env) +
        `Example: ${EXAMPLES[missing!]}`,
    );
    return undefined;
  }
  faults.push(...clientFaults(name, { clientId, clientSecret }, addresses.baseUrl === undefined));
  const more = {
    ...webhookOf({ name, takesWebhookSecret }, env, faults),
    ...testingOf({ name, hasTestMode }, env, faults),
    ...secretEndOf(name, env, faults),
    ...addresses,
  };
  if (privateKeyFault === undefined) return { clientId, clientSecret, ...more };
  const privateKey = env[variable(name, "PRIVATE_KEY")];
  const fault = privateKey === undefined ? "is not set" : privateKeyFault(privateKey);
  if (fault !== undefined) {
    faults.push(ownFault(name, "PRIVATE_KEY", fault));
  }
  return { clientId, clientSecret, privateKey, ...more };
}

/** What is wrong with one of a provider's own variables. */
function ownFault(name: string, suffix: keyof typeof EXAMPLES, why: string | undefined): string {
  return `${variable(name, suffix)}: ${why}. Example: ${EXAMPLES[suffix]}`;
}

function secretEndOf(
  name: string,
  env: Env,
  faults: string[],
): Pick<ProviderConfig, "secretEndsAt"> {
  const text = env[variable(name, "CLIENT_SECRET_EXPIRES")];
  if (text === undefined) return {};
  const secretEndsAt = dayAt(text.trim());
  if (secretEndsAt !== undefined) return { secretEndsAt };
  faults.push(ownFault(name, "CLIENT_SECRET_EXPIRES", "must be a day"));
  return {};
}

function testingOf(
  { name, hasTestMode = false }: Pick<KnownProvider, "name" | "hasTestMode">,
  env: Env,
  faults: string[],
): Pick<ProviderConfig, "isTesting"> {
  const text = env[variable(name, "TESTING")];
  if (text === undefined || !hasTestMode) return {};
  const { value: isTesting, faults: [fault] } = read(onOrOff("off"), text);
  if (fault === undefined) return { isTesting };
  faults.push(ownFault(name, "TESTING", fault));
  return {};
}

/** Who can guess it can have the provider asked for nothing, and again. */
const SHORTEST_WEBHOOK_SECRET = 16;

function webhookOf(
  { name, takesWebhookSecret = false }: Pick<KnownProvider, "name" | "takesWebhookSecret">,
  env: Env,
  faults: string[],
): Pick<ProviderConfig, "webhookSecret"> {
  const webhookSecret = env[variable(name, "WEBHOOK_SECRET")];
  if (webhookSecret === undefined || !takesWebhookSecret) return {};
  if (webhookSecret.length >= SHORTEST_WEBHOOK_SECRET) return { webhookSecret };
  const why = `must have ${SHORTEST_WEBHOOK_SECRET} characters or more`;
  faults.push(ownFault(name, "WEBHOOK_SECRET", why));
  return {};
}

/** Names the variable that is set and was meant for one that is not; `other`: which is not that. */
export function meantBy(missing: string, other: string, env: Env): string {
  const set = Object.keys(env).filter((name) => name !== other && env[name]);
  const near = nearest(missing, set);
  return near === undefined ? "" : `${near} is set: was it meant? `;
}

/**
 * The settings of those that are connected by what people hand over, API keys or clients of their
 * own: of the operator's entries, and of those that `KEY_SERVICES` names. There is nothing to
 * register: their client id and secret are empty.
 */
export function keyProviders(
  known: KnownProvider[],
  named: string[],
  env: Env,
  faults: string[],
): [name: string, config: ProviderConfig][] {
  const byName = known.filter(({ needs }) => needs === "name").map(({ name }) => name);
  for (const unknown of named.filter((name) => !byName.includes(name))) {
    // Whoever mixes up two variables has put a secret there.
    const what = /^[a-z][a-z0-9_]{0,31}$/.test(unknown) ? `"${unknown}"` : "an entry";
    const near = nearest(unknown, byName);
    const meant = near === undefined ? "" : `, did you mean "${near}"?`;
    const why =
      `${what} is no service that is connected by API keys or clients${meant}; known are ${
        byName.join(", ")
      }`;
    faults.push(faultOf("KEY_SERVICES", why));
  }
  return known
    .filter(({ name, needs }) => needs === "nothing" || named.includes(name) && needs === "name")
    .map((
      { name },
    ) => [name, { clientId: "", clientSecret: "", ...addressesOf(name, env, faults) }]);
}

/** Where a provider is, in the place of its own hosts. */
export function addressesOf(
  name: string,
  env: Env,
  faults: string[],
): Pick<ProviderConfig, "baseUrl" | "apiUrl"> {
  const addressOf = (suffix: string): string | undefined => {
    const text = env[variable(name, suffix)];
    if (text === undefined) return undefined;
    const { value, faults: [fault] } = read(required(baseUrl), text);
    if (value !== undefined) return withoutTrailingSlashes(value);
    const why = isQuoted(text) ? QUOTES : fault;
    faults.push(`${variable(name, suffix)}: ${why}. Example: ${EXAMPLES.BASE_URL}`);
    return undefined;
  };
  return { baseUrl: addressOf("BASE_URL"), apiUrl: addressOf("API_URL") };
}

/** Those of which something is set, by name. */
export function providersOf(
  known: KnownProvider[],
  read: (provider: KnownProvider) => ProviderConfig | undefined,
): Map<string, ProviderConfig> {
  return new Map(known.flatMap((provider) => {
    const { name, needs = "client" } = provider;
    if (needs !== "client") return [];
    const config = read(provider);
    return config === undefined ? [] : [[name, config]];
  }));
}
