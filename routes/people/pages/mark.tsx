/**
 * A service's mark on a page.
 *
 * @module
 */

import { raw } from "hono/html";
import { markOf } from "../../../broker/core/marks/mark.ts";

/** Whose mark. */
export interface Marked {
  name: string;
  title: string;
}

/** Stands beside the name itself: screen readers are not told twice. */
export function Mark({ of: { name, title }, size }: { of: Marked; size?: "big" | undefined }) {
  const svg = markOf(name, title).svg;
  return raw(svg.replace("<svg ", `<svg class="${size === "big" ? "mark big" : "mark"}" `));
}
