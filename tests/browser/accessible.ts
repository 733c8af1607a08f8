/**
 * What axe-core holds against a page, by all rules of WCAG 2.0, 2.1 and 2.2, A
 * and AA, and by its best practices, in light and dark.
 *
 * @module
 */

import type { Page } from "./driver.ts";
import { findPlaces } from "./places.ts";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#results-object */
interface Finding {
  id: string;
  impact: string;
  help: string;
  nodes: { target: string[]; html: string; failureSummary?: string }[];
}

interface Results {
  violations: Finding[];
  passes: unknown[];
}

/** In the page; `axe` is there by then. */
const RUN = `axe.run(document, {
  runOnly: { type: "tag", values: ${JSON.stringify(TAGS)} },
  // Off by default: how large what is pressed must be (WCAG 2.2, 2.5.8).
  rules: { "target-size": { enabled: true } },
  // It would fetch style sheets.
  preload: false,
})`;

/**
 * Throws what was found, to be read. The page needs scripts. axe comes into it
 * as what the browser's developer tools are told to run: no policy of a page
 * stands in the way of that, so the policy stays on, and the page is the very
 * one that the person has before them.
 */
export async function expectAccessible(page: Page): Promise<void> {
  const { axe: folder } = await findPlaces();
  const source = await Deno.readTextFile(new URL("axe.min.js", folder));
  const faults: string[] = [];
  await page.evaluate(source);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations, passes } = await page.evaluate<Results>(RUN);
    if (passes.length === 0) throw new Error("axe looked at nothing");
    faults.push(...violations.map((finding) => `${colorScheme}: ${said(finding)}`));
  }
  await page.emulateMedia({ colorScheme: null });
  if (faults.length > 0) {
    throw new Error(`${await page.title()} is not accessible to all:\n${faults.join("\n")}`);
  }
}

function said({ id, impact, help, nodes }: Finding): string {
  const where = nodes.map(({ target, html, failureSummary = "" }) =>
    `    ${target.join(" ")}: ${html}\n      ${failureSummary.replaceAll("\n", "\n      ")}`
  );
  return `${help} (${id}, ${impact})\n${where.join("\n")}`;
}
