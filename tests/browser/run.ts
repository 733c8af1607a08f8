/**
 * `deno task test:browser`: pages in a real Chromium. Ends with one line that
 * counts. Its files are not named `_test.ts`, so that `deno task test`, which
 * needs no browser, does not find them.
 *
 * `[tests/browser/cases/…]`: these alone.
 *
 * @module
 */

import { countOf, deno, end } from "../support/deno_step.ts";
import { findPlaces, PLACES, type Places } from "./places.ts";
import { folder } from "./shots.ts";

/** What is fetched, once; without it there is nothing to run. */
async function placesOrEnd(): Promise<Places> {
  try {
    return await findPlaces();
  } catch (error) {
    console.error((error as Error).message);
    return end(0, 1);
  }
}

/** Whether the package is what `driver.ts` says of it. */
async function driverIsSo(): Promise<boolean> {
  const path = await Deno.makeTempFile({ suffix: ".ts" });
  const types = new URL("driver.ts", import.meta.url).href;
  await Deno.writeTextFile(
    path,
    `import { chromium } from "playwright-core";
     import type { Driver } from "${types}";
     const real: Driver = { chromium };
     console.log(real);`,
  );
  const config = new URL("packages.json", import.meta.url).pathname;
  const { ok } = await deno(["check", "--frozen", "--config", config, path]);
  await Deno.remove(path);
  return ok;
}

/** Pictures of an earlier run are of other pages. */
async function emptyFolder(): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.remove(folder, { recursive: true });
}

async function allCases(): Promise<string[]> {
  const cases = new URL("cases/", import.meta.url);
  const names = (await Array.fromAsync(Deno.readDir(cases))).map(({ name }) => name);
  return names.sort().map((name) => new URL(name, cases).pathname);
}

const places = await placesOrEnd();
const faults = await driverIsSo() ? 0 : 1;
await emptyFolder();
const files = Deno.args.length > 0 ? Deno.args : await allCases();
const env = { [PLACES]: JSON.stringify(places) };
const tests = await deno(["test", "--allow-all", "--no-check", "--parallel", ...files], env);
const { passed, failed } = countOf(tests);
end(passed, failed + faults);
