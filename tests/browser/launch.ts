/**
 * Starts Chromium, which reaches this machine alone.
 *
 * @module
 */

import type { Browser, Driver } from "./driver.ts";
import { findPlaces } from "./places.ts";

/**
 * Not those that `@sparticuz/chromium` brings along: among them are
 * `--disable-web-security` and `--allow-running-insecure-content`, and what a
 * page may do towards another origin is what these tests are about.
 */
const FLAGS = [
  // Tests run as root, in containers, where the sandbox cannot be made. The pages are our own.
  "--no-sandbox",
  "--no-zygote",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-domain-reliability",
  "--disable-sync",
  "--font-render-hinting=none",
  // Whatever a page names, nothing leaves the machine.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/** Starts one, headless. */
export async function launch(): Promise<Browser> {
  const { driver, chromium: { path, env } } = await findPlaces();
  const { chromium }: Driver = await import(new URL("index.mjs", driver).href);
  const own = Deno.env.toObject();
  return await chromium.launch({ executablePath: path, args: FLAGS, env: { ...own, ...env } });
}
