/**
 * The calls of all tools.
 *
 * @module
 */

import { asanaCases, asanaFaults } from "./asana.ts";
import { calendarCases, calendarFaults } from "./calendar.ts";
import type { Cases, KnownFault } from "./case.ts";
import { driveCases, driveFaults } from "./drive.ts";
import { githubCases, githubFaults } from "./github.ts";
import { gmailCases, gmailFaults } from "./gmail.ts";
import { linearCases, linearFaults } from "./linear.ts";
import { slackCases, slackFaults } from "./slack.ts";

export const cases: Cases = {
  ...githubCases,
  ...calendarCases,
  ...gmailCases,
  ...driveCases,
  ...slackCases,
  ...asanaCases,
  ...linearCases,
};

/** Taken away as they are mended. */
export const KNOWN_FAULTS: KnownFault[] = [
  ...githubFaults,
  ...calendarFaults,
  ...gmailFaults,
  ...driveFaults,
  ...slackFaults,
  ...asanaFaults,
  ...linearFaults,
];
