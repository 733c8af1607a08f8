/**
 * What a pop-up of an app's page is given: the data of our script in it.
 *
 * @module
 */

import { assert } from "@std/assert";
import { POPUP_DATA_ID, POPUP_SCRIPT } from "../../routes/http/page/popup_script.ts";
import { POPUP_SCRIPT_HASH } from "../../routes/http/page/popup_script_hash.ts";
import type { Page } from "./browser.ts";

/** As the script reads it. */
export interface PopupSaid {
  origin: string;
  trip: string;
  told?: Record<string, string>;
  redirectTo?: string;
}

/** The data of a page; `undefined` where it has none, and then no script either. */
export function popupOn({ html }: Pick<Page, "html">): PopupSaid | undefined {
  const elements = [...html.matchAll(new RegExp(`<div id="${POPUP_DATA_ID}" ([^>]*)>`, "g"))];
  const scripts = html.split(`<script>${POPUP_SCRIPT}</script>`).length - 1;
  assert(elements.length === scripts && scripts <= 1, "one script, with its data");
  const [, attributes] = elements[0] ?? [];
  if (attributes === undefined) return undefined;
  const [, data = ""] = /^data-popup="([^"]*)" hidden/.exec(attributes) ?? [];
  return JSON.parse(
    data.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  );
}

/** Whether the answer leaves the page that opened it, and lets the script run. */
export function keepsOpener({ headers }: { headers: Headers }): boolean {
  const policy = headers.get("Cross-Origin-Opener-Policy");
  assert(policy === "unsafe-none" || policy === "same-origin", `${policy}`);
  const allowed = headers.get("Content-Security-Policy") ?? "";
  const runs = allowed.includes(`script-src '${POPUP_SCRIPT_HASH}'`);
  assert(runs === (policy === "unsafe-none"), "a script runs where it is wanted, and nowhere else");
  return runs;
}
