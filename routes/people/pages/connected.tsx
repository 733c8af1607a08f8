/**
 * It worked, or in part: what was not allowed is said, and so is an account
 * that is not the one that was meant.
 *
 * @module
 */

import { Seal } from "../../http/page/icons.tsx";
import { render, type RunBy } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say, sayText } from "../../http/page/words/say.ts";

/** What the page shows. */
export interface ConnectedProps {
  words: Catalogue;
  /** What is open now: "Gmail and Google Calendar"; absent: nothing of what was asked for. */
  title?: string | undefined;
  /** "Google" */
  provider: string;
  label: string;
  /** Services that were asked for and not allowed. */
  withheld: string[];
  /** The rest that was asked for and not allowed, in words. */
  missing: string[];
  /** The account that should have come, where another one did. */
  meant?: string | undefined;
  /** What was pasted, where nobody signed in. */
  pasted?: "key" | "client" | undefined;
  againUrl?: string | undefined;
  /** The person whose connection it is is signed in here, and has a page to go to. */
  hasPage: boolean;
  runBy?: RunBy | undefined;
}

/** The page as HTML. */
export function connectedPage(props: ConnectedProps): string {
  const { words, title, provider, label, withheld, missing, meant, pasted, againUrl, runBy } =
    props;
  const { connected } = words;
  const heading = title === undefined
    ? sayText(connected.nothing, { provider })
    : sayText(connected.done, { service: title });
  const lacks = [...withheld, ...missing];
  const isWhole = lacks.length === 0;
  const isPlain = isWhole && meant === undefined;
  return render(
    { words, title: heading, runBy },
    <>
      <Seal sign={title === undefined ? "alert" : "check"} />
      <h1>{heading}</h1>
      <p>
        {/* A server that does not tell whose account it is has no name for it but its own. */}
        {label !== provider &&
          say(title === undefined ? connected.signedInAs : connected.as, {
            account: <strong>{label}</strong>,
          })}
        {isPlain && ` ${connected.goBack}`}
      </p>
      {meant !== undefined && (
        <p class="say warn">
          {say(otherOf(props), {
            account: <strong>{label}</strong>,
            meant: <strong>{meant}</strong>,
          })}
        </p>
      )}
      {!isWhole && (
        <div class="say warn stack tight">
          <p>
            {sayText(pasted === undefined ? connected.withheld : connected.withheldSecret, {
              provider,
            })}
          </p>
          <ul>{lacks.map((each) => <li>{each}</li>)}</ul>
        </div>
      )}
      <Ways {...props} again={againUrl} />
      {!isPlain && (
        <p class="soft">
          {meant === undefined ? connected.leave : sayText(connected.keepBoth, { account: label })}
        </p>
      )}
    </>,
  );
}

function Ways(
  { words, meant, hasPage, again }: ConnectedProps & { again: string | undefined },
) {
  const { connected } = words;
  const againName = meant === undefined
    ? connected.allowRest
    : sayText(connected.againAs, { meant });
  return (
    <p class="do">
      {again !== undefined && <a class="button" href={again}>{againName}</a>}
      {hasPage && (
        <a class={again === undefined ? "button" : "button quiet"} href="/">{connected.home}</a>
      )}
      <button type="button" class="quiet" data-close="">{connected.close}</button>
    </p>
  );
}

function otherOf({ words: { connected }, pasted }: ConnectedProps): string {
  return pasted === undefined ? connected.otherAccount : connected.otherSecret[pasted];
}

/** What the page of a sign-in that was finished before shows, when its address is opened again. */
export interface DoneBeforeProps {
  words: Catalogue;
  title: string;
  label: string;
  handedOff: boolean;
  hasPage: boolean;
}

/** The page as HTML. */
export function doneBeforePage(props: DoneBeforeProps): string {
  const { words, title, label, handedOff, hasPage } = props;
  const { connected } = words;
  return render(
    { words, title: connected.beforeTitle },
    <>
      <Seal sign="check" />
      <h1>{connected.beforeTitle}</h1>
      <p>
        {say(handedOff ? connected.beforeHandedOff : connected.before, {
          service: title,
          account: <strong>{label}</strong>,
        })}
      </p>
      <p class="do">
        {hasPage && <a class="button" href="/">{connected.home}</a>}
        <button type="button" class="quiet" data-close="">{connected.close}</button>
      </p>
    </>,
  );
}

/** The person cancelled on the page behind a link. */
export function cancelledPage(
  { words, title, againUrl, hasPage }: {
    words: Catalogue;
    title: string;
    againUrl: string;
    hasPage: boolean;
  },
): string {
  const { endings, frame } = words;
  return render(
    { words, title: endings.cancelled.title },
    <>
      <Seal sign="arrows" />
      <h1>{endings.cancelled.title}</h1>
      <p>{sayText(endings.cancelled.text, { service: title })} {endings.unchanged}</p>
      <p class="do">
        <a class="button" href={againUrl}>{frame.tryAgain}</a>
        {hasPage && <a class="button quiet" href="/">{frame.home}</a>}
        <button type="button" class="quiet" data-close="">{words.connected.close}</button>
      </p>
    </>,
  );
}
