/**
 * A person on the way from a link to a provider, and what can be spoiled there.
 *
 * @module
 */

import { Browser, type Page } from "../../support/browser.ts";
import type { Range } from "../../support/fuzz/range.ts";
import { USER } from "../../support/gateway.ts";
import { INHERITED } from "./values.ts";

/** The browser's secret, as the pages set it. */
export function cookieOf({ headers }: Page): string {
  return headers.getSetCookie().map((cookie) => cookie.split(";")[0]!).join("; ");
}

export async function openLink({ gateway, secrets }: Range, body: Record<string, unknown>) {
  const { json } = await gateway.api("/links", { body: { user_id: USER, ...body } });
  const browser = new Browser();
  const confirm = await browser.open(json.url);
  const cookie = cookieOf(confirm);
  secrets.push(new URL(json.url).searchParams.get("link")!, cookie.split("=")[1]!);
  return { browser, confirm, cookie };
}

/** All ways to leave out, repeat, change and swell one parameter of a query. */
export function spoiledQueries(good: Record<string, string>): string[] {
  const pairs = Object.entries(good);
  const query = (list: [string, string][]) => new URLSearchParams(list).toString();
  return pairs.flatMap(([name, value]) => {
    const others = pairs.filter(([other]) => other !== name);
    const bad = [...INHERITED, "", "\0", `${value}\n`, ` ${value}`, `${value}x`, value.slice(1)]
      .concat(["x".repeat(7000), '"><script>alert(1)</script>', `${value},${value}`]);
    return [
      query(others),
      query([...pairs, [name, value]]),
      query([...pairs, [name, "x"]]),
      query([...others, [name.toUpperCase(), value]]),
      query([...others, [`${name}[]`, value]]),
      `${query(others)}&${name}=%zz`,
      `${query(others)}&${name}=%ff`,
      ...bad.map((text) => query([...others, [name, text]])),
    ];
  });
}
