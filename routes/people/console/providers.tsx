/**
 * Every provider that the program knows: its redirect URI to register, a place
 * to paste client id and secret, and a try.
 *
 * @module
 */

import type { CredentialsView, OperatorView } from "../../../broker/core/settings.ts";
import { shownDate } from "../../http/page/dates.tsx";
import { CopyButton, Form } from "../../http/page/fields.tsx";
import { sayText } from "../../http/page/words/say.ts";
import { Mark } from "../pages/mark.tsx";
import { ChangeForm, type ConsoleFrame, consolePage, SetBy } from "./frame.tsx";

/** A secret that ends so soon stands out. */
const NEAR_MS = 30 * 24 * 60 * 60_000;

/** What the page shows. */
export interface ProvidersProps extends ConsoleFrame {
  seen: string | null;
  /** Epoch ms. */
  now: number;
  /** With what people call each. */
  providers: (CredentialsView & { title: string; registerAt?: string | undefined })[];
  operators: OperatorView[];
  /** With which people sign in. */
  signInProviders: { name: string; title: string }[];
}

/** The page as HTML. */
export function providersPage(props: ProvidersProps): string {
  const { words, providers } = props;
  const { console } = words;
  const [up, down] = [
    providers.filter(({ source }) => source !== undefined),
    providers.filter(({ source }) => source === undefined),
  ];
  return consolePage(
    { ...props, part: "providers", title: console.providers },
    <>
      <p class="soft">{console.providersLead}</p>
      <section class="stack">
        <h2>{console.setUpYes}</h2>
        {up.length === 0 && <p class="soft">{console.none}</p>}
        <div class="cards">
          {up.map((one) => <Provider {...props} of={one} />)}
        </div>
      </section>
      <section class="stack">
        <h2>{console.setUpNo}</h2>
        <label>
          <span class="hush">{words.home.find}</span>
          <input type="search" placeholder={words.home.find} data-find="" />
        </label>
        <div class="cards">
          {down.map((one) => <Provider {...props} of={one} />)}
        </div>
        <p class="say" data-none="" hidden>{words.home.none}</p>
      </section>
      <Operators {...props} />
    </>,
  );
}

type Of = ProvidersProps["providers"][number];

function Provider(props: ProvidersProps & { of: Of }) {
  const { words, now, seen, formToken, of } = props;
  const { console } = words;
  const {
    provider,
    title,
    redirectUri,
    source,
    clientId,
    hasSecret,
    isSettable,
    secretEndsAt,
    isTesting,
    changed,
    fault,
    registerAt,
  } = of;
  const id = `redirect-${provider}`;
  const redirect = (
    <div class="stack tight">
      <p class="soft">{console.redirectUri}</p>
      <p class="row">
        <code id={id}>{redirectUri}</code>
        <CopyButton words={words} of={id} />
      </p>
    </div>
  );
  return (
    <article
      class="card stack"
      id={provider}
      data-name={source === undefined ? `${provider} ${title}`.toLowerCase() : undefined}
    >
      <div class="head">
        <Mark of={{ name: provider, title }} />
        <div class="grow">
          <h3>{title}</h3>
          <p class={source === undefined ? "state" : "state good"}>
            {source === undefined ? console.setUpNo : console.setUpYes}
          </p>
        </div>
      </div>
      <SetBy words={words} source={source} changed={changed} fault={fault} />
      {source !== undefined && redirect}
      {clientId !== undefined && (
        <p class="soft">
          {console.clientId}: <code>{clientId}</code>
        </p>
      )}
      {secretEndsAt !== undefined && (
        <p class={secretEndsAt - now < NEAR_MS ? "say warn" : "soft"}>
          {sayText(console.secretEndsOn, { day: shownDate(words.lang, secretEndsAt) })}
        </p>
      )}
      {isTesting === true && <p class="soft">{console.isTesting}</p>}
      {source === "console" && <Noted {...props} />}
      {source !== undefined && (
        <Form action="/console/providers/try" token={formToken} fields={{ provider }}>
          <p class="do">
            <button
              type="submit"
              class="small quiet"
              aria-label={`${console.tryIt}: ${title}`}
              title={console.tryHint}
            >
              {console.tryIt}
            </button>
          </p>
        </Form>
      )}
      {source !== "env" && (isSettable
        ? (
          <details open={fault !== undefined}>
            <summary
              aria-label={`${source === undefined ? console.setItUp : console.replaceIt}: ${title}`}
            >
              {source === undefined ? console.setItUp : console.replaceIt}
            </summary>
            <div class="stack">
              {source === undefined && redirect}
              {registerAt !== undefined && (
                <p>
                  <a href={registerAt} target="_blank" rel="noopener noreferrer">
                    {sayText(console.registerAt, { provider: title })}
                  </a>
                </p>
              )}
              <ChangeForm
                words={words}
                formToken={formToken}
                action="/console/providers"
                seen={seen}
                fields={{ provider }}
                button={console.save}
              >
                {hasSecret && <p class="soft">{console.hasSecret}</p>}
                <label>
                  {console.clientId}{" "}
                  <input name="client_id" required maxlength={1000} autocomplete="off" />
                </label>
                <label>
                  {console.clientSecret}{" "}
                  <input
                    type="password"
                    name="client_secret"
                    required
                    maxlength={4000}
                    autocomplete="off"
                  />
                </label>
              </ChangeForm>
            </div>
          </details>
        )
        : <p class="soft">{console.needsEnv}</p>)}
      {source === "console" && (
        <p>
          <a
            href={`/console/providers/remove?${new URLSearchParams({ provider })}`}
            aria-label={`${console.remove}: ${title}`}
          >
            {console.remove}
          </a>
        </p>
      )}
    </article>
  );
}

