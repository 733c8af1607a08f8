/**
 * Proxies in front, as far as the configuration alone shows whether their word
 * counts, and that of nobody else.
 *
 * @module
 */

import { isLoopback } from "../../core/addresses.ts";
import { isPrivate, isWithin, parseIp } from "../../core/ip_address.ts";
import type { Doubt, Doubted } from "./doubt.ts";

/** Wider than what any proxy's operator publishes: Cloudflare's widest are /12 and /29 (November 2026). */
const WIDEST = { v4: 8, v6: 16 };
/** They say a host, a scheme or a port. */
const NO_ADDRESS = /^x-forwarded-(?!for$|client-ip$)|^(host|via|origin|referer|user-agent)$/;

/** Doubts about `TRUSTED_PROXIES` and the header. */
export function proxyDoubts({ config, env, onDeploy }: Doubted): Doubt[] {
  const { publicUrl, trustedProxies: proxies, trustedProxyHeader } = config;
  const doubt = (found: string, cure: string, isFault = false): Doubt => ({
    ...{ variable: "TRUSTED_PROXIES", found, cure, isFault },
  });
  // It speaks no TLS of its own.
  if (!onDeploy && publicUrl.startsWith("https:") && proxies.length === 0) {
    return [doubt(
      "is not set, though https needs a proxy in front: all callers look like that proxy.",
      "Set the proxy's address or network, such as 10.0.0.0/8.",
    )];
  }
  if (proxies.length === 0) return [];
  if (onDeploy) {
    const found = "is set on Deno Deploy, where the platform says who calls.";
    return [doubt(found, "Leave it unset there.")];
  }
  const doubts: Doubt[] = [];
  const wide = proxies.some(({ base, bits }) =>
    bits < ("v4" in base ? WIDEST.v4 : WIDEST.v6) && !isPrivate(base)
  );
  if (wide) {
    doubts.push(doubt(
      "trusts a large part of all addresses: whoever calls from there says from where, and no " +
        "limit holds.",
      "Name the proxy's own address, or the network that it is in, such as 10.0.0.0/8.",
      true,
    ));
  }
  const own = env.HOST === "localhost" ? "127.0.0.1" : env.HOST ?? "";
  const listens = parseIp(own);
  if (listens !== undefined && isLoopback(own) && !proxies.some((net) => isWithin(listens, net))) {
    doubts.push(doubt(
      `lacks ${own}, from where alone anybody comes since HOST is that: all callers look like one.`,
      `Set 127.0.0.1,::1 for a proxy on this machine.`,
      true,
    ));
  }
  if (NO_ADDRESS.test(trustedProxyHeader)) {
    doubts.push({
      variable: "TRUSTED_PROXY_HEADER",
      found: "is a header that says no address of who calls.",
      cure: "Leave it unset (x-forwarded-for), or name the one in which the proxy says it.",
      isFault: true,
    });
  }
  return doubts;
}
