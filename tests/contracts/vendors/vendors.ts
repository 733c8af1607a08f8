/**
 * Every vendor whose description is read.
 *
 * @module
 */

import type { Vendor } from "../vendor.ts";
import { asana } from "./asana.ts";
import { calendar, drive, gmail } from "./google.ts";
import { github } from "./github.ts";
import { linear } from "./linear.ts";
import { slack } from "./slack.ts";

export const vendors: Vendor[] = [github, calendar, gmail, drive, slack, asana, linear];
