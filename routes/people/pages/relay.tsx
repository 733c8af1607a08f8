/**
 * A provider's answer came as a form from the provider's own site; here it is
 * sent on by a page of ours, so that the browser's cookie comes along.
 *
 * @module
 */

import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";

/** What the page shows and sends. */
export interface RelayProps {
  /** "Apple" */
  title: string;
  action: string;
  fields: Record<string, string | undefined>;
}

/** The page as HTML. */
export function relayPage({ title, action, fields }: RelayProps): string {
  return render(
    "One more step",
    <>
      <h1>One more step</h1>
      <p>You are back from {title}.</p>
      <form method="post" action={action}>
        <HiddenFields fields={fields} />
        <button type="submit">Continue</button>
      </form>
    </>,
  );
}
