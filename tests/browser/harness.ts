/**
 * A real browser before a real gateway with emulated providers. Whatever a page
 * does that no page may do fails the test: see `watch.ts`.
 *
 * @module
 */

import { PERSON } from "../support/emulators.ts";
import { type Gateway, type GatewayOptions, startGateway } from "../support/gateway.ts";
import type { AppPage } from "./app_page.ts";
import type { Page } from "./driver.ts";
import { launch } from "./launch.ts";
import { folder } from "./shots.ts";
import { watch } from "./watch.ts";

/** How long a page may take to show what a test waits for, in milliseconds. */
const PATIENCE_MS = 15_000;

/** How a test differs from the usual. */
export interface PageOptions extends GatewayOptions {
  /** Everybody may sign in, unless this says otherwise. */
  env?: Record<string, string>;
  /** The person's language; English. */
  language?: string;
  /** Whether the person's browser runs scripts; it does. */
  javaScript?: boolean;
  /** Answers of 400 and above that the test is about; every other fails it, and 500 always. */
  statuses?: number[];
  /** What the gateway logs as an error, where that is what the test is about. */
  logs?: string[];
  /** Pages of apps, which are watched as the gateway's are. */
  apps?: AppPage[];
}

/** What a test gets. */
export interface Tab {
  page: Page;
  gateway: Gateway;
  /** Another person's browser, set as the first one's is unless said otherwise. */
  person(options?: Pick<PageOptions, "language" | "javaScript">): Promise<Page>;
}

/** Starts all of it, runs the test, fails it for what was seen, and ends all of it. */
export async function withPage(
  options: PageOptions,
  test: (tab: Tab) => Promise<void>,
): Promise<void> {
  const { statuses = [], logs = [], apps = [], env, ...rest } = options;
  await using gateway = await startGateway({ ...rest, env: { SIGN_IN_ALLOW: "*", ...env } });
  await using stack = new AsyncDisposableStack();
  const browser = stack.adopt(await launch(), (browser) => browser.close());
  const ours = [gateway.url, ...apps.map(({ origin }) => origin)];
  const watches: ReturnType<typeof watch>[] = [];
  const pages: Page[] = [];
  const person: Tab["person"] = async (own = {}) => {
    const { language = "en", javaScript = true } = { ...options, ...own };
    const context = await browser.newContext({
      locale: language,
      javaScriptEnabled: javaScript,
      reducedMotion: "reduce",
    });
    context.setDefaultTimeout(PATIENCE_MS);
    watches.push(watch(context, { ours, gateway: gateway.url, statuses }));
    const page = await context.newPage();
    pages.push(page);
    return page;
  };
  const trouble = async () => {
    const logged = gateway.world.events.filter(({ level, event }) =>
      level === "error" && !logs.includes(event)
    );
    const seen = await Promise.all(watches.map((each) => each.trouble()));
    return [...seen.flat(), ...logged.map(({ event }) => `makes the gateway log ${event}`)];
  };
  try {
    await test({ page: await person(), gateway, person });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    const seen = [...await lastSeen(pages), ...await trouble()];
    throw new Error([message, ...seen].join("\n  "), { cause });
  }
  const seen = await trouble();
  if (seen.length > 0) throw new Error(`A page\n  ${seen.join("\n  ")}`);
}

/** Where people were when a test failed, with a picture of it. */
async function lastSeen(pages: Page[]): Promise<string[]> {
  return await Promise.all(pages.map(async (page, index) => {
    const path = `${folder}failed_${Date.now()}_${index}.png`;
    const where = `was at ${page.url().replace(/[?#].*/, "")}`;
    // What the test failed for is the news; a page that is gone has no picture.
    return await page.screenshot({ path }).then(
      () => `${where}, which looked like ${path}`,
      () => where,
    );
  }));
}

/** Chooses an account on the sign-in page of an emulated provider. */
export async function atProvider(page: Page, account?: string): Promise<void> {
  const accounts = account === undefined ? [PERSON.login, PERSON.email] : [account];
  const anyOf = new RegExp(accounts.map((each) => RegExp.escape(each)).join("|"));
  await page.getByRole("button", { name: anyOf }).first().click();
}

/** Signs in, from wherever the gateway asks for it. */
export async function signIn(page: Page, { with: title = "GitHub", as }: {
  with?: string;
  as?: string;
} = {}): Promise<void> {
  await page.getByRole("button", { name: title }).click();
  await atProvider(page, as);
}
