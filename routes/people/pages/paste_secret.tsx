/**
 * Which app asks for an API key, or for a client and its secret, for whom, and
 * where people make one.
 *
 * @module
 */

import type { Popup } from "../../../broker/core/popup.ts";
import { HiddenFields } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import { say, sayText } from "../../http/page/words/say.ts";
import { About, type AskedProps, Pair, Shares } from "./asked.tsx";
import { PopupData } from "../../http/page/popup_data.tsx";

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
export interface PasteSecretProps extends AskedProps {
  kind: "api_key" | "client_credentials";
  /** Where such are made, and how. */
  made: { url: string; how: string };
  inputs: PasteInput[];
  action: string;
  /** Hidden; what is undefined is left out. */
  fields: Record<string, string | undefined>;
  /** An app's page shows it in a pop-up. */
  popup?: Popup | undefined;
}

/** The page as HTML. */
export function pasteSecretPage(props: PasteSecretProps): string {
  const { words, app, userId, title, account, kind, shares, where, made, inputs, action, fields } =
    props;
  const { connect, frame } = words;
  const { what, thing, bare } = connect.secrets[kind];
  const heading = sayText(connect.title, { service: title });
  const user = <strong>{userId}</strong>;
  const all = shares.length === 0;
  const [apps, tools] = all
    ? [connect.appCanAllKey, connect.toolsCanAllKey]
    : [connect.appCanKey, connect.toolsCanKey];
  return render(
    { words, title: heading, runBy: app },
    <>
      <Pair {...props} />
      <h1>{heading}</h1>
      <p>
        {app === undefined ? say(connect.self, { user }) : say(connect.asksForSecret, {
          ...{ what, user, service: title },
          app: <strong>{app.name}</strong>,
        })}
      </p>
      <div class="stack tight">
        <p>
          {app === undefined
            ? sayText(tools, { thing: bare })
            : say(apps, { app: <bdi>{app.name}</bdi>, thing: bare })}
        </p>
        <Shares {...props} />
      </div>
      <About words={words} account={account} of={title} where={where} thing={thing} />
      <p>
        <a href={made.url} target="_blank" rel="noopener noreferrer">
          {sayText(connect.makeOne, { thing, service: title })}
        </a>{" "}
        – {made.how}
      </p>
      <form method="post" action={action} autocomplete="off" class="stack">
        <HiddenFields fields={fields} />
        {inputs.map((each) => <Input {...each} />)}
        <p class="do">
          <button type="submit">{sayText(connect.goPaste, { service: title })}</button>
          <button type="submit" class="quiet" name="decision" value="cancel" formnovalidate>
            {frame.cancel}
          </button>
        </p>
      </form>
      <p class="soft">{sayText(connect.kept, { service: title })}</p>
      {app !== undefined && <p class="soft">{say(connect.notYou, { user: <bdi>{userId}</bdi> })}
      </p>}
      <PopupData popup={props.popup} />
    </>,
  );
}

function Input({ name, title, secret, longest }: PasteInput) {
  return (
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
  );
}
