/**
 * How a call of an upstream's tool ended without a result: in the server's own
 * words where it has said any, and always with whether it may have been done.
 *
 * @module
 */

import { saidOf } from "../broker/core/own_words.ts";
import { plainText, shownText } from "../broker/core/shown_name.ts";
import type { World } from "../broker/core/world.ts";
import type { UpstreamEntry } from "./catalogue.ts";
import { describe } from "./described.ts";
import { MAYBE_DONE, type Outcome } from "./outcome.ts";
import { withoutSecrets } from "./secrets_in.ts";
import { type AskedInput, pagesOf } from "./upstream/asked_input.ts";
import { MAX_ERROR_WORDS, type UpstreamFault, type Why } from "./upstream/fault.ts";

/** The same in the log. */
const LOGGED_WORDS = 300;
/** Seconds; where a server does not say when it may be asked again. */
const RETRY_SECONDS = 30;

const CODES: Record<Why["kind"], string> = {
  answered_error: "upstream_error",
  unauthorized: "unauthorized",
  insufficient_scope: "forbidden",
  forbidden: "forbidden",
  rate_limited: "rate_limited",
  no_session: "unavailable",
  status: "unavailable",
  redirected: "unavailable",
  unreachable: "unavailable",
  dropped: "unavailable",
  unreadable: "unavailable",
  too_much: "unavailable",
  timeout: "timeout",
  resting: "unavailable",
  no_place: "unavailable",
  not_started: "unavailable",
};

/** What the caller hears of a fault. `secrets` are those that the call was made with. */
export function faultOutcome(
  world: Pick<World, "log">,
  entry: UpstreamEntry,
  { why, mayBeDone, cause, lastWords }: UpstreamFault,
  secrets: Iterable<string>,
): Outcome {
  const { name: tool, title, repeatable } = describe(entry);
  const words = "text" in why ? wordsOf(why.text, secrets) : undefined;
  const { spec } = entry.upstream;
  world.log({
    level: "warn",
    event: "upstream_call_failed",
    upstream: spec.name,
    tool,
    reason: why.kind,
    code: "code" in why ? why.code : "status" in why ? why.status : undefined,
    message: words === undefined ? undefined : plainText(words, LOGGED_WORDS),
    detail: cause === undefined ? undefined : saidOf(cause),
    may_be_done: mayBeDone,
    stderr: lastWords || undefined,
  });
  if (why.kind === "answered_error") {
    const [page, ...more] = pagesOf(why, spec);
    if (page !== undefined) return pageOutcome(title, page, more);
  }
  const text = `${saying(title, why, words)}${doneWords(why, mayBeDone, repeatable)}`;
  const isOpen = mayBeDone && !repeatable;
  const isAnswer = why.kind === "answered_error";
  return {
    kind: "error",
    code: isOpen && !isAnswer && why.kind !== "timeout" ? "may_have_been_done" : codeOf(why),
    text,
    retryAfter: isOpen ? undefined : retryAfterOf(why),
    // What may have been done is not done again, whoever asks with the same key.
    isFinal: isOpen,
  };
}

/** What is to be done by the person before the server goes on. */
export function inputOutcome(
  entry: UpstreamEntry,
  { pages, requests, state }: AskedInput,
): Outcome {
  const { title } = describe(entry);
  const [page, ...more] = pages;
  const asked = Object.values(requests).map(({ params }) =>
    typeof params.message === "string" ? params.message : ""
  ).filter((message) => message !== "").join(" ");
  const text = page === undefined
    ? `${title} needs an answer before it goes on, which this client cannot give. ${asked}`.trim()
    : pageOutcome(title, page, more).text;
  return { kind: "input", code: "input_required", text, requests, state, url: page?.url };
}

function pageOutcome(
  title: string,
  { message, url }: { message: string; url: string },
  more: { url: string }[],
): Outcome & { kind: "connect" } {
  const asks = message === "" ? `${title} asks you to open a page.` : `${title}: ${message}`;
  const others = more.length === 0 ? "" : ` And then ${more.map(({ url }) => url).join(" and ")}.`;
  const text = `${asks} Open ${url} and then ask again.${others}`;
  return { kind: "connect", code: "url_elicitation_required", text, title, url, message: asks };
}

/** The code of a fault, as callers read it. */
export function codeOf({ kind }: Why): string {
  return CODES[kind];
}

/** Seconds, where it helps to wait. */
export function retryAfterOf(why: Why): number | undefined {
  if (why.kind === "rate_limited") return why.retryAfter ?? RETRY_SECONDS;
  return "retryAfter" in why ? why.retryAfter : why.kind === "no_place" ? 1 : undefined;
}

function wordsOf(text: string, secrets: Iterable<string>): string {
  const searched = withoutSecrets(text, secrets);
  return searched.kind === "clean" ? shownText(searched.value, MAX_ERROR_WORDS).trim() : "";
}

/** A fault in words; `words` are the server's own, if it has said any. */
export function saying(title: string, why: Why, words: string | undefined): string {
  switch (why.kind) {
    case "answered_error":
      return words === undefined || words === ""
        ? `${title} answered with an error (${why.code}).`
        : `${title}: ${words}`;
    case "unauthorized":
      return `${title} does not accept the access that it was asked with.`;
    case "insufficient_scope":
    case "forbidden":
      return `${title} does not allow this.`;
    case "rate_limited":
      return `${title} is asked too often. Try again later.`;
    case "timeout":
      return `${title} did not answer in time.`;
    case "resting":
      return `${title} has failed several times and is started again in a moment.`;
    case "no_place":
      return `${title} has too much to do. Try again in a moment.`;
    default:
      return `${title} could not be used just now.`;
  }
}

function doneWords({ kind }: Why, mayBeDone: boolean, repeatable: boolean): string {
  if (kind === "answered_error" || repeatable) return "";
  return mayBeDone ? ` ${MAYBE_DONE}` : " Nothing was done.";
}
