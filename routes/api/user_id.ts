/**
 * What descriptions say of an app's own name of a user; `subjectOf()` checks it.
 *
 * @module
 */

import { USER_ID } from "../../broker/core/subject.ts";

/** For `.meta()` of a schema. */
export const USER_ID_META = {
  description: "Your own id of the user. It means somebody within your API key's name alone.",
  pattern: USER_ID.source,
  examples: ["user_123"],
};
