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
    case "input": {
      const { url, text } = outcome;
      // Without a page to open it is a question in an upstream's words.
      if (url === undefined) return outcome;
      return { ...outcome, text: withoutAddresses(text.replaceAll(url, "the link")) };
    }
    case "error":
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
