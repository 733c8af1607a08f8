/**
 * Installations of a GitHub App: which ones a person may see, and tokens of
 * one. A token lives for an hour, and is had anew with a statement that the
 * app's private key has signed; there is no refresh token.
 *
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app
 *
 * @module
 */

import { createPrivateKey } from "node:crypto";
import { importPKCS8 } from "jose/key/import";
import { SignJWT } from "jose/jwt/sign";
import { z } from "zod";
import type { Revocation, TokenAnswer } from "../../broker/core/authorization_server.ts";
import { discard, readJson } from "../../broker/core/bodies.ts";
import { issuedTokens } from "../issued_tokens.ts";
import { EXCHANGE_TIMEOUT_MS, REVOCATION_TIMEOUT_MS } from "../oauth.ts";
import { MAX_ANSWER_BYTES } from "../post_form.ts";
import type { ProviderSettings } from "../provider.ts";
import { parseRetryAfter } from "../retry_after.ts";

/** GitHub takes no statement of more than 10 minutes, and its clock may be another one. */
const STATEMENT_SECONDS = { back: 60, ahead: 540 };
const PAGE = 100;
/** Somebody who sees more than 1,000 names one of the first. */
const MOST_PAGES = 10;

/** Who asks GitHub, and where it is. */
export interface AppDeps {
  settings: ProviderSettings;
  api: string;
  headers: Record<string, string>;
}

/** One installation, as GitHub tells a person who may see it. */
export interface Installation {
  id: string;
  /** Whose repositories it is for: a user's or an organization's login. */
  owner: string;
  /** That user's, or organization's. */
  ownerId: string;
}

const Id = z.number().int().positive().transform(String);
const Listed = z.object({ id: Id, account: z.object({ id: Id, login: z.string() }) });
/** An enterprise has no login: what is no installation of an owner's is passed over. */
const Installations = z.object({ installations: z.array(z.unknown()) });
const User = z.object({ id: Id });
const Membership = z.object({ state: z.string(), role: z.string() });
const Repositories = z.object({
  total_count: z.number().int().nonnegative(),
  repositories: z.array(z.object({
    permissions: z.object({ admin: z.boolean().default(false) }).default({ admin: false }),
  })),
});
const Token = z.object({ token: z.string(), expires_at: z.string() });
const App = z.object({ html_url: z.string() });

/** What is wrong with a private key; `undefined`: nothing. */
export function privateKeyFault(text: string): string | undefined {
  try {
    const { asymmetricKeyType } = createPrivateKey(pemOf(text));
    return asymmetricKeyType === "rsa" ? undefined : "is no RSA key";
  } catch {
    // The message may quote the key.
    return "is no private key as GitHub gives it, a file that begins with -----BEGIN RSA PRIVATE KEY-----";
  }
}

/** In a variable the lines of a file are often written with `\n` between them. */
function pemOf(text: string): string {
  return text.includes("\n") ? text : text.replaceAll("\\n", "\n");
}

/**
 * The installation of an owner among those that a person may see: what a browser says of an
 * installation's id is nobody's proof.
 * https://docs.github.com/en/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token
 */
export async function installationOf(
  deps: AppDeps,
  userToken: string,
  owner: string,
): Promise<Installation | undefined> {
  const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
  for (let page = 1; page <= MOST_PAGES; page++) {
    const path = `/user/installations?per_page=${PAGE}&page=${page}`;
    const response = await ask(deps, path, { token: userToken, signal });
    const { installations } = Installations.parse(await jsonOf(response, signal));
    for (const each of installations) {
      const { data } = Listed.safeParse(each);
      if (data?.account.login.toLowerCase() !== owner.toLowerCase()) continue;
      return { id: data.id, owner: data.account.login, ownerId: data.account.id };
    }
    if (installations.length < PAGE) return undefined;
  }
  return undefined;
}

/**
 * Whether a person may do themselves what the installation may: they are its owner, they own its
 * organization, or they administer each of its repositories. GitHub shows an installation to all
 * who may read one repository of it, and its token opens them all.
 *
 * @throws where GitHub does not tell.
 */
export async function maySpeakFor(
  deps: AppDeps,
  userToken: string,
  { id, owner, ownerId }: Installation,
  installationToken: string,
): Promise<boolean> {
  const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
  const get = async (path: string, token: string) =>
    await jsonOf(await ask(deps, path, { token, signal }), signal);
  if (User.parse(await get("/user", userToken)).id === ownerId) return true;
  // It takes a permission that many apps do not have; then the repositories say it.
  const path = `/user/memberships/orgs/${encodeURIComponent(owner)}`;
  const membership = Membership.safeParse(await get(path, userToken).catch(() => undefined));
  if (membership.data?.state === "active" && membership.data.role === "admin") return true;
  const all = Repositories.parse(
    await get("/installation/repositories?per_page=1", installationToken),
  );
  const { total_count: count } = all;
  for (let page = 1, seen = 0; page <= MOST_PAGES; page++) {
    const theirs = `/user/installations/${id}/repositories?per_page=${PAGE}&page=${page}`;
    const { total_count, repositories } = Repositories.parse(await get(theirs, userToken));
    // There are some that they do not even see, or none at all, which says nothing of who they are.
    if (total_count !== count || count === 0) return false;
    if (repositories.some(({ permissions }) => !permissions.admin)) return false;
    seen += repositories.length;
    if (seen >= count) return true;
    if (repositories.length === 0) return false;
  }
  return false;
}

