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
  services: { name: string; title: string }[];
  /** The client asked for no more. */
  readOnly: boolean;
  /** When what is allowed ends by itself. */
  lifetimes: GrantLifetimes;
  now: number;
  fields: Record<string, string>;
}

/** The page as HTML. */
export function consentPage(props: ConsentProps): string {
  const { clientName, redirectHost, label, services, readOnly, fields } = props;
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
      <form method="post" action="/oauth/authorize">
        <HiddenFields fields={fields} />
        <ServiceBoxes services={services} />
        <fieldset>
          <legend>Access</legend>
          {!readOnly && (
            <label>
              <input type="radio" name="access" value="full" checked /> Read and change
            </label>
          )}
          <label>
            <input type="radio" name="access" value="read" checked={readOnly} /> Read only
          </label>
        </fieldset>
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
