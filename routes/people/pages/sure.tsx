/**
 * What ends or narrows something asks first: what happens then, and a way out.
 *
 * @module
 */

import { Form } from "../../http/page/fields.tsx";
import { render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say, sayText } from "../../http/page/words/say.ts";

interface SureProps {
  words: Catalogue;
  fields: Record<string, string>;
  formToken: string;
}

/** Before a connection is ended. */
export function disconnectPage(
  props: SureProps & { provider: string; label: string; services: string[] },
): string {
  const { words, provider, label, services, fields, formToken } = props;
  const { disconnect, lang } = words;
  const heading = sayText(disconnect.title, { account: label, provider });
  const list = new Intl.ListFormat(lang).format(services);
  return render(
    { words, title: heading },
    <>
      <h1>{heading}</h1>
      {services.length > 1 && (
        <p class="say warn">
          {say(disconnect.also, { services: <strong>{list}</strong> })}
        </p>
      )}
      <p>{sayText(disconnect.what, { provider })}</p>
      <Form action="/dashboard/disconnect" token={formToken} fields={fields}>
        <p class="do">
          <button type="submit" class="bad">{disconnect.go}</button>
          <a class="button quiet" href="/">{disconnect.keep}</a>
        </p>
      </Form>
    </>,
  );
}

/** Before an app's access is ended. */
export function endGrantPage({ words, name, fields, formToken }: SureProps & { name: string }) {
  const { apps } = words;
  const heading = sayText(apps.endTitle, { app: name });
  return render(
    { words, title: heading },
    <>
      <h1>{heading}</h1>
      <p>{apps.endWhat}</p>
      <Form action="/dashboard/grants/end" token={formToken} fields={fields}>
        <p class="do">
          <button type="submit" class="bad">{apps.endGo}</button>
          <a class="button quiet" href="/">{apps.endKeep}</a>
        </p>
      </Form>
    </>,
  );
}

/** What an app may use, service by service: less than it does, never more. */
export function narrowPage(
  props: SureProps & {
    name: string;
    scopes: string[];
    services: { name: string; title: string }[];
  },
): string {
  const { words, name, scopes, services, fields, formToken } = props;
  const { apps, consent, frame } = words;
  const heading = sayText(apps.narrowTitle, { app: name });
  const held = services.filter((one) =>
    scopes.includes(one.name) || scopes.includes(`${one.name}:read`)
  );
  return render(
    { words, title: heading },
    <>
      <h1>{heading}</h1>
      <p class="soft">{apps.narrowLead}</p>
      <Form action="/dashboard/grants/narrow" token={formToken} fields={fields}>
        {held.map(({ name, title }) => {
          const full = scopes.includes(name);
          return (
            <fieldset>
              <legend>{title}</legend>
              {full && <Choice service={name} value="full" label={consent.readAndChange} checked />}
              <Choice service={name} value="read" label={consent.readOnly} checked={!full} />
              <Choice service={name} value="none" label={apps.nothing} checked={false} />
            </fieldset>
          );
        })}
        <p class="do">
          <button type="submit">{apps.narrowSave}</button>
          <a class="button quiet" href="/">{frame.cancel}</a>
        </p>
      </Form>
    </>,
  );
}

function Choice({ service, value, label, checked }: {
  service: string;
  value: string;
  label: string;
  checked: boolean;
}) {
  return (
    <label class="pick">
      <input type="radio" name={`access:${service}`} value={value} checked={checked} /> {label}
    </label>
  );
}
