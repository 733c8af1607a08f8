/**
 * A provider's answer came as a form from the provider's own site; here it is
 * sent on by a page of ours, so that the browser's cookie comes along.
 *
 * @module
 */

import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { sayText } from "../../http/page/words/say.ts";

/** What the page shows and sends. */
export interface RelayProps {
  words: Catalogue;
  /** "Apple" */
  title: string;
  action: string;
  fields: Record<string, string | undefined>;
}

/** The page as HTML. */
export function relayPage({ words, title, action, fields }: RelayProps): string {
  const { connected } = words;
  return render(
    { words, title: connected.relayTitle },
    <>
      <h1>{connected.relayTitle}</h1>
      <p>{sayText(connected.relay, { provider: title })}</p>
      <form method="post" action={action}>
        <HiddenFields fields={fields} />
        <button type="submit">{connected.relayGo}</button>
      </form>
    </>,
  );
}
