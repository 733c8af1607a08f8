/**
 * The first set-up of a deployment that has nobody to run it yet, opened by a
 * code, and "sign in again" before a change.
 *
 * @module
 */

import { Form } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { signInPath } from "../../http/sign_in_path.ts";
import { say } from "../../http/page/words/say.ts";

/** Asks for the code. */
export function setupCodePage(
  { words, formToken, isWrong }: { words: Catalogue; formToken: string; isWrong: boolean },
): string {
  const { console } = words;
  return render(
    { words, title: console.setupTitle },
    <>
      <h1>{console.setupTitle}</h1>
      {isWrong && <p class="say bad" role="alert">{console.setupWrong}</p>}
      <p>{say(console.setupLead, { command: <code>deno task admin setup</code> })}</p>
      <Form action="/console/setup" token={formToken}>
        <label>
          {console.setupCode}{" "}
          <input name="code" required maxlength={100} autocapitalize="none" spellcheck={false} />
        </label>
        <button type="submit">{console.setupGo}</button>
      </Form>
    </>,
  );
}

/** The sign-in is older than a change may be. */
export function stalePage({ words, returnTo }: { words: Catalogue; returnTo: string }): string {
  const { console, frame } = words;
  return render(
    { words, title: console.staleTitle },
    <>
      <h1>{console.staleTitle}</h1>
      <p>{console.stale}</p>
      <p class="do">
        <a class="button" href={signInPath(returnTo)}>
          {console.staleGo}
        </a>
        <a class="button quiet" href={returnTo}>{frame.back}</a>
      </p>
    </>,
  );
}