/** Where the app is installed. https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app */
export async function installPage(deps: AppDeps): Promise<string | undefined> {
  const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
  try {
    const response = await ask(deps, "/app", { token: await statement(deps), signal });
    const { html_url } = App.parse(await jsonOf(response, signal));
    return isPage(html_url) ? `${html_url}/installations/new` : undefined;
  } catch {
    // It only helps to find the page.
    return undefined;
  }
}

function isPage(text: string): boolean {
  return text.length <= 300 && /^https?:\/\/[a-z0-9.:-]+(\/[A-Za-z0-9._-]+)+$/.test(text);
}

/**
 * A token of an installation. Never aborted by a deadline of its own once it was sent: it uses
 * nothing up, and a caller who waits leaves by itself.
 * https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
 */
export async function issueToken(deps: AppDeps, id: string): Promise<TokenAnswer> {
  if (!/^\d{1,20}$/.test(id)) return { kind: "rejected", code: "invalid_grant" };
  const signal = AbortSignal.timeout(EXCHANGE_TIMEOUT_MS);
  try {
    const path = `/app/installations/${id}/access_tokens`;
    const token = await statement(deps);
    const response = await ask(deps, path, { method: "POST", token, signal });
    if (!response.ok) return await refusal(response);
    const { token: access_token, expires_at } = Token.parse(await jsonOf(response, signal));
    const tokens = issuedTokens({ access_token, token_type: "bearer", expires_at });
    if (tokens === undefined) return { kind: "failed", reason: "the token cannot be sent" };
    return { kind: "issued", tokens: { ...tokens, renewal: { id } } };
  } catch {
    return { kind: "failed", reason: "GitHub gave no usable answer" };
  }
}

/** Ends this token, and leaves the installation. */
export async function endToken(deps: AppDeps, accessToken: string): Promise<Revocation> {
  const signal = AbortSignal.timeout(REVOCATION_TIMEOUT_MS);
  try {
    const request = { method: "DELETE", token: accessToken, signal };
    const response = await ask(deps, "/installation/token", request);
    await discard(response);
    const { status, headers } = response;
    // One that GitHub does not know any more has ended.
    if (status === 204 || status === 401) return { kind: "revoked" };
    const retryAfter = parseRetryAfter(headers);
    return { kind: "failed", reason: `GitHub answered with status ${status}`, retryAfter };
  } catch {
    return { kind: "failed", reason: "GitHub could not be reached" };
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api */
async function refusal(response: Response): Promise<TokenAnswer> {
  const { status, headers } = response;
  await discard(response);
  const retryAfter = parseRetryAfter(headers);
  const isLimited = status === 429 || (status === 403 &&
    (retryAfter !== undefined || headers.get("x-ratelimit-remaining") === "0"));
  if (isLimited) return { kind: "failed", reason: "GitHub asks to slow down", retryAfter };
  switch (status) {
    // The app's own key, or its id: whoever runs this program must act.
    case 401:
      return { kind: "rejected", code: "invalid_client" };
    // It was taken away.
    case 404:
    case 410:
      return { kind: "rejected", code: "invalid_grant" };
    // Suspended, by its owner or by GitHub; that ends without anybody who connects again.
    case 403:
      return { kind: "rejected", code: "installation_suspended" };
    default:
      return { kind: "failed", reason: `GitHub answered with status ${status}`, retryAfter };
  }
}

/** RS256, with the client's id as its issuer; GitHub takes nothing else. */
async function statement({ settings: { clientId, privateKey = "" } }: AppDeps): Promise<string> {
  const pkcs8 = createPrivateKey(pemOf(privateKey)).export({ type: "pkcs8", format: "pem" });
  const key = await importPKCS8(String(pkcs8), "RS256");
  const now = Math.floor(Date.now() / 1000);
  return await new SignJWT().setProtectedHeader({ alg: "RS256" }).setIssuer(clientId)
    .setIssuedAt(now - STATEMENT_SECONDS.back)
    .setExpirationTime(now + STATEMENT_SECONDS.ahead)
    .sign(key);
}

async function ask(
  { settings: { fetch }, api, headers }: AppDeps,
  path: string,
  { method = "GET", token, signal }: { method?: string; token: string; signal: AbortSignal },
): Promise<Response> {
  return await fetch(api + path, {
    method,
    headers: { ...headers, Authorization: `Bearer ${token}` },
    // A redirect would carry the token to another host.
    redirect: "manual",
    signal,
  });
}

async function jsonOf(response: Response, signal: AbortSignal): Promise<unknown> {
  if (response.ok) return await readJson(response, { limit: MAX_ANSWER_BYTES, signal });
  await discard(response);
  throw new Error(`GitHub answered with status ${response.status}`);
}
