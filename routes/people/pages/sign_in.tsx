/**
 * With which account to sign in.
 *
 * @module
 */

import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { sayText } from "../../http/page/words/say.ts";

/** What the page shows. */
export interface SignInProps {
  words: Catalogue;
  providers: { name: string; title: string }[];
  /** Hidden; what is undefined is left out. */
  fields: Record<string, string | undefined>;
}

/** The page as HTML. */
export function signInPage({ words, providers, fields }: SignInProps): string {
  const { signIn } = words;
  return render(
    { words, title: signIn.title },
    <>
      <h1>{signIn.title}</h1>
      <p>{signIn.what}</p>
      {providers.length === 0 && <p class="say warn">{signIn.nobody}</p>}
      {providers.map(({ name, title }, at) => (
        <form method="post" action={`/sign-in/${name}`}>
          <HiddenFields fields={fields} />
          <button type="submit" class={at === 0 ? undefined : "quiet"}>
            {sayText(signIn.with, { provider: title })}
          </button>
        </form>
      ))}
      <p class="soft">{signIn.only}</p>
    </>,
  );
}
