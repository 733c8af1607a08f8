/**
 * An honest person: half of them are users of an app that calls with its API
 * key, the others sign in themselves and use an MCP client.
 *
 * @module
 */

import { Browser, type Page } from "../../support/browser.ts";
import type { Dice } from "../../support/fuzz/dice.ts";
import { authorizeUrl, decide, pkce, REDIRECT_URI } from "../../support/mcp_client.ts";
import { expecting, Fault, type Line, requireEqual, TryLater } from "./line.ts";
import { emailOf, type Ledger } from "./ledger.ts";

/** The client that all signed-in people use; it need not register. */
export const DESK = { client_id: "desk", client_name: "Desk", redirect_uris: [REDIRECT_URI] };
const CALENDAR_TITLE = "✓ Google Calendar";

/** What a person has and does. */
export interface Person {
  name: string;
  kind: "app user" | "signed in";
  line: Line;
  ledger: Ledger;
  dice: Dice;
  /** Of the app; a signed-in person has no use for it. */
  apiKey: string;
  provider: string;
  browser: Browser;
  accounts: { main: string; second: string; hasSecond: boolean };
  /** How a signed-in person calls `/mcp`. */
  access: { token: string; refreshToken: string; personal: string };
  /** Of requests and writes, so that each is another. */
  counter: number;
  /** Personal tokens. */
  tokensTried: number;
}

export function newPerson(
  name: string,
  rest: Pick<Person, "kind" | "line" | "ledger" | "dice" | "apiKey" | "provider">,
): Person {
  const accounts = { main: `${name}-1`, second: `${name}-2`, hasSecond: false };
  for (const account of [accounts.main, accounts.second]) {
    rest.line.own("e-mail address", emailOf(account));
  }
  return {
    name,
    ...rest,
    browser: new Browser({ fetch: rest.line.fetch }),
    accounts,
    access: { token: "", refreshToken: "", personal: "" },
    counter: 0,
    tokensTried: 0,
  };
}

/** What an app sends along. */
export function appHeaders({ apiKey, name }: Person): Record<string, string> {
  return {
    "Authorization": `Bearer ${apiKey}`,
    "X-User-Id": name,
    "Content-Type": "application/json",
  };
}

/** How this person, or the app for them, comes to `/mcp`. What may be sent again comes by one way. */
export function mcpHeaders(
  person: Person,
  { byClient = false } = {},
): Record<string, string> {
  if (person.kind === "app user") return appHeaders(person);
  const { token, personal } = person.access;
  const isPersonal = !byClient && personal !== "" && person.dice.int(3) === 0;
  const bearer = isPersonal ? personal : token;
  return { "Authorization": `Bearer ${bearer}`, "Content-Type": "application/json" };
}

/** Everything that a person has before the first deed. */
export async function settleIn(person: Person): Promise<void> {
  if (person.kind === "app user") return await connect(person, person.accounts.main);
  await signIn(person);
  await connect(person, person.accounts.main);
  await authorize(person);
}

/** Connects an account of theirs, or connects it again. */
export async function connect(person: Person, account: string): Promise<void> {
  const { kind, line, name } = person;
  let atProvider: Page;
  if (kind === "app user") {
    const answer = await line.ask("/links", {
      method: "POST",
      headers: appHeaders(person),
      body: JSON.stringify({ user_id: name, service: "calendar" }),
      sees: ["link"],
    });
    const { json: { url } } = expecting(200, withLink(line, answer));
    const browser = new Browser({ fetch: line.fetch });
    const confirm = pageOf(await browser.open(url));
    if (!confirm.html.includes(name)) throw new Fault("the confirm page is for somebody else");
    atProvider = await browser.submit(confirm);
    return connected(await chooseAccount(browser, atProvider, account), account);
  }
  const page = await dashboard(person);
  const form = page.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "calendar"
  );
  if (form === undefined) throw new Fault("the dashboard has no button for the calendar");
  atProvider = await person.browser.submit(page, { form });
  connected(await chooseAccount(person.browser, atProvider, account), account);
}

