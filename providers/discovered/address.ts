/**
 * Addresses that an MCP server, or its authorization server, names.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../../broker/core/addresses.ts";
import { isPrivateHost, mayNamePrivately } from "../../broker/core/public_address.ts";

/** Longer ones are no addresses. */
const LONGEST = 2_000;

/** Whose word it is that an address may be private. */
export interface Named {
  upstream: URL;
  /** The operator said that the server is in a private network. */
  isPrivate: boolean;
}

/**
 * An address that may be used: https and on the public internet, as far as it
 * can be seen by itself, or where the operator's word for the server covers it.
 * People's browsers are sent to one of them: not to what is in their own network.
 */
export function usableAddress(value: unknown, { upstream, isPrivate }: Named): URL | undefined {
  if (typeof value !== "string" || value.length > LONGEST) return undefined;
  const url = URL.parse(value);
  if (url === null || value.includes("#")) return undefined;
  if (url.username !== "" || url.password !== "" || url.hostname.endsWith(".")) return undefined;
  const isPublic = url.protocol === "https:" && !isPrivateHost(url.hostname);
  return isPublic || mayNamePrivately(upstream, url, isPrivate) ? url : undefined;
}

/** Whether two texts are one issuer: a slash at the end is where servers differ from themselves. */
export function isSameIssuer(one: string, other: string): boolean {
  const plain = (text: string) => withoutTrailingSlashes(URL.parse(text)?.href ?? text);
  return plain(one) === plain(other);
}
