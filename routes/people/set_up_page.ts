/**
 * `GET /set-up`: what to paste into which client.
 *
 * @module
 */

import { get, type Route } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { wordsFor } from "../http/page_words.ts";
import { requirePerson } from "../http/session_cookie.ts";
import { hereOf } from "./here.ts";
import { setUps } from "./set_up/set_ups.ts";

/** The page. */
export function setUpRoutes(deps: AppDeps): Route[] {
  const { publicUrl, gateway } = deps;
  return [
    get("/set-up", async (c) => {
      const person = await requirePerson(c, deps);
      const words = await wordsFor(c);
      const { setUpPage } = await import("./pages/set_up.tsx");
      const [first] = gateway.services;
      return c.html(setUpPage({
        words,
        here: hereOf(deps, person, "setUp"),
        mcpUrl: `${publicUrl}/mcp`,
        setUps: setUps({ publicUrl, service: first?.name }),
      }));
    }),
  ];
}
