/**
 * Personal tokens: out of the way until somebody asks for one.
 *
 * @module
 */

import { CopyButton, Form, ServiceBoxes } from "../../http/page/fields.tsx";
import { say } from "../../http/page/words/say.ts";
import { type AppsProps, GrantCard } from "./apps.tsx";

/** What the section shows. */
export interface TokensProps extends AppsProps {
  /** The services that a person has connected, by name. */
  connected: ReadonlySet<string>;
  /** Good for making one token: a form that is sent twice makes one. */
  onceToken: string;
  /** A new personal token, shown this once; `shown_before`: it was asked for by the same form. */
  newToken?: { token: string } | "shown_before" | undefined;
}

/** Those that live, and the form for another one. */
export function PersonalTokens(props: TokensProps) {
  const { words, grants, allowable, connected, formToken, onceToken, newToken } = props;
  const { tokens, consent } = words;
  const own = grants.filter(({ clientId }) => clientId === undefined);
  return (
    <details class="box stack" id="tokens" open={own.length > 0 || newToken !== undefined}>
      <summary>{tokens.title}</summary>
      <div class="stack">
        <p class="soft">{tokens.lead}</p>
        {newToken === "shown_before" && <p class="say warn" role="status">{tokens.made}</p>}
        {typeof newToken === "object" && <NewToken words={words} token={newToken.token} />}
        {own.length > 0 && (
          <div class="cards">
            {own.map((grant) => <GrantCard {...props} grant={grant} />)}
          </div>
        )}
        <details class="panel stack" open={own.length === 0}>
          <summary>{tokens.makeOne}</summary>
          <Form action="/dashboard/tokens" token={formToken} fields={{ once: onceToken }}>
            <label>
              {tokens.name}{" "}
              <input name="name" required maxlength={80} placeholder={tokens.example} />
            </label>
            <ServiceBoxes
              words={words}
              services={allowable.map((one) => ({
                ...one,
                ticked: connected.has(one.name),
                connected: connected.has(one.name),
              }))}
            />
            <fieldset>
              <legend>{consent.access}</legend>
              <label class="pick">
                <input type="radio" name="access" value="read" checked /> {consent.readOnly}
              </label>
              <label class="pick">
                <input type="radio" name="access" value="full" /> {consent.readAndChange}
              </label>
            </fieldset>
            <p class="do">
              <button type="submit">{tokens.make}</button>
            </p>
          </Form>
        </details>
      </div>
    </details>
  );
}

function NewToken({ words, token }: Pick<TokensProps, "words"> & { token: string }) {
  const { tokens } = words;
  return (
    <section class="note stack tight" role="status" tabindex={-1} autofocus>
      <h3>{tokens.newTitle}</h3>
      <p>{tokens.newHint}</p>
      <p class="row">
        <code id="new-token">{token}</code>
        <CopyButton words={words} of="new-token" />
      </p>
      <p class="soft">
        {say(tokens.sentAs, { header: <code>Authorization: Bearer sb_pat_…</code> })}
      </p>
    </section>
  );
}
