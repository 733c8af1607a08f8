/**
 * The calls of all tools.
 *
 * @module
 */

import { calendarCases, calendarFaults } from "./calendar.ts";
import type { Cases, KnownFault } from "./case.ts";
import { githubCases, githubFaults } from "./github.ts";

export const cases: Cases = { ...githubCases, ...calendarCases };

/** Taken away as they are mended. */
export const KNOWN_FAULTS: KnownFault[] = [...githubFaults, ...calendarFaults];
