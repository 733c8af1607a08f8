/**
 * Reactions to Slack messages.
 *
 * https://docs.slack.dev/reference/methods/reactions.add
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../api_errors.ts";
import { ApiError, tool } from "../provider.ts";
import { send } from "./api.ts";
import { conversationOf, placeData, placeInput, placeOutput } from "./conversation.ts";
import { emojiName } from "./emoji.ts";
import { ALREADY_REACTED, NO_REACTION } from "./fault_table.ts";
import { isSame } from "./faults.ts";
import { emojiWords } from "./mrkdwn.ts";
import { isByName, kindsOf, peopleScopes, type Place, withLinked } from "./place.ts";
import { messageOf, timestamp } from "./threads.ts";

function scopesFor({ message, ...named }: Place & { message: string }): string[][] {
  const place = withLinked(named, message);
  const people = peopleScopes(place);
  if (people.length === 0 && !isByName(place)) return [["reactions:write"]];
  return kindsOf(place).map((kind) => ["reactions:write", `${kind}:read`, ...people]);
}

/** https://docs.slack.dev/reference/methods/reactions.add */
export const addReaction = tool({
  name: "slack_add_reaction",
  service: "slack",
  title: "React to a Slack message",
  description: "Add an emoji to a Slack message in the person's own name, or take it back. " +
    "slack_read_messages gives the ts.",
  input: z.strictObject({
    ...placeInput,
    message: timestamp.describe("The message's ts, or a link to it."),
    emoji: z.string().min(1).max(100).refine((emoji) => emojiName(emoji) !== undefined, {
      error: "must be the name of an emoji, such as thumbsup, or a usual emoji",
    }),
    remove: z.boolean().default(false),
  }),
  output: z.object({
    ...placeOutput,
    ts: z.string(),
    emoji: z.string(),
    reacted: z.boolean(),
    changed: z.boolean(),
  }),
  hints: { readOnly: false, idempotent: true },
  scopes: [["reactions:write", "channels:read"], ["reactions:write", "groups:read"]],
  scopesFor,
  async run({ channel, people, message, emoji, remove }, { api }) {
    const name = emojiName(emoji);
    if (name === undefined) throw invalid("Slack does not have such an emoji.");
    const place = withLinked({ channel, people }, message);
    const conversation = await conversationOf(api, place, { opens: false });
    const { ts } = messageOf(message, conversation.id);
    const body = { channel: conversation.id, timestamp: ts, name };
    let changed = true;
    try {
      const method = remove ? "reactions.remove" : "reactions.add";
      await send(api, method, z.object({ ok: z.literal(true) }), body);
    } catch (error) {
      const state = remove ? NO_REACTION : ALREADY_REACTED;
      if (!(error instanceof ApiError) || !isSame(error.fault, state)) throw error;
      changed = false;
    }
    return {
      text: wordsFor(emojiWords(name), conversation.label, remove, changed),
      data: {
        ...placeData(conversation),
        ts,
        emoji: name,
        reacted: !remove,
        changed,
      },
    };
  },
});

function wordsFor(emoji: string, label: string, remove: boolean, changed: boolean): string {
  if (!changed) {
    return remove
      ? `There was no ${emoji} of this person's on that message in ${label}.`
      : `This person had reacted with ${emoji} to that message in ${label} already.`;
  }
  return remove
    ? `Took ${emoji} back from the message in ${label}.`
    : `Reacted with ${emoji} to the message in ${label}.`;
}
