/**
 * `deno task bench --smoke`: whether what the bench asks is answered rightly.
 * Nothing is timed: a busy machine fails nothing.
 *
 * @module
 */

import { smokeRows } from "./rows/rows.ts";

/** Runs each row's checks once; tells what fails, and whether nothing did. */
export async function smoke(): Promise<boolean> {
  let failed = 0;
  for (const { name, check } of smokeRows) {
    try {
      await check();
      console.log(`${name}: ok`);
    } catch (error) {
      failed += 1;
      console.error(`${name}:`, error);
    }
  }
  console.log(`bench: ${smokeRows.length - failed} passed, ${failed} failed`);
  return failed === 0;
}
