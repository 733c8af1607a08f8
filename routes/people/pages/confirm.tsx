/**
 * Which app asks, for whom, and for what. Without this page, a link that
 * somebody else made would connect an account with one click.
 *
 * @module
 */

import { LONGEST_PARAM } from "../../../broker/core/link_bounds.ts";
import type { Popup } from "../../../broker/core/popup.ts";
import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import { say, sayText } from "../../http/page/words/say.ts";
import { About, type AskedProps, Pair, Shares } from "./asked.tsx";
import { PopupData } from "../../http/page/popup_data.tsx";

/** What the page shows. */
export interface ConfirmProps extends AskedProps {
  /** "Google" */
  provider: string;
  /** What the person must say first. */
  asks: { name: string; title: string }[];
  action: string;
  /** Hidden; what is undefined is left out. */
  fields: Record<string, string | undefined>;
  /** An app's page shows it in a pop-up. */
  popup?: Popup | undefined;
}

/** The page as HTML. */
export function confirmPage(props: ConfirmProps): string {
  const { words, app, userId, title, provider, shares, account, where, asks, action, fields } =
    props;
  const { connect, frame } = words;
  const heading = sayText(connect.title, { service: title });
  const user = <strong>{userId}</strong>;
  // A provider without scopes opens everything.
  const all = shares.length === 0;
  return render(
    { words, title: heading, runBy: app },
    <>
      <Pair {...props} />
      <h1>{heading}</h1>
      <p>
        {app === undefined
          ? say(connect.self, { user })
          : say(connect.asks, { app: <strong>{app.name}</strong>, service: title, user })}
      </p>
      <div class="stack tight">
        <p>
          {app === undefined
            ? (all ? connect.toolsCanAll : connect.toolsCan)
            : say(all ? connect.appCanAll : connect.appCan, { app: <bdi>{app.name}</bdi> })}
        </p>
        <Shares {...props} />
      </div>
      <About words={words} account={account} of={provider} where={where} />
      <form method="post" action={action} class="stack">
        <HiddenFields fields={fields} />
        {asks.map(({ name, title }) => (
          <label>
            {title} <input name={name} required maxlength={LONGEST_PARAM} autocomplete="off" />
          </label>
        ))}
        <p class="do">
          <button type="submit">{sayText(connect.go, { provider })}</button>
          <button type="submit" class="quiet" name="decision" value="cancel" formnovalidate>
            {frame.cancel}
          </button>
        </p>
      </form>
      <p class="soft">{sayText(connect.password, { provider })}</p>
      {app !== undefined && <p class="soft">{say(connect.notYou, { user: <bdi>{userId}</bdi> })}
      </p>}
      <PopupData popup={props.popup} />
    </>,
  );
}
