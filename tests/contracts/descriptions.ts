/**
 * Each vendor's description, read once.
 *
 * @module
 */

import type { Description } from "./description.ts";
import type { Vendor } from "./vendor.ts";

const read = new Map<string, Promise<Description>>();

/** What a vendor describes. */
export function descriptionOf(vendor: Vendor): Promise<Description> {
  const known = read.get(vendor.title) ?? vendor.describe();
  read.set(vendor.title, known);
  return known;
}
