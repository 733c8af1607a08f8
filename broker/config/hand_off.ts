/**
 * How apps' users come back from connecting: `RETURN_TO` and `HAND_OFF_ONLY`,
 * which name API keys and so are read together with them.
 *
 * @module
 */

import { type ApiKey, type App, LONGEST_RETURN_TO } from "../core/api_key.ts";
import { REALM } from "../core/subject.ts";
import { faultOf } from "./env.ts";
import { type Context, fault } from "./readers.ts";
import { returnUrl } from "./values.ts";

/** Where the users of one API key are sent by default. */
export interface DefaultReturn {
  realm: string;
  returnTo: string;
}

/** `voice=https://app.example.com/connected` */
export function defaultReturn(item: string, context: Context): DefaultReturn {
  const equals = item.indexOf("=");
  const realm = item.slice(0, Math.max(0, equals));
  if (!REALM.test(realm)) return fault(context, "an entry is not <name of an API key>=<URL>");
  const returnTo = returnUrl(item.slice(equals + 1), context);
  if (returnTo?.length > LONGEST_RETURN_TO) {
    return fault(context, `an address is longer than ${LONGEST_RETURN_TO} characters`);
  }
  return { realm, returnTo };
}

export function realm(item: string, context: Context): string {
  return REALM.test(item) ? item : fault(context, "an entry is not the name of an API key");
}

/** What was read, as far as it could be: what is at fault by itself is `undefined`. */
interface Read {
  apiKeys: ApiKey[] | undefined;
  defaults: DefaultReturn[] | undefined;
  handOffOnly: string[] | undefined;
  returnUrls: string[] | undefined;
  /** With return addresses of their own. */
  apps?: Pick<App, "realm" | "returnUrls">[] | undefined;
}

/** What does not fit together. */
export function handOffFaults(
  { apiKeys, defaults, handOffOnly, returnUrls, apps }: Read,
): string[] {
  const faults: string[] = [];
  const requireKey = (variable: string, name: string) => {
    if (apiKeys === undefined || apiKeys.some(({ realm }) => realm === name)) return;
    faults.push(faultOf(variable, `API_KEYS has no key with the name "${name}"`));
  };
  for (const [index, { realm }] of (defaults ?? []).entries()) {
    requireKey("RETURN_TO", realm);
    if (defaults!.findIndex((other) => other.realm === realm) === index) continue;
    faults.push(faultOf("RETURN_TO", `the name "${realm}" is there twice`));
  }
  for (const name of new Set(handOffOnly)) {
    requireKey("HAND_OFF_ONLY", name);
    const own = apps?.find(({ realm }) => realm === name)?.returnUrls ?? [];
    const nowhere = defaults?.every(({ realm }) => realm !== name) && returnUrls?.length === 0 &&
      own.length === 0;
    if (!nowhere) continue;
    const why = `${name} can send its users nowhere: set RETURN_TO for it, or RETURN_URLS`;
    faults.push(faultOf("HAND_OFF_ONLY", why));
  }
  return faults;
}

/** The API keys with what is set for their apps. */
export function withHandOff(
  apiKeys: ApiKey[],
  { defaults, handOffOnly }: { defaults: DefaultReturn[]; handOffOnly: string[] },
): ApiKey[] {
  return apiKeys.map((key) => ({
    ...key,
    returnTo: defaults.find(({ realm }) => realm === key.realm)?.returnTo,
    handOffOnly: handOffOnly.includes(key.realm),
  }));
}
