/**
 * Emoji by Slack's names for them.
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";

/** What people type or say most, and what Slack calls it. */
const NAMES: Record<string, string> = {
  "👍": "+1",
  "👎": "-1",
  "❤": "heart",
  "🎉": "tada",
  "✅": "white_check_mark",
  "☑": "ballot_box_with_check",
  "✔": "heavy_check_mark",
  "❌": "x",
  "👀": "eyes",
  "😂": "joy",
  "🤣": "rolling_on_the_floor_laughing",
  "😄": "smile",
  "😀": "grinning",
  "🙂": "slightly_smiling_face",
  "😊": "blush",
  "😍": "heart_eyes",
  "😢": "cry",
  "😭": "sob",
  "😮": "open_mouth",
  "🤔": "thinking_face",
  "🙏": "pray",
  "🔥": "fire",
  "👏": "clap",
  "🙌": "raised_hands",
  "👋": "wave",
  "💪": "muscle",
  "👌": "ok_hand",
  "💯": "100",
  "🚀": "rocket",
  "⭐": "star",
  "🎂": "birthday",
  "☕": "coffee",
  "⚠": "warning",
  "thumbs_up": "+1",
  "thumb_up": "+1",
  "thumbs_down": "-1",
  "thumb_down": "-1",
  "party_popper": "tada",
  "check_mark": "white_check_mark",
  "checkmark": "white_check_mark",
  "folded_hands": "pray",
  "thank_you": "pray",
  "clapping_hands": "clap",
  "red_heart": "heart",
  "thinking": "thinking_face",
};

/** What Slack calls an emoji: given as itself, by its name, or in words. */
export function emojiName(wanted: string): string | undefined {
  const plain = wanted.trim().replace(/^:|:$/g, "").replaceAll("\uFE0F", "")
    .replace(/\p{Emoji_Modifier}/gu, "");
  const name = plain.toLowerCase().replace(/\s+emoji$/, "").replace(/\s+/g, "_");
  const known = lookUp(NAMES, name);
  if (known !== undefined) return known;
  return /^[\p{L}\p{N}_+'-]{1,100}(::skin-tone-[2-6])?$/u.test(name) ? name : undefined;
}
