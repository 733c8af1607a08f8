/**
 * `GET /auth/{service}`: the page behind a connect link. `POST` to the same
 * address: the person said yes, off to the provider. `GET /callback/{provider}`:
 * back again.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { PresentedLink } from "../broker/connect_link.ts";
import { scopeWords } from "../broker/scopes.ts";
import { partsOf } from "../broker/subject.ts";
import { readText } from "./body.ts";
import { browserOf, ensureBrowser, formToken, requireOwnForm } from "./browser.ts";
import type { AppDeps } from "./deps.ts";

/** A confirm form holds a few short fields. */
const FORM_LIMIT = 8 * 1024;

/** The routes. */
export function connectRoutes({ broker }: AppDeps): Hono {
  const app = new Hono();
  const secure = broker.publicUrl.startsWith("https:");

  app.get("/auth/:service", async (c) => {
    const presented = presentedLink(c.req.param("service"), new URL(c.req.url).searchParams);
    const { link, server } = await broker.readLink(presented);
    const browser = ensureBrowser(c, secure);
    const { realm, userId } = partsOf(link.subject);
    const { confirmPage } = await import("./pages/confirm.tsx");
    return page(
      c,
      confirmPage({
        app: realm,
        userId,
        title: titleOf(server, link.services),
        provider: server.title,
        shares: scopeWords(server, link.scopes),
        action: `/auth/${link.service}`,
        fields: {
          user_id: link.userId,
          ...(link.scopeParam === undefined ? {} : { scope: link.scopeParam }),
          link: presented.secret!,
          form_token: formToken(browser, presented.secret!),
        },
      }),
    );
  });

  app.post("/auth/:service", async (c) => {
    const form = new URLSearchParams(await readText(c.req.raw, FORM_LIMIT));
    const presented = presentedLink(c.req.param("service"), form);
    const browser = browserOf(c, secure);
    const token = form.get("form_token");
    requireOwnForm(c, broker.publicUrl, { browser, purpose: presented.secret ?? "", token });
    const url = await broker.begin(presented, browser!);
    ensureBrowser(c, secure);
    c.header("Cache-Control", "no-store");
    return c.redirect(url.href, 303);
  });

  app.get("/callback/:provider", async (c) => {
    const query = new URL(c.req.url).searchParams;
    const completed = await broker.complete({
      provider: c.req.param("provider"),
      state: one(query, "state"),
      code: one(query, "code"),
      error: one(query, "error"),
      iss: one(query, "iss"),
      browser: browserOf(c, secure),
    });
    if (completed.kind === "handed_off") {
      c.header("Cache-Control", "no-store");
      return c.redirect(completed.redirectTo.href, 303);
    }
    const { connection, server, services } = completed;
    const { connectedPage } = await import("./pages/connected.tsx");
    const title = titleOf(server, services);
    return page(c, connectedPage({ title, label: connection.label }));
  });

  return app;
}

/** A parameter that is there once; a repeated one is nobody's (RFC 6749 §3.1). */
function one(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

function presentedLink(service: string, params: URLSearchParams): PresentedLink {
  return {
    service,
    userId: one(params, "user_id"),
    scope: one(params, "scope"),
    secret: one(params, "link"),
  };
}

/** "Gmail and Google Calendar", or the provider's name where nothing is named. */
function titleOf(
  server: { title: string; services: { name: string; title: string }[] },
  services: string[],
): string {
  const titles = server.services.filter(({ name }) => services.includes(name)).map((s) => s.title);
  return titles.length === 0 ? server.title : new Intl.ListFormat("en").format(titles);
}

function page(c: Context, html: string): Response {
  c.header("Cache-Control", "no-store");
  return c.html(html);
}
