/**
 * How access is ended at providers whose way is not RFC 7009's: by the access
 * token itself, in the place of a signed revocation request.
 *
 * @module
 */

import { AnsweredNo } from "../broker/core/answered_no.ts";
import type { Revocation, TokenAnswer } from "../broker/core/authorization_server.ts";
import type { TokenSet } from "../broker/core/connection.ts";
import { bearerHeaders } from "./authorize.ts";
import { REVOCATION_TIMEOUT_MS } from "./oauth.ts";
import { type ClientAuthentication, type ClientNames, postForm } from "./post_form.ts";
import { parseRetryAfter } from "./retry_after.ts";

/** Which request ends access, and what it says. */
export interface RevocationData {
  url: string;
  /** What the request shows: the token as `Bearer`, without a body; or a form, or one as JSON. */
  shows: "bearer" | "form" | "json";
  /** Only of a `bearer` request. @default "POST" */
  method?: "POST" | "GET" | "DELETE" | undefined;
  /** Of a form or JSON, as all that follows but `token`: the parameter that holds the token. @default "token" */
  parameter?: string | undefined;
  /**
   * In the place of the token: the parameter that holds the account's id. The token itself is
   * asked for it: an id that an import or an answer named could be another's, whose access the
   * client's credentials would end.
   */
  account?: string | undefined;
  /**
   * How the client says who it is. `secret` is its usual way; `posted`: the secret in the body,
   * `basic`: by HTTP Basic, whatever the usual way; `scheme`: behind `Authorization: Client`,
   * `bearer`: behind `Authorization: Bearer`; `token`: it does not, and the token stands in
   * `Authorization` too. @default "secret"
   */
  client?:
    | "secret"
    | "posted"
    | "basic"
    | "scheme"
    | "bearer"
    | "id"
    | "nobody"
    | "token"
    | undefined;
  /** What the body calls the client's id and secret, where not as token requests do. */
  clientNames?: ClientNames | undefined;
  /** Which token ends the grant. @default "access" */
  token?: "access" | "refresh" | undefined;
  /** Says in `token_type_hint` which token it is (RFC 7009 §2.1). */
  hint?: boolean | undefined;
  /** The documentation says that nothing else ends which the account has granted. @default false */
  alone?: boolean | undefined;
}

/** What the ending of access needs beside its data. */
export interface EndAccessDeps {
  fetch: typeof fetch;
  authentication: ClientAuthentication;
  /** Sent with every request to this provider. */
  headers?: Record<string, string> | undefined;
  /** For an access token that has expired while its refresh token lives on. */
  refresh(refreshToken: string, timeoutMs: number): Promise<TokenAnswer>;
  /**
   * The id of the account that an access token is for, as the provider tells it now.
   *
   * @throws {AnsweredNo} where it says no.
   */
  whose(tokens: TokenSet): Promise<string>;
}

/** How one request went. */
type Asked =
  & { retryAfter?: number | undefined }
  & ({ kind: "answered"; status: number } | { kind: "failed"; reason: string });

/**
 * Ends what a token set opens. An access token that is no longer taken cannot
 * end anything, while its refresh token lives on: it is renewed once, only to
 * be ended. What neither token opens any more has ended.
 */
export async function endAccess(
  deps: EndAccessDeps,
  data: RevocationData,
  tokens: TokenSet,
): Promise<Revocation> {
  if (data.account !== undefined) return await endByAccount(deps, data, data.account, tokens);
  const { accessToken, refreshToken } = tokens;
  const isGrant = data.token === "refresh" && refreshToken !== undefined;
  const asked = await ask(deps, data, isGrant ? refreshToken : accessToken, isGrant);
  if (isGrant || !isRefused(asked) || refreshToken === undefined) return outcomeOf(data, asked);
  const renewed = await deps.refresh(refreshToken, REVOCATION_TIMEOUT_MS);
  if (renewed.kind === "issued") {
    return outcomeOf(data, await ask(deps, data, renewed.tokens.accessToken, false));
  }
  const isOver = renewed.kind === "rejected" && renewed.code === "invalid_grant";
  return isOver ? { kind: "revoked" } : { kind: "failed", reason: "the provider refused" };
}

