/**
 * It did not work, and why, in plain words.
 *
 * @module
 */

import type { Words } from "../../../broker/core/words.ts";
import { render } from "./layout.tsx";

/** The page as HTML. */
export function refusedPage({ description, changed }: Words): string {
  return render(
    "Not connected",
    <>
      <h1>Nothing new was connected</h1>
      <p>{description}</p>
      <p class="soft">{changedWords(changed)} To try again, ask your app for a new link.</p>
    </>,
  );
}

/** What is there now, as far as it is known. */
function changedWords(changed: Words["changed"]): string | undefined {
  switch (changed) {
    case undefined:
      return "Nothing was changed.";
    case "unknown":
      return "Something may have been changed: look at your connections first.";
    case "as_described":
      return undefined;
  }
}
