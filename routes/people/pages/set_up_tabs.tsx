/**
 * How each client is set up: a choice of one of many, which browsers carry out
 * by themselves. The choice is a group of radio buttons: arrows move in it, and
 * what is chosen follows in the document, and so under Tab and in a reader.
 *
 * @module
 */

import type { SetUpWords } from "../../http/page/words/set_up.ts";
import type { ClientId, SetUp, Snippet } from "../set_up/set_up.ts";

/** What the part shows. */
export interface SetUpTabsProps {
  words: SetUpWords;
  setUps: SetUp[];
  /** Which one is open. @default the first */
  chosen?: ClientId | undefined;
}

/** All clients, one of them open. */
export function SetUpTabs({ words, setUps, chosen = setUps[0]?.id }: SetUpTabsProps) {
  return (
    <fieldset class="tabs">
      <legend>{words.client}</legend>
      {setUps.map((setUp) => (
        <div class="tab">
          <input
            type="radio"
            name="client"
            id={`client-${setUp.id}`}
            value={setUp.id}
            checked={setUp.id === chosen}
            autocomplete="off"
          />
          <label for={`client-${setUp.id}`}>{setUp.name}</label>
          <Panel words={words} setUp={setUp} />
        </div>
      ))}
    </fieldset>
  );
}

function Panel({ words, setUp }: { words: SetUpWords; setUp: SetUp }) {
  const { id, name, signIn, installUrl, steps, snippets, withToken, forUsers } = setUp;
  const title = `set-up-${id}`;
  return (
    <section aria-labelledby={title}>
      <h2 id={title}>{name}</h2>
      <p>{named(words.signIn[signIn], name)}</p>
      {installUrl !== undefined && <InstallLink words={words} name={name} url={installUrl} />}
      <ol>{steps.map((step) => <li>{words.steps[step]}</li>)}</ol>
      <Snippets words={words} of={id} snippets={snippets} />
      {withToken !== undefined && (
        <details>
          <summary>{words.withToken}</summary>
          <Snippets words={words} of={`${id}-token`} snippets={withToken} />
        </details>
      )}
      {forUsers !== undefined && (
        <details>
          <summary>{words.forUsers}</summary>
          <p>{words.forUsersWhy}</p>
          <Snippets words={words} of={`${id}-users`} snippets={forUsers} />
        </details>
      )}
    </section>
  );
}

/** To a page of the client's own, or to its program. */
function InstallLink({ words, name, url }: { words: SetUpWords; name: string; url: string }) {
  const isPage = url.startsWith("https:");
  const isFilledIn = !isPage || url.includes("?");
  const target = isPage ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return (
    <p class="do">
      <a class="button" href={url} {...target}>
        {named(isFilledIn ? words.install : words.open, name)}
      </a>
    </p>
  );
}

function Snippets(
  { words, of, snippets }: { words: SetUpWords; of: string; snippets: Snippet[] },
) {
  return (
    <>
      {snippets.map(({ title, file, text }, at) => {
        const id = `copy-${of}-${at}`;
        return (
          <div class="snippet">
            <p>
              <span id={`${id}-of`}>
                {words.titles[title]}
                {file !== undefined && (
                  <>
                    : <code>{file}</code>
                  </>
                )}
              </span>
              <button
                type="button"
                class="small quiet"
                data-copy={id}
                data-done={words.copied}
                aria-describedby={`${id}-of`}
              >
                {words.copy}
              </button>
            </p>
            <pre><code id={id} translate="no">{text}</code></pre>
          </div>
        );
      })}
    </>
  );
}

function named(sentence: string, name: string): string {
  return sentence.replaceAll("{name}", () => name);
}
