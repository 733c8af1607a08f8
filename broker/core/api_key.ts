/**
 * API keys of backends, as the operator set them, and what their apps may do.
 *
 * @module
 */

import type { AppLimits } from "./limits.ts";
import type { ToolPolicy } from "./tool_policy.ts";

/** One line of `API_KEYS`, or a key that was made in the console. It is known to the caller only. */
export interface ApiKey extends App {
  /** SHA-256 of the key. */
  sha256: Uint8Array;
}

/** The app behind an API key: what those decide by who need not know the key. */
export interface App {
  /** The realm of the app's user ids. */
  realm: string;
  /** Services or providers that it may use; all where absent. */
  services?: string[] | undefined;
  /** Tools that it may use, by name; all where absent. With them it gets no provider tokens. */
  tools?: string[] | undefined;
  /** What tools it may use, by patterns; absent: all. With one it gets no provider tokens either. */
  policy?: ToolPolicy | undefined;
  /** How often it may do what; absent: as often as `LIMITS` says. */
  limits?: AppLimits | undefined;
  /** Where people may be sent back to beside `RETURN_URLS`. */
  returnUrls?: string[] | undefined;
  /** Where people are sent whose link names no `return_to`: `RETURN_TO`. */
  returnTo?: string | undefined;
  /** Nothing is connected for its users but what it claims: `HAND_OFF_ONLY`. */
  handOffOnly?: boolean | undefined;
}

/** The longest address that people are sent back to, in characters. */
export const LONGEST_RETURN_TO = 2000;

/** Of a provider's services, one that the app may not use; `undefined`: it may use them all. */
export function refusedService(
  { services: allowed }: Pick<App, "services">,
  provider: string,
  services: string[],
): string | undefined {
  if (allowed === undefined || allowed.includes(provider)) return undefined;
  if (services.length === 0) return provider;
  return services.find((service) => !allowed.includes(service));
}
