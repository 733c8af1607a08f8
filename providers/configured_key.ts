/**
 * Entries of `PROVIDERS` whose connections are API keys: `"credential":
 * "api_key"`.
 *
 * @module
 */

import { z } from "zod";
import { LONGEST_NAME, shownName } from "../broker/core/shown_name.ts";
import {
  HeaderName,
  OwnHeaders,
  PlainAddress,
  ProxyHeader,
  ServiceName,
} from "./configured_parts.ts";
import { type KeyHeaderData, keyModule } from "./key_provider.ts";
import type { ProviderModule } from "./provider.ts";

/** Stands for the key; once, so that nothing of it is sent twice. */
const Template = z.string().regex(
  /^[\x20-\x7e]{0,100}$/,
  "must be printable ASCII, up to 100",
).refine((text) => text.split("{key}").length === 2, "must have {key} in it, once");

const Pattern = z.string().min(1).max(200).refine((text) => {
  try {
    return new RegExp(`^(?:${text})$`) instanceof RegExp;
  } catch {
    return false;
  }
}, "is no regular expression");

export const KeySpec = z.strictObject({
  /** Its name in paths, and, in upper case, the prefix of its variables. */
  name: ServiceName,
  title: z.string().min(1).max(80).optional(),
  credential: z.literal("api_key", "must be api_key or client_credentials"),
  /** Where people make a key, and how, in a sentence for them. */
  key_page: PlainAddress,
  key_how: z.string().max(LONGEST_NAME).optional(),
  /** The whole key, as a regular expression. */
  key_pattern: Pattern.default("\\S+"),
  /** `Authorization`, or a header that begins with `X-`. */
  key_header: z.union([z.literal("Authorization"), HeaderName]).default("Authorization"),
  /** `{key}` stands for the key. */
  key_value: Template.optional(),
  /** What goes into `Basic`, such as `{key}:`; in the place of `key_value`. */
  key_basic: Template.optional(),
  /** Answers a GET with JSON that says whose key it is. */
  verify_endpoint: PlainAddress,
  /** Members of that JSON, with dots for nested ones. */
  account_id: z.string().default("id"),
  account_label: z.string().default("email"),
  api_headers: OwnHeaders.optional(),
  /** For the proxy. */
  api_url: PlainAddress.optional(),
  /** Headers that this API has of its own, for the proxy to pass in both directions. */
  proxy_headers: z.array(ProxyHeader).max(50).optional(),
}).refine((spec) => spec.key_value === undefined || spec.key_basic === undefined, {
  path: ["key_basic"],
  message: "and key_value are not for the same entry",
});

/** One such entry. */
export type KeyProviderSpec = z.output<typeof KeySpec>;

/** A provider module made of an entry. */
export function configuredKeyModule(spec: KeyProviderSpec): ProviderModule {
  const { name, verify_endpoint: url, account_id: id, account_label: label } = spec;
  const title = shownName(spec.title ?? "", name);
  return keyModule({
    name,
    title,
    keyPage: spec.key_page,
    how: shownName(spec.key_how ?? "", `Make an API key at ${title}.`),
    pattern: spec.key_pattern,
    header: headerOf(spec),
    verify: { url, id, label },
    apiHeaders: spec.api_headers,
    apiUrl: spec.api_url,
    proxyHeaders: spec.proxy_headers,
  }, "nothing");
}

function headerOf(
  { key_header: name, key_value: value, key_basic: basic }: KeyProviderSpec,
): KeyHeaderData {
  if (basic !== undefined) return { name, value: basic, basic: true };
  return { name, value: value ?? (name === "Authorization" ? "Bearer {key}" : "{key}") };
}
