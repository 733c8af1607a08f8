/**
 * `GET /you`: who is signed in, and the end of that.
 *
 * @module
 */

import { get, post, type Route } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { wordsFor } from "../http/page_words.ts";
import { clearSession, requirePerson } from "../http/session_cookie.ts";
import { hereOf } from "./here.ts";
import { ownToken, readOwnForm } from "./own_form.ts";

/** The page, and signing out. */
export function youRoutes(deps: AppDeps): Route[] {
  const { gateway } = deps;
  return [
    get("/you", async (c) => {
      const person = await requirePerson(c, deps);
      const words = await wordsFor(c);
      const { youPage } = await import("./pages/you.tsx");
      const here = hereOf(deps, person, "you");
      return c.html(youPage({ words, here, formToken: ownToken(person) }));
    }),

    post("/sign-out", async (c) => {
      const { person: { secret }, form } = await readOwnForm(c, deps);
      await gateway.signOut(secret, { everywhere: form.everywhere === "yes" });
      clearSession(c, deps);
      return c.redirect("/", 303);
    }),
  ];
}
