/**
 * Every route that backends call, in the order in which one reads of them. A
 * test fails for one that is missing here.
 *
 * @module
 */

import type { Operation } from "../operation.ts";
import { connecting } from "./connecting.ts";
import { importing } from "./import.ts";
import { server } from "./server.ts";
import { tokens } from "./tokens.ts";
import { happened, sessions, users } from "./users.ts";

/** All of them. */
export const operations: Operation[] = [
  ...connecting,
  ...importing,
  ...tokens,
  ...users,
  ...happened,
  ...sessions,
  ...server,
];
