/**
 * Where an MCP client may send people back to. The address is opened on the
 * person's machine with one click on the consent page, so what it may start
 * there is named here, and everything else is refused.
 *
 * @module
 */

import { isLoopback } from "../../broker/core/addresses.ts";
import type { Client } from "../../broker/core/client.ts";

/** Schemes that run or read something in the browser itself: nobody may use these, not even the operator. */
const NEVER =
  /^(javascript|data|file|blob|vbscript|about|filesystem|view-source|jar|ws|wss|ftp|http|https):$/;

/**
 * An app's own scheme as RFC 8252 §7.1 wants it: a domain of the app's maker,
 * read backwards. What the systems themselves open (`mailto:`, `tel:`,
 * `ms-settings:`, `search-ms:`, `feed:`, `x-apple.systempreferences:`) is no
 * such thing.
 */
const REVERSE_DOMAIN = /^[a-z]{2,24}(\.[a-z0-9][a-z0-9-]*)+:$/;

/** MCP clients that are called by a single word all the same (seen November 2026). */
const APPS = [
  "claude",
  "code-oss",
  "cursor",
  "cursor-dev",
  "goose",
  "kiro",
  "lmstudio",
  "raycast",
  "trae",
  "vscode",
  "vscode-insiders",
  "vscodium",
  "warp",
  "warppreview",
  "windsurf",
  "windsurf-next",
  "zed",
];

/** Whether anybody may register an address, or describe a client with it. */
export function isRedirectUri(text: string): boolean {
  const url = plainUrl(text);
  if (url === undefined) return false;
  const { protocol } = url;
  if (protocol === "https:") return true;
  if (protocol === "http:") return isLoopback(url.hostname);
  return REVERSE_DOMAIN.test(protocol) || APPS.includes(protocol.slice(0, -1));
}

/** Whether the operator may set an address for a client: apps of any name, too. */
function isOperatorsRedirectUri(text: string): boolean {
  const url = plainUrl(text);
  return url !== undefined && (isRedirectUri(text) || !NEVER.test(url.protocol));
}

/**
 * Whether a client may send people to this address. Loopback ports do not count
 * (RFC 8252 §7.3), and neither does a bare slash there: some URL libraries add
 * one on one way and not on the other.
 */
export function mayRedirect(client: Client, redirectUri: string): boolean {
  const isAllowed = client.kind === "operator" ? isOperatorsRedirectUri : isRedirectUri;
  return isAllowed(redirectUri) &&
    client.redirectUris.some((registered) =>
      withoutLoopbackPort(registered) === withoutLoopbackPort(redirectUri)
    );
}

/** A URL without what could hide where it leads. */
function plainUrl(text: string): URL | undefined {
  const url = /[\s#\\]/.test(text) ? null : URL.parse(text);
  return url === null || url.username !== "" || url.password !== "" ? undefined : url;
}

/** Whether two spellings are one address: the same text, or on a loopback host a bare slash apart. */
export function isSameRedirect(one: string, other: string): boolean {
  return withoutBareSlash(one) === withoutBareSlash(other);
}

/** The same text without a bare slash, if it is http on a loopback host; else nothing equal to another. */
function withoutBareSlash(uri: string): string {
  const { host, port, rest } = loopbackOf(uri) ?? {};
  return host === undefined ? uri : `${host}${port}${rest}`;
}

/** The same without the port, too. */
function withoutLoopbackPort(uri: string): string {
  const { host, rest } = loopbackOf(uri) ?? {};
  return host === undefined ? uri : `${host}${rest}`;
}

/** The parts of http on a loopback host; a bare slash is no path. */
function loopbackOf(uri: string): { host: string; port: string; rest: string } | undefined {
  const match = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(:\d{1,5})?(\/.*)?$/.exec(uri);
  if (match === null) return undefined;
  const [, host = "", port = "", path = ""] = match;
  return { host, port, rest: path === "/" ? "" : path };
}
