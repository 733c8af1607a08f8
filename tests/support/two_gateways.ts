/**
 * The same deployment before and after the operator changed its settings: one
 * store, one address, one set of providers, two configurations.
 *
 * @module
 */

import { formToken } from "../../routes/http/browser_cookie.ts";
import { newKeyLine } from "../../tasks/key.ts";
import { cookieOf, send } from "./attacks.ts";
import { Browser } from "./browser.ts";
import { signInForm } from "./emulators.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";

type Env = Record<string, string>;
type Answer = Awaited<ReturnType<typeof send>>;

/** Before and after. */
export interface TwoGateways extends AsyncDisposable {
  before: Gateway;
  after: Gateway;
}

/** Starts both; `env` is what they share. */
export async function startTwo(
  { env = {}, was = {}, is, fetch }:
    & { env?: Env; was?: Env; is: Env }
    & Pick<
      GatewayOptions,
      "fetch"
    >,
): Promise<TwoGateways> {
  const shared = { ...env, ENCRYPTION_KEYS: newKeyLine("k1") };
  const before = await startGateway({ env: { ...shared, ...was } });
  const after = await startGateway({
    kvPath: before.kvPath,
    env: {
      ...shared,
      PUBLIC_URL: before.url,
      ALLOWED_HOSTS: "localhost",
      GITHUB_BASE_URL: before.emulators.github,
      GOOGLE_BASE_URL: before.emulators.google,
      ...is,
    },
    ...(fetch && { fetch }),
  });
  return {
    before,
    after,
    async [Symbol.asyncDispose]() {
      // The first one has the file.
      await after[Symbol.asyncDispose]();
      await before[Symbol.asyncDispose]();
    },
  };
}

/** Opens a link at one of the two. */
export function openAt(at: Gateway, link: string, cookie?: string): Promise<Answer> {
  const { pathname, search } = new URL(link);
  return send(at.url + pathname + search, { cookie });
}

/** A browser's cookie, as a page of the gateway sets it. */
export async function browserCookie(at: Gateway): Promise<string> {
  return cookieOf(await send(`${at.url}/sign-in`), "sb_browser");
}

/** Confirms a link, as the page's own button does in the browser with these cookies. */
export function confirmAt(
  at: Gateway,
  link: string,
  browser: string,
  session?: string,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(link);
  const form_token = formToken(browser.split("=")[1]!, searchParams.get("link")!);
  return send(at.url + pathname, {
    cookie: session === undefined ? browser : `${browser}; ${session}`,
    form: { ...Object.fromEntries(searchParams), form_token },
  });
}

/** From the redirect to a provider through its sign-in; the callback's path and query. */
export async function throughProvider(location: string | null): Promise<string> {
  const browser = new Browser();
  const signIn = await browser.open(location!);
  const until = (url: string) => url.includes("/callback/");
  const { pathname, search } = new URL(
    (await browser.submit(signIn, { form: signInForm(signIn), until })).url,
  );
  return pathname + search;
}
