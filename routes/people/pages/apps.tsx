/**
 * Which apps have access, to what, since when; each can be narrowed and ended.
 *
 * @module
 */

import type { GrantView } from "../../../gateway/gateway.ts";
import { Ago, shownDate } from "../../http/page/dates.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say, sayText } from "../../http/page/words/say.ts";
import { Places, TurnedAway } from "./places.tsx";

/** What these sections show. */
export interface AppsProps {
  words: Catalogue;
  grants: GrantView[];
  /** What services are called. */
  allowable: { name: string; title: string }[];
  formToken: string;
  now: number;
}

/** The apps, and the way to another one. */
export function Apps(props: AppsProps) {
  const { words: { apps }, grants } = props;
  const clients = grants.filter(({ clientId }) => clientId !== undefined);
  return (
    <section class="stack" aria-labelledby="apps">
      <div class="bar">
        <h2 id="apps">{apps.title}</h2>
        <a class="button small quiet" href="/set-up">{apps.setUp}</a>
      </div>
      {clients.length === 0 && <p class="soft">{apps.none}</p>}
      <div class="cards">
        {clients.map((grant) => <GrantCard {...props} grant={grant} />)}
      </div>
    </section>
  );
}

/** One app, or one personal token. */
export function GrantCard(props: AppsProps & { grant: GrantView }) {
  const { words, grant, formToken, now } = props;
  const { apps, lang } = words;
  const { id, name, createdAt, usedAt, endsAt, scopes } = grant;
  const query = new URLSearchParams({ id });
  const end = endsAt <= now ? apps.ended : apps.ends;
  return (
    <article class="card stack tight">
      <h3>{name}</h3>
      {accessOf(props).map((each) => <p>{each}</p>)}
      <p class="soft">
        {sayText(apps.since, { day: shownDate(lang, createdAt) })} · {usedAt === undefined
          ? apps.neverUsed
          : say(apps.lastUsed, { when: <Ago words={words} at={usedAt} now={now} hourly /> })} ·{" "}
        {sayText(end, { day: shownDate(lang, endsAt) })}
      </p>
      <Places words={words} grant={grant} formToken={formToken} now={now} />
      <TurnedAway words={words} grant={grant} now={now} />
      <p class="do">
        {(scopes.length > 1 || !scopes[0]?.endsWith(":read")) && (
          <a
            class="button plain"
            href={`/dashboard/grants/narrow?${query}`}
            aria-label={sayText(apps.narrowOf, { app: name })}
          >
            {apps.narrow}
          </a>
        )}
        <a
          class="button plain"
          href={`/dashboard/grants/end?${query}`}
          aria-label={sayText(apps.endOf, { app: name })}
        >
          {apps.end}
        </a>
      </p>
    </article>
  );
}

/** "Gmail, Google Calendar: reads only", and what it may change. */
function accessOf({ words: { apps, lang }, allowable, grant: { scopes } }: AppsProps & {
  grant: GrantView;
}): string[] {
  const list = new Intl.ListFormat(lang);
  const titleOf = (scope: string) =>
    allowable.find(({ name }) => name === serviceOf(scope))?.title ?? serviceOf(scope);
  const [read, full] = [scopes.filter(isReading), scopes.filter((scope) => !isReading(scope))];
  return [[full, apps.full] as const, [read, apps.read] as const].flatMap(([some, access]) =>
    some.length === 0
      ? []
      : [sayText(apps.can, { services: list.format(some.map(titleOf)), access })]
  );
}

function isReading(scope: string): boolean {
  return scope.endsWith(":read");
}

function serviceOf(scope: string): string {
  return isReading(scope) ? scope.slice(0, -":read".length) : scope;
}