function withLink<T extends { json: { url?: string } | undefined }>(line: Line, answer: T): T {
  const secret = /[?&]link=([A-Za-z0-9_-]{43})/.exec(answer.json?.url ?? "")?.[1];
  if (secret !== undefined) line.own("link", secret);
  return answer;
}

function connected(page: Page, account: string): void {
  if (!pageOf(page).html.includes(CALENDAR_TITLE)) throw new Fault(`no ${CALENDAR_TITLE}`);
  if (!page.html.includes(emailOf(account))) throw new Fault("another account was connected");
}

/** The page, unless it is one that says to come again. */
export function pageOf(page: Page): Page {
  if (page.status === 503) throw new TryLater("a page that says to try again", 2_000);
  if (page.status !== 200) {
    const words = page.html.replace(/^.*<body>/s, "").replaceAll(/<[^>]*>/g, " ").slice(0, 300);
    throw new Fault(`a page with status ${page.status} at ${new URL(page.url).pathname}: ${words}`);
  }
  return page;
}

async function chooseAccount(browser: Browser, page: Page, account: string): Promise<Page> {
  const form = pageOf(page).forms[0];
  if (form === undefined || !("account" in form.fields)) {
    throw new Fault(`not the provider's page: ${new URL(page.url).pathname}`);
  }
  return await browser.submit(page, { form, fields: { account } });
}

/** Signs in, and sees the dashboard. */
export async function signIn(person: Person): Promise<void> {
  const { browser, line, accounts: { main } } = person;
  const page = pageOf(await browser.open(`${line.publicUrl}/sign-in`));
  const form = page.forms.find(({ action }) => action === "/sign-in/google");
  if (form === undefined) throw new Fault("no sign-in with Google");
  const done = pageOf(await chooseAccount(browser, await browser.submit(page, { form }), main));
  if (!done.html.includes(emailOf(main))) throw new Fault("signed in as somebody else");
}

/** The own dashboard. */
export async function dashboard({ browser, line, accounts: { main } }: Person): Promise<Page> {
  const page = pageOf(await browser.open(`${line.publicUrl}/`));
  if (!page.html.includes(emailOf(main))) throw new Fault("the dashboard is somebody else's");
  return page;
}

/** Lets the MCP client in. */
async function authorize(person: Person): Promise<void> {
  const { browser, line } = person;
  const { verifier, challenge } = pkce();
  const client = { id: DESK.client_id, redirectUri: REDIRECT_URI, verifier, challenge };
  const scope = "gmail calendar drive notes";
  const page = pageOf(await browser.open(authorizeUrl({ url: line.publicUrl }, client, { scope })));
  const code = (await decide(browser, page)).searchParams.get("code") ?? "";
  line.own("authorization code", code);
  line.own("code verifier", verifier);
  await clientTokens(person, {
    grant_type: "authorization_code",
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  });
}

/** Asks for tokens as the client does, and keeps them. */
export async function clientTokens(person: Person, form: Record<string, string>): Promise<void> {
  const body = new URLSearchParams({ client_id: DESK.client_id, ...form });
  const { line } = person;
  const answer = await line.ask("/oauth/token", { method: "POST", body, sees: ["gateway token"] });
  const { json } = expecting(200, answer);
  requireEqual(json.token_type?.toLowerCase(), "bearer", "token_type");
  requireEqual(subjectIn(json.access_token), `google:${person.accounts.main}`, "the token's sub");
  line.own("gateway token", json.access_token);
  line.own("gateway token", json.refresh_token);
  Object.assign(person.access, { token: json.access_token, refreshToken: json.refresh_token });
}

function subjectIn(jwt: string): string {
  const [, claims = ""] = jwt.split(".");
  return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))).sub;
}
