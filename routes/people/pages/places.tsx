/**
 * In how many places an app is used, each with a button that ends it alone,
 * and that somebody came with an old key and was turned away.
 *
 * @module
 */

import type { RefusedReplay } from "../../../broker/core/grant.ts";
import { type GrantView, TRUNK } from "../../../gateway/gateway.ts";
import { Ago, DAY_MS, Moment } from "../../http/page/dates.tsx";
import { Form } from "../../http/page/fields.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say, sayText } from "../../http/page/words/say.ts";

interface PlacesProps {
  words: Catalogue;
  grant: GrantView;
  formToken: string;
  now: number;
}

/** Nothing where it is used in one place, as far as anybody can tell. */
export function Places({ words, grant, formToken, now }: PlacesProps) {
  const { apps, lang } = words;
  const { id, branches } = grant;
  const [, second] = branches;
  if (second === undefined) return null;
  const count = apps.counts[branches.length] ?? apps.several;
  return (
    <div class="places stack tight">
      <p class="state warn">
        <span>
          {say(apps.places, { count, time: <Moment lang={lang} at={second.since} /> })}
        </span>
      </p>
      <p class="soft">{apps.placesWhy}</p>
      {branches.map(({ id: branch, since, usedAt, joined = 0 }) => (
        <div class="row">
          <p class="soft">
            {say(branch === TRUNK ? apps.firstPlace : apps.otherPlace, {
              time: <Moment lang={lang} at={since} />,
            })}
            {joined > 0 && sayText(apps.joined, { count: joined })} ·{" "}
            {say(apps.lastUsed, { when: <Ago words={words} at={usedAt} now={now} hourly /> })}
          </p>
          <Form
            action="/dashboard/branches/end"
            token={formToken}
            fields={{ id, branch: String(branch) }}
          >
            <button type="submit" class="small quiet">{apps.endPlace}</button>
          </Form>
        </div>
      ))}
    </div>
  );
}

/** A copy of one's own that came late is no news after this. */
const NEWS_MS = 7 * DAY_MS;

/** What was refused last. It ended nothing, so there is nothing to press. */
export function TurnedAway(
  { words: { apps, lang }, grant: { refused = {} }, now }: Omit<PlacesProps, "formToken">,
) {
  const [last] = Object.entries(refused).toSorted(([, a], [, b]) => b - a);
  if (last === undefined) return null;
  const [why, at] = last as [RefusedReplay, number];
  if (now - at > NEWS_MS) return null;
  return (
    <p class="soft">
      {say(apps.turnedAway, { who: saidOf(why, apps), time: <Moment lang={lang} at={at} /> })}
    </p>
  );
}

function saidOf(why: RefusedReplay, apps: Catalogue["apps"]): string {
  switch (why) {
    case "late":
    case "too_often":
      return apps.late;
    case "ended":
      return apps.endedKey;
    case "other_client":
    case "other_key":
      return apps.otherApp;
  }
}
