/**
 * MCP servers as an operator adds them in the console: by a name that is
 * known, or at a public https address. What reaches into this machine or its
 * network, or sends something of the operator's along (commands, headers,
 * another provider's tokens, private addresses), is said by env alone.
 *
 * @module
 */

import { parseUrl } from "../core/addresses.ts";
import { isPrivateHost } from "../core/public_address.ts";
import type { StoredUpstream } from "../core/settings.ts";
import type { UpstreamSpec } from "../core/upstream.ts";
import type { Env } from "./env.ts";
import { type OfficialServer, readUpstream } from "./upstreams.ts";

/** The longest address, in characters. */
const LONGEST_URL = 2000;

/** What such an entry is read with. */
export interface ConsoleContext {
  env: Env;
  official: readonly OfficialServer[];
  publicUrl: string;
}

/** The upstream of one entry, by the same schema as `UPSTREAMS`, or what is wrong with it. */
export function consoleUpstream(
  { name, title, url }: Pick<StoredUpstream, "name" | "title" | "url">,
  { env, official, publicUrl }: ConsoleContext,
): { spec: UpstreamSpec } | { fault: string } {
  const fault = url === undefined ? undefined : urlFault(url, publicUrl);
  if (fault !== undefined) return { fault: `url: ${fault}` };
  const server = official.find((server) => server.name === name);
  if (url === undefined && server === undefined) {
    return { fault: "name: it is no server that is known by its name, and there is no url" };
  }
  // Its address is this program's word, so env's client for it is meant for it. Whoever names an
  // address could name a server after any variable that ends in _CLIENT_SECRET.
  const read = url === undefined
    ? readUpstream({ name, title: title ?? server!.title, url: server!.url, oauth: true }, { env })
    : readUpstream({ name, title, url });
  return "spec" in read ? read : { fault: read.faults.join("; ") };
}

/**
 * What is wrong with an address. A name that leads to a private address is not found out here: no
 * server there has the certificate for it, and without one nothing is sent.
 */
function urlFault(text: string, publicUrl: string): string | undefined {
  const url = text.length > LONGEST_URL ? undefined : parseUrl(text);
  if (url === undefined || url.protocol !== "https:") return "must be https";
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    return "must have no user, password or fragment";
  }
  const { hostname, port } = url;
  if (hostname.endsWith(".") || isPrivateHost(hostname)) {
    return "must be a public address; a private one is set in UPSTREAMS";
  }
  // Below are mail, shells and their like.
  if (port !== "" && Number(port) < 1024) return "its port is not one of a web server";
  return url.host === new URL(publicUrl).host ? "is this program itself" : undefined;
}
