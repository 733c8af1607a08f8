/**
 * Which labels there are, and how many messages have them.
 *
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels/list
 *
 * @module
 */

import { z } from "zod";
import { tool } from "../../provider.ts";
import { count, enumerate, fitting } from "../../text.ts";
import { readEach } from "./fetch.ts";
import { findLabel, Label, LABELS, listOf, noSuchLabel } from "./label_names.ts";
import { tidy } from "./message.ts";
import { TO_LIST_LABELS } from "./scopes.ts";

const MAX_LABELS = 300;
const NAME_LENGTH = 225;

/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels/list */
export const listLabels = tool({
  name: "gmail_list_labels",
  aliases: ["list_labels"],
  service: "gmail",
  title: "List e-mail labels",
  description: "List Gmail's labels, and count the messages of some, such as the " +
    "unread ones (INBOX).",
  input: z.strictObject({
    count: z.array(z.string().min(1).max(NAME_LENGTH)).max(20).default([])
      .describe("Labels whose messages to count, by name."),
  }),
  output: z.object({
    labels: z.array(z.object({ id: z.string(), name: z.string(), is_own: z.boolean() })),
    labels_left_out: z.number().optional(),
    counts: z.array(z.object({ name: z.string(), messages: z.number(), unread: z.number() }))
      .optional(),
    not_counted: z.number().optional(),
  }),
  hints: { readOnly: true },
  scopes: TO_LIST_LABELS,
  async run({ count: counted }, { api }) {
    const all = await listOf(api);
    const own = all.filter(({ type }) => type !== "system")
      .sort((one, other) => one.name.localeCompare(other.name, "en"));
    const listed = [...own, ...all.filter(({ type }) => type === "system")].slice(0, MAX_LABELS);
    const leftOut = all.length - listed.length;
    const wanted = counted.map((name) => {
      const found = findLabel(all, name);
      if (found === undefined || found.isInverse) throw noSuchLabel(all, name);
      return found.label;
    });
    const { results, gone, failed } = await readEach(
      wanted,
      ({ id }) => api.json(`${LABELS}/${encodeURIComponent(id)}`, Label),
    );
    const counts = results.map(({ name, messagesTotal, messagesUnread }) => ({
      name: tidy(name, NAME_LENGTH),
      messages: messagesTotal ?? 0,
      unread: messagesUnread ?? 0,
    }));
    const notes = [
      ...(leftOut > 0
        ? [`${count(leftOut, "label")} ${leftOut === 1 ? "is" : "are"} left out.`]
        : []),
      ...(gone + failed > 0 ? [`${count(gone + failed, "label")} could not be counted.`] : []),
    ];
    const spoken = counts.length > 0
      ? counts.map(({ name, messages, unread }) =>
        `${name} has ${count(messages, "message")}${messages === 0 ? "" : `, ${unread} unread`}.`
      )
      : [speakOwn(own)];
    return {
      text: [...spoken, ...notes].join(" "),
      notes,
      data: {
        labels: fitting(listed, (label, length) => ({
          id: label.id,
          name: tidy(label.name, Math.min(NAME_LENGTH, length)),
          is_own: label.type !== "system",
        })),
        labels_left_out: leftOut > 0 ? leftOut : undefined,
        counts: counts.length > 0 ? counts : undefined,
        not_counted: gone + failed > 0 ? gone + failed : undefined,
      },
    };
  },
});

function speakOwn(own: Label[]): string {
  if (own.length === 0) return "There are no labels of the person's own.";
  const names = enumerate(own.map(({ name }) => tidy(name, 60)));
  return `The person's own labels: ${names}.`;
}
