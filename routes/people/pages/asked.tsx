/**
 * What every page behind a link says first: who asks, for whom, for what, and
 * where.
 *
 * @module
 */

import { Icon } from "../../http/page/icons.tsx";
import type { RunBy } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say } from "../../http/page/words/say.ts";
import { Mark, type Marked } from "./mark.tsx";

/** The app that asks, as its operator says. */
export interface AskingApp extends RunBy {
  name: string;
  /** An address of ours, or a `data:` URL. */
  logo?: string | undefined;
}

/** What every such page shows. */
export interface AskedProps {
  words: Catalogue;
  /** The app that asks; absent where a signed-in person connects for themselves. */
  app?: AskingApp | undefined;
  userId: string;
  /** What it will be able to do, in words; nothing: all. */
  shares: string[];
  /** The account that it is about, where it is one that is connected already. */
  account?: string | undefined;
  /** Where at the provider it leads, as far as that is known. */
  where: [title: string, value: string][];
  /** "Google Calendar" */
  title: string;
  /** The marks of what is connected. */
  marks: Marked[];
}

/** The app's mark and the service's, side by side. */
export function Pair({ app, marks }: Pick<AskedProps, "app" | "marks">) {
  return (
    <p class="pair" aria-hidden="true">
      {app !== undefined && <AppMark app={app} />}
      {app !== undefined && <Icon sign="arrows" size={20} />}
      {marks.map((mark) => <Mark of={mark} size="big" />)}
    </p>
  );
}

/** Its picture, or letters in its place. */
export function AppMark({ app: { name, logo } }: { app: AskingApp }) {
  if (logo === undefined) return <Mark of={{ name, title: name }} size="big" />;
  return <img class="mark big" src={logo} alt="" width={56} height={56} />;
}

/** What it will be able to do. */
export function Shares({ shares }: Pick<AskedProps, "shares">) {
  if (shares.length === 0) return null;
  return <ul>{shares.map((share) => <li>{share}</li>)}</ul>;
}

/** Which account, and where. */
export function About(
  { words: { connect }, account, of, where, thing }:
    & Pick<AskedProps, "words" | "account" | "where">
    & {
      of: string;
      /** "a key", where one is pasted. */
      thing?: string | undefined;
    },
) {
  const sentence = thing === undefined ? connect.about : connect.aboutPasted;
  return (
    <>
      {account !== undefined && (
        <p class="say">
          {say(sentence, {
            provider: of,
            account: <strong>{account}</strong>,
            ...(thing === undefined ? {} : { thing }),
          })}
        </p>
      )}
      {where.map(([what, value]) => (
        <p>
          {what}: <strong>{value}</strong>
        </p>
      ))}
    </>
  );
}
