/**
 * Which app asks, for whom, and for what. Without this page, a link that
 * somebody else made would connect an account with one click.
 *
 * @module
 */

import { LONGEST_PARAM } from "../../../broker/broker.ts";
import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import { Asked } from "./asked.tsx";

/** What the page shows. */
export interface ConfirmProps {
  /** The app that asks; absent where a signed-in person connects for themselves. */
  app?: string | undefined;
  userId: string;
  /** "Google Calendar" */
  title: string;
  /** "Google" */
  provider: string;
  /** All that will be asked for, in words. */
  shares: string[];
  /** The account that it is about, where it is one that is connected already. */
  account?: string | undefined;
  /** Where at the provider it leads: what that is called, and what the app said. */
  where: [title: string, value: string][];
  /** What the person must say first. */
  asks: { name: string; title: string }[];
  action: string;
  /** Hidden; what is undefined is left out. */
  fields: Record<string, string | undefined>;
}

/** The page as HTML. */
export function confirmPage(props: ConfirmProps): string {
  const { app, userId, title, provider, shares, account, where, asks, action, fields } = props;
  // A provider without scopes opens everything.
  const reach = shares.length === 0 ? " do all that you can do there." : ":";
  return render(
    `Connect ${title}`,
    <>
      <h1>Connect {title}?</h1>
      <Asked
        app={app}
        userId={userId}
        asks={`asks to use your ${title} account for its user`}
        can={reach}
        shares={shares}
        account={account === undefined
          ? undefined
          : { of: provider, label: account, then: "sign in with that one." }}
        where={where}
      />
      <form method="post" action={action}>
        <HiddenFields fields={fields} />
        {asks.map(({ name, title }) => (
          <p key={name}>
            <label>
              {title} <input name={name} required maxlength={LONGEST_PARAM} autocomplete="off" />
            </label>
          </p>
        ))}
        <button type="submit">Continue to {provider}</button>
      </form>
      <p class="soft">
        You will sign in at{" "}
        {provider}; nobody here sees your password. You can disconnect at any time. Did somebody
        send you this link, or are you not {userId}? Then close this page.
      </p>
    </>,
  );
}
