/**
 * One person, looked up by their id: what they have connected, which apps have
 * access, what was done, and what an operator can do for them.
 *
 * @module
 */

import type { ConnectionView } from "../../../broker/broker.ts";
import type { GrantView } from "../../../gateway/gateway.ts";
import { shownDate } from "../../http/page/dates.tsx";
import { CopyButton } from "../../http/page/fields.tsx";
import { sayText } from "../../http/page/words/say.ts";
import { type ActivityRow, ActivityTable } from "../pages/activity.tsx";
import { ConnectsOf, type FoundConnect, LookConnectUp, type ShownConnect } from "./connects.tsx";
import { ChangeForm, type ConsoleFrame, consolePage } from "./frame.tsx";

/** What the page shows. */
export interface PeopleProps extends ConsoleFrame {
  /** Of which people are looked up: apps, and providers that they sign in with. */
  realms: { name: string; title: string }[];
  looked?: Looked | undefined;
  /** A connect that was looked up by a reference. */
  found?: FoundConnect | undefined;
}

/** Whoever was looked up. */
export interface Looked {
  realm: string;
  userId: string;
  /** Nothing of them is kept. */
  isNobody: boolean;
  connections: (ConnectionView & { providerTitle: string; titles: string[] })[];
  grants: GrantView[];
  sessionTokens: number;
  activity: ActivityRow[];
  /** The latest first. */
  connects: ShownConnect[];
  areAllConnects: boolean;
  /** What can be connected for them by a link. */
  linkable: { name: string; title: string }[];
  /** A link that was just made. */
  link?: string | undefined;
}

/** The page as HTML. */
export function peoplePage(props: PeopleProps): string {
  const { words, realms, looked, found } = props;
  const { console } = words;
  return consolePage(
    { ...props, part: "people", title: looked?.userId ?? console.people },
    <>
      <form method="get" action="/console/people" class="panel stack">
        <p class="soft">{console.peopleLead}</p>
        <label>
          {console.realm}{" "}
          <select name="realm" required>
            {realms.map(({ name, title }) => (
              <option value={name} selected={name === looked?.realm}>{title}</option>
            ))}
          </select>
        </label>
        <label>
          {console.userId}{" "}
          <input
            name="id"
            required
            maxlength={128}
            autocapitalize="none"
            value={looked?.userId ?? ""}
          />
        </label>
        <p class="do">
          <button type="submit" class="small">{console.lookUp}</button>
        </p>
      </form>
      <LookConnectUp words={words} found={found} />
      {looked !== undefined && <Person {...props} looked={looked} />}
    </>,
  );
}

function Person(props: ConsoleFrame & { looked: Looked }) {
  const { words, looked } = props;
  const { console, home } = words;
  const { realm, userId, isNobody, activity } = looked;
  const of = { realm, id: userId };
  if (isNobody) {
    return (
      <>
        <p class="say">{sayText(console.nobody, { user: userId })}</p>
        <MakeLink {...props} />
      </>
    );
  }
  return (
    <>
      <section class="stack">
        <h2>{console.connectionsOf}</h2>
        {looked.connections.length === 0 && <p class="soft">{console.none}</p>}
        <div class="cards">
          {looked.connections.map((each) => (
            <article class="card stack tight">
              <h3>{each.providerTitle}</h3>
              <p class={each.status === "active" ? "state good" : "state warn"}>
                {stateOf(each, home)}
              </p>
              <p>
                <strong>{each.label}</strong>{" "}
                <span class="soft">{each.account !== each.label && `· ${each.account}`}</span>
              </p>
              <p class="soft">{each.titles.join(", ")}</p>
              <p class="soft">
                {sayText(home.since, { day: shownDate(words.lang, each.connectedAt) })}
              </p>
              <p>
                <a
                  class="button small quiet"
                  aria-label={sayText(console.disconnectTitle, {
                    account: each.label,
                    user: userId,
                  })}
                  href={`/console/people/disconnect?${new URLSearchParams({
                    ...of,
                    provider: each.provider,
                    account: each.account,
                  })}`}
                >
                  {console.disconnect}
                </a>
              </p>
            </article>
          ))}
        </div>
      </section>
      <MakeLink {...props} />
      <section class="stack">
        <h2>{console.appsOf}</h2>
        {looked.grants.length === 0 && <p class="soft">{console.none}</p>}
        {looked.grants.map(({ id, name, scopes }) => (
          <div class="row card">
            <div>
              <h3>{name}</h3>
              <p class="soft">{scopes.join(", ")}</p>
            </div>
            <a
              class="button small quiet"
              aria-label={sayText(console.endGrantTitle, { app: name, user: userId })}
              href={`/console/people/end-grant?${new URLSearchParams({ ...of, grant: id })}`}
            >
              {console.endGrant}
            </a>
          </div>
        ))}
        <p class="soft">{console.sessionsOf}: {looked.sessionTokens}</p>
      </section>
      <ConnectsOf words={words} connects={looked.connects} areAll={looked.areAllConnects} />
      <section class="stack">
        <h2>{console.activityOf}</h2>
        {activity.length === 0
          ? <p class="soft">{console.none}</p>
          : <ActivityTable words={words} rows={activity} />}
      </section>
      <p>
        <a class="button small bad" href={`/console/people/delete?${new URLSearchParams(of)}`}>
          {sayText(console.deleteUser, { user: userId })}
        </a>
      </p>
    </>
  );
}

function stateOf({ status, renews }: ConnectionView, home: PeopleProps["words"]["home"]): string {
  switch (status) {
    case "reauthorization_required":
      return home.state.reconnect;
    case "moved":
      return home.state.moved;
    case "active":
      return renews ? home.renews : home.state.connected;
  }
}

function MakeLink({ words, formToken, looked }: ConsoleFrame & { looked: Looked }) {
  const { console } = words;
  const { realm, userId, linkable, link } = looked;
  if (linkable.length === 0) return null;
  return (
    <section class="panel stack">
      <h2>{console.makeLink}</h2>
      {link !== undefined && (
        <div class="say good stack tight" role="status">
          <p>{sayText(console.linkMade, { user: userId })}</p>
          <p class="row">
            <code id="new-link">{link}</code>
            <CopyButton words={words} of="new-link" />
          </p>
        </div>
      )}
      <ChangeForm
        words={words}
        formToken={formToken}
        action="/console/people/link"
        fields={{ realm, id: userId }}
        button={console.makeLink}
      >
        <label>
          {console.linkFor}{" "}
          <select name="service" required>
            {linkable.map(({ name, title }) => <option value={name}>{title}</option>)}
          </select>
        </label>
      </ChangeForm>
    </section>
  );
}
