/**
 * Who a command is about.
 *
 * @module
 */

import { partsOf, REALM, type Subject, subjectOf } from "../../broker/core/subject.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { UsageError } from "./command.ts";

/**
 * `voice:user_123`: the name of an API key or a provider, and the id there.
 *
 * @throws {UsageError}
 */
export function readSubject(text: string): Subject {
  const { realm, userId } = partsOf(text as Subject);
  try {
    if (text.includes(":") && REALM.test(realm)) return subjectOf(realm, userId);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  throw new UsageError("Say who it is as <realm>:<id>, such as voice:user_123.");
}
