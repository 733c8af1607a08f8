/**
 * `deno task bench --smoke`: whether what the bench asks is answered rightly.
 * Nothing is timed: a busy machine fails nothing.
 *
 * @module
 */

import { smokeRows } from "./rows/rows.ts";

/** Runs each row's check once, and counts them as `deno task test` does; true where none failed. */
export async function smoke(): Promise<boolean> {
  const errors: string[] = [];
  for (const { name, check } of smokeRows) {
    try {
      await check();
      console.log(`bench ${name} ... ok`);
    } catch (error) {
      errors.push(`bench ${name}\n${Deno.inspect(error)}\n`);
    }
  }
  const [passed, failed] = [smokeRows.length - errors.length, errors.length];
  if (failed > 0) {
    console.log(` ERRORS\n\n${errors.join("\n")}\nFAILED | ${passed} passed | ${failed} failed`);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}
