/**
 * An MCP client asks for access. Shown for every request: no client gets a
 * code without a person's click (confused deputy). It says when the access ends
 * by itself, by the configuration of that moment.
 *
 * @module
 */

import type { GrantLifetimes } from "../../broker/core/grant.ts";
import { DAY_MS, shownDate } from "../http/page/dates.tsx";
import { HiddenFields, ServiceBoxes } from "../http/page/fields.tsx";
import { render } from "../http/page/layout.tsx";
import type { Catalogue } from "../http/page/words/en.ts";
import { counted, say, sayText } from "../http/page/words/say.ts";

/** What the page shows. */
export interface ConsentProps {
  words: Catalogue;
  clientName: string;
  /** The host that vouches for the client's name, if one does. */
  clientHost: string | undefined;
  kind: "document" | "operator" | "registered";
  /** Where the answer goes. */
  redirect: { host: string } | { scheme: string };
  label: string;
  services: AskedService[];
  /** When what is allowed ends by itself. */
  lifetimes: GrantLifetimes;
  now: number;
  fields: Record<string, string>;
  /** It was sent without a box ticked. */
  nothingTicked: boolean;
}

/** A service that a client asks for. */
export interface AskedService {
  name: string;
  title: string;
  /** Not only read. */
  mayChange: boolean;
  /** The client asks to read alone, and the person may let it change as well. */
  canBeWidened: boolean;
  /** The person has connected it. */
  connected: boolean;
}

/** The page as HTML. */
export function consentPage(props: ConsentProps): string {
  const { words, clientName, redirect, label, services, fields, nothingTicked } = props;
  const { lifetimes: { idleMs, maxMs }, now } = props;
  const { consent, lang } = words;
  const heading = sayText(consent.title, { client: clientName });
  const host = "host" in redirect
    ? redirect.host
    : sayText(consent.onDevice, { scheme: redirect.scheme });
  return render(
    { words, title: heading },
    <>
      <h1>{heading}</h1>
      <p>{say(consent.wants, { user: <strong>{label}</strong> })}</p>
      <p class={props.kind === "registered" ? "say warn" : "say good"}>{identityOf(props)}</p>
      <p>{say(consent.sentTo, { host: <strong>{host}</strong> })}</p>
      {nothingTicked && <p class="say bad" role="alert">{consent.nothingTicked}</p>}
      <form method="post" action="/oauth/authorize" autocomplete="off" class="stack">
        <HiddenFields fields={fields} />
        <ServiceBoxes
          words={words}
          // What is not connected is for the person to tick, unless it is all that is asked for.
          services={services.map((one) => ({
            ...one,
            ticked: one.connected || services.length === 1,
          }))}
        />
        <AccessChoice words={words} services={services} />
        <ChangeBoxes words={words} services={services} />
        <p class="do">
          <button type="submit" name="decision" value="allow">{consent.allow}</button>
          <button type="submit" name="decision" value="deny" class="quiet">{consent.deny}</button>
        </p>
      </form>
      <p class="soft">
        {sayText(consent.ends, {
          day: shownDate(lang, now + maxMs),
          days: counted(lang, consent.days, idleMs / DAY_MS),
        })}
      </p>
    </>,
  );
}

type Part = Pick<ConsentProps, "words" | "services">;

/** What the client asks to change as well, it only reads unless the person says otherwise. */
function AccessChoice({ words, services }: Part) {
  const { consent } = words;
  const changed = services.filter(({ mayChange }) => mayChange);
  if (changed.length === 0) return <p>{consent.readsOnly}</p>;
  const isAll = changed.length === services.length;
  return (
    <fieldset>
      <legend>
        {isAll ? consent.access : sayText(consent.accessTo, { services: titles(words, changed) })}
      </legend>
      <label class="pick">
        <input type="radio" name="access" value="read" checked /> {consent.readOnly}
      </label>
      <label class="pick">
        <input type="radio" name="access" value="full" /> {consent.readAndChange}
      </label>
    </fieldset>
  );
}

/** More than the client asked for: only what the person ticks, and nothing is ticked for them. */
function ChangeBoxes({ words: { consent }, services }: Part) {
  const widenable = services.filter(({ canBeWidened }) => canBeWidened);
  if (widenable.length === 0) return null;
  return (
    <fieldset>
      <legend>{consent.widen}</legend>
      {widenable.map(({ name, title }) => (
        <label class="pick">
          <input type="checkbox" name="change" value={name} />{" "}
          {sayText(consent.widenIn, { service: title })}
        </label>
      ))}
    </fieldset>
  );
}

function titles({ lang }: Catalogue, services: AskedService[]): string {
  return new Intl.ListFormat(lang).format(services.map(({ title }) => title));
}

function identityOf({ words: { consent }, kind, clientHost = "", redirect }: ConsentProps): string {
  switch (kind) {
    case "document": {
      const isHere = "host" in redirect && /^(localhost|127\.0\.0\.1|\[::1\])/.test(redirect.host);
      return sayText(isHere ? consent.verifiedHere : consent.verified, { host: clientHost });
    }
    case "operator":
      return consent.byOperator;
    case "registered":
      return consent.unverified;
  }
}
