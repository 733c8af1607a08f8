/**
 * What attack tests share: people in browsers, tokens of theirs, raw requests
 * with somebody's cookies.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { Browser, NAVIGATION, type Page } from "./browser.ts";
import { signInForm } from "./emulators.ts";
import { type ApiAnswer, type Gateway, startGateway } from "./gateway.ts";
import {
  type Consent,
  exchange,
  obtainCode,
  type Reach,
  type TestClient,
  ticked,
} from "./mcp_client.ts";

export const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };

/** A gateway on which everybody may sign in. */
export function openGateway(options: Parameters<typeof startGateway>[0] = {}): Promise<Gateway> {
  return startGateway({ ...options, env: { SIGN_IN_ALLOW: "*", ...options.env } });
}

/** Calls the MCP endpoint with a gateway token. */
export function withToken(
  gateway: Gateway,
  token: string,
  body: unknown = LIST,
  path = "/mcp",
): Promise<ApiAnswer> {
  return gateway.mcp(body, { path, key: token, userId: null });
}

export async function assertWorks(gateway: Gateway, token: string, path = "/mcp"): Promise<void> {
  assertEquals((await withToken(gateway, token, LIST, path)).status, 200);
}

export async function assertDead(gateway: Gateway, token: string, path = "/mcp"): Promise<void> {
  const { status, json } = await withToken(gateway, token, LIST, path);
  assertEquals([status, json.error], [401, "invalid_token"]);
}

/** Answers of the token endpoint that give nothing. */
export function assertRefused(
  { status, json }: { status: number; json: Record<string, unknown> },
  error = "invalid_grant",
  expected = 400,
): void {
  assertEquals([status, json.error], [expected, error]);
  assertEquals(json.access_token ?? json.refresh_token, undefined);
}

/** The whole way to tokens. */
export async function obtainTokens(
  gateway: Reach,
  client: TestClient,
  options: Consent & { browser?: Browser; params?: Record<string, string | undefined> } = {},
): Promise<{ access_token: string; refresh_token: string; scope: string }> {
  const { resource } = options.params ?? {};
  const code = await obtainCode(gateway, client, options);
  const { status, json } = await exchange(gateway, client, code, { resource });
  assertEquals(status, 200);
  return json;
}

/** A raw request of a browser; redirects are not followed. */
export async function send(
  url: string,
  { cookie, headers = {}, form }: {
    cookie?: string | undefined;
    headers?: Record<string, string>;
    form?: Record<string, string> | string[][];
  } = {},
): Promise<{ status: number; headers: Headers; text: string; location: string | null }> {
  const response = await fetch(url, {
    method: form === undefined ? "GET" : "POST",
    headers: {
      Accept: NAVIGATION,
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...headers,
    },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
    redirect: "manual",
  });
  const location = response.headers.get("Location");
  return {
    status: response.status,
    headers: response.headers,
    text: await response.text(),
    location,
  };
}

/** `name=value` of a cookie that an answer sets. */
export function cookieOf({ headers }: { headers: Headers }, name: string): string {
  const pairs = headers.getSetCookie().map((cookie) => cookie.split(";")[0]!);
  const found = pairs.find((pair) => pair.startsWith(`${name}=`));
  assert(found !== undefined, `no cookie ${name} in ${pairs}`);
  return found;
}

/** A person who has signed in. */
export interface Person {
  browser: Browser;
  /** `sb_session=…` */
  cookie: string;
  /** The dashboard. */
  home: Page;
}

/** Signs a person in; `github` and `google` are two different people. */
export async function signedIn(
  gateway: Reach,
  provider: "github" | "google" = "github",
): Promise<Person> {
  const browser = new Browser();
  const page = await browser.open(`${gateway.url}/sign-in`);
  const callback = await callbackOf(gateway, browser, page, provider);
  const back = await browser.open(callback, () => true);
  const cookie = cookieOf(back, "sb_session");
  return { browser, cookie, home: await browser.open(gateway.url) };
}

/** From a sign-in page through the provider; the callback is not opened. */
export async function callbackOf(
  gateway: Reach,
  browser: Browser,
  page: Page,
  provider = "github",
): Promise<string> {
  const form = page.forms.find(({ action }) => action === `/sign-in/${provider}`)!;
  const atProvider = await browser.submit(page, { form });
  const until = (url: string) => url.startsWith(`${gateway.url}/callback/`);
  return (await browser.submit(atProvider, { form: signInForm(atProvider), until })).url;
}

/** What a person's own page puts into each of its forms. */
export function ownToken({ forms }: Page): string {
  return forms.find(({ fields }) => "form_token" in fields)!.fields.form_token!;
}

/** Presses the button that connects a service on a person's own page, and signs in there. */
export async function connectOwn(
  gateway: Reach,
  { browser }: Pick<Person, "browser">,
  service = "github",
): Promise<Page> {
  const home = await browser.open(gateway.url);
  const form = home.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === service
  )!;
  const atProvider = await browser.submit(home, { form });
  return await browser.submit(atProvider, { form: signInForm(atProvider) });
}

/** Makes a personal token on the dashboard. */
export async function personalToken(
  { browser, home }: Pick<Person, "browser" | "home">,
  name = "Kitchen",
): Promise<string> {
  // Each form makes one.
  const page = await browser.open(home.url);
  const form = page.forms.find(({ action }) => action === "/dashboard/tokens")!;
  const made = await browser.submit(page, { form, fields: { name }, checked: ticked(form) });
  return /sb_pat_[A-Za-z0-9_-]{43}/.exec(made.html)![0];
}
