/**
 * It worked, or in part: what was not allowed is said, and so is an account
 * that is not the one that was meant.
 *
 * @module
 */

import { TryAgain } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";

/** What the page shows. */
export interface ConnectedProps {
  /** What is open now: "Gmail and Google Calendar"; absent: nothing of what was asked for. */
  title?: string | undefined;
  /** "Google" */
  provider: string;
  label: string;
  /** Services that were asked for and not allowed. */
  withheld: string[];
  /** The rest that was asked for and not allowed, in words. */
  missing: string[];
  /** The account that should have come, where another one did. */
  meant?: string | undefined;
  /** What was pasted, where nobody signed in. */
  pasted?: "key" | "client" | undefined;
  againUrl?: string | undefined;
}

/** The page as HTML. */
export function connectedPage(props: ConnectedProps): string {
  const { title, provider, label, withheld, missing, meant, pasted, againUrl } = props;
  const heading = title === undefined ? `${provider}: nothing was allowed` : `✓ ${title} connected`;
  const isWhole = withheld.length + missing.length === 0;
  return render(
    heading.replace("✓ ", ""),
    <>
      <h1>{heading}</h1>
      <p>
        {/* A server that does not tell whose account it is has no name for it but its own. */}
        {label !== provider && (
          <>
            {title === undefined ? "Signed in as" : "As"} <strong>{label}</strong>.{" "}
          </>
        )}
        {isWhole && meant === undefined && "You can close this page and go back to your app."}
      </p>
      {meant !== undefined && (
        <p class="note">
          {pasted === undefined ? "You signed in as" : `This is a ${pasted} of`}{" "}
          <strong>{label}</strong>, and not {pasted === undefined ? "as" : "of"}{" "}
          <strong>{meant}</strong>, which this was about. {label}{" "}
          is connected beside it now, as another account; {meant} is as it was.
        </p>
      )}
      {!isWhole && (
        <>
          <p>Not allowed at {provider}, so your app cannot use it:</p>
          <ul>
            {[...withheld, ...missing].map((each) => <li key={each}>{each}</li>)}
          </ul>
        </>
      )}
      {againUrl !== undefined && (
        <TryAgain url={againUrl}>
          {meant === undefined ? "Try again and allow it" : `Try again as ${meant}`}
        </TryAgain>
      )}
      {(!isWhole || meant !== undefined) && (
        <p class="soft">
          {meant === undefined
            ? "To leave it as it is, close this page."
            : `To keep ${label} as another account, close this page.`}
        </p>
      )}
    </>,
  );
}

/** The page of a sign-in that was finished before, when its address is opened again. */
export function doneBeforePage(
  { title, label, handedOff }: { title: string; label: string; handedOff: boolean },
): string {
  return render(
    "Done already",
    <>
      <h1>This is done already</h1>
      <p>
        {handedOff
          ? (
            <>
              You have signed in to {title} as <strong>{label}</strong>. Go on in your app.
            </>
          )
          : (
            <>
              {title} was connected as <strong>{label}</strong>. You can close this page.
            </>
          )}
      </p>
    </>,
  );
}
