/**
 * The words of a page in the language of whoever asks for it. Loaded with the
 * first page.
 *
 * @module
 */

import type { Context } from "hono";
import { lazily } from "../../broker/core/lazily.ts";
import type { Catalogue } from "./page/words/en.ts";

const languages = lazily(() => import("./page/words/language.ts"));

/** In the language that the browser asks for. */
export async function wordsFor(c: Context): Promise<Catalogue> {
  const { catalogueFor } = await languages();
  // A cache in between would hand one person's language to another.
  c.header("Vary", "Accept-Language", { append: true });
  return catalogueFor(c.req.header("Accept-Language"));
}
