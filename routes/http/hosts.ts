/**
 * Which `Host` and `Origin` may appear in a request: against DNS rebinding,
 * and against pages that call with a person's network position.
 *
 * @module
 */

import { isLoopback, parseUrl } from "../../broker/core/addresses.ts";
import { refuseHttp } from "./errors.ts";

const ORIGIN = /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i;

/** The names under which this program may be reached. */
export interface Hosts {
  publicUrl: string;
  /** `ALLOWED_HOSTS`: names beside the public one. */
  allowedHosts: string[];
  /** `ALLOWED_ORIGINS`: desktop apps, each with its exact origin. */
  allowedOrigins?: string[] | undefined;
}

/** Refuses a `Host` that is neither the public one nor in `ALLOWED_HOSTS`. */
export function requireKnownHost(request: Request, hosts: Hosts): void {
  const host = request.headers.get("Host");
  const isServed = host === null
    ? isKnown(new URL(request.url).origin, hosts)
    : isKnownHost(host, hosts);
  if (isServed) return;
  const served = new URL(hosts.publicUrl).host;
  refuseHttp({ code: "forbidden_host", host: host ?? new URL(request.url).host, served });
}

/** Spellings of known hosts that are remembered: on one machine every port is another one. */
const MOST_SPELLINGS = 100;
/** What was judged once is known by its spelling; what was refused is judged each time. */
const spellings = new WeakMap<Hosts, Set<string>>();

/** Whether a `Host` is the public one, or in `ALLOWED_HOSTS`. */
export function isKnownHost(host: string, hosts: Hosts): boolean {
  let known = spellings.get(hosts);
  if (known === undefined) spellings.set(hosts, known = new Set());
  if (known.has(host)) return true;
  // Whether a port is the usual one depends on the scheme, and which one people use only a proxy
  // knows: some send `name:443` along, and that is the same host as `name`.
  const origins = [`http://${host}`, `${new URL(hosts.publicUrl).protocol}//${host}`];
  if (!origins.some((origin) => isKnown(origin, hosts))) return false;
  if (known.size >= MOST_SPELLINGS) known.clear();
  known.add(host);
  return true;
}

/**
 * Refuses an `Origin` that is neither the public one nor in `ALLOWED_HOSTS`;
 * none is fine. `desktopApps`: those of `ALLOWED_ORIGINS` are, too.
 */
export function requireKnownOrigin(
  request: Request,
  hosts: Hosts,
  { desktopApps = false }: { desktopApps?: boolean | undefined } = {},
): void {
  const origin = request.headers.get("Origin");
  if (origin === null || isKnown(origin, hosts)) return;
  if (desktopApps && hosts.allowedOrigins?.includes(origin)) return;
  refuseHttp({ code: "forbidden_origin" });
}

/** Whether it is the public origin, with its port spelled out or not. */
export function isOwnOrigin(text: string, publicUrl: string): boolean {
  return ORIGIN.test(text) && parseUrl(text)?.origin === new URL(publicUrl).origin;
}

function isKnown(text: string, { publicUrl, allowedHosts }: Hosts): boolean {
  const url = parseUrl(text);
  // What is more than scheme, host and port is no origin, whatever a parser makes of it.
  if (url === undefined || !ORIGIN.test(text)) return false;
  const own = new URL(publicUrl);
  return url.host === own.host || allowedHosts.includes(url.hostname) ||
    // On one machine every port is the same person's; tools open them at random.
    (isLoopback(own.hostname) && isLoopback(url.hostname));
}
