/**
 * Tools as lists show them: as objects, for the SDKs, and as JSON that is ready
 * to be sent. Each form of a tool is made when it is first asked for, and once.
 *
 * @module
 */

import { type ListedTool, PROVISIONAL } from "./wire.ts";

/** What a list shows of a tool beside what every list shows. */
export interface Shown {
  outputSchemas: boolean;
  /** The argument that names one of several accounts. */
  account: boolean;
}

/** One form of a tool. */
export interface ListedForm {
  tool: ListedTool;
  /** Its JSON. */
  text: string;
}

/** All forms of one tool: four at most. */
export class ListedForms {
  readonly #forms: (ListedForm | undefined)[] = [];
  readonly #make: (shown: Shown) => ListedTool;

  constructor(make: (shown: Shown) => ListedTool) {
    this.#make = make;
  }

  of(shown: Shown): ListedForm {
    const at = Number(shown.outputSchemas) + 2 * Number(shown.account);
    return this.#forms[at] ??= formOf(this.#make(shown));
  }
}

/** A tool with its JSON. */
export function formOf(tool: ListedTool): ListedForm {
  return { tool, text: JSON.stringify(tool) };
}

/** A list of tools. */
export interface Listing {
  tools: ListedTool[];
  /** The same as a JSON array. */
  text: string;
  /** Whether one of them stands there only until its person has done something. */
  isProvisional: boolean;
}

/** A list of forms. */
export function listingOf(forms: ListedForm[]): Listing {
  return {
    tools: forms.map(({ tool }) => tool),
    text: `[${forms.map(({ text }) => text).join()}]`,
    isProvisional: forms.some(({ tool }) => tool[PROVISIONAL] === true),
  };
}

/** A list, and another one after it. */
export function joined(one: Listing, other: Listing): Listing {
  if (other.tools.length === 0) return one;
  const inner = [one, other].map(({ text }) => text.slice(1, -1)).filter(Boolean);
  return {
    tools: [...one.tools, ...other.tools],
    text: `[${inner.join()}]`,
    isProvisional: one.isProvisional || other.isProvisional,
  };
}

/** Lists that are joined once, as long as both are there. Which ones are worth it, says whoever has them. */
export class JoinedLists {
  /** Those that are remembered, each with those that were joined after it. */
  readonly #followed = new WeakMap<Listing, WeakMap<Listing, Listing>>();

  /** The same list, with which others are joined once from now on. */
  remembered(list: Listing): Listing {
    if (!this.#followed.has(list)) this.#followed.set(list, new WeakMap());
    return list;
  }

  /** As {@linkcode joined} joins them; once, where both are remembered. */
  join(one: Listing, other: Listing): Listing {
    const known = this.#followed.has(other) ? this.#followed.get(one) : undefined;
    if (known === undefined) return joined(one, other);
    const both = known.get(other) ?? this.remembered(joined(one, other));
    known.set(other, both);
    return both;
  }
}
