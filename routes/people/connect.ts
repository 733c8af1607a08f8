/**
 * `GET /auth/{service}`: the page behind a connect link. `POST` to the same
 * address: the person said yes, off to the provider. `GET /callback/{provider}`:
 * back again.
 *
 * @module
 */

import type { Context } from "hono";
import type { PresentedLink } from "../../broker/broker.ts";
import { scopeWords } from "../../broker/core/scopes.ts";
import { partsOf } from "../../broker/core/subject.ts";
import { get, pathPart, post, type Route } from "../http/area.ts";
import { queryOf, readForm } from "../http/body.ts";
import { browserOf, ensureBrowser, formToken, requireOwnForm } from "../http/browser_cookie.ts";
import type { Session } from "../../broker/core/grant.ts";
import type { Subject } from "../../broker/core/subject.ts";
import type { AppDeps } from "../http/deps.ts";
import { refuse } from "../http/errors.ts";
import { localPath, personOf, sessionSecret, setSession } from "../http/session_cookie.ts";

/** A confirm form holds a few short fields. */
const FORM_LIMIT = 8 * 1024;

/** The way from a link to the provider and back. */
export function connectRoutes(deps: AppDeps): Route[] {
  const { broker, gateway, publicUrl, secure } = deps;

  return [
    get("/auth/:service", async (c) => {
      const presented = presentedLink(pathPart(c, "service"), queryOf(c.req.raw));
      const { link, server } = await broker.readLink(presented);
      const owner = await ownerOf(c, deps, link.subject);
      if (owner === "sign_in") {
        const { pathname, search } = new URL(c.req.url);
        return c.redirect(`/sign-in?${new URLSearchParams({ return_to: pathname + search })}`, 303);
      }
      const browser = ensureBrowser(c, secure);
      const { realm, userId } = partsOf(link.subject);
      const { confirmPage } = await import("./pages/confirm.tsx");
      return c.html(confirmPage({
        app: owner === undefined ? realm : undefined,
        userId: owner?.label ?? userId,
        title: titleOf(server, link.services),
        provider: server.title,
        shares: scopeWords(server, link.scopes),
        action: `/auth/${link.service}`,
        fields: {
          user_id: link.userId,
          scope: link.scopeParam,
          link: presented.secret!,
          form_token: formToken(browser, presented.secret!),
        },
      }));
    }),

    post("/auth/:service", async (c) => {
      const form = await readForm(c.req.raw, FORM_LIMIT, deps.world);
      const presented = presentedLink(pathPart(c, "service"), form);
      const browser = requireOwnForm(c, publicUrl, {
        browser: browserOf(c, secure),
        purpose: presented.secret ?? "",
        token: form.form_token,
      });
      const { link } = await broker.readLink(presented);
      if (await ownerOf(c, deps, link.subject) === "sign_in") refuse({ code: "sign_in_needed" });
      const url = await broker.begin(presented, browser);
      ensureBrowser(c, secure);
      return c.redirect(url.href, 303);
    }),

    get("/callback/:provider", async (c) => {
      const { state, code, error, iss } = queryOf(c.req.raw);
      const completed = await broker.complete({
        provider: pathPart(c, "provider"),
        state,
        code,
        error,
        iss,
        browser: browserOf(c, secure),
      });
      if (completed.kind === "handed_off") {
        return c.redirect(completed.redirectTo.href, 303);
      }
      if (completed.kind === "signed_in") {
        const { secret } = await gateway.signIn(completed.server, completed.account);
        const earlier = sessionSecret(c, deps);
        if (earlier !== undefined) await gateway.signOut(earlier, { everywhere: false });
        setSession(c, deps, secret);
        return c.redirect(localPath(completed.returnTo, publicUrl), 303);
      }
      const { connection, server, services } = completed;
      const { connectedPage } = await import("./pages/connected.tsx");
      const title = titleOf(server, services);
      return c.html(connectedPage({ title, label: connection.label }));
    }),
  ];
}

/**
 * The signed-in person that a link is for; `undefined` where it is for an
 * app's user. Somebody else's link is refused.
 */
async function ownerOf(
  c: Context,
  deps: AppDeps,
  subject: Subject,
): Promise<Session | "sign_in" | undefined> {
  // Apps' realms are never called like a provider; see config.ts.
  if (!deps.providers.has(partsOf(subject).realm)) return undefined;
  const person = await personOf(c, deps);
  if (person === undefined) return "sign_in";
  const { session } = person;
  return session.subject === subject ? session : refuse({ code: "other_person" });
}

function presentedLink(service: string, params: Record<string, string>): PresentedLink {
  const { user_id: userId, scope, link: secret } = params;
  return { service, userId, scope, secret };
}

/** "Gmail and Google Calendar", or the provider's name where nothing is named. */
function titleOf(
  server: { title: string; services: { name: string; title: string }[] },
  services: string[],
): string {
  const titles = server.services.filter(({ name }) => services.includes(name)).map((s) => s.title);
  return titles.length === 0 ? server.title : new Intl.ListFormat("en").format(titles);
}
