/**
 * A connect, step by step, at the command line.
 *
 * @module
 */

import { type ConnectTrail, standingOf } from "../../broker/core/connect_trail.ts";
import { causeOf, connectWords } from "../../routes/http/page/words/connects.ts";
import { sayText } from "../../routes/http/page/words/say.ts";
import { shown } from "./output.ts";

const WORDS = connectWords.en;

/** By its name: what the provider is called stands in settings, which may be others by now. */
function aboutOf({ provider }: ConnectTrail) {
  return { provider, callback: `the callback /callback/${provider} of this server` };
}

/** For a program. */
export function connectJson(trail: ConnectTrail) {
  const { id, subject, actor, provider, service = provider, steps } = trail;
  return {
    connect_id: id,
    subject,
    actor: actor && `${actor.kind} ${actor.id}`,
    provider,
    service,
    standing: standingOf(trail),
    began_at: steps[0]?.at,
    error: standingOf(trail) === "failed" ? steps.findLast(({ error }) => error)?.error : undefined,
    steps: steps.map(({ at, step, requestId, error, detail, times }) => ({
      ...{ at, step, request_id: requestId, error, detail, times },
      cause: error === undefined ? undefined : causeOf(WORDS, error, aboutOf(trail)),
    })),
  };
}

/** For a person. */
export function* connectLines(trail: ConnectTrail): Generator<string> {
  const { connect_id, subject, actor = "?", provider, service, standing, steps } = connectJson(
    trail,
  );
  yield `${connect_id}  ${shown(subject)}  ${shown(service)} at ${provider}: ` +
    `${WORDS.standing[standing]}. ${sayText(WORDS.begun, { who: shown(actor) })}`;
  for (const { at, step, request_id = "-", error, cause, detail, times } of steps) {
    const often = times === undefined ? "" : ` (${times} times)`;
    yield `${new Date(at).toISOString()}  ${request_id.padEnd(17)}  ` +
      `${sayText(WORDS.steps[step], { provider })}${often}${
        error === undefined ? "" : `: ${error}`
      }`;
    if (cause !== undefined) {
      yield `    ${cause}${detail === undefined ? "" : ` (${shown(detail)})`}`;
    }
  }
}
