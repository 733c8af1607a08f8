/**
 * The end of a way that an app's page shows in a pop-up. Its script tells that
 * page, which closes it; what is read here is read by who has to wait, or by
 * whom nobody waits for any more.
 *
 * @module
 */

import type { Ending } from "../../../broker/core/popup.ts";
import { Seal } from "../../http/page/icons.tsx";
import { render } from "../../http/page/layout.tsx";
import { PopupData } from "../../http/page/popup_data.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say, sayText } from "../../http/page/words/say.ts";

/** What the page shows. */
export interface PopupEndProps {
  words: Catalogue;
  /** "Google Calendar" */
  title: string;
  /** Whose account it is; absent where it came to nothing. */
  label?: string | undefined;
  ending: Ending;
}

/** The page as HTML. */
export function popupEndPage({ words, title, label, ending }: PopupEndProps): string {
  const { connected, popup: says } = words;
  const { popup, redirectTo } = ending;
  const isDone = "code" in ending.told;
  const heading = sayText(isDone ? connected.done : says.not, { service: title });
  return render(
    { words, title: heading },
    <>
      {/* Until the script says which of the two it is. */}
      <div data-when="told" class="stack" hidden={redirectTo === undefined}>
        <Seal sign={isDone ? "check" : "arrows"} />
        <h1>{heading}</h1>
        {label !== undefined && <p>{say(connected.as, { account: <strong>{label}</strong> })}</p>}
        <p>{says.goesBack}</p>
        {redirectTo !== undefined && (
          <p class="do">
            <a class="button" href={redirectTo.href}>{says.go}</a>
          </p>
        )}
      </div>
      <div data-when="lost" class="stack" hidden={redirectTo !== undefined}>
        <Seal sign="alert" />
        <h1>{isDone ? says.almost : heading}</h1>
        <p>{isDone ? sayText(says.lost, { service: title }) : says.close}</p>
      </div>
      <PopupData popup={popup} redirectTo={redirectTo} />
    </>,
  );
}
