/**
 * How it ended is told to the app: at its `return_to`, or by a page in the
 * pop-up that the app has opened.
 *
 * @module
 */

import type { Context } from "hono";
import type { AuthorizationServer } from "../../broker/core/authorization_server.ts";
import type { Ending } from "../../broker/core/popup.ts";
import { notesOf } from "../http/asked.ts";
import { keepsOpener } from "../http/opener.ts";
import { wordsFor } from "../http/page_words.ts";
import { titleOf } from "./titles.ts";

/** What ended, and how. */
export interface Ended {
  server: AuthorizationServer;
  ending: Ending;
  /** What is open now; absent where it came to nothing. */
  services?: string[] | undefined;
  label?: string | undefined;
}

/** Sends the browser on. */
export async function goBack(
  c: Context,
  { server, ending, services = [], label }: Ended,
): Promise<Response> {
  if ("error" in ending.told) notesOf(c).error = ending.told.error;
  if (ending.popup === undefined) return c.redirect(ending.redirectTo.href, 303);
  keepsOpener(c);
  const { popupEndPage } = await import("./pages/popup.tsx");
  const words = await wordsFor(c);
  const title = titleOf(server, services, words.lang);
  return c.html(popupEndPage({ words, title, label, ending }));
}
