/**
 * What apps are, as `APPS` says it. Pure.
 *
 * @module
 */

import type { ApiKey } from "../core/api_key.ts";
import { type AppFace, MAX_LOGO_BYTES } from "../core/app_face.ts";
import type { AppLimits } from "../core/limits.ts";
import type { AppRules } from "../core/settings.ts";
import type { ToolPolicy } from "../core/tool_policy.ts";
import { faultOf } from "./env.ts";

/** An app as `APPS` has it. */
export interface ConfiguredApp extends AppFace, Pick<AppRules, "returnUrls" | "tools"> {
  realm: string;
  /** What tools it may use, where they are not named one by one. */
  policy?: ToolPolicy | undefined;
  /** Limits of its own, in the place of those of `LIMITS`. */
  limits?: AppLimits | undefined;
  /** Of its `logo`. */
  picture?: Uint8Array<ArrayBuffer> | undefined;
}

/** What a picture must be, for messages. */
export const LOGO_RULE = `must be a PNG, JPEG or WebP of at most ${MAX_LOGO_BYTES / 1024} KB`;

/** What does not fit together. */
export function appFaults(apps: ConfiguredApp[] = [], apiKeys: ApiKey[] | undefined): string[] {
  if (apiKeys === undefined) return [];
  const missing = apps.filter(({ realm }) => apiKeys.every((key) => key.realm !== realm));
  return missing.map(({ realm }) =>
    faultOf("APPS", `API_KEYS has no key with the name "${realm}"`)
  );
}

/** The API keys with what `APPS` says of their apps. */
export function withApps(apiKeys: ApiKey[], apps: ConfiguredApp[]): ApiKey[] {
  return apiKeys.map((key) => {
    const { returnUrls, tools, policy, limits } = apps.find(({ realm }) => realm === key.realm) ??
      {};
    return { ...key, returnUrls, tools, policy, limits };
  });
}
