/**
 * What people do again and again before a browser, and what every page is held
 * to once.
 *
 * @module
 */

import type { Gateway } from "../support/gateway.ts";
import { USER } from "../support/gateway.ts";
import { expectAccessible } from "./accessible.ts";
import type { Page } from "./driver.ts";
import { atProvider, signIn } from "./harness.ts";
import { expectKeyboard } from "./keyboard.ts";
import { shots } from "./shots.ts";

/** The heading of the page, once it is this one. */
export async function heading(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

/** Everything that each distinct page is held to, once; its pictures have that name. */
export async function expectWhole(page: Page, name: string): Promise<void> {
  await expectAccessible(page);
  await expectKeyboard(page);
  await shots(page, name);
}

/** A person at their own page. */
export async function atHome(
  page: Page,
  gateway: Gateway,
  options?: Parameters<typeof signIn>[1],
): Promise<void> {
  await page.goto(`${gateway.url}/sign-in`);
  await signIn(page, options);
  await page.waitForURL(`${gateway.url}/`);
}

/** The link that an app sends its user. */
export async function linkFor(
  gateway: Gateway,
  body: Record<string, unknown> = {},
  key?: string,
): Promise<string> {
  const asked = { user_id: USER, service: "github", ...body };
  const link = await gateway.api("/links", { body: asked, ...(key === undefined ? {} : { key }) });
  if (link.status !== 200) throw new Error(`No link: ${link.text}`);
  return link.json.url;
}

/** Presses a service's Connect button on one's own page, and signs in there. */
export async function connectOwn(page: Page, name: string, account?: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await atProvider(page, account);
}

/** Yes on the page behind a link, and the sign-in after it. */
export async function follow(page: Page, link: string, account?: string): Promise<void> {
  await page.goto(link);
  await page.getByRole("button", { name: /^Continue to/ }).click();
  await atProvider(page, account);
}

/** What the page says of the last press of a button. */
export async function saying(page: Page): Promise<string> {
  return await page.getByRole("status").first().innerText();
}