/** What nobody but the operator knows of credentials, and has noted. */
function Noted({ words, seen, formToken, of }: ProvidersProps & { of: Of }) {
  const { console } = words;
  const { provider, title, secretEndsAt, isTesting } = of;
  return (
    <details>
      <summary aria-label={`${console.noteIt}: ${title}`}>{console.noteIt}</summary>
      <ChangeForm
        words={words}
        formToken={formToken}
        action="/console/providers/noted"
        seen={seen}
        fields={{ provider }}
        button={console.save}
      >
        <label>
          {console.secretEnds}{" "}
          <input
            type="date"
            name="secret_ends"
            value={secretEndsAt === undefined
              ? ""
              : new Date(secretEndsAt).toISOString().slice(0, 10)}
          />
        </label>
        {isTesting !== undefined && (
          <label>
            <input type="checkbox" name="testing" value="on" checked={isTesting} />{" "}
            {console.isTesting}
          </label>
        )}
      </ChangeForm>
    </details>
  );
}

function Operators(props: ProvidersProps) {
  const { words, operators, signInProviders, seen, formToken } = props;
  const { console } = words;
  return (
    <section class="panel stack" aria-labelledby="operators">
      <h2 id="operators">{console.operatorsTitle}</h2>
      <p class="soft">{console.operatorsLead}</p>
      {operators.map(({ provider, email, source, changed, fault }) => (
        <div class="row">
          <div>
            <p>
              <strong>{email}</strong> · {provider}
            </p>
            <SetBy words={words} source={source} changed={changed} fault={fault} />
          </div>
          {source === "console" && (
            <a
              class="button small quiet"
              href={`/console/operators/remove?${new URLSearchParams({ provider, email })}`}
              aria-label={`${console.remove}: ${email}`}
            >
              {console.remove}
            </a>
          )}
        </div>
      ))}
      <ChangeForm
        words={words}
        formToken={formToken}
        action="/console/operators"
        seen={seen}
        button={console.addOperator}
      >
        <label>
          {console.provider}{" "}
          <select name="provider" required>
            {signInProviders.map(({ name, title }) => <option value={name}>{title}</option>)}
          </select>
        </label>
        <label>
          {console.address} <input name="email" required maxlength={320} autocapitalize="none" />
        </label>
      </ChangeForm>
    </section>
  );
}
