/**
 * All rows, in the order of the table.
 *
 * @module
 */

import type { Row } from "../finding.ts";
import { callRow, listRow } from "./mcp.ts";
import { tokenRow } from "./token.ts";

export const rows: Row[] = [listRow, callRow, tokenRow];
/** Those that have something to check without measuring it. */
export const smokeRows: Required<Pick<Row, "name" | "check">>[] = rows.flatMap(({ name, check }) =>
  check === undefined ? [] : [{ name, check }]
);
