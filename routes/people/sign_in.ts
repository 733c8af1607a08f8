/**
 * `GET /sign-in`: with which account. `POST /sign-in/{provider}`: off to it. The
 * way back is the providers' callback.
 *
 * @module
 */

import { get, pathPart, post, type Route } from "../http/area.ts";
import { queryOf, readForm } from "../http/body.ts";
import { addressOf } from "../http/caller.ts";
import { browserOf, ensureBrowser, formToken, requireOwnForm } from "../http/browser_cookie.ts";
import type { AppDeps } from "../http/deps.ts";
import { wordsFor } from "../http/page_words.ts";
import { localPath } from "../http/session_cookie.ts";

const FORM_LIMIT = 16 * 1024;
const SIGN_IN = "sign-in";

/** Signing in. */
export function signInRoutes(deps: AppDeps): Route[] {
  const { gateway, broker, publicUrl, secure } = deps;

  return [
    get("/sign-in", async (c) => {
      const { return_to, another } = queryOf(c.req.raw);
      const browser = ensureBrowser(c, secure);
      const { signInPage } = await import("./pages/sign_in.tsx");
      return c.html(signInPage({
        words: await wordsFor(c),
        providers: gateway.signInServers.map(({ name, title }) => ({ name, title })),
        fields: {
          return_to: localPath(return_to, publicUrl),
          another: another === "yes" ? "yes" : undefined,
          form_token: formToken(browser, SIGN_IN),
        },
      }));
    }),

    post("/sign-in/:provider", async (c) => {
      const form = await readForm(c.req.raw, FORM_LIMIT, deps.world);
      const browser = requireOwnForm(c, publicUrl, {
        browser: browserOf(c, secure),
        purpose: SIGN_IN,
        token: form.form_token,
      });
      const returnTo = localPath(form.return_to, publicUrl);
      const url = await broker.signIn({
        provider: pathPart(c, "provider"),
        returnTo,
        browser,
        another: form.another === "yes",
        address: addressOf(c),
      });
      ensureBrowser(c, secure);
      return c.redirect(url.href, 303);
    }),
  ];
}
