/**
 * The resources that gateway tokens are for (RFC 8707, RFC 9728): the MCP
 * endpoint at each of its paths. A query narrows what is called there and is no
 * resource of its own: a token for a path is good with every query.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../broker/core/addresses.ts";

/** Below it stands the metadata of each resource (RFC 9728 §3.1). */
export const PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";
/** `/mcp/sse` and `/sse` are what voice apps of the first hour call. */
const OWN_PATHS = ["/mcp", "/mcp/", "/mcp/sse", "/sse"];
/** A longer query is not repeated, in metadata or in a header. */
export const LONGEST_QUERY = 1_000;
/** What RFC 3986 §3.4 lets stand in a query: no quote, no backslash, nothing that ends a header. */
const QUERY = /^\?(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})+$/;

/** What the MCP endpoint's paths mean as resources. */
export interface Resources {
  /** The resource of an MCP path, as the person typed it: no slash at the end. */
  of(path: string): string;
  /** Where its metadata is (RFC 9728 §3.1), with the query that was called. */
  metadataUrl(path: string, search?: string): string;
  /** Whether a token for one resource may be used at another: `/mcp` stands for all below it. */
  covers(audience: string, resource: string): boolean;
  /** The resource that a client means by a URL, with a slash at its end or a query; or none. */
  named(url: string): string | undefined;
  /** Whether a URL is a resource of this gateway. */
  includes(url: string): boolean;
  /** Whether a path leads to the MCP endpoint. */
  isPath(path: string): boolean;
}

/** A URL in two: what is before its query, and the query with its `?`, or nothing. */
export function splitQuery(url: string): { base: string; search: string } {
  const at = url.indexOf("?");
  return at < 0 ? { base: url, search: "" } : { base: url.slice(0, at), search: url.slice(at) };
}

/** A query that can be repeated as it is: anything else is left out. */
export function repeatable(search: string): string {
  return search.length <= LONGEST_QUERY && QUERY.test(search) ? search : "";
}

/** The resources of a gateway; `isService` knows the last part of `/mcp/{service}`. */
export function createResources(
  publicUrl: string,
  isService: (name: string) => boolean,
): Resources {
  const isPath = (path: string): boolean => {
    if (OWN_PATHS.includes(path)) return true;
    const [, service] = /^\/mcp\/([a-z0-9_-]{1,64})$/.exec(path) ?? [];
    return service !== undefined && isService(service);
  };
  const named = (url: string): string | undefined => {
    const { base } = splitQuery(url);
    // RFC 8707 §2: without fragment.
    if (url.includes("#")) return undefined;
    const resource = base.endsWith("/") ? base.slice(0, -1) : base;
    if (resource === publicUrl) return resource;
    const isHere = resource.startsWith(`${publicUrl}/`) && isPath(resource.slice(publicUrl.length));
    return isHere && !resource.endsWith("/") ? resource : undefined;
  };
  return {
    isPath,
    of: (path) => publicUrl + withoutTrailingSlashes(path),
    metadataUrl: (path, search = "") =>
      publicUrl + PROTECTED_RESOURCE + withoutTrailingSlashes(path) + repeatable(search),
    covers: (audience, resource) =>
      audience === resource || audience === publicUrl || audience === `${publicUrl}/mcp`,
    named,
    includes: (url) => named(url) !== undefined,
  };
}
