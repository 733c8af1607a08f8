/**
 * A page for somebody who has no mouse.
 *
 * @module
 */

import type { Named, Page, Role } from "./driver.ts";

/** A place where Tab stops. */
interface Stop {
  said: string;
  /** What it is pressed by; a field is written into. */
  keys: string[];
}

const IN_PAGE = new URL("in_page/keyboard.js", import.meta.url);

/**
 * Goes through a page by Tab. Throws unless every element that does something
 * gets the focus, in the order of the document, can be seen to have it (WCAG
 * 2.4.7), and is pressed by Enter and by Space as its kind is. What is pressed
 * does nothing: the page is afterwards as it was. The page needs scripts.
 */
export async function expectKeyboard(page: Page): Promise<void> {
  await page.evaluate(await Deno.readTextFile(IN_PAGE));
  const stops = await page.evaluate<Stop[]>("stops.list()");
  const faults: string[] = stops.length > 0 ? [] : ["there is nothing to press"];
  for (const [index, { said, keys }] of stops.entries()) {
    await page.keyboard.press("Tab");
    const { at, isSeen } = await page.evaluate<{ at: number; isSeen: boolean }>("stops.focused()");
    if (at !== index) {
      const instead = stops[at]?.said ?? "nothing that does something";
      faults.push(`Tab number ${index + 1} should come to ${said}, and comes to ${instead}`);
      break;
    }
    if (!isSeen) faults.push(`${said} looks the same with the focus`);
    for (const key of keys) {
      await page.keyboard.press(key);
      if (!await page.evaluate<boolean>("stops.wasPressed()")) {
        faults.push(`${said} is not pressed by ${key}`);
      }
    }
  }
  await page.evaluate("stops.end()");
  if (faults.length > 0) {
    throw new Error(`${await page.title()}, by keyboard:\n  ${faults.join("\n  ")}`);
  }
}

/** Goes on by Tab to the first such element, and presses a key there. Needs no scripts. */
export async function pressOn(
  page: Page,
  role: Role,
  named: string | Named,
  key: "Enter" | "Space" = "Enter",
): Promise<void> {
  const wanted = page.getByRole(role, typeof named === "string" ? { name: named } : named).first();
  await wanted.waitFor();
  const most = await page.locator("a, button, input, select, textarea, summary").count();
  for (let tabs = 0; tabs <= most; tabs++) {
    await page.keyboard.press("Tab");
    if (await wanted.evaluate((element) => element.matches(":focus"))) {
      return await page.keyboard.press(key);
    }
  }
  throw new Error(`Tab does not come to ${role} ${JSON.stringify(named)}`);
}
