/**
 * It did not work, and why, in plain words.
 *
 * @module
 */

import type { Words } from "../../../broker/core/words.ts";
import { TryAgain } from "./fields.tsx";
import { render } from "./layout.tsx";

/** The page as HTML. */
export function refusedPage(words: Words): string {
  const { error, description, changed, againUrl, mendUrl, anew } = words;
  // Nothing is wrong with what the person has: the same again works later.
  if (error === "rate_limited") {
    return render(
      "Later",
      <>
        <h1>Not just now</h1>
        <p>{description}</p>
        <p class="soft">Nothing was changed. Reload this page then.</p>
      </>,
    );
  }
  return render(
    "Not connected",
    <>
      <h1>Nothing new was connected</h1>
      <p>{description}</p>
      {mendUrl !== undefined && (
        <p>
          <a href={mendUrl} target="_blank" rel="noopener noreferrer">{mendUrl}</a>
        </p>
      )}
      {againUrl !== undefined && <TryAgain url={againUrl} />}
      <p class="soft">
        {changedWords(changed)} {againUrl === undefined && anewWords(anew)}
      </p>
    </>,
  );
}

/** How to begin anew. Who was sent here by an MCP client has no link, and gets none. */
function anewWords(anew: Words["anew"]): string | undefined {
  switch (anew) {
    case undefined:
      return "To try again, ask your app for a new link.";
    case "server":
      return "To try again, remove this server in your app and add it again.";
    case "app":
      return "To try again, start again in your app.";
    case "none":
      return undefined;
  }
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
