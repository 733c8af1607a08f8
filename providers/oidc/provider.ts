/**
 * An OpenID Connect provider of the operator's, by which people sign in and by
 * nothing else: it has no service, no tool and no API, and of its tokens none
 * outlives the sign-in.
 *
 * @module
 */

import type { FoundFlow, OAuthFlow, TokenAnswer } from "../../broker/core/authorization_server.ts";
import type { Account } from "../../broker/core/connection.ts";
import { OIDC, type OidcSettings } from "../../broker/core/oidc.ts";
import { digest } from "../../broker/core/secrets.ts";
import { bareParts } from "../bare_provider.ts";
import { OAuthClient } from "../oauth.ts";
import type { Provider } from "../provider.ts";
import type { Keys } from "../remote_keys.ts";
import {
  OIDC_MAX_BYTES,
  OIDC_TIMEOUT_MS,
  type OidcDeps,
  OidcFinding,
  type OidcMetadata,
} from "./metadata.ts";

/** The provider, as the operator has set it. */
export function oidcProvider(
  settings: OidcSettings,
  deps: OidcDeps & { redirectUri: string },
): Provider {
  const { issuer, clientId, title, scopes } = settings;
  const finding = new OidcFinding(settings, deps);
  const parts: FlowParts = { settings, deps, keys: new Map() };
  const flow = async () => flowOf(parts, await finding.metadata());
  // What was begun at one issuer is finished there, or nowhere.
  const via = { issuer, clientId, url: issuer };
  const credential: FoundFlow = {
    kind: "found",
    url: issuer,
    begin: async () => ({ flow: await flow(), via }),
    resume: async (begun) =>
      begun.issuer === issuer && begun.clientId === clientId ? await flow() : undefined,
  };
  const none = { clientId, clientSecret: "", redirectUri: "", fetch: deps.fetch };
  return {
    ...bareParts({ name: OIDC, title }, none),
    services: [],
    acceptsScope: () => false,
    signInScopes: scopes,
    credential,
    // deno-lint-ignore require-await -- the contract wants a promise
    async identify(_, { said } = {}): Promise<Account> {
      if (said === undefined) throw new TypeError("Cannot identify: no ID token was checked");
      return said;
    },
  };
}

/** What stays the same from one flow to the next. */
interface FlowParts {
  settings: OidcSettings;
  deps: OidcDeps & { redirectUri: string };
  /** By their address. */
  keys: Map<string, Keys>;
}

function flowOf(parts: FlowParts, metadata: OidcMetadata): OAuthFlow {
  const { issuer } = parts.settings;
  const none = { kind: "failed", reason: "no token is kept" } as const;
  return {
    kind: "oauth",
    issuer,
    sendsIssuer: metadata.sendsIssuer,
    origin: new URL(metadata.authorizationEndpoint).origin,
    tokenOrigin: new URL(metadata.tokenEndpoint).origin,
    async authorizationUrl(request) {
      const url = await clientOf(parts, metadata).authorizationUrl(request);
      url.searchParams.set("nonce", nonceOf(request.verifier));
      if (request.another === true) url.searchParams.set("prompt", "select_account");
      return url;
    },
    exchange: (code, verifier) => exchange(parts, metadata, code, verifier),
    // Nothing is kept that could be renewed or ended.
    refresh: () => Promise.resolve(none),
    revoke: () => Promise.resolve({ kind: "unsupported" }),
  };
}

/**
 * The nonce of a sign-in. The verifier is of this sign-in alone, is used up with it, and nobody
 * finds it by the nonce: so nothing more has to be noted.
 */
export function nonceOf(verifier: string): string {
  return digest(`nonce ${verifier}`);
}

async function exchange(
  parts: FlowParts,
  metadata: OidcMetadata,
  code: string,
  verifier: string,
): Promise<TokenAnswer> {
  let idToken: unknown;
  const client = clientOf(parts, metadata, (token) => idToken = token);
  const answer = await client.exchange(code, verifier);
  if (answer.kind !== "issued") return answer;
  const { accessToken, tokenType } = answer.tokens;
  const [{ accountOf, IdTokenFault }, { keysAt }] = await Promise.all([
    import("./id_token.ts"),
    import("../remote_keys.ts"),
  ]);
  const { settings, deps } = parts;
  const keys = parts.keys.get(metadata.keys.href) ?? keysAt(metadata.keys, {
    fetch: deps.fetch,
    timeoutMs: OIDC_TIMEOUT_MS,
    limit: OIDC_MAX_BYTES,
  });
  // Of one address: what was there before is not asked any more.
  parts.keys.clear();
  parts.keys.set(metadata.keys.href, keys);
  try {
    const given = { idToken, accessToken, nonce: nonceOf(verifier) };
    const account = await accountOf(deps, { settings, metadata, keys }, given);
    return { kind: "issued", tokens: { accessToken, tokenType, account } };
  } catch (error) {
    if (!(error instanceof IdTokenFault)) return { kind: "failed", reason: "no keys or userinfo" };
    deps.world.log({ level: "warn", event: "oidc_sign_in_refused", detail: error.code });
    return { kind: "rejected", code: error.code };
  }
}

function clientOf(
  { settings, deps }: FlowParts,
  metadata: OidcMetadata,
  onIdToken: (token: unknown) => void = () => {},
): OAuthClient {
  return new OAuthClient({
    clientId: settings.clientId,
    clientSecret: settings.clientSecret ?? "",
    redirectUri: deps.redirectUri,
    clientAuthentication: metadata.clientAuthentication,
    authorizationEndpoint: metadata.authorizationEndpoint,
    tokenEndpoint: metadata.tokenEndpoint,
    liftAnswer(wire) {
      onIdToken(wire.id_token);
      return wire;
    },
    fetch: deps.fetch,
  });
}
