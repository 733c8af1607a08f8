/**
 * An MCP client asks for access. Shown for every request: no client gets a
 * code without a person's click (confused deputy). It says when the access ends
 * by itself, by the configuration of that moment.
 *
 * @module
 */

import type { GrantLifetimes } from "../../broker/core/grant.ts";
import { DAY_MS, shownDate } from "../http/page/dates.ts";
import { HiddenFields, ServiceBoxes } from "../http/page/fields.tsx";
import { render } from "../http/page/layout.tsx";

/** What the page shows. */
export interface ConsentProps {
  clientName: string;
  /** The host that vouches for the client's name, if one does. */
  clientHost: string | undefined;
  kind: "document" | "operator" | "registered";
  /** Where the answer goes. */
  redirectHost: string;
  label: string;
  services: AskedService[];
  /** When what is allowed ends by itself. */
  lifetimes: GrantLifetimes;
  now: number;
  fields: Record<string, string>;
}

/** A service that a client asks for. */
export interface AskedService {
  name: string;
  title: string;
  /** Not only read. */
  mayChange: boolean;
  /** The client asks to read alone, and the person may let it change as well. */
  canBeWidened: boolean;
}

/** The page as HTML. */
export function consentPage(props: ConsentProps): string {
  const { clientName, redirectHost, label, services, fields } = props;
  const { lifetimes: { idleMs, maxMs }, now } = props;
  return render(
    `Allow ${clientName}?`,
    <>
      <h1>Allow “{clientName}”?</h1>
      <p>
        It wants to use tools in your name. You are signed in as <strong>{label}</strong>.
      </p>
      <p class={props.kind === "registered" ? "warn" : "soft"}>{identityOf(props)}</p>
      <p>
        You will be sent to <strong>{redirectHost}</strong>.
      </p>
      <form method="post" action="/oauth/authorize" autocomplete="off">
        <HiddenFields fields={fields} />
        <ServiceBoxes services={services} />
        <AccessChoice services={services} />
        <ChangeBoxes services={services} />
        <button type="submit" name="decision" value="allow">Allow</button>
        <button type="submit" name="decision" value="deny" class="quiet">Do not allow</button>
      </form>
      <p class="soft">
        It ends by itself on {shownDate(now + maxMs)}, or after {idleMs / DAY_MS}{" "}
        days without use. You can take it back at any time on your Switchboard page.
      </p>
    </>,
  );
}

/** What the client asks to change as well, the person can let it read alone. */
function AccessChoice({ services }: Pick<ConsentProps, "services">) {
  const changed = services.filter(({ mayChange }) => mayChange);
  if (changed.length === 0) return <p>It asks to read, and to change nothing.</p>;
  const isAll = changed.length === services.length;
  return (
    <fieldset>
      <legend>{isAll ? "Access" : `Access to ${titles(changed)}`}</legend>
      <label>
        <input type="radio" name="access" value="full" checked /> Read and change
      </label>
      <label>
        <input type="radio" name="access" value="read" /> Read only
      </label>
    </fieldset>
  );
}

/** More than the client asked for: only what the person ticks, and nothing is ticked for them. */
function ChangeBoxes({ services }: Pick<ConsentProps, "services">) {
  const widenable = services.filter(({ canBeWidened }) => canBeWidened);
  if (widenable.length === 0) return null;
  return (
    <fieldset>
      <legend>Let it change things as well, if you want to</legend>
      {widenable.map(({ name, title }) => (
        <label key={name}>
          <input type="checkbox" name="change" value={name} /> Change things in {title}
        </label>
      ))}
    </fieldset>
  );
}

const list = new Intl.ListFormat("en");

function titles(services: AskedService[]): string {
  return list.format(services.map(({ title }) => title));
}

function identityOf({ kind, clientHost, redirectHost }: ConsentProps): string {
  switch (kind) {
    case "document":
      return /^(localhost|127\.0\.0\.1|\[::1\])/.test(redirectHost)
        ? `Verified: ${clientHost} vouches for this app. It runs on this device: go on only if you have just started it.`
        : `Verified: ${clientHost} vouches for this app.`;
    case "operator":
      return "Verified: the operator of this Switchboard knows this app.";
    case "registered":
      return "Not verified: the app chose this name itself. Go on only if you have just started this.";
  }
}
