/**
 * A JSON-RPC error that an upstream answered with, apart from everything else
 * that can go wrong on the way: its words are for the caller, those of others
 * are not.
 *
 * @module
 */

import { isRecord } from "../../broker/core/json.ts";
import { shownText } from "../../broker/core/shown_name.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import { withoutSecrets } from "../secrets_in.ts";
import { type AskedPage, pagesOf } from "./asked_input.ts";
import { MAX_ERROR_WORDS, UpstreamFault } from "./fault.ts";

const RESOURCE_NOT_FOUND = -32002;
const INVALID_PARAMS = -32602;

/** What an upstream said no with. */
export class RemoteError extends Error {
  override name = "RemoteError";
  readonly page: AskedPage | undefined;
  readonly isMissing: boolean;

  constructor(
    readonly code: number,
    /** Bounded, without secrets. */
    readonly words: string,
    more: {
      /** Where the person is to open a page first. */
      page: AskedPage | undefined;
      /** There is no such resource. */
      isMissing: boolean;
    },
  ) {
    // Not the words: an error's message may come into a log.
    super("the upstream answered with an error");
    this.page = more.page;
    this.isMissing = more.isMissing;
  }
}

/** An answer that a secret was found in, which could not be taken out. */
export class AnswerWithheld extends Error {
  override name = "AnswerWithheld";
}

/** An upstream's error, fit to be told; any other error as it is. */
export function remoteErrorOf(
  error: unknown,
  spec: UpstreamSpec,
  secrets: Iterable<string>,
): unknown {
  if (!(error instanceof UpstreamFault) || error.why.kind !== "answered_error") return error;
  const searched = withoutSecrets(error.why, secrets);
  if (searched.kind === "withheld") return new AnswerWithheld("an error held a secret");
  const { code, text, data } = searched.value;
  const [page] = pagesOf(searched.value, spec);
  // In 2026-07-28 it is an invalid parameter whose URI is told (SEP-2164).
  const isMissing = code === RESOURCE_NOT_FOUND ||
    (code === INVALID_PARAMS && isRecord(data) && typeof data.uri === "string");
  return new RemoteError(code, shownText(text, MAX_ERROR_WORDS), { page, isMissing });
}
