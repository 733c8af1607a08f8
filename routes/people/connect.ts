/**
 * `GET /auth/{service}`: the page behind a connect link. `POST` to the same
 * address: the person said yes, off to the provider. The way back is in
 * `callback.ts`.
 *
 * @module
 */

import type { Context } from "hono";
import type { Broker, PresentedLink } from "../../broker/broker.ts";
import { Refusal } from "../../broker/core/refusal.ts";
import { partsOf, type Subject } from "../../broker/core/subject.ts";
import { get, pathPart, post, type Route } from "../http/area.ts";
import { queryOf, readForm } from "../http/body.ts";
import { addressOf } from "../http/caller.ts";
import { browserOf, ensureBrowser, formToken, requireOwnForm } from "../http/browser_cookie.ts";
import type { AppDeps } from "../http/deps.ts";
import { scopesIn } from "../http/page/words/scope_words.ts";
import { wordsFor } from "../http/page_words.ts";
import { keepsOpener } from "../http/opener.ts";
import { personOf } from "../http/session_cookie.ts";
import { signInPath } from "../http/sign_in_path.ts";
import { goBack } from "./ending.ts";
import { keepPasted, secretIn, secretPage } from "./paste_secret.ts";
import { shownApp } from "./logo.ts";
import { marksOf, titleOf } from "./titles.ts";
import { asksOf, saidWhere, whereOf } from "./where.ts";

/** A few short fields, or an id and a secret, each character of which may be sent as three. */
const FORM_LIMIT = 16 * 1024;

/** The way from a link to the provider and back. */
export function connectRoutes(deps: AppDeps): Route[] {
  const { broker, gateway, publicUrl, secure } = deps;
  const counting = <T>(c: Context, run: () => Promise<T>) =>
    gateway.doors.failing("wrong_link", addressOf(c), run);

  return [
    get("/auth/:service", async (c) => {
      const presented = presentedLink(pathPart(c, "service"), queryOf(c.req.raw));
      const session = (await personOf(c, deps))?.session;
      const visitor = { browser: browserOf(c, secure), person: session?.subject };
      const opened = await signedIn(counting(c, () => broker.readLink(presented, visitor)));
      if (opened === "sign_in") {
        const { pathname, search } = new URL(c.req.url);
        return c.redirect(signInPath(pathname + search), 303);
      }
      const { link, server, scopes, meant, popup } = opened;
      const { credential } = server;
      // The broker has seen to it that nobody else's link is opened here.
      const owner = session?.subject === link.subject ? session : undefined;
      const browser = ensureBrowser(c, secure);
      const { realm, userId } = partsOf(link.subject);
      const words = await wordsFor(c);
      const asked = {
        words,
        app: owner === undefined ? shownApp(deps, realm) : undefined,
        userId: owner?.label ?? userId,
        fields: {
          user_id: link.userId,
          scope: link.scopeParam,
          link: presented.secret!,
          form_token: formToken(browser, presented.secret!),
          popup: popup === undefined ? undefined : "1",
        },
        popup,
      };
      if (popup !== undefined) keepsOpener(c);
      if (credential.kind !== "oauth" && credential.kind !== "found") {
        return await secretPage(c, opened, credential, asked);
      }
      const { confirmPage } = await import("./pages/confirm.tsx");
      return c.html(confirmPage({
        ...asked,
        title: titleOf(server, link.services, words.lang),
        marks: marksOf(server, link.services),
        provider: server.title,
        shares: await scopesIn(words, server, scopes),
        account: meant?.label,
        where: await whereOf(opened, words),
        asks: await asksOf(opened, words),
        action: `/auth/${link.service}`,
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
      // As the page was that it comes from. What follows may fail, or lead on to the provider.
      if (form.popup !== undefined) keepsOpener(c);
      const person = (await personOf(c, deps))?.session.subject;
      if (form.decision === "cancel") {
        const no = await counting(c, () => broker.decline(presented, { browser, person }));
        return await declined(c, no, person);
      }
      const secret = secretIn(form);
      if (secret !== undefined) {
        ensureBrowser(c, secure);
        return await counting(c, () => keepPasted(c, deps, presented, { browser, person, secret }));
      }
      const url = await counting(c, () => broker.begin(presented, { browser, person }));
      ensureBrowser(c, secure);
      return c.redirect(url.href, 303);
    }),
  ];
}

/** The person said no: the app hears of it, or the page says that all is as it was. */
async function declined(
  c: Context,
  no: Awaited<ReturnType<Broker["decline"]>>,
  person: Subject | undefined,
): Promise<Response> {
  if (no.kind === "turned_back") return await goBack(c, no);
  const { cancelledPage } = await import("./pages/connected.tsx");
  const words = await wordsFor(c);
  const title = titleOf(no.server, no.services, words.lang);
  const hasPage = person !== undefined;
  return c.html(cancelledPage({ words, title, againUrl: no.againUrl, hasPage }));
}

/** What was opened; `sign_in` where the person whose link it is has to sign in first. */
async function signedIn<T>(opening: Promise<T>): Promise<T | "sign_in"> {
  try {
    return await opening;
  } catch (error) {
    if (error instanceof Refusal && error.reason.code === "sign_in_needed") return "sign_in";
    throw error;
  }
}

function presentedLink(service: string, params: Record<string, string>): PresentedLink {
  const { user_id: userId, scope, link: secret } = params;
  return { service, userId, scope, secret, params: saidWhere(params) };
}
