/**
 * All rows, in the order of the table.
 *
 * @module
 */

import type { Row } from "../finding.ts";
import { expiryRow } from "./expiry.ts";
import { growthRow } from "./growth.ts";
import { housekeepingRow } from "./housekeeping.ts";
import { callRow, listRow } from "./mcp.ts";
import { providerRow } from "./provider.ts";
import { startRow } from "./start.ts";
import { steadyRow } from "./steady.ts";
import { tokenRow } from "./token.ts";
import { tokensRow } from "./tokens.ts";
import { upstreamRow } from "./upstream.ts";

export const rows: Row[] = [
  listRow,
  callRow,
  tokenRow,
  providerRow,
  upstreamRow,
  startRow,
  housekeepingRow,
  tokensRow,
  steadyRow,
  expiryRow,
  growthRow,
];

/** Those that have something to check without measuring it. */
export const smokeRows: Required<Pick<Row, "name" | "check">>[] = rows.flatMap(({ name, check }) =>
  check === undefined ? [] : [{ name, check }]
);
