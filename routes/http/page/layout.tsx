/**
 * The frame of every page. No script, one style sheet of its own, readable on
 * a phone.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import { STYLE } from "./style.ts";

/** A whole page as HTML. */
export function render(title: string, children: Child): string {
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{title}</title>
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <main>{children}</main>
      </body>
    </html>
  );
  return `<!doctype html>${page}`;
}
