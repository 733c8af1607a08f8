/**
 * The operator's own OpenID Connect provider: whether it is found by its
 * issuer, and whether it takes this program's client.
 *
 * @module
 */

import { isClientFault, type OAuthFlow } from "../../broker/core/authorization_server.ts";
import { lookUp } from "../../broker/core/lists.ts";
import { OIDC, type OidcSettings } from "../../broker/core/oidc.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import { oidcProvider } from "../../providers/oidc/provider.ts";
import type { Finding } from "./finding.ts";
import { type Seen, watched, type Ways } from "./ways.ts";

const WHAT = "sign-in";

/** What is to be registered there. */
export function oidcRedirect({ issuer }: OidcSettings, publicUrl: string): Finding {
  return {
    what: "redirect URIs",
    state: "ok",
    found: `${OIDC}: ${publicUrl}/callback/${OIDC}`,
    cure: `Register exactly that with the client at ${issuer}`,
  };
}

/** Asks it; `seen` is where its answers are noted. */
export async function oidcFindings(
  settings: OidcSettings,
  publicUrl: string,
  { ways, seen }: { ways: Ways; seen: Seen[] },
): Promise<Finding[]> {
  const at = { settings, redirectUri: `${publicUrl}/callback/${OIDC}`, ways, seen };
  const flow = await found(at, settings);
  return "what" in flow ? [flow] : [await tried(at, flow)];
}

interface At {
  settings: OidcSettings;
  redirectUri: string;
  ways: Ways;
  seen: Seen[];
}

/** Its flow, or why there is none. */
async function found(
  { redirectUri, ways, seen }: At,
  settings: OidcSettings,
): Promise<OAuthFlow | Finding> {
  const own = watched(ways);
  const world = { now: ways.now, log() {} };
  const { credential } = oidcProvider(settings, { world, fetch: own.fetch, redirectUri });
  if (credential.kind !== "found") throw new TypeError("Cannot try it: it is found by nothing");
  const fault = (said: string, cure: string): Finding => ({
    ...{ what: WHAT, state: "fault", found: `OIDC_ISSUER ${said}`, cure },
  });
  try {
    return (await credential.begin(settings.scopes)).flow;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { reason } = error;
    if (reason.code === "provider_refused") {
      return fault(...lookUp(WHY, reason.providerCode) ?? NONE);
    }
    const { fault: network, status } = own.seen.at(-1) ?? {};
    if (network !== undefined) return fault(`${network.why}.`, network.cure);
    return fault(`gives no answer that can be used (status ${status}).`, "Run this in a while.");
  } finally {
    seen.push(...own.seen);
  }
}

const NONE: [found: string, cure: string] = [
  "has no discovery document at /.well-known/openid-configuration.",
  "Copy the issuer from the provider's page: it may have a path, such as /realms/main.",
];
/** By the word of `providers/oidc/metadata.ts`. */
const WHY: Record<string, [found: string, cure: string]> = {
  other_issuer: [
    "is not the issuer that its discovery document names.",
    "Set it to what `issuer` says there, to the letter: the slash at the end counts.",
  ],
  discovery_document_incomplete: [
    "has a discovery document that lacks what a sign-in needs, or names an address that is not https.",
    "It needs an authorization endpoint, a token endpoint, keys, and a signature that is not HS.",
  ],
};

/** A code that is made up, and once more with a secret that is. */
async function tried(at: At, flow: OAuthFlow): Promise<Finding> {
  const { settings } = at;
  const ask = (way: OAuthFlow) =>
    way.exchange(`switchboard-doctor-${randomSecret()}`, randomSecret());
  const answer = await ask(flow);
  if (answer.kind === "rejected" && isClientFault(answer.code)) {
    return {
      what: WHAT,
      state: "fault",
      found: `OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are not taken (${answer.code}).`,
      cure: `Copy both anew from ${settings.issuer}, and allow the client the authorization code.`,
    };
  }
  if (answer.kind !== "rejected") {
    const found = "OIDC_ISSUER was found, and its client cannot be tried now.";
    return { what: WHAT, state: "note", found, cure: "Run this in a while." };
  }
  const ok = (found: string, state: "ok" | "note" = "ok"): Finding => ({
    what: WHAT,
    state,
    found,
  });
  if (settings.clientSecret === undefined) return ok("OIDC_ISSUER is found, and knows the client.");
  const wrong = { ...settings, clientSecret: "switchboard-doctor-wrong-secret" };
  const other = await found(at, wrong);
  const control = "what" in other ? undefined : await ask(other);
  return control?.kind === "rejected" && isClientFault(control.code)
    ? ok("OIDC_ISSUER is found, and takes the client id and secret.")
    : ok(`OIDC_ISSUER is found; whether the secret is right shows at a sign-in.`, "note");
}
