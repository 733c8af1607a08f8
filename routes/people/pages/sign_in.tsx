/**
 * With which account to sign in.
 *
 * @module
 */

import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";

/** What the page shows. */
export interface SignInProps {
  providers: { name: string; title: string }[];
  fields: Record<string, string>;
}

/** The page as HTML. */
export function signInPage({ providers, fields }: SignInProps): string {
  return render(
    "Sign in",
    <>
      <h1>Sign in to Switchboard</h1>
      {providers.length === 0 && <p>Nobody can sign in here: no provider is configured.</p>}
      {providers.map(({ name, title }) => (
        <form key={name} method="post" action={`/sign-in/${name}`}>
          <HiddenFields fields={fields} />
          <button type="submit">Continue with {title}</button>
        </form>
      ))}
      <p class="soft">Only your name and e-mail address are asked for, to know who you are.</p>
    </>,
  );
}
