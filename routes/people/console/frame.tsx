/**
 * What every page of the console has: its sections, and what came of the last
 * change.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import type { Changed, Source } from "../../../broker/core/settings.ts";
import { Moment, shownDate } from "../../http/page/dates.tsx";
import { Form } from "../../http/page/fields.tsx";
import { type Here, render } from "../../http/page/layout.tsx";
import type { CONSOLE_KINDS, Said } from "../../http/said_cookie.ts";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say, sayText } from "../../http/page/words/say.ts";

/** Where in the console. */
export type Part = "overview" | "people" | "apps" | "providers" | "servers" | "events";

/** What every page of it is given. */
export interface ConsoleFrame {
  words: Catalogue;
  here: Here;
  formToken: string;
  /** What came of the last change. */
  said?: ConsoleSaid | undefined;
}

/** What came of a change: one of the console's sentences, and what is filled in. */
export type ConsoleSaid = Said<typeof CONSOLE_KINDS[number]>;

const PARTS: { part: Part; href: string }[] = [
  { part: "overview", href: "/console" },
  { part: "people", href: "/console/people" },
  { part: "apps", href: "/console/apps" },
  { part: "providers", href: "/console/providers" },
  { part: "servers", href: "/console/servers" },
  { part: "events", href: "/console/events" },
];

const BAD: ConsoleSaid["kind"][] = ["notSure", "faster", "acceptGone", "eventGone"];

/** A page of the console as HTML. */
export function consolePage(
  frame: ConsoleFrame & { part: Part; title: string },
  children: Child,
): string {
  const { words, here, part, title, said } = frame;
  return render(
    { words, title: `${title} · ${words.console.title}`, here },
    <div class="stack loose">
      <div class="stack">
        <h1>{title}</h1>
        <nav class="sub" aria-label={words.console.sections}>
          {PARTS.map(({ part: name, href }) => (
            <a href={href} aria-current={name === part ? "page" : undefined}>
              {words.console[name]}
            </a>
          ))}
        </nav>
        {said !== undefined && (
          <p class={BAD.includes(said.kind) ? "say bad" : "say good"} role="status">
            {say(words.console[said.kind], {
              account: "",
              app: "",
              user: "",
              count: "",
              ...said.values,
              time: <Moment lang={words.lang} at={said.at} clock />,
            })}
          </p>
        )}
      </div>
      {children}
    </div>,
  );
}

/** A form that changes something: it names the settings that it saw, and has to be meant. */
export function ChangeForm(
  { words, formToken, action, seen, fields = {}, button, children, files = false }: {
    words: Catalogue;
    formToken: string;
    action: string;
    /** The version of the settings; absent where it changes something else. */
    seen?: string | null | undefined;
    fields?: Record<string, string> | undefined;
    button: string;
    children?: Child;
    /** A picture goes along. */
    files?: boolean | undefined;
  },
) {
  return (
    <form
      method="post"
      action={action}
      autocomplete="off"
      class="stack"
      enctype={files ? "multipart/form-data" : undefined}
    >
      <input type="hidden" name="form_token" value={formToken} />
      {seen !== undefined && <input type="hidden" name="seen" value={seen ?? ""} />}
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
      <label class="pick">
        <input type="checkbox" name="sure" value="yes" required /> {words.console.sure}
      </label>
      <p class="do">
        <button type="submit" class="small">{button}</button>
      </p>
    </form>
  );
}

/** Asks before something ends. */
export function surePage(
  { words, here, title, text, action, fields, button, back, formToken, seen, part }:
    & ConsoleFrame
    & {
      part: Part;
      title: string;
      text: string;
      action: string;
      fields: Record<string, string>;
      button: string;
      back: string;
      seen?: string | null | undefined;
    },
): string {
  return consolePage(
    { words, here, formToken, part, title },
    <div class="stack">
      <p>{text}</p>
      <Form
        action={action}
        token={formToken}
        fields={{ ...fields, sure: "yes", ...(seen === undefined ? {} : { seen: seen ?? "" }) }}
      >
        <p class="do">
          <button type="submit" class="bad">{button}</button>
          <a class="button quiet" href={back}>{words.frame.cancel}</a>
        </p>
      </Form>
    </div>,
  );
}

/** Who set something, and when; or that env did. */
export function SetBy(
  { words, source, changed, fault }: {
    words: Catalogue;
    source?: Source | undefined;
    changed?: Changed | undefined;
    fault?: string | undefined;
  },
) {
  const { console, lang } = words;
  return (
    <>
      {source === "env" && <p class="soft">{console.byEnv}</p>}
      {source !== "env" && changed !== undefined && (
        <p class="soft">
          {sayText(console.byConsole, { who: changed.by, day: shownDate(lang, changed.at) })}
        </p>
      )}
      {fault !== undefined && <p class="say bad">{sayText(console.faulty, { fault })}</p>}
    </>
  );
}
