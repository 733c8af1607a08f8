/**
 * What every page of ours has, taken away, so that a test sees what somebody
 * may have put into it.
 *
 * @module
 */

import { SCRIPT } from "../../routes/http/page/script.ts";
import { STYLE } from "../../routes/http/page/style.ts";

/** A page without its one style sheet and its one script. */
export function withoutOwn(html: string): string {
  return html.replace(`<style>${STYLE}</style>`, "").replace(`<script>${SCRIPT}</script>`, "");
}
