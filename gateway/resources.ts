/**
 * The resources that gateway tokens are for (RFC 8707, RFC 9728): the MCP
 * endpoint at each of its paths.
 *
 * @module
 */

import { withoutTrailingSlashes } from "../broker/core/addresses.ts";

/** Below it stands the metadata of each resource (RFC 9728 §3.1). */
export const PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";
/** `/mcp/sse` and `/sse` are what voice apps of the first hour call. */
const OWN_PATHS = ["/mcp", "/mcp/", "/mcp/sse", "/sse"];

/** What the MCP endpoint's paths mean as resources. */
export interface Resources {
  /** The resource of an MCP path, as the person typed it: no slash at the end. */
  of(path: string): string;
  /** Where its metadata is (RFC 9728 §3.1). */
  metadataUrl(path: string): string;
  /** Whether a token for one resource may be used at another: `/mcp` stands for all below it. */
  covers(audience: string, resource: string): boolean;
  /** Whether a URL is a resource of this gateway. */
  includes(url: string): boolean;
  /** Whether a path leads to the MCP endpoint. */
  isPath(path: string): boolean;
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
  return {
    isPath,
    of: (path) => publicUrl + withoutTrailingSlashes(path),
    metadataUrl: (path) => publicUrl + PROTECTED_RESOURCE + withoutTrailingSlashes(path),
    covers: (audience, resource) =>
      audience === resource || audience === publicUrl || audience === `${publicUrl}/mcp`,
    includes(url) {
      if (url === publicUrl || url === `${publicUrl}/`) return true;
      return url.startsWith(`${publicUrl}/`) && isPath(url.slice(publicUrl.length));
    },
  };
}
