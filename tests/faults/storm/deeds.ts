/**
 * What honest people do over REST and on their own pages. Each deed looks at
 * what it was answered, and throws a {@linkcode Fault} where it is wrong.
 *
 * @module
 */

import { DOORS } from "../../../gateway/doors.ts";
import { ticked } from "../../support/mcp_client.ts";
import { emailOf } from "./ledger.ts";
import { expecting, Fault, requireEqual, TryLater } from "./line.ts";
import { mcpDeeds } from "./mcp_deeds.ts";
import { appHeaders, clientTokens, connect, dashboard, pageOf, type Person } from "./person.ts";

/** One kind of request. */
export interface Deed {
  name: string;
  /** How often, against the others of the same person. */
  weight: number;
  who: Person["kind"] | "both";
  /** `attempt` counts from 0: what a cut-off attempt has done is there already. */
  run(person: Person, attempt: number): Promise<void>;
}

/** One of the accounts that are connected. */
export function anyAccount({ dice, accounts }: Person): string {
  return accounts.hasSecond && dice.int(2) === 0 ? accounts.second : accounts.main;
}

async function token(person: Person): Promise<void> {
  const account = anyAccount(person);
  const named = account === person.accounts.main && person.dice.int(2) === 0
    ? {}
    : { account: emailOf(account) };
  const answer = await person.line.ask("/token/google", {
    method: "POST",
    headers: appHeaders(person),
    body: JSON.stringify({ user_id: person.name, ...named }),
    sees: ["access token"],
  });
  const { json } = expecting(200, answer);
  requireEqual([json.account, json.label], [account, emailOf(account)], "the account");
  await requireAlive(person, json.access_token, account);
}

/** Asks the provider itself whose a token is. */
async function requireAlive(
  { provider }: Person,
  accessToken: string,
  account: string,
): Promise<void> {
  const headers = { Authorization: `Bearer ${accessToken}` };
  const response = await fetch(`${provider}/oauth2/v2/userinfo`, { headers });
  const { id } = await response.json();
  if (response.status === 503) throw new TryLater("the provider is out", 1_000);
  if (response.status !== 200) throw new Fault("a dead token was given");
  requireEqual(id, account, "the token's owner at the provider");
}

async function connections(person: Person): Promise<void> {
  const { line, name, accounts } = person;
  const headers = appHeaders(person);
  const answer = await line.ask(`/connections?user_id=${name}`, { headers });
  const { json: { connections } } = expecting(200, answer);
  const seen = connections.map((it: Record<string, string>) => [it.account, it.label, it.status]);
  const expected = [accounts.main, ...(accounts.hasSecond ? [accounts.second] : [])]
    .map((account) => [account, emailOf(account), "active"]);
  requireEqual(seen.sort(), expected.sort(), "the list of connections");
}

async function proxy(person: Person): Promise<void> {
  const account = anyAccount(person);
  const headers = { ...appHeaders(person), "X-Account": account };
  const answer = await person.line.ask("/proxy/google/oauth2/v2/userinfo", { headers });
  if (answer.status === 503 && answer.text === "{}") {
    throw new TryLater("the provider is out", 1_000);
  }
  requireEqual(expecting(200, answer).json.id, account, "the proxied account");
}

/** The second account comes and goes. */
async function comeAndGo(person: Person, attempt: number): Promise<void> {
  const { accounts } = person;
  if (!accounts.hasSecond) {
    await connect(person, accounts.second);
    accounts.hasSecond = true;
    return;
  }
  const { name, line } = person;
  const query = new URLSearchParams({ user_id: name, account: accounts.second });
  const headers = appHeaders(person);
  const answer = await line.ask(`/connections/google?${query}`, { method: "DELETE", headers });
  // The attempt before may have been answered to nobody.
  const isGone = attempt > 0 && answer.json?.error === "unknown_account";
  if (!isGone) {
    const { json } = expecting(200, answer);
    requireEqual([json.deleted, json.account], [true, accounts.second], "the disconnected account");
    // A provider that is out cannot be told; the connection is deleted all the same.
    if (attempt === 0 && !json.revoked) throw new TryLater("disconnected, but not revoked", 100);
  }
  accounts.hasSecond = false;
}

async function reconnect(person: Person): Promise<void> {
  await connect(person, person.accounts.main);
}

export async function refreshClient(person: Person): Promise<void> {
  const refresh = { grant_type: "refresh_token", refresh_token: person.access.refreshToken };
  await clientTokens(person, refresh);
}

/**
 * A personal token is made on the dashboard; the one before is revoked there. Of a person who has
 * made as many as a day has room for, the next one would rightly be refused.
 */
async function personalToken(person: Person): Promise<void> {
  if (person.tokensTried >= DOORS.personal_token.limit) return await lookAtDashboard(person);
  person.tokensTried += 1;
  const { browser, line, access } = person;
  const page = await dashboard(person);
  const make = page.forms.find(({ action }) => action === "/dashboard/tokens");
  if (make === undefined) throw new Fault("the dashboard makes no tokens");
  const fields = { name: `token ${person.counter += 1}` };
  const made = pageOf(await browser.submit(page, { form: make, fields, checked: ticked(make) }));
  const token = /id="new-token">([^<]+)</.exec(made.html)?.[1];
  if (token === undefined) throw new Fault("no new token is shown");
  line.own("gateway token", token);
  access.personal = token;
}

async function lookAtDashboard(person: Person): Promise<void> {
  const page = await dashboard(person);
  if (page.html.includes("Needs you to reconnect")) {
    throw new TryLater("reauthorization_required", 0);
  }
}

/** Everything that people do. */
export const deeds: Deed[] = [
  { name: "POST /token", weight: 12, who: "app user", run: token },
  { name: "GET /connections", weight: 5, who: "app user", run: connections },
  { name: "proxy", weight: 5, who: "app user", run: proxy },
  { name: "second account", weight: 2, who: "app user", run: comeAndGo },
  { name: "connect again", weight: 1, who: "both", run: reconnect },
  { name: "client's refresh", weight: 4, who: "signed in", run: refreshClient },
  { name: "personal token", weight: 1, who: "signed in", run: personalToken },
  { name: "dashboard", weight: 3, who: "signed in", run: lookAtDashboard },
  ...mcpDeeds,
];
