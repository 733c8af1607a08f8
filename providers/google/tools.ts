/**
 * The tools of Gmail, Calendar and Drive.
 *
 * @module
 */

import type { Tool } from "../provider.ts";
import { calendarTools } from "./calendar/tools.ts";
import { driveTools } from "./drive/tools.ts";
import { gmailTools } from "./gmail/tools.ts";

/** In the order in which they are listed. */
export const googleTools: Tool[] = [...gmailTools, ...calendarTools, ...driveTools];
