/**
 * `WWW-Authenticate` (RFC 9110 §11.6.1, RFC 9728 §5.1), as servers write it:
 * several challenges in one header, values without quotes or in single ones,
 * an end quote that is missing.
 *
 * @module
 */

import { SCOPE } from "./token_text.ts";

/** What a server asks for. */
export interface Challenge {
  /** Whether one of its schemes is a token of OAuth. */
  isOAuth: boolean;
  resourceMetadata?: string | undefined;
  scope?: string | undefined;
  error?: string | undefined;
}

/** Longer ones are cut off. */
const LONGEST = 8 * 1024;

/** RFC 6750, RFC 9449. */
const SCHEMES = ["bearer", "dpop"];

/** Reads a header; `undefined` where there is none. */
export function parseChallenge(header: string | null | undefined): Challenge | undefined {
  if (header === null || header === undefined) return undefined;
  const all = challengesIn(header.slice(0, LONGEST));
  const ours = all.filter(({ scheme }) => SCHEMES.includes(scheme));
  // One without a scheme is somebody's who forgot it.
  const meant = ours.find(({ params }) => params.has("resource_metadata")) ?? ours[0] ??
    all.find(({ params }) => params.has("resource_metadata"));
  return {
    isOAuth: meant !== undefined,
    resourceMetadata: meant?.params.get("resource_metadata"),
    scope: meant?.params.get("scope"),
    error: meant?.params.get("error"),
  };
}

interface Parsed {
  /** In lower case; empty where parameters come before any. */
  scheme: string;
  params: Map<string, string>;
}

const WORD = /[^\s,="']+/y;
const GAP = /[\s,]+/y;

function challengesIn(text: string): Parsed[] {
  const all: Parsed[] = [];
  for (let at = 0; at < text.length;) {
    const gap = match(GAP, text, at);
    if (gap !== "") {
      at += gap.length;
      continue;
    }
    const word = match(WORD, text, at);
    if (word === "") {
      at += 1;
      continue;
    }
    at += word.length;
    const equals = /\s*=\s*/y;
    const sign = match(equals, text, at);
    if (sign === "") {
      all.push({ scheme: word.toLowerCase(), params: new Map() });
      continue;
    }
    const { value, end } = valueAt(text, at + sign.length);
    at = end;
    if (all.length === 0) all.push({ scheme: "", params: new Map() });
    const { params } = all.at(-1)!;
    // The first counts: what is said again was added by somebody else on the way.
    const name = word.toLowerCase();
    if (!params.has(name)) params.set(name, value);
  }
  return all;
}

function match(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? "";
}

function valueAt(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  if (quote !== '"' && quote !== "'") {
    const value = match(/[^\s,]*/y, text, start);
    return { value, end: start + value.length };
  }
  let value = "";
  let at = start + 1;
  for (; at < text.length && text[at] !== quote; at++) {
    if (text[at] === "\\") at += 1;
    value += text[at] ?? "";
  }
  return { value, end: at + 1 };
}

/** Longer ones are none. */
const LONGEST_SCOPE = 200;
const MOST_SCOPES = 100;

/** Scopes of texts that each hold one or several. */
export function scopesIn(texts: string[] | undefined): string[] {
  const words = (texts ?? []).flatMap((text) => text.split(/\s+/));
  const usable = words.filter((word) => SCOPE.test(word) && word.length <= LONGEST_SCOPE);
  return [...new Set(usable)].slice(0, MOST_SCOPES);
}
