/**
 * Which app asks for an API key, for whom, and where such a key is made.
 *
 * @module
 */

import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";

/** What the page shows. */
export interface PasteKeyProps {
  /** The app that asks; absent where a signed-in person connects for themselves. */
  app?: string | undefined;
  userId: string;
  /** "SendGrid" */
  title: string;
  /** The account that it is about, where it is one that is connected already. */
  account?: string | undefined;
  /** Where keys are made, and how. */
  made: { url: string; how: string };
  /** Characters of a key. */
  longest: number;
  action: string;
  /** Hidden; what is undefined is left out. */
  fields: Record<string, string | undefined>;
}

/** The page as HTML. */
export function pasteKeyPage(props: PasteKeyProps): string {
  const { app, userId, title, account, made, longest, action, fields } = props;
  const can = "do with it all that the key allows.";
  return render(
    `Connect ${title}`,
    <>
      <h1>Connect {title}?</h1>
      <p>
        {app === undefined
          ? (
            <>
              You are signed in as <strong>{userId}</strong>. Your tools will be able to {can}
            </>
          )
          : (
            <>
              The app <strong>{app}</strong> asks for an API key of your {title}{" "}
              account, for its user <strong>{userId}</strong>. It will be able to {can}
            </>
          )}
      </p>
      {account !== undefined && (
        <p>
          This is about your {title} account <strong>{account}</strong>: paste a key of that one.
        </p>
      )}
      <p>
        <a href={made.url} target="_blank" rel="noopener noreferrer">
          Make a key at {title}
        </a>{" "}
        – {made.how}
      </p>
      <form method="post" action={action} autocomplete="off">
        <HiddenFields fields={fields} />
        <p>
          <label>
            API key{" "}
            <input
              type="password"
              name="key"
              required
              maxlength={longest}
              autocomplete="off"
              autocapitalize="none"
              spellcheck={false}
            />
          </label>
        </p>
        <button type="submit">Connect {title}</button>
      </form>
      <p class="soft">
        {title}{" "}
        is asked whose key it is before it is kept, and it is not shown again. To end it, delete it
        at {title}. Did somebody send you this link, or are you not {userId}? Then close this page.
      </p>
    </>,
  );
}
