/**
 * Gmail's labels by the words that people use for them.
 *
 * https://developers.google.com/workspace/gmail/api/guides/labels
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../../broker/core/lists.ts";
import { invalid, notFound } from "../../api_errors.ts";
import type { ApiClient } from "../../provider.ts";
import { enumerate } from "../../text.ts";
import { patiently } from "./fetch.ts";
import { tidy, USER } from "./message.ts";

export const LABELS = `${USER}/labels`;

const NEAREST = 5;
/** Names longer than this are compared by their beginning alone. */
const COMPARED_LENGTH = 60;

export const Label = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string().nullish(),
  labelListVisibility: z.string().nullish(),
  messagesTotal: z.number().nullish(),
  messagesUnread: z.number().nullish(),
});
export type Label = z.output<typeof Label>;

const Labels = z.object({ labels: z.array(Label).nullish() });

/** A label to put on, or to take off. */
export interface Wanted {
  label: Pick<Label, "id" | "name">;
  /** Of a word for the lack of a label: "read" is no UNREAD. */
  isInverse: boolean;
}

/** Gmail lets nobody call a label of their own like these. */
const RESERVED = ["INBOX", "UNREAD", "STARRED", "IMPORTANT", "TRASH", "SPAM"];
/** These say what a message is. */
const FIXED = ["SENT", "DRAFT", "CHAT"];

/** What people say, where no label of their own is called so. */
const WORDS: Record<string, string> = {
  star: "STARRED",
  stars: "STARRED",
  favorite: "STARRED",
  favorites: "STARRED",
  bin: "TRASH",
  deleted: "TRASH",
  junk: "SPAM",
  "unread messages": "UNREAD",
  promotions: "CATEGORY_PROMOTIONS",
  promotion: "CATEGORY_PROMOTIONS",
  social: "CATEGORY_SOCIAL",
  updates: "CATEGORY_UPDATES",
  forums: "CATEGORY_FORUMS",
  primary: "CATEGORY_PERSONAL",
  personal: "CATEGORY_PERSONAL",
};
const INVERSE: Record<string, string> = {
  read: "UNREAD",
  seen: "UNREAD",
  archive: "INBOX",
  archived: "INBOX",
  unstarred: "STARRED",
  unimportant: "IMPORTANT",
};

export async function listOf(api: ApiClient): Promise<Label[]> {
  return (await patiently(() => api.json(LABELS, Labels))).labels ?? [];
}

/** A label that is the same for everybody: there is no need to ask which ones there are. */
export function reserved(name: string): Wanted | undefined {
  const id = name.trim().toUpperCase();
  return RESERVED.includes(id) ? { label: { id, name: id }, isInverse: false } : undefined;
}

/**
 * A label by its id, its exact name, its name in any case, or else by what people
 * call it. In this order, because a person may have two labels that differ by
 * case alone, and one that is called "Read".
 */
export function findLabel(labels: Label[], name: string): Wanted | undefined {
  const plain = plainName(name);
  const own = labels.find(({ id }) => id === name) ??
    labels.find((label) => label.name === name) ??
    labels.find((label) => plainName(label.name) === plain) ?? onlyLeaf(labels, plain);
  if (own !== undefined) return { label: own, isInverse: false };
  const word = plain.replace(/^category[ _/:]+|\s+(category|folder|label|tab)$/g, "");
  const category = `CATEGORY_${word.toUpperCase()}`;
  const id = lookUp(WORDS, word) ?? labels.find((label) => label.id === category)?.id;
  const inverse = lookUp(INVERSE, word);
  const found = id ?? inverse ?? reserved(word)?.label.id;
  if (found === undefined) return undefined;
  return {
    label: { id: found, name: found },
    isInverse: id === undefined && inverse !== undefined,
  };
}

/** `Review` is `Ops/Review`, if no other label ends so. */
function onlyLeaf(labels: Label[], plain: string): Label | undefined {
  const leaves = labels.filter(({ name, type }) =>
    type !== "system" && plainName(name).endsWith(`/${plain}`)
  );
  return leaves.length === 1 ? leaves[0] : undefined;
}

function plainName(name: string): string {
  return name.trim().toLowerCase().replace(/\s*[/>]\s*/g, "/").replace(/\s+/g, " ");
}

/** @throws {ApiError} for a label that nobody can put on or take off. */
export function refuseFixed({ id, name }: Pick<Label, "id" | "name">): void {
  if (FIXED.includes(id.toUpperCase())) {
    throw invalid(`Gmail itself decides what is ${name}: nobody can add that or take it off.`);
  }
}

/** Says which labels there are, or which of many are the most like it. */
export function noSuchLabel(labels: Label[], name: string) {
  const own = labels.filter(({ type }) => type !== "system").map(({ name }) => name);
  const known = own.length === 0
    ? "There are none of the person's own."
    : own.length <= NEAREST
    ? `There are ${enumerate(own.map((one) => tidy(one, 60)))}.`
    : `The nearest are ${enumerate(nearest(own, name).map((one) => tidy(one, 60)))}.`;
  return notFound(`Gmail has no label "${tidy(name, 100)}". ${known}`);
}

function nearest(names: string[], wanted: string): string[] {
  const plain = plainName(wanted);
  const distance = (name: string) => {
    const other = plainName(name);
    const leaf = other.split("/").at(-1)!;
    if (other.includes(plain) || plain.includes(leaf)) return 0;
    return Math.min(editsBetween(plain, leaf), editsBetween(plain, other));
  };
  return names.map((name) => ({ name, far: distance(name) }))
    .sort((one, other) => one.far - other.far).slice(0, NEAREST).map(({ name }) => name);
}

/** How many letters must be changed (Levenshtein). */
function editsBetween(one: string, other: string): number {
  const [a, b] = [one.slice(0, COMPARED_LENGTH), other.slice(0, COMPARED_LENGTH)];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const swap = row[j]! + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(swap, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
