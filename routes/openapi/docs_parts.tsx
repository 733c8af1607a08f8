/**
 * Parts of the page of the document.
 *
 * @module
 */

import type { Row } from "./schema_rows.ts";

/** A text in which what stands between backticks is code. */
export function Quoted({ text }: { text: string }) {
  return <>{text.split("`").map((part, at) => at % 2 === 1 ? <code>{part}</code> : part)}</>;
}

/** A table of members; nothing where there are none. */
export function Rows({ caption, rows, isRequest = true }: {
  caption: string;
  rows: Row[];
  /** Whether one has to know what must be sent. */
  isRequest?: boolean | undefined;
}) {
  if (rows.length === 0) return null;
  return (
    <div class="table">
      <p>
        <strong>{caption}</strong>
      </p>
      <table aria-label={caption}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, type, isRequired, text }) => (
            <tr>
              <td>
                <code>{name}</code>
                {isRequest !== isRequired && (
                  <span class="soft">{isRequest ? " optional" : ""}</span>
                )}
              </td>
              <td class="soft">{type}</td>
              <td>
                <Quoted text={text} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
