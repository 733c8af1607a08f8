/**
 * A JSON-RPC error that an upstream answered with, apart from everything else
 * that can go wrong on the way: its words are for the caller, those of others
 * are not.
 *
 * @module
 */

import { shownText } from "../../broker/core/shown_name.ts";
import { withoutSecrets } from "../secrets_in.ts";
import { MAX_ERROR_WORDS, UpstreamFault } from "./fault.ts";

/** What an upstream said no with. */
export class RemoteError extends Error {
  override name = "RemoteError";

  constructor(
    readonly code: number,
    /** Bounded, without secrets. */
    readonly words: string,
    readonly data: unknown,
  ) {
    // Not the words: an error's message may come into a log.
    super("the upstream answered with an error");
  }
}

/** An answer that a secret was found in, which could not be taken out. */
export class AnswerWithheld extends Error {
  override name = "AnswerWithheld";
}

/** An upstream's error, fit to be told; any other error as it is. */
export function remoteErrorOf(error: unknown, secrets: Iterable<string>): unknown {
  if (!(error instanceof UpstreamFault) || error.why.kind !== "answered_error") return error;
  const { code, text, data } = error.why;
  const searched = withoutSecrets({ text, data }, secrets);
  if (searched.kind === "withheld") return new AnswerWithheld("an error held a secret");
  return new RemoteError(
    code,
    shownText(searched.value.text, MAX_ERROR_WORDS),
    searched.value.data,
  );
}
