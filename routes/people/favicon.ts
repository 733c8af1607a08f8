/**
 * `GET /favicon.svg`: our own mark, for tabs. `/favicon.ico` leads to it.
 *
 * @module
 */

import { get, type Route } from "../http/area.ts";

/** Seconds. */
const MAX_AGE = 24 * 60 * 60;

const caching = { "Cache-Control": `public, max-age=${MAX_AGE}` };

/** The mark. */
export const faviconRoutes: Route[] = [
  get("/favicon.svg", async (c) => {
    const { FAVICON } = await import("../http/page/brand.tsx");
    return c.body(FAVICON, 200, { "Content-Type": "image/svg+xml", ...caching });
  }),

  get("/favicon.ico", (c) => c.redirect("/favicon.svg", 301)),
];
