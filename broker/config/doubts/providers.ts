/**
 * Providers and MCP servers: whether there are any, and what was pasted where
 * their ids, secrets and addresses should stand.
 *
 * @module
 */

import { parseUrl } from "../../core/addresses.ts";
import { variable } from "../../core/variable.ts";
import type { ProviderConfig } from "../providers.ts";
import { pastedDoubts } from "./pasted.ts";
import type { Doubt, Doubted } from "./doubt.ts";

/** What stands in examples, and is copied from there. */
const PLACEHOLDER =
  /^<.*>$|^\$\{?\w+\}?$|^(your|insert|enter|paste)[-_ ]|^(change[-_]?me|todo|tbd|none|null|undefined|x{3,}|\.{3}|client[-_]?(id|secret))$/i;

/** Doubts about providers and MCP servers. */
export function providerDoubts(doubted: Doubted): Doubt[] {
  const { config, env } = doubted;
  const { providers, upstreams, publicUrl } = config;
  const doubts: Doubt[] = [];
  if (providers.size === 0 && upstreams.length === 0) {
    doubts.push({
      variable: "GITHUB_CLIENT_ID",
      found: "is not set, and no other provider or MCP server is: nothing can be connected.",
      cure: "Register an OAuth app and set its id and secret, such as GITHUB_CLIENT_ID and " +
        "GITHUB_CLIENT_SECRET, or name an MCP server in UPSTREAMS.",
      isFault: true,
      byConsole: true,
    });
  }
  for (const [name, provider] of providers) {
    doubts.push(...clientDoubts(name, provider, env), ...addressDoubts(name, provider, publicUrl));
  }
  const told = new Set(doubts.map(({ variable }) => variable));
  doubts.push(...pastedDoubts(providers).filter(({ variable }) => !told.has(variable)));
  doubts.push(...headerDoubts(doubted));
  for (const spec of upstreams) {
    if (spec.kind !== "http" || parseUrl(spec.url)?.origin !== publicUrl) continue;
    doubts.push({
      variable: "UPSTREAMS",
      found: `${spec.name} is at PUBLIC_URL: this program would call itself.`,
      cure: "Name the address of the MCP server that is meant.",
      isFault: true,
    });
  }
  return doubts;
}

function clientDoubts(
  name: string,
  { clientId, clientSecret }: ProviderConfig,
  env: Doubted["env"],
): Doubt[] {
  const [id, secret] = [variable(name, "CLIENT_ID"), variable(name, "CLIENT_SECRET")];
  const doubts: Doubt[] = [];
  for (const [each, text] of [[id, clientId], [secret, clientSecret]] as const) {
    if (PLACEHOLDER.test(text)) {
      const cure = "Copy it from where it was registered at the provider.";
      doubts.push({ variable: each, found: "is an example's placeholder.", cure, isFault: true });
    }
    if ((env[each] ?? "").trim() !== (env[each] ?? "")) {
      const found = "has a space or a line break at an end, which is left off.";
      doubts.push({ variable: each, found, isFault: false });
    }
    if (/\s/.test(text)) {
      const found = "has a space in it, as no provider makes them.";
      const cure = "Copy it anew from where it was registered.";
      doubts.push({ variable: each, found, cure, isFault: true });
    }
  }
  if (clientId !== "" && clientId === clientSecret) {
    const found = `is the same as ${id}.`;
    const cure = "Copy the secret from where it was registered, beside the id.";
    doubts.push({ variable: secret, found, cure, isFault: true });
  }
  return doubts;
}

function addressDoubts(
  name: string,
  { baseUrl, apiUrl }: ProviderConfig,
  publicUrl: string,
): Doubt[] {
  const doubts: Doubt[] = [];
  for (const [suffix, text] of [["BASE_URL", baseUrl], ["API_URL", apiUrl]] as const) {
    const url = parseUrl(text ?? "");
    if (url === undefined) continue;
    if (url.origin === publicUrl) {
      const found = "is this program's own address.";
      const cure = "It is the provider's; leave it unset where that is the usual one.";
      doubts.push({ variable: variable(name, suffix), found, cure, isFault: true });
    }
    if (suffix === "BASE_URL" && url.pathname !== "/") {
      const found = "has a path, and the paths of the provider's endpoints are put behind it.";
      const cure = `Most want the host alone: ${url.origin}`;
      doubts.push({ variable: variable(name, suffix), found, cure, isFault: false });
    }
  }
  return doubts;
}

/** A key without its scheme is understood by few (RFC 9110 §11.4). */
function headerDoubts({ config: { upstreams } }: Doubted): Doubt[] {
  return upstreams.flatMap((spec) => {
    if (spec.kind !== "http") return [];
    const said = Object.entries(spec.headers ?? {})
      .find(([name]) => name.toLowerCase() === "authorization")?.[1];
    if (said === undefined || /^\S+\s+\S/.test(said)) return [];
    const found = `sends ${spec.name} an Authorization header without a scheme.`;
    const cure = 'Most want "Bearer " before the key.';
    return [{ variable: "UPSTREAMS", found, cure, isFault: false }];
  });
}
