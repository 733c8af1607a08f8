/** Reactions to Slack messages. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { emojiName } from "../../providers/slack/emoji.ts";
import { slackTools } from "../../providers/slack/tools.ts";
import { faultOf, type Json, wrongFields } from "../support/api.ts";
import { ALL_SCOPES, GENERAL, scriptedSlack, startSlack } from "../support/slack.ts";

Deno.test("a reaction is added and taken back, and what is so already is said", async () => {
  await using emulated = await startSlack({}, ALL_SCOPES);
  const { data: { ts } } = await emulated.call("slack_post_message", {
    channel: "general",
    text: "Done?",
  });
  const react = (args: Json) =>
    emulated.call("slack_add_reaction", { channel: "general", message: ts, ...args });
  const stored = async () => {
    const { message } = await emulated.read("reactions.get", { channel: GENERAL, timestamp: ts });
    return message.reactions.map(({ name }: Json) => name);
  };
  const added = await react({ emoji: "👍" });
  assertEquals(added.text, "Reacted with thumbs up to the message in #general.");
  assertEquals([added.data.reacted, added.data.changed, added.data.emoji], [true, true, "+1"]);
  assertEquals(await stored(), ["+1"]);
  const again = await react({ emoji: "thumbs up" });
  assertEquals(
    again.text,
    "This person had reacted with thumbs up to that message in #general already.",
  );
  assertEquals([again.data.reacted, again.data.changed], [true, false]);
  const link = `https://emulate.slack.com/archives/${GENERAL}/p${ts.replace(".", "")}`;
  const removed = await emulated.call("slack_add_reaction", {
    message: link,
    emoji: ":+1:",
    remove: true,
  });
  assertEquals(removed.text, "Took thumbs up back from the message in #general.");
  assertEquals(await stored(), []);
  const none = await react({ emoji: "+1", remove: true });
  assertStringIncludes(none.text, "There was no thumbs up of this person's");
  assertEquals([none.data.reacted, none.data.changed], [false, false]);
});

Deno.test("a reaction to no message, with no emoji or without the scope is none", async () => {
  await using emulated = await startSlack({ strict_scopes: true });
  const args = { channel: GENERAL, message: "1764000000.000100", emoji: "eyes" };
  const missing = await faultOf(emulated.call("slack_add_reaction", args));
  assertEquals([missing.kind, missing.scopes], ["missing_scope", ["reactions:write"]]);
  const answered = async (error: string, more: Json = {}) => {
    const { call } = scriptedSlack({
      "reactions.add": { ok: false, error },
      "reactions.remove": { ok: false, error },
    });
    return (await faultOf(call("slack_add_reaction", { ...args, ...more }))).kind;
  };
  assertEquals(await answered("message_not_found"), "not_found");
  assertEquals(await answered("invalid_name"), "invalid");
  // Of the other method, each is a refusal.
  assertEquals(await answered("no_reaction"), "conflict");
  assertEquals(await answered("already_reacted", { remove: true }), "conflict");
  const { call } = scriptedSlack({ "reactions.add": { ok: true, warning: "x" } });
  assertEquals((await call("slack_add_reaction", args)).data.changed, true);
  assertEquals(wrongFields(slackTools, "slack_add_reaction", { ...args, emoji: "<b>" }), ["emoji"]);
});

Deno.test("an emoji is meant by itself, its name and in words", () => {
  const rows: [wanted: string, name: string | undefined][] = [
    ["👍", "+1"],
    ["👍🏽", "+1"],
    ["❤️", "heart"],
    [":Tada:", "tada"],
    ["thumbs up emoji", "+1"],
    ["white check mark", "white_check_mark"],
    ["parrot-dance", "parrot-dance"],
    ["wave::skin-tone-2", "wave::skin-tone-2"],
    ["constructor", "constructor"],
    ["", undefined],
    ["a/b", undefined],
    ["🦆", undefined],
  ];
  for (const [wanted, name] of rows) assertEquals(emojiName(wanted), name, wanted);
});
