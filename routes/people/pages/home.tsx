/**
 * A signed-in person's page: what is connected, what can be, who has access.
 *
 * @module
 */

import { type Group, GROUPS, type ShownCard } from "../cards.ts";
import { Moment } from "../../http/page/dates.tsx";
import { type Here, render } from "../../http/page/layout.tsx";
import type { HOME_KINDS, Said } from "../../http/said_cookie.ts";
import { say } from "../../http/page/words/say.ts";
import { Apps, type AppsProps } from "./apps.tsx";
import { type CardProps, ServiceCard } from "./service_card.tsx";
import { PersonalTokens, type TokensProps } from "./tokens.tsx";

/** What the page shows. */
export interface HomeProps extends AppsProps, TokensProps, CardProps {
  here: Here;
  cards: ShownCard[];
  /** What somebody looks for, where scripts do not run. */
  query: string;
  said: HomeSaid | undefined;
}

/** From this many on there is a field to find one. */
const MANY = 8;

/** The page as HTML. */
export function homePage(props: HomeProps): string {
  const { words, here, cards, query, said } = props;
  const { home } = words;
  return render(
    { words, title: home.title, here },
    <div class="stack loose">
      <div class="stack">
        <div class="bar">
          <div class="stack tight">
            <h1>{home.title}</h1>
            <p class="soft">{home.lead}</p>
          </div>
          {(cards.length >= MANY || query !== "") && <Find {...props} />}
        </div>
        {said !== undefined && <Told words={words} said={said} />}
        {cards.length === 0 && query === "" && <p class="say">{home.nothingHere}</p>}
        <p class="say" data-none="" hidden={cards.length > 0 || query === ""}>
          {home.none} {query !== "" && <a href="/">{home.all}</a>}
        </p>
        {GROUPS.map((group) => <Cards {...props} group={group} />)}
      </div>
      <Apps {...props} />
      <PersonalTokens {...props} />
    </div>,
  );
}

function Find({ words: { home, frame }, query }: HomeProps) {
  return (
    <form method="get" action="/" role="search" class="row">
      <label>
        <span class="hush">{home.find}</span>
        <input type="search" name="q" value={query} placeholder={home.find} data-find="" />
      </label>
      <noscript>
        <button type="submit" class="quiet">{frame.search}</button>
      </noscript>
    </form>
  );
}

type HomeSaid = Said<typeof HOME_KINDS[number]>;

const GOOD: HomeSaid["kind"][] = ["connected", "revoked", "narrowed", "ended", "preferred"];

/** What came of the last press of a button. */
export function Told(
  { words, said: { kind, values, at } }: Pick<HomeProps, "words"> & { said: HomeSaid },
) {
  const sentences = {
    connected: `${words.connected.done} · ${words.home.state.connectedAs}`,
    revoked: words.disconnect.revoked,
    deleted: words.disconnect.deleted,
    forgotten: words.disconnect.forgotten,
    gone: words.disconnect.gone,
    preferred: words.home.preferred,
    narrowed: words.apps.narrowed,
    ended: words.apps.endDone,
  };
  const known = {
    service: "",
    account: "",
    provider: "",
    app: "",
    ...values,
    time: <Moment lang={words.lang} at={at} clock />,
  };
  return (
    <p class={GOOD.includes(kind) ? "say good" : "say warn"} role="status">
      {say(sentences[kind], known)}
    </p>
  );
}

function Cards(props: HomeProps & { group: Group }) {
  const { words: { home }, cards, group } = props;
  const own = cards.filter((card) => card.group === group);
  if (own.length === 0) return null;
  return (
    <section class="stack" data-group="" aria-labelledby={`group-${group}`}>
      <h2 id={`group-${group}`}>{home[group]}</h2>
      <div class="cards">
        {own.map((card) => <ServiceCard {...props} card={card} />)}
      </div>
    </section>
  );
}
