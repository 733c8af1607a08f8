/**
 * OAuth 2.0 towards providers: one registered client at one authorization
 * server. arctic makes the authorization URL and its PKCE challenge; it never
 * sees the client secret, and sends nothing. Only this file imports it, since
 * its author froze it in July 2026.
 *
 * @module
 */

import type {
  AuthorizationRequest,
  IssuedTokens,
  OAuthFlow,
  Revocation,
  TokenAnswer,
} from "../broker/core/authorization_server.ts";
import type { BodyFormat, ClientAuthentication, ClientNames, FormRequest } from "./post_form.ts";
import { type Dialect, postRevocation, postToken } from "./post_token.ts";

/** A person waits in the browser while a code is exchanged. */
export const EXCHANGE_TIMEOUT_MS = 20_000;
export const REVOCATION_TIMEOUT_MS = 10_000;

/** One registered client at one authorization server. */
export interface OAuthClientOptions extends Dialect {
  clientId: string;
  clientSecret: string;
  redirectUri: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  /** Where refresh tokens go, if not to the token endpoint. */
  refreshEndpoint?: string | undefined;
  /** A refresh says the redirect URI, too, as RFC 6749 §4.1.3 has it of an exchange alone. */
  refreshesWithRedirectUri?: boolean | undefined;
  /** RFC 7009. */
  revocationEndpoint?: string | undefined;
  /** RFC 6749 §2.3.1; in the body where it is not said. */
  clientAuthentication?: ClientAuthentication["method"] | undefined;
  /** What requests call the client's id and secret, where not `client_id` and `client_secret`. */
  clientNames?: ClientNames | undefined;
  /** How token requests are written. @default "form" */
  tokenFormat?: BodyFormat | undefined;
  /** Sent with every request to it, such as the version that is spoken. */
  requestHeaders?: Record<string, string> | undefined;
  /** A revocation is sent without the client's credentials. */
  revokesWithoutClient?: boolean | undefined;
  /** `false`: no challenge, for the few providers that refuse what they do not know. */
  pkce?: boolean | undefined;
  /** Added to every authorization request. */
  authorizationParameters?: Record<string, string> | undefined;
  /** Added where a code is exchanged, and not to a refresh. */
  exchangeParameters?: Record<string, string> | undefined;
  /** Added to a refresh. */
  refreshParameters?: Record<string, string> | undefined;
  /**
   * The grant by which a token that was issued for a code becomes one that lives longer, and the
   * parameter that holds it there.
   */
  lengthensBy?: string | undefined;
  /** Between scopes; a space (RFC 6749 §3.3) where it is not said. */
  scopeSeparator?: string | undefined;
  /** What the authorization request calls them; `scope` where it is not said. */
  scopeParameter?: string | undefined;
  /** Expected in `iss` (RFC 9207), where the provider sends it. */
  issuer?: string | undefined;
  /** Its metadata say `authorization_response_iss_parameter_supported` (RFC 9207 §3). */
  sendsIssuer?: boolean | undefined;
  fetch: typeof fetch;
}

/** Authorization code flow with PKCE, refresh and revocation for one client. */
export class OAuthClient {
  readonly #options: OAuthClientOptions;

  constructor(options: OAuthClientOptions) {
    this.#options = options;
  }

