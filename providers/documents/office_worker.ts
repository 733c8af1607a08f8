/**
 * A worker's main file, for what office programs write.
 *
 * @module
 */

import { readOffice } from "./office.ts";
import { workWith } from "./worker.ts";

workWith(readOffice);
