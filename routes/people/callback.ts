/**
 * `/callback/{provider}`: back from the provider. By `GET`, and by `POST` where
 * a provider sends its answer as a form (OAuth 2.0 Form Post Response Mode).
 *
 * Browsers send no `SameSite=Lax` cookie with a form of another site, and
 * without it nobody can say whose sign-in that is. So such a form is answered
 * by a page with the same fields and a button, and comes once more, from here.
 * That page is for every origin: it reads no cookie, asks nobody and notes
 * nothing, and state and code stay out of addresses.
 *
 * @module
 */

import type { Context } from "hono";
import { personActor } from "../../broker/core/actor.ts";
import { callerName } from "../../broker/core/callers.ts";
import { notesOf } from "../http/asked.ts";
import { type Area, get, pathPart, post, sayPage } from "../http/area.ts";
import { queryOf, readForm } from "../http/body.ts";
import { browserOf, isFromHere } from "../http/browser_cookie.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import { requireKnownOrigin } from "../http/hosts.ts";
import { scopesIn } from "../http/page/words/scope_words.ts";
import { wordsFor } from "../http/page_words.ts";
import { setSaid } from "../http/said_cookie.ts";
import { keepsOpener } from "../http/opener.ts";
import { localPath, personOf, sessionSecret, setSession } from "../http/session_cookie.ts";
import { goBack } from "./ending.ts";
import { titleOf, titlesOf } from "./titles.ts";

/** A provider's answer as a form, in bytes: the longest code, encoded, and some short fields. */
export const ANSWER_LIMIT = 32 * 1024;

/** What an answer is made of; whatever else comes along (Apple's `user`) is left where it is. */
const FIELDS = ["state", "code", "error", "iss"];

/** The way back. */
export function callbackArea(deps: AppDeps): Area {
  const { broker, publicUrl, world } = deps;
  return {
    sayError: sayPage(deps, { connecting: () => true }),
    // A provider's form has the provider's origin; what reads cookies checks it below.
    anyOrigin: true,
    routes: [
      get("/callback/:provider", async (c) => {
        requireKnownOrigin(c.req.raw, deps);
        // Whoever only looks uses nothing up; a browser that comes back sends GET.
        if (c.req.method === "HEAD") return c.body(null, 200);
        return await complete(c, deps, queryOf(c.req.raw));
      }),

      post("/callback/:provider", async (c) => {
        const form = await readForm(c.req.raw, ANSWER_LIMIT, world);
        if (isFromHere(c, publicUrl)) return await complete(c, deps, form);
        const provider = pathPart(c, "provider");
        const { server: { title, callbackMembers = [] } } = broker.resolve(provider);
        if ((form.state ?? "") === "") refuse({ code: "state_missing" });
        // Nothing of a person's is on it, and an app's page may have opened this in a pop-up.
        keepsOpener(c);
        const { relayPage } = await import("./pages/relay.tsx");
        const words = await wordsFor(c);
        const action = `/callback/${encodeURIComponent(provider)}`;
        const names = [...FIELDS, ...callbackMembers];
        const fields = Object.fromEntries(names.map((name) => [name, form[name]]));
        return c.html(relayPage({ words, title, action, fields }));
      }),
    ],
  };
}

async function complete(
  c: Context,
  deps: AppDeps,
  query: Record<string, string>,
): Promise<Response> {
  const { state, code, error, iss } = query;
  const { broker, gateway, publicUrl, secure, world } = deps;
  const person = (await personOf(c, deps))?.session.subject;
  const completed = await broker.complete({
    provider: pathPart(c, "provider"),
    state,
    code,
    error,
    iss,
    query,
    browser: browserOf(c, secure),
    person,
  });
  switch (completed.kind) {
    case "handed_off":
    case "turned_back":
      return await goBack(c, completed);
    case "signed_in": {
      const { secret, session } = await gateway.signIn(completed.server, completed.account);
      notesOf(c).caller = callerName(personActor(session.subject));
      const earlier = sessionSecret(c, deps);
      if (earlier !== undefined) await gateway.signOut(earlier, { everywhere: false });
      setSession(c, deps, secret);
      return c.redirect(localPath(completed.returnTo, publicUrl), 303);
    }
    case "done_before": {
      const { server, services, label, handedOff } = completed;
      const { doneBeforePage } = await import("./pages/connected.tsx");
      const words = await wordsFor(c);
      const title = titleOf(server, services, words.lang);
      const hasPage = person !== undefined;
      return c.html(doneBeforePage({ words, title, label, handedOff, hasPage }));
    }
    case "connected": {
      const { server, services, withheld, missing, label, meant, againUrl, byLink } = completed;
      const words = await wordsFor(c);
      const isOwn = person === completed.connection.subject;
      if (isOwn && !byLink && withheld.length + missing.length === 0 && meant === undefined) {
        const values = { service: titleOf(server, services, words.lang), account: label };
        setSaid(c, deps, { kind: "connected", values, at: world.now() });
        return c.redirect("/", 303);
      }
      const { connectedPage } = await import("./pages/connected.tsx");
      const nothing = services.length === 0 && withheld.length > 0;
      // A service that was not allowed at all says what its scopes would say once more.
      const theirs = server.services.filter(({ name }) => withheld.includes(name))
        .flatMap(({ scopes }) => scopes);
      const rest = missing.filter((scope) => !theirs.includes(scope));
      return c.html(connectedPage({
        words,
        hasPage: isOwn,
        title: nothing ? undefined : titleOf(server, services, words.lang),
        provider: server.title,
        label,
        withheld: titlesOf(server, withheld),
        missing: await scopesIn(words, server, rest),
        meant: meant?.label,
        againUrl,
      }));
    }
  }
}
