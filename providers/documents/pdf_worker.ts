/**
 * A worker's main file, for PDF.
 *
 * @module
 */

import { readPdf } from "./pdf.ts";
import { workWith } from "./worker.ts";

workWith(readPdf);
