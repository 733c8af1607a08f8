/**
 * What a browser is shown where a deployment cannot start yet: for its operator,
 * who has just deployed it. Anybody may see it.
 *
 * @module
 */

import { Seal } from "./icons.tsx";
import { render } from "./layout.tsx";
import { catalogueFor } from "./words/language.ts";
import { sayText } from "./words/say.ts";

/** What it shows. */
export interface Unready {
  missing: { name: string; example: string }[];
  hasOthers: boolean;
  database: "absent" | "silent" | undefined;
  timeline: string | undefined;
  commands: string[];
}

/** The page as HTML. */
export function unreadyPage(
  { missing, hasOthers, database, timeline, commands }: Unready,
  accepted: string | null,
): string {
  const words = catalogueFor(accepted);
  const { unready } = words;
  if (database === "silent") {
    return render(
      { words, title: unready.silent },
      <>
        <Seal sign="alert" />
        <h1>{unready.silent}</h1>
        <p>{unready.silentAgain}</p>
      </>,
    );
  }
  return render(
    { words, title: unready.title },
    <>
      <Seal sign="alert" />
      <h1>{unready.title}</h1>
      <p>{unready.text}</p>
      <ul>
        {missing.map(({ name, example }) => (
          <li>
            <code translate="no">{name}</code>{" "}
            <span class="soft">{sayText(unready.example, { example })}</span>
          </li>
        ))}
        {database === "absent" && <li>{unready.database}</li>}
        {hasOthers && <li>{unready.others}</li>}
      </ul>
      {timeline !== undefined && <p lang="en">{timeline}.</p>}
      <p>{unready.next}</p>
      <pre tabindex={0} aria-label={unready.next}>
        <code translate="no">{commands.join("\n")}</code>
      </pre>
      <p class="soft">{unready.again}</p>
    </>,
  );
}
