/**
 * What was done in a person's name in the last 30 days: when, by which app,
 * what, and how it ended. Nothing of what was read or written.
 *
 * @module
 */

import { Moment } from "../../http/page/dates.tsx";
import { type Here, render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { counted, say, sayText } from "../../http/page/words/say.ts";

/** One line of it. */
export interface ActivityRow {
  /** Epoch ms. */
  at: number;
  /** Who did it: a name, the person, whoever runs this, or nobody that is known. */
  by: { name: string } | "person" | "operator" | "system" | undefined;
  /** As `activity.what` of the words has it. */
  what: string;
  tool?: string | undefined;
  /** Of access that was allowed or ended: whose. */
  app?: string | undefined;
  /** What an operator changed, as the program calls it. */
  about?: string | undefined;
  /** "Google Calendar" */
  service?: string | undefined;
  /** `ok`, or the code with which it ended. */
  outcome: string;
  /** How often the same came within the minute. */
  count: number;
}

/** What the page shows. */
export interface ActivityProps {
  words: Catalogue;
  here: Here;
  rows: ActivityRow[];
  /** Of the page before, if there are more. */
  older?: string | undefined;
  /** This is not the first page. */
  isLater: boolean;
  /** How many lines were not kept, since there were too many. */
  leftOut: number;
}

/** The page as HTML. */
export function activityPage(props: ActivityProps): string {
  const { words, here, rows, older, isLater, leftOut } = props;
  const { activity, lang } = words;
  return render(
    { words, title: activity.title, here },
    <div class="stack">
      <h1>{activity.title}</h1>
      <p class="soft">{activity.lead}</p>
      {rows.length === 0
        ? <p class="say">{activity.none}</p>
        : <ActivityTable words={words} rows={rows} />}
      {leftOut > 0 && <p class="soft">{counted(lang, activity.leftOut, leftOut)}</p>}
      <p class="do">
        {isLater && <a class="button small quiet" href="/activity">{activity.newest}</a>}
        {older !== undefined && (
          <a
            class="button small quiet"
            href={`/activity?${new URLSearchParams({ before: older })}`}
          >
            {activity.older}
          </a>
        )}
      </p>
    </div>,
  );
}

/** The lines as a table; on a phone each is a block. */
export function ActivityTable({ words, rows }: { words: Catalogue; rows: ActivityRow[] }) {
  const { activity, lang } = words;
  return (
    <div class="panel table">
      <table>
        <thead>
          <tr>
            {[activity.time, activity.app, activity.did, activity.service, activity.outcome]
              .map((name) => <th scope="col">{name}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <td>
                <Moment lang={lang} at={row.at} />
              </td>
              <td>
                <bdi>{byWhom(row, words)}</bdi>
              </td>
              <td>{didWhat(row, words)}</td>
              <td>{row.service ?? "–"}</td>
              <td>{howItEnded(row, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function byWhom({ by }: ActivityRow, { activity }: Catalogue): string {
  switch (by) {
    case undefined:
      return activity.unknownApp;
    case "person":
      return activity.you;
    case "operator":
      return activity.operator;
    case "system":
      return activity.system;
    default:
      return by.name;
  }
}

function didWhat({ what, tool, app, about, count }: ActivityRow, { activity, lang }: Catalogue) {
  const sentence = Object.hasOwn(activity.what, what) ? activity.what[what]! : what;
  return (
    <>
      {say(sentence, { tool: <code>{tool ?? "?"}</code>, app: <bdi>{app ?? "?"}</bdi> })}
      {about !== undefined && <code>{about}</code>}
      {count > 1 && <span class="soft">· {counted(lang, activity.times, count)}</span>}
    </>
  );
}

function howItEnded({ outcome }: ActivityRow, { activity }: Catalogue) {
  return outcome === "ok" || outcome === "repeated"
    ? <span class="state good">{activity.ok}</span>
    : <span class="state warn">{sayText(activity.failed, { code: outcome })}</span>;
}
