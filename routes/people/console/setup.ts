/**
 * `/console/setup`: the code that `deno task admin setup` printed opens the
 * console of a deployment that nobody runs yet.
 *
 * @module
 */

import { Refusal } from "../../../broker/core/refusal.ts";
import { get, post, type Route } from "../../http/area.ts";
import { readForm } from "../../http/body.ts";
import { browserOf, ensureBrowser, formToken, requireOwnForm } from "../../http/browser_cookie.ts";
import { addressOf } from "../../http/caller.ts";
import type { AppDeps } from "../../http/deps.ts";
import { wordsFor } from "../../http/page_words.ts";
import { setSetup } from "./setup_cookie.ts";

const FORM_LIMIT = 4 * 1024;
const PURPOSE = "setup";

/** The page that asks for the code, and what becomes of it. */
export function setupRoutes(deps: AppDeps): Route[] {
  const { gateway, publicUrl, secure, world } = deps;
  return [
    get("/console/setup", async (c) => {
      const browser = ensureBrowser(c, secure);
      const { setupCodePage } = await import("./setup.tsx");
      const token = formToken(browser, PURPOSE);
      return c.html(setupCodePage({ words: await wordsFor(c), formToken: token, isWrong: false }));
    }),

    post("/console/setup", async (c) => {
      const form = await readForm(c.req.raw, FORM_LIMIT, world);
      const browser = requireOwnForm(c, publicUrl, {
        browser: browserOf(c, secure),
        purpose: PURPOSE,
        token: form.form_token,
      });
      try {
        const { secret } = await gateway.redeemSetupCode(form.code, addressOf(c));
        setSetup(c, deps, secret);
        return c.redirect("/console", 303);
      } catch (error) {
        if (!(error instanceof Refusal) || error.reason.code !== "code_invalid") throw error;
        const { setupCodePage } = await import("./setup.tsx");
        const token = formToken(browser, PURPOSE);
        const page = { words: await wordsFor(c), formToken: token, isWrong: true };
        return c.html(setupCodePage(page), 400);
      }
    }),
  ];
}
