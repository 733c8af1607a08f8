/**
 * Parts that several pages have.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { Catalogue } from "./words/en.ts";

/** Fields that nobody sees; those that are undefined are left out. */
export function HiddenFields({ fields }: { fields: Record<string, string | undefined> }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) =>
        value !== undefined && <input type="hidden" name={name} value={value} />
      )}
    </>
  );
}

/** A form of a signed-in person's page. */
export function Form(props: {
  action: string;
  /** Says that the page it stands on was this person's. */
  token: string;
  fields?: Record<string, string | undefined> | undefined;
  children?: Child;
}) {
  return (
    <form method="post" action={props.action} autocomplete="off" class="stack">
      <input type="hidden" name="form_token" value={props.token} />
      <HiddenFields fields={props.fields ?? {}} />
      {props.children}
    </form>
  );
}

/** A box to tick for each service. */
export function ServiceBoxes({ words: { consent }, services }: {
  words: Catalogue;
  services: { name: string; title: string; ticked: boolean; connected: boolean }[];
}) {
  return (
    <fieldset>
      <legend>{consent.services}</legend>
      {services.map(({ name, title, ticked, connected }) => (
        <label class="pick">
          <input type="checkbox" name="service" value={name} checked={ticked} />
          <span>
            <bdi>{title}</bdi> {!connected && <span class="soft">· {consent.notConnected}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** Copies what stands in the element of that id, where scripts run. */
export function CopyButton({ words: { frame }, of }: { words: Catalogue; of: string }) {
  return (
    <button type="button" class="small quiet" data-copy={of} data-done={frame.copied}>
      {frame.copy}
    </button>
  );
}
