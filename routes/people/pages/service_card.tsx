/**
 * One service on a person's page: its state in words, its accounts, what can be
 * done with each.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { LastUse } from "../../../broker/core/activity.ts";
import { Ago, DAY_MS, shownDate } from "../../http/page/dates.tsx";
import { Form } from "../../http/page/fields.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { counted, say, sayText } from "../../http/page/words/say.ts";
import { searchText, type ShownAccount, type ShownCard } from "../cards.ts";
import { Mark } from "./mark.tsx";

/** What a card needs beside the service. */
export interface CardProps {
  words: Catalogue;
  formToken: string;
  now: number;
  /** By account and service; see `last_use.ts`. */
  lastUse(account: { provider: string; account: string; service: string }): LastUse | undefined;
}

/** For how long what was used is known. */
const NOTED_MS = 30 * DAY_MS;

/** The card. */
export function ServiceCard(props: CardProps & { card: ShownCard }) {
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
function State({ words: { home, lang }, card: { accounts } }: CardProps & { card: ShownCard }) {
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

type AccountProps = CardProps & { card: ShownCard; account: ShownAccount; more: Child };

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
      if (renews && endsAt === undefined) return home.renews;
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
