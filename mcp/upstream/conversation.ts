/**
 * What an upstream says and asks while it works on a call: its log, as far as
 * the caller wants to hear it, and forms for the person. Both are a stranger's
 * words in somebody's client: bounded, without what was sent along, and under
 * the upstream's name.
 *
 * Everything else that a server may ask is refused: nobody's model and nobody's
 * folders are lent to it.
 *
 * @module
 */

import { isRecord, isShallow } from "../../broker/core/json.ts";
import { plainWord, shownText } from "../../broker/core/shown_name.ts";
import type { UpstreamSpec } from "../../broker/core/upstream.ts";
import type { World } from "../../broker/core/world.ts";
import { type ClientSide, isHeard, logLevelOf } from "../client_side.ts";
import { withoutSecrets } from "../secrets_in.ts";
import type { RequestOptions, UpstreamMessage } from "./session.ts";

/** Log messages of one call; those that come after them are not passed on. */
export const MAX_LOG_MESSAGES = 1_000;
/** Of one message, as JSON; a longer one is passed on as text, cut off. */
export const MAX_LOG_LENGTH = 4_000;
/** Characters of the words that a person is asked with. */
export const MAX_QUESTION = 1_000;
/** A form, as JSON. */
export const MAX_FORM_BYTES = 32 * 1024;
/** Forms of one call. */
export const MAX_ASKED_FORMS = 10;
/** Levels of a form: it is flat, with lists of choices (MCP 2025-11-25). */
const FORM_DEPTH = 8;

/** What a conversation needs. */
export interface ConversationDeps {
  world: Pick<World, "log">;
  spec: UpstreamSpec;
  client: ClientSide;
  /** What must not come back. */
  secrets: Set<string>;
  /** Aborts when the caller has gone. */
  caller: AbortSignal;
}

/** How one call's upstream is heard and answered. */
export function conversation(
  deps: ConversationDeps,
): Pick<RequestOptions, "onnotification" | "onrequest"> {
  let [logged, asked] = [0, 0];
  return {
    onnotification(message) {
      if (message.method !== "notifications/message" || deps.caller.aborted) return;
      if (++logged <= MAX_LOG_MESSAGES) log(deps, message);
    },
    async onrequest(request, signal) {
      if (request.method !== "elicitation/create") throw new TypeError("nobody is asked that");
      // Dismissed, not refused: that is for the person to say.
      const answer = ++asked > MAX_ASKED_FORMS ? undefined : await ask(deps, request, signal);
      return answer ?? { action: "cancel" };
    },
  };
}

function log({ world, spec, client, secrets }: ConversationDeps, { params }: UpstreamMessage) {
  const level = logLevelOf(params.level);
  if (client.log === undefined || level === undefined || !isHeard(level, client.log.least)) return;
  const searched = withoutSecrets({ logger: params.logger, data: params.data ?? null }, secrets);
  if (searched.kind === "withheld") {
    world.log({ level: "error", event: "log_message_withheld", upstream: spec.name });
    return;
  }
  const { logger, data } = searched.value;
  const own = typeof logger === "string" ? `.${plainWord(logger, 64)}` : "";
  client.log.write({ level, logger: `${spec.name}${own}`, data: boundedData(data) });
}

function boundedData(data: unknown): unknown {
  const text = typeof data === "string" ? data : JSON.stringify(data);
  const fits = text.length <= MAX_LOG_LENGTH && isShallow(data);
  return fits && typeof data !== "string" ? data : shownText(text, MAX_LOG_LENGTH);
}

async function ask(
  { world, spec, client, secrets, caller }: ConversationDeps,
  { params }: UpstreamMessage,
  signal: AbortSignal,
): Promise<Record<string, unknown> | undefined> {
  if (client.ask === undefined || (params.mode ?? "form") !== "form") return undefined;
  const { message, requestedSchema } = params;
  if (typeof message !== "string" || !isRecord(requestedSchema)) return undefined;
  if (!isShallow(requestedSchema, FORM_DEPTH)) return undefined;
  if (JSON.stringify(requestedSchema).length > MAX_FORM_BYTES) return undefined;
  // The client shows the gateway's name: whose question it is stands in the question.
  const question = `${spec.title} asks: ${shownText(message, MAX_QUESTION)}`;
  const searched = withoutSecrets({ message: question, requestedSchema }, secrets);
  if (searched.kind === "withheld") {
    world.log({ level: "error", event: "question_withheld", upstream: spec.name });
    return undefined;
  }
  return answerOf(await client.ask(searched.value, AbortSignal.any([signal, caller])));
}

/** What a person answered, in no other shape than MCP's. */
function answerOf(
  answer: Record<string, unknown> | undefined,
): Record<string, unknown> | undefined {
  switch (answer?.action) {
    case "accept":
      return { action: "accept", content: isRecord(answer.content) ? answer.content : {} };
    case "decline":
    case "cancel":
      return { action: answer.action };
    default:
      return undefined;
  }
}
