/**
 * What an outcome is to somebody who hears it: nobody can listen to an address.
 * Whoever speaks has it in the data.
 *
 * @module
 */

import type { Outcome } from "./outcome.ts";

/** A whole address, and not what ends the sentence that it stands in. */
const ADDRESS = /\bhttps?:\/\/[^\s"<>()[\]{}]*[^\s"<>()[\]{}.,;:!?']/g;
/** What a sentence ends with: "Created issue #1: https://…". */
const AT_THE_END = new RegExp(`(?::| at) ${ADDRESS.source}\\.?(?=\\n|$)`, "g");

/** The outcome as a voice says it. An upstream's own words stay as they are. */
export function spoken(outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case "upstream":
    case "unknown_tool":
      return outcome;
    case "connect":
      return {
        ...outcome,
        text: withoutAddresses(outcome.text.replaceAll(outcome.url, "the link")),
      };
    case "input":
      return outcome.url === undefined ? outcome : {
        ...outcome,
        text: withoutAddresses(outcome.text.replaceAll(outcome.url, "the link")),
      };
    case "error":
      return { ...outcome, text: withoutAddresses(outcome.text) };
    case "result":
      return { ...outcome, text: withoutAddresses(outcome.text) };
  }
}

/** A text in which addresses are said as what a person would say of them. */
export function withoutAddresses(text: string): string {
  return text.replace(AT_THE_END, ".").replace(ADDRESS, (address) => {
    const host = URL.parse(address)?.hostname.replace(/^www\./, "");
    return host ? `a link to ${host}` : "a link";
  });
}
