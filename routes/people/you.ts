/**
 * `GET /you`: who is signed in, the end of that, and what is kept of them: to
 * take along, and to delete.
 *
 * @module
 */

import type { Context } from "hono";
import { personActor } from "../../broker/core/actor.ts";
import { get, post, type Route } from "../http/area.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuseHttp } from "../http/errors.ts";
import { wordsFor } from "../http/page_words.ts";
import { personFile, sectionsOf } from "../http/person_file.ts";
import { clearSession, type Person, requirePerson } from "../http/session_cookie.ts";
import { signInPath } from "../http/sign_in_path.ts";
import { hereOf } from "./here.ts";
import { ownToken, readOwnForm } from "./own_form.ts";

const DELETE = "/you/delete";

/** The page, signing out, the file, and the end of everything. */
export function youRoutes(deps: AppDeps): Route[] {
  const { broker, gateway } = deps;
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

    get("/you/data", async (c) => {
      requireOwnVisit(c);
      const { session: { subject } } = await requirePerson(c, deps);
      return personFile(await sectionsOf(deps, { subject }));
    }),

    get(DELETE, async (c) => await askFirst(c, deps, await requirePerson(c, deps))),

    post(DELETE, async (c) => {
      const { person, form } = await readOwnForm(c, deps);
      const words = await wordsFor(c);
      // Some keyboards write an umlaut as two characters (NFD).
      const word = form.word?.normalize().trim().toLowerCase();
      const isMeant = word === words.you.deleteWord.toLowerCase();
      // It says what is missing, and does nothing.
      if (!isMeant || !gateway.isFresh(person.session)) {
        return await askFirst(c, deps, person, isMeant ? "not_fresh" : "no_word");
      }
      const { subject } = person.session;
      const erased = await broker.erase({ subject, actor: personActor(subject) });
      clearSession(c, deps);
      const { deletedPage } = await import("./pages/deleted.tsx");
      return c.html(deletedPage({ words, erased }));
    }),
  ];
}

/** Another site can send a browser here; it would not see the file, and its person would wonder. */
function requireOwnVisit(c: Context): void {
  const site = c.req.header("Sec-Fetch-Site");
  // `none`: typed, or from a bookmark.
  if (site !== undefined && site !== "same-origin" && site !== "none") {
    refuseHttp({ code: "cross_site" });
  }
}

async function askFirst(
  c: Context,
  { broker, gateway }: AppDeps,
  person: Person,
  refused?: "no_word" | "not_fresh",
): Promise<Response> {
  const { session } = person;
  const [connections, grants, words] = await Promise.all([
    broker.connections(session.subject),
    gateway.grants(session.subject),
    wordsFor(c),
  ]);
  const { deletePage } = await import("./pages/deleted.tsx");
  const page = deletePage({
    words,
    label: session.label,
    connections: connections.length,
    apps: grants.length,
    isFresh: gateway.isFresh(session),
    signInUrl: signInPath(DELETE),
    action: DELETE,
    isWrong: refused === "no_word",
    formToken: ownToken(person),
  });
  return c.html(page, refused === undefined ? 200 : refused === "no_word" ? 400 : 403);
}
