/**
 * OAuth 2.0 towards providers, on arctic. The rest sees our contract: arctic's
 * author froze it in July 2026. arctic itself never sees the client secret.
 *
 * @module
 */

import { CodeChallengeMethod, OAuth2Client, type OAuth2Tokens } from "arctic";
import type {
  AuthorizationRequest,
  OAuthFlow,
  Revocation,
  TokenAnswer,
} from "../broker/core/authorization_server.ts";
import { type Dialect, Exchange, EXCHANGE_TIMEOUT_MS, REVOCATION_TIMEOUT_MS } from "./exchange.ts";

export { parseRetryAfter, readText } from "./exchange.ts";

/** One registered client at one authorization server. */
export interface OAuthClientOptions extends Dialect {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  /** RFC 7009. */
  revocationEndpoint?: string | undefined;
  /** RFC 6749 §2.3.1; in the body where it is not said. */
  clientAuthentication?: "client_secret_post" | "client_secret_basic" | undefined;
  /** `false`: no challenge, for the few providers that refuse what they do not know. */
  pkce?: boolean | undefined;
  /** Added to every authorization request. */
  authorizationParameters?: Record<string, string> | undefined;
  /** Between scopes; a space (RFC 6749 §3.3) where it is not said. */
  scopeSeparator?: string | undefined;
  /** What the authorization request calls them; `scope` where it is not said. */
  scopeParameter?: string | undefined;
  /** Expected in `iss` (RFC 9207), where the provider sends it. */
  issuer?: string | undefined;
  fetch: typeof fetch;
}

/** Authorization code flow with PKCE, refresh and revocation for one client. */
export class OAuthClient {
  readonly #options: OAuthClientOptions;
  readonly #arctic: OAuth2Client;

  constructor(options: OAuthClientOptions) {
    this.#options = options;
    this.#arctic = new OAuth2Client(options.clientId, null, options.redirectUri);
  }

  /** A provider's credential; one with quirks is spread, and says what it does otherwise. */
  flow(): OAuthFlow {
    return {
      kind: "oauth",
      issuer: this.#options.issuer,
      authorizationUrl: (request) => this.authorizationUrl(request),
      exchange: (code, verifier) => this.exchange(code, verifier),
      refresh: (refreshToken) => this.refresh(refreshToken),
      revoke: ({ refreshToken, accessToken }) => this.revoke(refreshToken ?? accessToken),
    };
  }

  /** RFC 6749 §4.1.1 with an S256 challenge (RFC 7636 §4.3), even where a provider ignores it. */
  authorizationUrl({ state, verifier, scopes }: AuthorizationRequest): URL {
    const { authorizationEndpoint, authorizationParameters = {} } = this.#options;
    const { scopeSeparator = " ", scopeParameter = "scope" } = this.#options;
    const url = this.#arctic.createAuthorizationURLWithPKCE(
      authorizationEndpoint,
      state,
      CodeChallengeMethod.S256,
      verifier,
      [],
    );
    if (scopes.length > 0) url.searchParams.set(scopeParameter, scopes.join(scopeSeparator));
    for (const [name, value] of Object.entries(authorizationParameters)) {
      url.searchParams.set(name, value);
    }
    if (this.#options.pkce === false) {
      url.searchParams.delete("code_challenge");
      url.searchParams.delete("code_challenge_method");
    }
    return url;
  }

  /** RFC 6749 §4.1.3. */
  exchange(code: string, verifier: string): Promise<TokenAnswer> {
    const { tokenEndpoint, pkce = true } = this.#options;
    const proof = pkce ? verifier : null;
    return this.#ask(
      () => this.#arctic.validateAuthorizationCode(tokenEndpoint, code, proof),
      EXCHANGE_TIMEOUT_MS,
    );
  }

  /**
   * RFC 6749 §6. Never aborted: a provider that rotates refresh tokens has
   * used up the old one as soon as it reads the request.
   */
  refresh(refreshToken: string): Promise<TokenAnswer> {
    const { tokenEndpoint } = this.#options;
    return this.#ask(() => this.#arctic.refreshAccessToken(tokenEndpoint, refreshToken, []));
  }

  /** RFC 7009. */
  async revoke(token: string): Promise<Revocation> {
    const { revocationEndpoint } = this.#options;
    if (revocationEndpoint === undefined) return { kind: "unsupported" };
    const exchange = this.#exchange(REVOCATION_TIMEOUT_MS);
    return await exchange.revoke(() => this.#arctic.revokeToken(revocationEndpoint, token));
  }

  #ask(request: () => Promise<OAuth2Tokens>, timeoutMs?: number): Promise<TokenAnswer> {
    return this.#exchange(timeoutMs).ask(request, this.#options);
  }

  #exchange(timeoutMs?: number): Exchange {
    return new Exchange({
      fetch: this.#options.fetch,
      prepare: (headers, body) => this.#authenticate(headers, body),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
  }

  /** RFC 6749 §2.3.1. */
  #authenticate(headers: Headers, body: URLSearchParams): void {
    const { clientId, clientSecret, clientAuthentication } = this.#options;
    if (clientAuthentication === "client_secret_basic") {
      body.delete("client_id");
      headers.set("Authorization", `Basic ${basicCredentials(clientId, clientSecret)}`);
    } else {
      body.set("client_secret", clientSecret);
    }
  }
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function basicCredentials(clientId: string, clientSecret: string): string {
  const encode = (text: string) => new URLSearchParams([["", text]]).toString().slice(1);
  return btoa(`${encode(clientId)}:${encode(clientSecret)}`);
}
