/**
 * It worked.
 *
 * @module
 */

import { render } from "../../http/page/layout.tsx";

/** The page as HTML. */
export function connectedPage({ title, label }: { title: string; label: string }): string {
  return render(
    `${title} connected`,
    <>
      <h1>✓ {title} connected</h1>
      <p>
        As <strong>{label}</strong>. You can close this page and go back to your app.
      </p>
    </>,
  );
}
