/**
 * A signed-in person's page: what is connected, what can be, who has access.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { LastUse } from "../../../broker/core/activity.ts";
import { type Group, GROUPS, searchText, type ShownAccount, type ShownCard } from "../cards.ts";
import { Ago, DAY_MS, Moment, shownDate } from "../../http/page/dates.tsx";
import { Form } from "../../http/page/fields.tsx";
import { type Here, render } from "../../http/page/layout.tsx";
import type { HOME_KINDS, Said } from "../../http/said_cookie.ts";
import { counted, say, sayText } from "../../http/page/words/say.ts";
import { Apps, type AppsProps } from "./apps.tsx";
import { Mark } from "./mark.tsx";
import { PersonalTokens, type TokensProps } from "./tokens.tsx";

/** What the page shows. */
export interface HomeProps extends AppsProps, TokensProps {
  here: Here;
  cards: ShownCard[];
  /** What somebody looks for, where scripts do not run. */
  query: string;
  said: HomeSaid | undefined;
  /** By account and service; see `last_use.ts`. */
  lastUse(account: { provider: string; account: string; service: string }): LastUse | undefined;
}

/** For how long what was used is known. */
const NOTED_MS = 30 * DAY_MS;
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

function ServiceCard(props: HomeProps & { card: ShownCard }) {
  const { words: { home }, card, formToken } = props;
  const { name, title, accounts } = card;
  const connect = accounts.length === 0
    ? { label: sayText(home.connectThis, { service: title }), text: home.connect, look: "small" }
    : { label: sayText(home.anotherOf, { service: title }), text: home.another, look: "plain" };
  const form = (
    <Form
      action="/dashboard/connect"
      token={formToken}
      fields={{ service: name, another: accounts.length > 0 ? "yes" : undefined }}
    >
      <button type="submit" class={connect.look} aria-label={connect.label}>{connect.text}</button>
    </Form>
  );
  return (
    <article class="card stack" data-name={searchText(card)}>
      <div class="head">
        <Mark of={card} />
        <div class="grow">
          <h3>{title}</h3>
          <State {...props} />
        </div>
        {accounts.length === 0 && form}
      </div>
      {accounts.map((account) => <Account {...props} account={account} more={form} />)}
    </article>
  );
}

/** In words; of one account also whose it is. */
function State({ words: { home, lang }, card: { accounts } }: HomeProps & { card: ShownCard }) {
  const [only, ...others] = accounts;
  if (only === undefined) return <p class="state">{home.state.none}</p>;
  if (accounts.some(({ state }) => state === "reauthorization_required")) {
    return <p class="state warn">{home.state.reconnect}</p>;
  }
  if (accounts.some(({ state }) => state === "moved")) {
    return <p class="state warn">{home.state.moved}</p>;
  }
  return (
    <p class="state good">
      {others.length > 0 ? counted(lang, home.state.accounts, accounts.length) : (
        <span>
          {say(home.state.connectedAs, { account: <strong>{only.label}</strong> })}
        </span>
      )}
    </p>
  );
}

type AccountProps = HomeProps & { card: ShownCard; account: ShownAccount; more: Child };

function Account(props: AccountProps) {
  const { words, card, account: { account, label, isDefault, since, shares, state }, more } = props;
  const { home, lang } = words;
  const several = card.accounts.length > 1;
  return (
    <div class="account stack tight">
      {(several || state !== "active") && (
        <p>
          <strong>{label}</strong>{" "}
          {several && isDefault && <span class="chip">{home.default}</span>}
        </p>
      )}
      <p class={state === "active" ? "soft" : undefined}>{lifeOf(props)}</p>
      <LastUsed {...props} />
      <p class="soft">{sayText(home.since, { day: shownDate(lang, since) })}</p>
      {state === "active" && (
        <details>
          <summary>{home.shared}</summary>
          {shares.length === 0
            ? <p class="soft">{home.sharedAll}</p>
            : <ul class="soft">{shares.map((share) => <li>{share}</li>)}</ul>}
        </details>
      )}
      <AccountButtons {...props} several={several} />
      {card.accounts.at(-1)?.account === account && more}
    </div>
  );
}

function AccountButtons(props: AccountProps & { several: boolean }) {
  const {
    words: { home },
    card,
    account: { account, label, isDefault, state },
    formToken,
    several,
  } = props;
  const fields = { provider: card.provider, account };
  const away = `/dashboard/disconnect?${new URLSearchParams(fields)}`;
  return (
    <div class="do">
      {state !== "active" && (
        <Form
          action="/dashboard/connect"
          token={formToken}
          fields={{ service: card.name, account }}
        >
          <button
            type="submit"
            class="small"
            aria-label={sayText(home.reconnectOf, { account: label })}
          >
            {home.reconnect}
          </button>
        </Form>
      )}
      {several && !isDefault && state === "active" && (
        <Form action="/dashboard/default" token={formToken} fields={fields}>
          <button
            type="submit"
            class="small quiet"
            aria-label={sayText(home.makeDefaultOf, { account: label })}
          >
            {home.makeDefault}
          </button>
        </Form>
      )}
      <a
        class="button small quiet"
        href={away}
        aria-label={sayText(home.disconnectOf, { account: label, service: card.title })}
      >
        {home.disconnect}
      </a>
    </div>
  );
}

/** How long it lasts, or why it does not any more. */
function lifeOf({ words: { home, lang }, card, account }: AccountProps): string {
  const { state, renews, endsAt } = account;
  switch (state) {
    case "reauthorization_required":
      return sayText(home.reconnectWhy, { provider: card.providerTitle });
    case "moved":
      return home.movedWhy;
    case "active":
      if (renews) return home.renews;
      return endsAt === undefined
        ? home.lasts
        : sayText(home.endsOn, { day: shownDate(lang, endsAt) });
  }
}

function LastUsed(props: AccountProps) {
  const { words, now, card, account, lastUse } = props;
  const { home } = words;
  const used = lastUse({ ...card, account: account.account, service: card.name });
  if (used === undefined) {
    const isNew = now - account.since < NOTED_MS;
    return <p class="soft">{isNew ? words.apps.neverUsed : home.neverUsed}</p>;
  }
  const values = {
    when: <Ago words={words} at={used.at} now={now} />,
    app: <bdi>{used.actor.name ?? home.someApp}</bdi>,
  };
  return (
    <p class="soft">
      {used.tool === undefined
        ? say(home.lastUsed, values)
        : say(home.lastUsedTool, { ...values, tool: <span class="code">{used.tool}</span> })}
    </p>
  );
}
