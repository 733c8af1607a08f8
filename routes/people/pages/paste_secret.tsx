/**
 * Which app asks for an API key, or for a client and its secret, for whom, and
 * where people make one.
 *
 * @module
 */

import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import { Asked } from "./asked.tsx";

/** One field of the form. */
export interface PasteInput {
  name: string;
  title: string;
  /** Nobody who looks over a shoulder reads it. */
  secret: boolean;
  /** Characters. */
  longest: number;
}

/** What the page shows. */
export interface PasteSecretProps {
  /** The app that asks; absent where a signed-in person connects for themselves. */
  app?: string | undefined;
  userId: string;
  /** "SendGrid" */
  title: string;
  /** The account that it is about, where it is one that is connected already. */
  account?: string | undefined;
  /** "an API key" */
  what: string;
  /** "a key" */
  short: string;
  /** What is asked for with it, in words; nothing where that is chosen where it is made. */
  shares: string[];
  /** Where at the provider, as far as it is known: titles and values. */
  where: [title: string, value: string][];
  /** Where such are made, and how. */
  made: { url: string; how: string };
  inputs: PasteInput[];
  action: string;
  /** Hidden; what is undefined is left out. */
  fields: Record<string, string | undefined>;
}

/** The page as HTML. */
export function pasteSecretPage(props: PasteSecretProps): string {
  const { app, userId, title, account, what, short, shares, where, made } = props;
  const { inputs, action, fields } = props;
  const can = shares.length > 0 ? " use it to:" : ` do with it all that the ${bare(short)} allows.`;
  return render(
    `Connect ${title}`,
    <>
      <h1>Connect {title}?</h1>
      <Asked
        app={app}
        userId={userId}
        asks={`asks for ${what} of your ${title} account, for its user`}
        can={can}
        shares={shares}
        account={account === undefined
          ? undefined
          : { of: title, label: account, then: `paste ${short} of that one.` }}
        where={where}
      />
      <p>
        <a href={made.url} target="_blank" rel="noopener noreferrer">
          Make {short} at {title}
        </a>{" "}
        – {made.how}
      </p>
      <form method="post" action={action} autocomplete="off">
        <HiddenFields fields={fields} />
        {inputs.map((each) => <Input key={each.name} {...each} />)}
        <button type="submit">Connect {title}</button>
      </form>
      <p class="soft">
        {title}{" "}
        is asked whose it is before it is kept, and it is not shown again. To end it, delete it at
        {" "}
        {title}. Did somebody send you this link, or are you not {userId}? Then close this page.
      </p>
    </>,
  );
}

function Input({ name, title, secret, longest }: PasteInput) {
  return (
    <p>
      <label>
        {title}{" "}
        <input
          type={secret ? "password" : "text"}
          name={name}
          required
          maxlength={longest}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
      </label>
    </p>
  );
}

/** "key" of "a key" */
function bare(short: string): string {
  return short.replace(/^an? /, "");
}
