/**
 * Parts of forms that several pages have.
 *
 * @module
 */

/** Fields that nobody sees; those that are undefined are left out. */
export function HiddenFields({ fields }: { fields: Record<string, string | undefined> }) {
  return (
    <>
      {Object.entries(fields).map(([name, value]) =>
        value !== undefined && <input key={name} type="hidden" name={name} value={value} />
      )}
    </>
  );
}

/** A box to tick for each service, ticked. */
export function ServiceBoxes({ services }: { services: { name: string; title: string }[] }) {
  return (
    <fieldset>
      <legend>Services</legend>
      {services.map(({ name, title }) => (
        <label key={name}>
          <input type="checkbox" name="service" value={name} checked /> {title}
        </label>
      ))}
    </fieldset>
  );
}

/** Leads back to the page behind a link, in the browser that has it. */
export function TryAgain({ url, children = "Try again" }: { url: string; children?: string }) {
  return (
    <p>
      <a class="button" href={url}>{children}</a>
    </p>
  );
}
