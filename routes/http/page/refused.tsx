/**
 * It did not work, and why, in plain words.
 *
 * @module
 */

import { render } from "./layout.tsx";

/** The page as HTML. */
export function refusedPage(description: string): string {
  return render(
    "Not connected",
    <>
      <h1>Nothing new was connected</h1>
      <p>{description}</p>
      <p class="soft">Nothing was changed. To try again, ask your app for a new link.</p>
    </>,
  );
}
