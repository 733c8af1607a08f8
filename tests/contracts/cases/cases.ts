/**
 * The calls of all tools.
 *
 * @module
 */

import { calendarCases, calendarFaults } from "./calendar.ts";
import type { Cases, KnownFault } from "./case.ts";
import { driveCases, driveFaults } from "./drive.ts";
import { githubCases, githubFaults } from "./github.ts";
import { gmailCases, gmailFaults } from "./gmail.ts";

export const cases: Cases = { ...githubCases, ...calendarCases, ...gmailCases, ...driveCases };

/** Taken away as they are mended. */
export const KNOWN_FAULTS: KnownFault[] = [
  ...githubFaults,
  ...calendarFaults,
  ...gmailFaults,
  ...driveFaults,
];
