/**
 * The frame of every page: one style sheet and one small script of its own,
 * nothing from elsewhere, readable on a phone.
 *
 * @module
 */

import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import { BrandMark } from "./brand.tsx";
import { SCRIPT } from "./script.ts";
import { STYLE } from "./style.ts";
import type { Catalogue } from "./words/en.ts";
import { say } from "./words/say.ts";

/** Who runs the app that a page is about, as its operator says. */
export interface RunBy {
  operator?: string | undefined;
  /** https. */
  privacy?: string | undefined;
}

/** Where one is among a signed-in person's pages. */
export interface Here {
  /** As the account is called. */
  label: string;
  at: "services" | "activity" | "setUp" | "you" | "console";
  /** Whether the console is theirs to open. */
  isOperator?: boolean | undefined;
  /** The first set-up: nobody is signed in, and there are no pages of a person's own. */
  isSetup?: boolean | undefined;
}

/** What a page is besides its content. */
export interface Frame {
  words: Catalogue;
  title: string;
  /** A signed-in person's page; absent: one card, about one thing. */
  here?: Here | undefined;
  /** Of a page that is nobody's: wide as well, to be read. */
  isLong?: boolean | undefined;
  runBy?: RunBy | undefined;
}

/** A whole page as HTML. */
export function render({ words, title, here, isLong, runBy }: Frame, children: Child): string {
  const isOne = here === undefined && isLong !== true;
  const page = (
    <html lang={words.lang} dir={words.dir}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <meta name="color-scheme" content="light dark" />
        <title>{title} · Switchboard</title>
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <style>{raw(STYLE)}</style>
      </head>
      <body class={isOne ? "one" : "wide"}>
        <a class="skip" href="#content">{words.frame.skip}</a>
        <Top words={words} here={here} />
        <main id="content" tabindex={-1}>
          {isOne ? <div class="panel stack">{children}</div> : children}
        </main>
        <Foot words={words} runBy={runBy} />
        <script>{raw(SCRIPT)}</script>
      </body>
    </html>
  );
  return `<!doctype html>${page}`;
}

function Top({ words: { frame, home }, here }: Pick<Frame, "words" | "here">) {
  if (here === undefined) {
    return (
      <header class="top">
        <span class="brand">
          <BrandMark /> Switchboard
        </span>
      </header>
    );
  }
  const own: [Here["at"], string, string][] = [
    ["services", "/", frame.services],
    ["activity", "/activity", frame.activity],
    ["setUp", "/set-up", frame.setUp],
    ["you", "/you", frame.you],
  ];
  const places = here.isSetup === true ? [] : own;
  if (here.isOperator === true) places.push(["console", "/console", frame.console]);
  return (
    <header class="top">
      <a class="brand" href="/">
        <BrandMark /> Switchboard
      </a>
      <nav aria-label={frame.sections}>
        {places.map(([at, href, name]) => (
          <a href={href} aria-current={at === here.at ? "page" : undefined}>{name}</a>
        ))}
      </nav>
      <p class="who">
        {here.isSetup === true
          ? here.label
          : say(home.signedInAs, { user: <strong>{here.label}</strong> })}
      </p>
    </header>
  );
}

function Foot({ words: { frame }, runBy }: Pick<Frame, "words" | "runBy">) {
  const { operator, privacy } = runBy ?? {};
  if (operator === undefined && privacy === undefined) return null;
  return (
    <footer class="foot">
      {operator !== undefined && say(frame.runBy, { operator: <strong>{operator}</strong> })}
      {operator !== undefined && privacy !== undefined && " · "}
      {privacy !== undefined && (
        <a href={privacy} target="_blank" rel="noopener noreferrer">{frame.privacy}</a>
      )}
    </footer>
  );
}
