/**
 * Which tools a request means, the likeliest first.
 *
 * Each thing that is sought counts once in a tool, by the best of the words
 * that may stand for it. What a request says and a tool has not counts against
 * the tool, and so does what the tool's title says and the request does not:
 * "create label" is not "create label on a milestone".
 *
 * @module
 */

import { intentOf, type Sought, soughtIn } from "./query_words.ts";
import type { SearchedTool, ToolIndex } from "./tool_index.ts";

/** Tools that come from one place, and which of them may be found. */
export interface Searched {
  index: ToolIndex;
  may(tool: SearchedTool): boolean;
  /** How much more a tool counts than others: 1 for nothing more. */
  favour(tool: SearchedTool): number;
}

/** Of what reads where something is to be done, and the other way round. */
const OTHER_INTENT = 0.8;
/** Keeps short titles and requests from deciding alone. */
const COVERED = 3;
const TITLED = 3;

/** A tool while its words are counted. */
interface Standing {
  tool: SearchedTool;
  index: ToolIndex;
  favour: number;
  score: number;
  covered: number;
  inTitle: Map<string, number>;
}

/** The tools that a request means, the likeliest first. */
export function ranked(request: string, places: readonly Searched[]): SearchedTool[] {
  const size = places.reduce((sum, { index }) => sum + index.size, 0);
  const countOf = (word: string) => places.reduce((sum, { index }) => sum + index.count(word), 0);
  const known = new Map<string, number>();
  /** How much a word tells; the same however the tools are spread over places. */
  const rarity = (word: string) => {
    let value = known.get(word);
    if (value !== undefined) return value;
    const count = countOf(word);
    value = count === 0 ? 0 : Math.log(1 + size / count);
    known.set(word, value);
    return value;
  };
  const standings = new Map<SearchedTool, Standing>();
  let said = 0;
  for (const thing of soughtIn(request)) {
    const isSaid = thing[0]?.said === true;
    const weight = isSaid ? Math.max(...thing.map((form) => rarity(form.word) * form.weight)) : 0;
    said += weight;
    for (const [tool, best] of bestOf(thing, places, rarity)) {
      const standing = standings.get(tool) ??
        { tool, index: best.index, favour: best.favour, score: 0, covered: 0, inTitle: new Map() };
      standings.set(tool, standing);
      standing.score += best.score;
      standing.covered += weight * Math.sqrt(best.weight);
      for (const [word, likeness] of best.inTitle) {
        standing.inTitle.set(word, Math.max(standing.inTitle.get(word) ?? 0, likeness));
      }
    }
  }
  const intent = intentOf(request);
  const name = request.trim().toLowerCase();
  const final = ({ tool, index, favour, score, covered, inTitle }: Standing): number => {
    // Who knows its name wants that one: others may say the same words.
    if (tool.name.toLowerCase() === name) return Infinity;
    const title = index.title(tool).reduce((sum, word) => sum + rarity(word), 0);
    const titled = [...inTitle].reduce((sum, [word, weight]) => sum + weight * rarity(word), 0);
    return score * favour * (COVERED + covered) / (COVERED + said) *
      (TITLED + titled) / (TITLED + title) *
      (intent === undefined || (intent === "reads") === tool.readOnly ? 1 : OTHER_INTENT);
  };
  return [...standings.values()]
    .map((standing) => ({ tool: standing.tool, score: final(standing) }))
    // Equal ones in one order, whatever came first.
    .sort((a, b) => b.score - a.score || (a.tool.name < b.tool.name ? -1 : 1))
    .map(({ tool }) => tool);
}

/** What is best in a tool of all that may stand for one thing. */
interface Best {
  score: number;
  weight: number;
  index: ToolIndex;
  favour: number;
  /** Words of its title, and how well they stand for the thing. */
  inTitle: Map<string, number>;
}

function bestOf(
  thing: readonly Sought[],
  places: readonly Searched[],
  rarity: (word: string) => number,
): Map<SearchedTool, Best> {
  const all = new Map<SearchedTool, Best>();
  for (const { word: sought, weight, said, misspelt } of thing) {
    const isKnown = rarity(sought) > 0;
    if (!isKnown && !said) continue;
    for (const { index, may, favour } of places) {
      const found = said
        ? [...index.find(sought), ...index.alike(sought, isKnown || !misspelt)]
        : index.find(sought);
      for (const { word, likeness, postings } of found) {
        const value = rarity(word) * likeness * weight;
        for (const { tool, weight: stands, inTitle } of postings) {
          if (!may(tool)) continue;
          const best = all.get(tool) ??
            { score: 0, weight: 0, index, favour: favour(tool), inTitle: new Map() };
          all.set(tool, best);
          if (inTitle) {
            best.inTitle.set(word, Math.max(best.inTitle.get(word) ?? 0, weight * likeness));
          }
          if (best.score >= value * stands) continue;
          best.score = value * stands;
          best.weight = weight;
        }
      }
    }
  }
  return all;
}
