/**
 * How the double of an OAuth-protected MCP server behaves, and what it notes.
 * Left alone it is a good one; each setting is a way in which some server in
 * use was seen to differ (November 2026).
 *
 * @module
 */

/** A request as it came, with its body read. */
export interface Heard {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Headers;
  /** Members of the body, of a form or of JSON. */
  // deno-lint-ignore no-explicit-any -- tests look where they know something stands
  body: any;
}

/** How a client may say who it is at the token endpoint. */
export type Method = "none" | "client_secret_basic" | "client_secret_post";

/** Everything that can be bent; a test may also change it while the server runs. */
export interface OAuthBehaviour {
  /** Answers in the place of everything else, where it answers. */
  answer?: ((heard: Heard) => Response | undefined | Promise<Response | undefined>) | undefined;
  /** By the server's own clock. @default Date.now */
  now?: (() => number) | undefined;
  port?: number | undefined;

  /** Who is signed in; `?login=` goes before. @default "alice" */
  login?: string | undefined;
  /** The error that `/authorize` comes back with. */
  deny?: string | undefined;

  /** The path of the issuer; "/" is one that ends in a slash. @default "" */
  issuerPath?: string | undefined;
  /** The paths of the authorization server's metadata. @default RFC 8414's */
  metadataPaths?: string[] | undefined;
  /** Members beside the usual ones; `undefined` takes one away. */
  metadata?: Record<string, unknown> | undefined;
  /** The paths of the resource's metadata. @default RFC 9728's, with the path of the server */
  resourcePaths?: string[] | undefined;
  resourceMetadata?: Record<string, unknown> | undefined;
  /** The whole `WWW-Authenticate`; `null` for none. */
  challenge?: string | null | undefined;
  /** `scope` of the usual challenge. */
  challengeScope?: string | undefined;
  /** When the MCP endpoint begins to ask who it is. @default "always" */
  asksAt?: "always" | "initialize" | "tools/list" | "tools/call" | "never" | undefined;
  /** Another such server, whose tokens are good here. */
  trusts?: OAuthServer | undefined;

  /** Clients that an operator made here, by id. */
  clients?: Record<string, { secret?: string | undefined; redirectUris: string[] }> | undefined;
  /** It fetches client metadata documents. */
  documents?: boolean | undefined;
  /** Methods that its token endpoint takes. @default all three */
  methods?: Method[] | undefined;
  /** An error for a registration, such as `invalid_client_metadata`, or nothing. */
  // deno-lint-ignore no-explicit-any -- whatever a client sends
  refuseRegistration?: ((metadata: any) => string | undefined) | undefined;
  /** Members of a registration's answer beside the usual ones; `undefined` takes one away. */
  registration?: Record<string, unknown> | undefined;
  /** @default 201 */
  registrationStatus?: number | undefined;
  /** It gives a secret also where none was asked for. */
  alwaysSecret?: boolean | undefined;

  /** Scopes that exist. @default every one */
  scopes?: string[] | undefined;
  /** A scope that was not registered is refused. */
  strictScopes?: boolean | undefined;
  /**
   * What the parameter `resource` means to it: nothing; a token that it was not sent for is refused;
   * another than this one is `invalid_target`.
   * @default "ignored"
   */
  resource?: "ignored" | "required" | "strict" | undefined;
  /** Where `iss` stands in what comes back (RFC 9207). @default "always" */
  iss?: "always" | "success" | "never" | undefined;

  /** `expires_in`; `undefined` where it is not said. @default 3600 */
  tokenSeconds?: number | undefined;
  /** @default "always" */
  refreshTokens?: "always" | "offline_access" | "consent" | "never" | undefined;
  /**
   * What becomes of a refresh token that was used: it stays; a second use ends the grant; it gives
   * the same answer for 30 s; it lives until its successor is used; it stays, and is not said again.
   * @default "strict"
   */
  rotation?: "stays" | "strict" | "grace" | "overlap" | "silent" | undefined;
  /** A second sign-in of the same person and client ends the first grant. */
  oneGrant?: boolean | undefined;
  /** @default 401 */
  invalidClientStatus?: number | undefined;
  /** Status and code of an answer to a wrong verifier. */
  wrongVerifier?: { status: number; error: string } | undefined;
  /** Access tokens live on when they are revoked. */
  outliving?: boolean | undefined;
  /** Claims of an `id_token`; `true` for the usual ones. */
  idToken?: boolean | Record<string, unknown> | undefined;
  /** Members of `/userinfo`; `false` where there is none. @default sub, name */
  userinfo?: false | Record<string, unknown> | undefined;

  /** What a person's `tools/list` holds. @default `whoami`, and one that bears the person's name */
  tools?: ((sub: string) => unknown[]) | undefined;
  /** The result of `tools/call`. @default a text that names the tool and the person */
  // deno-lint-ignore no-explicit-any -- whatever a client sends
  call?: ((sub: string, params: any) => unknown) | undefined;
  /** Scopes that a tool needs: without them, 403 `insufficient_scope`. */
  needs?: Record<string, string> | undefined;
  /** It keeps sessions: an unknown one is 404, another person's 403. */
  sessions?: boolean | undefined;
}

/** A client as it was registered. */
export interface Registered {
  id: string;
  secret?: string | undefined;
  redirectUris: string[];
  scopes?: string[] | undefined;
}

/** The double: its settings, and what came in. */
export interface OAuthServer extends AsyncDisposable {
  behaviour: OAuthBehaviour;
  origin: string;
  issuer: string;
  /** The address of the protected MCP endpoint. */
  url: string;
  heard: Heard[];
  registrations: Registered[];
  /** Requests for a path, and of those the bodies that the test means. */
  // deno-lint-ignore no-explicit-any -- whatever a client sends
  count(path: string, which?: (body: any) => boolean): number;
  /** Grants that live, by person. */
  grants(sub: string): number;
  /** Ends every access token, or one person's. */
  endAccess(sub?: string): void;
  /** Ends every grant with all of its tokens, or one person's. */
  endGrants(sub?: string): void;
  /** Forgets every client that registered. */
  forgetClients(): void;
  /** Whose an access token is, while it is good. */
  whose(
    token: string,
  ): { sub: string; scopes: string[]; resource?: string | undefined } | undefined;
}
