/**
 * In which language a page is written: the first of those that the browser
 * asks for (RFC 9110 §12.5.4) and that is here, else English.
 *
 * @module
 */

import { lookUp } from "../../../../broker/core/lists.ts";
import { type Catalogue, en } from "./en.ts";
import { de } from "./de.ts";
import { es } from "./es.ts";

/** By their primary subtag (RFC 5646). */
const CATALOGUES: Record<string, Catalogue> = { en, de, es };

/** Ranges beyond these are not looked at: browsers send a handful. */
const MOST_RANGES = 20;

/** The words for a request's `Accept-Language`. */
export function catalogueFor(accepted: string | null | undefined): Catalogue {
  const ranges = (accepted ?? "").slice(0, 1000).split(",", MOST_RANGES).map((range) => {
    const [tag = "", ...params] = range.trim().toLowerCase().split(/\s*;\s*/);
    const q = params.find((param) => param.startsWith("q="));
    return { primary: tag.split("-")[0]!, q: q === undefined ? 1 : Number(q.slice(2)) || 0 };
  });
  const wanted = ranges.filter(({ q }) => q > 0).toSorted((a, b) => b.q - a.q);
  return wanted.map(({ primary }) => lookUp(CATALOGUES, primary)).find(isHere) ?? en;
}

function isHere(catalogue: Catalogue | undefined): catalogue is Catalogue {
  return catalogue !== undefined;
}
