/**
 * The end of everything that is kept of a person: what it ends, before; what
 * was done, after.
 *
 * @module
 */

import type { Erased } from "../../../broker/broker.ts";
import { Moment } from "../../http/page/dates.tsx";
import { Form } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { counted, say, sayText } from "../../http/page/words/say.ts";

/** What is asked before. */
export interface DeleteProps {
  words: Catalogue;
  /** Whose it is. */
  label: string;
  connections: number;
  apps: number;
  /** Whether they signed in just now; else they do that first. */
  isFresh: boolean;
  signInUrl: string;
  action: string;
  /** The word was not typed. */
  isWrong: boolean;
  formToken: string;
}

/** Before. */
export function deletePage(props: DeleteProps): string {
  const { words, label, isFresh, isWrong, signInUrl, action, formToken } = props;
  const { you, lang } = words;
  const heading = sayText(you.deleteAsk, { user: label });
  const what = sayText(you.deleteWhat, {
    connections: counted(lang, you.deleteConnections, props.connections),
    apps: counted(lang, you.deleteApps, props.apps),
  });
  const keep = <a class="button quiet" href="/you">{you.deleteKeep}</a>;
  return render(
    { words, title: heading },
    <>
      <h1>{heading}</h1>
      {isWrong && <p class="say warn" role="alert">{you.deleteWrong}</p>}
      <p>{what}</p>
      <p>{you.deleteWhatElse}</p>
      {isFresh
        ? (
          <Form action={action} token={formToken}>
            <label>
              {say(you.deleteType, { word: <strong>{you.deleteWord}</strong> })}
              <input name="word" required autocapitalize="none" spellcheck={false} />
            </label>
            <p class="do">
              <button type="submit" class="bad">{you.deleteGo}</button>
              {keep}
            </p>
          </Form>
        )
        : (
          <>
            <p class="say">{you.deleteFresh}</p>
            <p class="do">
              <a class="button" href={signInUrl}>{you.deleteFreshGo}</a>
              {keep}
            </p>
          </>
        )}
    </>,
  );
}

/** After. */
export function deletedPage({ words, erased }: { words: Catalogue; erased: Erased }): string {
  const { you, lang } = words;
  const { at, openAt, connections } = erased;
  const time = <Moment lang={lang} at={at} clock />;
  const removed = removedOf(words, erased);
  return render(
    { words, title: you.deleted },
    <>
      <h1>{you.deleted}</h1>
      <p>{say(you.deletedAt, { time: <Moment lang={lang} at={at} /> })}</p>
      {connections.length > 0 && (
        <ul>
          {connections.map(({ account, title, label = account, revocation }) => (
            <li>
              <strong>{label}</strong>: {revocation.kind === "revoked"
                ? say(you.revokedAt, { provider: title, time })
                : say(you.notRevokedAt, { provider: title })}
            </li>
          ))}
        </ul>
      )}
      <p>
        {removed.length === 0
          ? you.removedNothing
          : sayText(you.removed, { what: new Intl.ListFormat(lang).format(removed) })}
      </p>
      <p class="soft">{you.tombstone}</p>
      <p class="soft">{say(you.again, { time: <Moment lang={lang} at={openAt} clock /> })}</p>
    </>,
  );
}

/** What went, as people count it. */
function removedOf({ you, lang }: Catalogue, { removed }: Erased): string[] {
  const { connections = 0, grants = 0, sessions = 0, ...rest } = removed;
  const others = Object.values(rest).reduce((sum, count) => sum + count, 0);
  const parts = [
    { form: you.deleteConnections, count: connections },
    { form: you.deleteApps, count: grants },
    { form: you.removedSessions, count: sessions },
    { form: you.removedOthers, count: others },
  ];
  return parts.filter(({ count }) => count > 0)
    .map(({ form, count }) => counted(lang, form, count));
}
