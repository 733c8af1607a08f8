/**
 * What to paste into which client, for a signed-in person.
 *
 * @module
 */

import { CopyButton } from "../../http/page/fields.tsx";
import { type Here, render } from "../../http/page/layout.tsx";
import type { Catalogue } from "../../http/page/words/en.ts";
import { setUpWords } from "../../http/page/words/set_up.ts";
import type { SetUp } from "../set_up/set_up.ts";
import { SetUpTabs } from "./set_up_tabs.tsx";

/** What the page shows. */
export interface SetUpPageProps {
  words: Catalogue;
  here: Here;
  mcpUrl: string;
  setUps: SetUp[];
}

/** The page as HTML. */
export function setUpPage({ words, here, mcpUrl, setUps }: SetUpPageProps): string {
  const { setUp, lang } = words;
  return render(
    { words, title: setUp.title, here },
    <div class="stack loose">
      <div class="stack">
        <h1>{setUp.title}</h1>
        <p>{setUp.lead}</p>
        <p class="row panel">
          <code id="mcp-url">{mcpUrl}</code>
          <CopyButton words={words} of="mcp-url" />
        </p>
      </div>
      <SetUpTabs
        words={setUpWords[lang as keyof typeof setUpWords] ?? setUpWords.en}
        setUps={setUps}
      />
      <p class="soft">{setUp.tokens}</p>
    </div>,
  );
}