async function endByAccount(
  deps: EndAccessDeps,
  data: RevocationData,
  parameter: string,
  tokens: TokenSet,
): Promise<Revocation> {
  try {
    const id = await deps.whose(tokens);
    return outcomeOf(data, await askByForm(deps, data, { [parameter]: id }));
  } catch (error) {
    // The provider no longer knows the token, as where the account has ended it there.
    if (error instanceof AnsweredNo && error.status === 401) return { kind: "revoked" };
    return { kind: "failed", reason: "the provider did not say whose the token is" };
  }
}

/** Some say 400 for a token that they no longer know, where RFC 6750 §3.1 has 401. */
function isRefused(asked: Asked): boolean {
  return asked.kind === "answered" && [400, 401].includes(asked.status);
}

/** The ways in which a request proves whose client sends it. */
const CLIENT_PROVES = ["secret", "posted", "basic", "scheme", "bearer"];

function outcomeOf({ shows, client = "secret" }: RevocationData, asked: Asked): Revocation {
  if (asked.kind === "failed") return asked;
  const { status } = asked;
  if (status >= 200 && status < 300) return { kind: "revoked" };
  // The provider no longer knows the token, unless it is the client that it does not know.
  const isProven = shows !== "bearer" && CLIENT_PROVES.includes(client);
  const isUnknown = status === 401 && !isProven;
  if (isUnknown) return { kind: "revoked" };
  const { retryAfter } = asked;
  return { kind: "failed", reason: `unusable answer with status ${status}`, retryAfter };
}

async function ask(
  deps: EndAccessDeps,
  data: RevocationData,
  token: string,
  isGrant: boolean,
): Promise<Asked> {
  if (data.shows === "bearer") return await askAsBearer(deps.fetch, data, token);
  const { parameter = "token", hint = false, client } = data;
  const form: Record<string, string> = { [parameter]: token };
  if (hint) form.token_type_hint = isGrant ? "refresh_token" : "access_token";
  const authorization = client === "token" ? { Authorization: `Bearer ${token}` } : undefined;
  return await askByForm(deps, data, form, authorization);
}

async function askByForm(
  { fetch, authentication, headers }: EndAccessDeps,
  { url: endpoint, shows, client = "secret", clientNames: names = authentication.names }:
    RevocationData,
  form: Record<string, string>,
  authorization?: Record<string, string>,
): Promise<Asked> {
  const answer = await postForm({
    fetch,
    endpoint,
    form,
    format: shows === "json" ? "json" : "form",
    headers: { ...headers, ...authorization },
    authentication: authenticationOf(client, { ...authentication, names }),
    timeoutMs: REVOCATION_TIMEOUT_MS,
  });
  return answer.kind === "failed" ? { kind: "failed", reason: answer.reason } : answer;
}

function authenticationOf(
  client: NonNullable<RevocationData["client"]>,
  usual: ClientAuthentication,
): ClientAuthentication | undefined {
  switch (client) {
    case "secret":
      return usual;
    case "posted":
      return usual.method === "none" ? usual : { ...usual, method: "client_secret_post" };
    case "basic":
      return usual.method === "none"
        ? usual
        : { ...usual, method: "client_secret_basic_unencoded" };
    case "scheme":
      return usual.method === "none" ? usual : { ...usual, method: "client_secret_scheme" };
    case "bearer":
      return usual.method === "none" ? usual : { ...usual, method: "client_secret_bearer" };
    case "id":
      return { method: "none", clientId: usual.clientId, names: usual.names };
    case "nobody":
    case "token":
      return undefined;
  }
}

async function askAsBearer(
  fetch: typeof globalThis.fetch,
  { url, method = "POST" }: RevocationData,
  accessToken: string,
): Promise<Asked> {
  try {
    const response = await fetch(url, {
      method,
      headers: bearerHeaders({ accessToken }, { "User-Agent": "switchboard" }),
      // A redirect would carry the token to another host.
      redirect: "manual",
      signal: AbortSignal.timeout(REVOCATION_TIMEOUT_MS),
    });
    await response.body?.cancel();
    const retryAfter = parseRetryAfter(response.headers);
    return { kind: "answered", status: response.status, retryAfter };
  } catch {
    return { kind: "failed", reason: "the connection failed" };
  }
}
