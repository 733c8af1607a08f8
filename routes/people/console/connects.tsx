/**
 * Connects, step by step: of one person, or the one that the reference of a page leads to; and where
 * one failed, why, and what mends it.
 *
 * @module
 */

import {
  type ConnectTrail,
  standingOf,
  type TrailStep,
} from "../../../broker/core/connect_trail.ts";
import { partsOf } from "../../../broker/core/subject.ts";
import { Moment } from "../../http/page/dates.tsx";
import {
  type AboutProvider,
  causeOf,
  type ConnectWords,
  connectWords,
} from "../../http/page/words/connects.ts";
import type { Catalogue } from "../../http/page/words/en.ts";
import { say, sayText } from "../../http/page/words/say.ts";

/** A connect, and what its provider is called. */
export interface ShownConnect extends AboutProvider {
  trail: ConnectTrail;
  /** What was to be connected. */
  title: string;
}

/** What was looked for, and the connect that it led to. */
export interface FoundConnect {
  said: string;
  connect: ShownConnect | undefined;
}

function wordsOf({ lang }: Catalogue): ConnectWords {
  return connectWords[lang] ?? connectWords.en;
}

/** The form, and what was found by it. */
export function LookConnectUp(
  { words, found }: { words: Catalogue; found: FoundConnect | undefined },
) {
  const own = wordsOf(words);
  return (
    <>
      <form method="get" action="/console/people" class="panel stack">
        <p class="soft">{own.lead}</p>
        <label>
          {own.reference}{" "}
          <input
            name="reference"
            required
            maxlength={200}
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            value={found?.said ?? ""}
          />
        </label>
        <p class="do">
          <button type="submit" class="small">{own.lookUp}</button>
        </p>
      </form>
      {found !== undefined && found.connect === undefined && (
        <p class="say warn" role="status">{own.notFound}</p>
      )}
      {found?.connect !== undefined && <Found words={words} connect={found.connect} />}
    </>
  );
}

function Found({ words, connect }: { words: Catalogue; connect: ShownConnect }) {
  const { realm, userId: id } = partsOf(connect.trail.subject);
  return (
    <section class="stack">
      <h2>
        <bdi>{id}</bdi> <span class="soft">· {realm}</span>
      </h2>
      <Connect words={words} connect={connect} />
      <p>
        <a
          class="button small quiet"
          href={`/console/people?${new URLSearchParams({ realm, id })}`}
        >
          {wordsOf(words).all}
        </a>
      </p>
    </section>
  );
}

/** Those of one person. */
export function ConnectsOf(
  { words, connects, areAll }: { words: Catalogue; connects: ShownConnect[]; areAll: boolean },
) {
  const own = wordsOf(words);
  return (
    <section class="stack">
      <h2>{own.title}</h2>
      {connects.length === 0 && <p class="soft">{words.console.none}</p>}
      {connects.map((connect) => <Connect words={words} connect={connect} />)}
      {!areAll && <p class="soft">{own.more}</p>}
    </section>
  );
}

const STATES = { done: "state good", failed: "state warn", open: "state" };

function Connect({ words, connect }: { words: Catalogue; connect: ShownConnect }) {
  const { trail, title, provider } = connect;
  const own = wordsOf(words);
  const standing = standingOf(trail);
  return (
    <article class="card stack tight">
      <h3>{title} {title !== provider && <span class="soft">· {provider}</span>}</h3>
      <p class={STATES[standing]}>{own.standing[standing]}</p>
      <p class="soft">
        {trail.actor !== undefined && (
          <>
            {say(own.begun, { who: <bdi>{`${trail.actor.kind} ${trail.actor.id}`}</bdi> })} ·{" "}
          </>
        )}
        <code>{trail.id}</code>
      </p>
      <ol class="stack tight">
        {trail.steps.map((step) => <StepLine words={words} step={step} connect={connect} />)}
      </ol>
    </article>
  );
}

function StepLine(
  { words, step: taken, connect }: { words: Catalogue; step: TrailStep; connect: ShownConnect },
) {
  const own = wordsOf(words);
  const { at, step, requestId, error, detail, times } = taken;
  return (
    <li>
      {sayText(own.steps[step], { provider: connect.provider })}
      {error !== undefined && (
        <>
          {": "}
          <code>{error}</code>
        </>
      )}
      <br />
      <span class="soft">
        {times !== undefined && `${sayText(own.times, { count: times })} `}
        <Moment lang={words.lang} at={at} />
        {requestId !== undefined && (
          <>
            {" · "}
            <code>{requestId}</code>
          </>
        )}
      </span>
      {error !== undefined && (
        <p class={step === "failed" ? "say warn" : "say"}>
          {causeOf(own, error, connect)}
          {detail !== undefined && (
            <>
              {" "}
              <span class="soft">({detail})</span>
            </>
          )}
        </p>
      )}
    </li>
  );
}