  /** A provider's credential; one with quirks is spread, and says what it does otherwise. */
  flow(): OAuthFlow {
    const revoke: OAuthFlow["revoke"] = ({ refreshToken, accessToken }) =>
      this.revoke(refreshToken ?? accessToken);
    return {
      kind: "oauth",
      issuer: this.#options.issuer,
      sendsIssuer: this.#options.sendsIssuer,
      origin: new URL(this.#options.authorizationEndpoint).origin,
      tokenOrigin: new URL(this.#options.tokenEndpoint).origin,
      authorizationUrl: (request) => this.authorizationUrl(request),
      exchange: (code, verifier) => this.exchange(code, verifier),
      refresh: (refreshToken) => this.refresh(refreshToken),
      revoke,
      // Who ends nothing ends nothing else. One that says otherwise how it revokes says this, too.
      revokeAlone: this.#options.revocationEndpoint === undefined ? revoke : undefined,
    };
  }

  /** RFC 6749 §4.1.1 with an S256 challenge (RFC 7636 §4.3), even where a provider ignores it. */
  async authorizationUrl({ state, verifier, scopes }: AuthorizationRequest): Promise<URL> {
    const { authorizationEndpoint, authorizationParameters = {} } = this.#options;
    const { scopeSeparator = " ", scopeParameter = "scope", clientNames } = this.#options;
    const { CodeChallengeMethod, OAuth2Client } = await import("arctic");
    const client = new OAuth2Client(this.#options.clientId, null, this.#options.redirectUri);
    const url = client.createAuthorizationURLWithPKCE(
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
    if (clientNames !== undefined) {
      url.searchParams.delete("client_id");
      url.searchParams.set(clientNames.id, this.#options.clientId);
    }
    if (this.#options.pkce === false) {
      url.searchParams.delete("code_challenge");
      url.searchParams.delete("code_challenge_method");
    }
    return url;
  }

  /** RFC 6749 §4.1.3. */
  async exchange(code: string, verifier: string): Promise<TokenAnswer> {
    const { tokenEndpoint, redirectUri, pkce = true, tokenFormat: format } = this.#options;
    const proof = pkce ? { code_verifier: verifier } : undefined;
    const form = {
      ...this.#options.exchangeParameters,
      grant_type: "authorization_code",
      code,
      redirect_uri: redirectUri,
      ...proof,
    };
    const request = this.#request(tokenEndpoint, form, EXCHANGE_TIMEOUT_MS);
    const answer = await postToken({ ...request, format }, this.#options);
    const { lengthensBy } = this.#options;
    if (answer.kind !== "issued" || lengthensBy === undefined) return answer;
    return { kind: "issued", tokens: await this.#lengthened(answer.tokens, lengthensBy) };
  }

  /** What was issued, as it is where the longer one fails: it is good for its time, and the code is used up. */
  async #lengthened(tokens: IssuedTokens, grant: string): Promise<IssuedTokens> {
    const { tokenEndpoint, tokenFormat: format } = this.#options;
    const form = { grant_type: grant, [grant]: tokens.accessToken };
    const request = this.#request(tokenEndpoint, form, EXCHANGE_TIMEOUT_MS);
    const answer = await postToken({ ...request, format }, this.#options);
    if (answer.kind !== "issued") return tokens;
    const { scopes = tokens.scopes, extra = tokens.extra } = answer.tokens;
    return { ...answer.tokens, scopes, extra };
  }

  /**
   * RFC 6749 §6. Never aborted: a provider that rotates refresh tokens has
   * used up the old one as soon as it reads the request. `timeoutMs` is for a
   * refresh whose tokens nobody keeps.
   */
  refresh(refreshToken: string, timeoutMs?: number): Promise<TokenAnswer> {
    const { tokenEndpoint, refreshEndpoint = tokenEndpoint, tokenFormat: format } = this.#options;
    const { redirectUri, refreshesWithRedirectUri = false } = this.#options;
    const where = refreshesWithRedirectUri ? { redirect_uri: redirectUri } : undefined;
    const form = {
      ...this.#options.refreshParameters,
      grant_type: "refresh_token",
      refresh_token: refreshToken,
      ...where,
    };
    const request = this.#request(refreshEndpoint, form, timeoutMs);
    return postToken({ ...request, format }, this.#options);
  }

  /** RFC 7009. */
  async revoke(token: string): Promise<Revocation> {
    const { revocationEndpoint, revokesWithoutClient = false } = this.#options;
    if (revocationEndpoint === undefined) return { kind: "unsupported" };
    const request = this.#request(revocationEndpoint, { token }, REVOCATION_TIMEOUT_MS);
    return await postRevocation(
      revokesWithoutClient ? { ...request, authentication: undefined } : request,
      this.#options,
    );
  }

  #request(
    endpoint: string,
    form: Record<string, string>,
    timeoutMs: number | undefined,
  ): FormRequest {
    const { fetch, clientId, clientSecret, clientNames: names } = this.#options;
    const { clientAuthentication: method = "client_secret_post", requestHeaders } = this.#options;
    return {
      fetch,
      endpoint,
      form,
      headers: requestHeaders,
      authentication: { method, clientId, clientSecret, names },
      timeoutMs,
    };
  }
}
