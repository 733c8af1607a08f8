/**
 * Who is signed in here, and the end of that.
 *
 * @module
 */

import { Form } from "../../http/page/fields.tsx";
import { type Here, render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say } from "../../http/page/words/say.ts";

/** What the page shows. */
export interface YouProps {
  words: Catalogue;
  here: Here;
  formToken: string;
}

/** The page as HTML. */
export function youPage({ words, here, formToken }: YouProps): string {
  const { you, home } = words;
  return render(
    { words, title: you.title, here },
    <div class="stack loose">
      <section class="stack">
        <h1>{you.title}</h1>
        <p>{say(home.signedInAs, { user: <strong>{here.label}</strong> })}</p>
        <Form action="/sign-out" token={formToken}>
          <p class="do">
            <button type="submit" class="quiet">{you.signOut}</button>
            <button type="submit" class="quiet" name="everywhere" value="yes">
              {you.signOutEverywhere}
            </button>
          </p>
        </Form>
        <p class="soft">{you.signOutHint}</p>
      </section>
      <section class="stack">
        <h2>{you.exportTitle}</h2>
        <p>{you.exportHint}</p>
        <p class="do">
          <a class="button quiet" href="/you/data">{you.exportGo}</a>
        </p>
      </section>
      <section class="stack">
        <h2>{you.deleteTitle}</h2>
        <p>{you.deleteHint}</p>
        <p class="do">
          <a class="button bad" href="/you/delete">{you.deleteGo}</a>
        </p>
      </section>
    </div>,
  );
}
