/**
 * The redirect URIs, spelled out, and whether the provider's own page takes
 * them, as far as that shows without a person.
 *
 * @module
 */

import { readText } from "../../broker/core/bodies.ts";
import { unique } from "../../broker/core/lists.ts";
import { randomSecret } from "../../broker/core/secrets.ts";
import type { Provider } from "../../providers/provider.ts";
import type { Finding } from "./finding.ts";
import { watched, type Ways } from "./ways.ts";

const WHAT = "redirect URIs";
/** Of a page: what is wrong stands near its beginning. */
const PAGE_BYTES = 512 * 1024;

/** A provider that is set up, and where its app was registered. */
export interface SetUp {
  provider: Provider;
  /** A page, or a sentence. */
  console: string;
  redirectUri: string;
  /** What is set in the place of its own addresses. */
  baseUrl?: string | undefined;
}

/** One line each; `ways`: absent where nobody is asked. */
export async function redirectFinding(setUp: SetUp, ways: Ways | undefined): Promise<Finding> {
  const { provider: { name }, redirectUri, console } = setUp;
  const cure = `Register exactly that, at ${console}`;
  const wrong = ways && await whatPageSays(setUp, ways);
  if (wrong === "redirect") return mismatch(setUp);
  if (wrong === "client") {
    const found = `${name}: its page does not know the client id.`;
    return { what: WHAT, state: "fault", found, cure: `Copy the client id anew, from ${console}` };
  }
  if (wrong === "scope") {
    const found = `${name}: ${redirectUri} is taken, and the scopes that are asked for are not.`;
    return { what: WHAT, state: "fault", found, cure: `Allow them in the app, at ${console}` };
  }
  return { what: WHAT, state: "ok", found: `${name}: ${redirectUri}`, cure };
}

/** What is found where the provider says that another one is registered. */
export function mismatch({ provider: { name }, redirectUri, console }: SetUp): Finding {
  return {
    what: WHAT,
    state: "fault",
    found: `${name}: ${redirectUri} is not registered there, but another one.`,
    cure: `Register exactly that, at ${console}: scheme, host, port, no slash at the end.`,
  };
}

/** Asks for the sign-in page, as a browser without cookies does. */
async function whatPageSays(
  { provider, redirectUri }: SetUp,
  ways: Ways,
): Promise<"redirect" | "client" | "scope" | undefined> {
  const { credential, services, identityScopes } = provider;
  if (credential.kind !== "oauth") return undefined;
  try {
    const url = await credential.authorizationUrl({
      state: randomSecret(),
      verifier: randomSecret(),
      scopes: unique([...services.flatMap(({ scopes }) => scopes), ...identityScopes]),
    });
    const { fetch } = watched(ways);
    const signal = AbortSignal.timeout(ways.patience.answerMs);
    const response = await fetch(url, {
      redirect: "manual",
      headers: { Accept: "text/html", "User-Agent": "switchboard" },
      signal,
    });
    const location = response.headers.get("Location");
    if (location === null) {
      const page = await readText(response, { limit: PAGE_BYTES, signal });
      return response.status < 400 ? undefined : meaningOf(page);
    }
    await response.body?.cancel();
    const target = new URL(location, url);
    if (target.href.startsWith(redirectUri)) {
      return target.searchParams.get("error") === "invalid_scope" ? "scope" : undefined;
    }
    return /error/i.test(location) ? meaningOf(spelledOut(target)) : undefined;
  } catch {
    // Of what is not reached the token endpoint tells.
    return undefined;
  }
}

/** Google says it in base64, in `authError` (seen November 2026). */
function spelledOut({ href, searchParams }: URL): string {
  const coded = (searchParams.get("authError") ?? "").replaceAll("-", "+").replaceAll("_", "/");
  try {
    return `${href} ${atob(coded)}`;
  } catch {
    return href;
  }
}

const REDIRECT =
  /redirect_uri_mismatch|(?:bad|invalid|unregistered)_redirect_uri|AADSTS50011|redirect[ _]?ur[il]\b[^.<]{0,80}(?:mismatch|match|invalid|not (?:registered|allowed|associated|valid|whitelisted))|(?:mismatch|invalid|unregistered|unknown)[^.<]{0,30}redirect[ _]?ur[il]|callback url mismatch/i;
const CLIENT =
  /invalid_client|deleted_client|unauthorized_client|AADSTS700016|(?:unknown|invalid)[ _]client|client[ _]id\b[^.<]{0,60}(?:unknown|invalid|not (?:found|registered|valid))/i;

function meaningOf(text: string): "redirect" | "client" | undefined {
  if (REDIRECT.test(text)) return "redirect";
  return CLIENT.test(text) ? "client" : undefined;
}
