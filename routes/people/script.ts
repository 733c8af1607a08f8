/**
 * `GET /connect.js`: the script that apps' pages load. It is the same for
 * everybody, says nothing of anybody, and may change: a page asks for it anew
 * once it has had it for {@linkcode SCRIPT_SECONDS}.
 *
 * @module
 */

import { cors } from "hono/cors";
import { lazily } from "../../broker/core/lazily.ts";
import { digest } from "../../broker/core/secrets.ts";
import { type Area, get, sayJson } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { isForAll } from "../http/opener.ts";

/** How long a browser need not ask whether it has changed. */
export const SCRIPT_SECONDS = 60 * 60;

/** For every page that wants it. */
export function scriptArea({ publicUrl, world }: AppDeps): Area {
  const script = lazily(async () => {
    const { connectScript } = await import("./connect_script.ts");
    const text = connectScript(new URL(publicUrl).origin);
    return { text, tag: `"${digest(text)}"` };
  });
  return {
    sayError: sayJson(world),
    anyOrigin: true,
    // Some pages load scripts with `crossorigin`, to hear of their errors.
    cors: cors({ origin: "*", allowMethods: ["GET"] }),
    routes: [
      get("/connect.js", async (c) => {
        const { text, tag } = await script();
        isForAll(c);
        c.header("Cache-Control", `public, max-age=${SCRIPT_SECONDS}, must-revalidate`);
        c.header("ETag", tag);
        if (c.req.header("If-None-Match")?.includes(tag)) return c.body(null, 304);
        c.header("Content-Type", "text/javascript; charset=utf-8");
        return c.body(text);
      }),
    ],
  };
}
