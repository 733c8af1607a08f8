/**
 * Receivers of events: whether each is on, what waits for it, what came of the
 * last ones, and the buttons that have some sent again.
 *
 * @module
 */

import {
  type Delivery,
  MOST_REPLAYED,
  MOST_WAITING,
  type ReceiverView,
} from "../../../broker/core/events.ts";
import { DEPLOYMENT } from "../../../broker/core/activity.ts";
import { partsOf } from "../../../broker/core/subject.ts";
import { Moment } from "../../http/page/dates.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { counted, say, sayText } from "../../http/page/words/say.ts";
import { ChangeForm, type ConsoleFrame, consolePage } from "./frame.tsx";

/** A receiver as the page shows it. */
export interface ShownReceiver extends ReceiverView {
  title: string;
  /** Where to go on after what was sent again last. */
  after: string | undefined;
}

/** What the page shows. */
export interface EventsProps extends ConsoleFrame {
  receivers: ShownReceiver[];
  now: number;
}

/** The page as HTML. */
export function eventsPage(props: EventsProps): string {
  const { words, receivers } = props;
  const { console } = words;
  return consolePage(
    { ...props, part: "events", title: console.events },
    <>
      <p class="soft">{console.receivers.lead}</p>
      {receivers.length === 0 && (
        <p class="say">{say(console.receivers.none, { variable: <code>EVENTS</code> })}</p>
      )}
      {receivers.map((receiver) => <Receiver {...props} receiver={receiver} />)}
    </>,
  );
}

type ReceiverProps = EventsProps & { receiver: ShownReceiver };

function Receiver(props: ReceiverProps) {
  const { words, formToken, receiver } = props;
  const { receivers: says } = words.console;
  const { name, title, origin, offSince, after } = receiver;
  const form = { words, formToken, fields: { receiver: name } };
  return (
    <section class="panel stack" id={name}>
      <div>
        <h2>{title}</h2>
        <p class="soft">
          <code>{name}</code> · {origin}
        </p>
      </div>
      <State {...props} />
      {offSince !== undefined && (
        <ChangeForm {...form} action="/console/events/on" button={says.switchOn} />
      )}
      <Latest {...props} />
      <details open={after !== undefined}>
        <summary>{says.replayTitle}</summary>
        <div class="stack">
          <p class="soft">{sayText(says.replayHint, { most: MOST_REPLAYED })}</p>
          <ChangeForm {...form} action="/console/events/replay" button={says.replay}>
            <label>
              {says.since} <input name="since" maxlength={24} placeholder="2026-11-27T09:00" />
            </label>
            <label>
              {says.after}{" "}
              <input name="after" value={after ?? ""} maxlength={20} pattern="[0-9a-f]{20}" />
            </label>
          </ChangeForm>
        </div>
      </details>
    </section>
  );
}

/** Whether it is on, and how much waits. */
function State({ words, receiver, now }: ReceiverProps) {
  const { console: { receivers: says }, lang } = words;
  const { offSince, failingSince, lastFault, pausedUntil = 0, waiting } = receiver;
  const moment = (at: number) => <Moment lang={lang} at={at} />;
  const waits = waiting >= MOST_WAITING
    ? sayText(says.waitingMost, { most: new Intl.NumberFormat(lang).format(MOST_WAITING) })
    : waiting === 0
    ? says.waitingNone
    : counted(lang, says.waiting, waiting);
  return (
    <div class="stack tight">
      {offSince !== undefined
        ? (
          <p class="state warn">
            <span>{say(says.off, { time: moment(offSince) })}</span>
          </p>
        )
        : failingSince !== undefined
        ? (
          <p class="state warn">
            <span>
              {say(says.failing, {
                time: moment(failingSince),
                fault: <code>{lastFault ?? "?"}</code>,
              })}
            </span>
          </p>
        )
        : <p class="state good">{says.on}</p>}
      <p class="soft">{waits}</p>
      {offSince === undefined && pausedUntil > now && (
        <p class="soft">{say(says.paused, { time: moment(pausedUntil) })}</p>
      )}
    </div>
  );
}

/** The last ones, the newest first; on a phone each is a block. */
function Latest({ words, receiver }: ReceiverProps) {
  const { console, lang } = words;
  const { receivers: says } = console;
  const { latest, title } = receiver;
  if (latest.length === 0) return <p class="soft">{says.nothing}</p>;
  return (
    <div class="table">
      <table aria-label={sayText(says.latest, { receiver: title })}>
        <thead>
          <tr>
            {[says.when, says.what, console.user, says.outcome].map((head) => (
              <th scope="col">{head}</th>
            ))}
            <th scope="col">
              <span class="hush">{says.again}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {latest.map(({ at, type, subject, delivery, realm, stamp }) => {
            const { realm: ofRealm, userId } = partsOf(subject);
            return (
              <tr>
                <td>
                  <Moment lang={lang} at={at} />
                </td>
                <td>
                  <code>{type}</code>
                </td>
                <td>
                  {subject === DEPLOYMENT ? "–" : (
                    <a
                      href={`/console/people?${new URLSearchParams({
                        realm: ofRealm,
                        id: userId,
                      })}`}
                    >
                      <bdi>{userId}</bdi>
                    </a>
                  )}
                </td>
                <td>
                  <Outcome words={words} delivery={delivery} />
                </td>
                <td>
                  <a
                    class="button small quiet"
                    href={`/console/events/again?${new URLSearchParams({ realm, stamp })}`}
                    aria-label={`${says.again}: ${type}, ${userId}`}
                  >
                    {says.again}
                  </a>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** What came of sending one. */
function Outcome({ words, delivery }: { words: Catalogue; delivery: Delivery | undefined }) {
  const { console: { receivers: says }, lang } = words;
  if (delivery === undefined) return <span class="state">{says.notYet}</span>;
  const { state, attempts, at, nextAt, fault } = delivery;
  const moment = (at: number) => <Moment lang={lang} at={at} />;
  const failed = (
    <span class="soft">
      {counted(lang, says.tries, attempts)}
      {fault !== undefined && (
        <>
          : <code>{fault}</code>
        </>
      )}
      {nextAt !== undefined && (
        <>
          {" · "}
          {say(says.next, { time: moment(nextAt) })}
        </>
      )}
    </span>
  );
  switch (state) {
    case "delivered":
      return (
        <span class="state good">
          <span>{say(says.delivered, { time: moment(at) })}</span>
        </span>
      );
    case "failing":
      return (
        <>
          <span class="state warn">{says.trying}</span> {failed}
        </>
      );
    case "gave_up":
      return (
        <>
          <span class="state warn">{says.gaveUp}</span> {failed}
        </>
      );
  }
}
