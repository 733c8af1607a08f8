/**
 * What makes a page work in a pop-up of an app's page: data, and the script that
 * reads it. The answer must be sent by `keepsOpener()`, which lets it run.
 *
 * @module
 */

import { raw } from "hono/html";
import type { Popup } from "../../../broker/core/popup.ts";
import { POPUP_DATA_ID, POPUP_SCRIPT } from "./popup_script.ts";

/** Last in a page. Nothing where no app waits for it. */
export function PopupData(
  { popup, redirectTo }: { popup?: Popup | undefined; redirectTo?: URL | undefined },
) {
  if (popup === undefined) return null;
  // In an attribute, where all of it is escaped: a script element would take `</script>` for its end.
  const data = JSON.stringify({ ...popup, redirectTo });
  return (
    <>
      <div id={POPUP_DATA_ID} data-popup={data} hidden></div>
      <script>{raw(POPUP_SCRIPT)}</script>
    </>
  );
}
