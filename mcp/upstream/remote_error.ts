/**
 * A JSON-RPC error that an upstream answered with, apart from everything else
 * that can go wrong on the way: its words are for the caller, those of others
 * are not.
 *
 * @module
 */

import { shownText } from "../../broker/core/shown_name.ts";
import { withoutSecrets } from "../secrets_in.ts";

/** Characters of an upstream's error; the rest is cut off. */
export const MAX_ERROR_WORDS = 1_000;

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

/** What the SDKs' clients say of their own, in the same shape. */
const OWN = /^(?:MCP error -?\d+: )?(?:Request timed out|Connection closed|Not connected)/;
const CLASSES = /^(McpError|ProtocolError|ResourceNotFoundError|UrlElicitationRequiredError)$/;

/** An upstream's error, fit to be told; any other error as it is. */
export function remoteErrorOf(error: unknown, secrets: Iterable<string>): unknown {
  if (!(error instanceof Error) || !CLASSES.test(error.name)) return error;
  const { code, data, message: said } = error as Error & { code?: unknown; data?: unknown };
  if (typeof code !== "number" || !Number.isInteger(code) || OWN.test(said)) return error;
  const message = said.replace(/^MCP error -?\d+: /, "");
  const searched = withoutSecrets({ message, data }, secrets);
  if (searched.kind === "withheld") return new AnswerWithheld("an error held a secret");
  return new RemoteError(
    code,
    shownText(searched.value.message, MAX_ERROR_WORDS),
    searched.value.data,
  );
}
