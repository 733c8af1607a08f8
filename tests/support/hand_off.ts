/**
 * A person goes all the way by an app's link, and comes back to the app.
 *
 * @module
 */

import { Browser } from "./browser.ts";
import { signInForm } from "./emulators.ts";
import type { Gateway } from "./gateway.ts";

/** The code that the app gets; `body` as `POST /links` takes it, with `return_to`. */
export async function handedOff(
  gateway: Pick<Gateway, "api">,
  body: { user_id: string; service: string; return_to: string },
): Promise<string> {
  const { json } = await gateway.api("/links", { body });
  const browser = new Browser();
  const signIn = await browser.submit(await browser.open(json.url));
  const until = (url: string) => url.startsWith(body.return_to);
  const { url } = await browser.submit(signIn, { form: signInForm(signIn), until });
  return new URL(url).searchParams.get("code")!;
}
