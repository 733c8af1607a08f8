/**
 * Moving in.
 *
 * @module
 */

import { z } from "zod";
import { ImportEnd, ImportLine, ImportListAnswer } from "../../api/answers/import.ts";
import { ImportQuery } from "../../api/connections_import.ts";
import { ImportItem } from "../../api/import_item.ts";
import { IMPORTED_AT_A_TIME, MAX_IMPORT_LINE, MAX_IMPORT_LINES } from "../../api/import_stream.ts";
import type { Operation } from "../operation.ts";

const Item = ImportItem.meta({ id: "ImportItem" });

/** Connections that another server held. */
export const importing: Operation[] = [
  {
    method: "POST",
    path: "/connections/import",
    id: "importConnections",
    group: "Connecting",
    title: "Import connections",
    text:
      "That another server held: as a JSON array, or as NDJSON, a line each, which is read as " +
      "fast as it is stored and answered as it is done. Whatever is wrong with an item stands in " +
      "its own result. The last line of an answer in NDJSON is an `ImportEnd`; without it the " +
      `import broke off. ${IMPORTED_AT_A_TIME} items are under way at a time. To send the same ` +
      "again does no harm.",
    query: ImportQuery,
    body: {
      "application/json": z.array(Item),
      "application/x-ndjson": `An \`ImportItem\` in each line, at most ${MAX_IMPORT_LINE} bytes ` +
        `long; at most ${MAX_IMPORT_LINES} lines.`,
    },
    answer: {
      "application/json": ImportListAnswer,
      "application/x-ndjson":
        "To lines: an `ImportResult` in each line, in the order in which they are done, and at " +
        "last an `ImportEnd`.",
    },
    lines: z.union([ImportLine, ImportEnd]),
    key: "needed",
    refuses: [],
  },
];
