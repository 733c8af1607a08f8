/**
 * Pictures of a page as people see it: on a phone, a tablet and a desk, in
 * light and dark, from left to right and from right to left, and in letters of
 * twice the size. In each of them nothing may stick out sideways (WCAG 2.2,
 * 1.4.4 and 1.4.10).
 *
 * @module
 */

import type { Page } from "./driver.ts";

/** Where the pictures are; git knows nothing of them. */
export const folder = new URL("./shots/", import.meta.url).pathname;

/** With `PICTURES=off` all is measured, and nothing painted: where nobody looks. */
const TAKES = Deno.env.get("PICTURES") !== "off";
const WIDTHS = [320, 768, 1440];
const HEIGHT = 900;
const SCHEMES = ["light", "dark"] as const;
const DIRECTIONS = ["ltr", "rtl"] as const;

const IN_PAGE = new URL("in_page/sticks_out.js", import.meta.url);
const TEXT_SIZE = "parseFloat(getComputedStyle(document.body).fontSize)";

/** Takes all pictures of one page, `<name>_<width>_<scheme or large>_<direction>.png`. */
export async function shots(page: Page, name: string): Promise<void> {
  const sticksOut = await Deno.readTextFile(IN_PAGE);
  const before = page.viewportSize();
  const direction = await page.evaluate<string>("document.documentElement.dir");
  const size = await page.evaluate<number>(TEXT_SIZE);
  const faults: string[] = [];
  const take = async (as: string) => {
    const out = await page.evaluate<string[]>(sticksOut);
    if (out.length > 0) faults.push(`${as} is wider than its window: ${out.join(", ")}`);
    if (TAKES) await page.screenshot({ path: `${folder}${name}_${as}.png`, fullPage: true });
  };
  for (const dir of DIRECTIONS) {
    await setDirection(page, dir);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: HEIGHT });
      for (const colorScheme of SCHEMES) {
        await page.emulateMedia({ colorScheme });
        await take(`${width}_${colorScheme}_${dir}`);
      }
    }
    await setTextSize(page, "200%");
    const grown = await page.evaluate<number>(TEXT_SIZE);
    if (grown !== 2 * size) faults.push(`text of ${size} px becomes ${grown} px, not twice that`);
    for (const width of WIDTHS.slice(0, 2)) {
      await page.setViewportSize({ width, height: HEIGHT });
      await take(`${width}_large_${dir}`);
    }
    await setTextSize(page, "");
  }
  await setDirection(page, direction);
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
  if (faults.length > 0) throw new Error(`${name}:\n  ${faults.join("\n  ")}`);
}

async function setDirection(page: Page, direction: string): Promise<void> {
  await page.evaluate(`document.documentElement.dir = "${direction}"`);
}

/** As a person's own setting does it, for pages that go by it. */
async function setTextSize(page: Page, size: string): Promise<void> {
  await page.evaluate(`document.documentElement.style.fontSize = "${size}"`);
}
