/**
 * How the text of a variable is read, by functions alone: what a start needs it
 * should not have to load a validator for. What holds JSON is read by schemas,
 * which are loaded where there is some.
 *
 * @module
 */

import { notJson } from "./texts.ts";

/** Where a reader says what is wrong. The contexts of zod's transforms are such places, too. */
export interface Context {
  readonly issues: { push(issue: Issue): number };
}

/** As zod has them: no interface, to which others could add members. */
type Issue = { code: "custom"; message: string; input: string };

/** Says what is wrong. What it returns is nobody's: a reading with a fault has no value. */
export function fault(context: Context, message: string): never {
  context.issues.push({ code: "custom", message, input: "" });
  return undefined as never;
}

/** Reads the text of one variable; `undefined` where it is not set. */
export type Reader<T> = (text: string | undefined, context: Context) => T;
type TextReader<T> = (text: string, context: Context) => T;

/** What was read. */
export interface Reading<T> {
  /** `undefined` where something is wrong with it. */
  value: T | undefined;
  /** What is wrong, in the words of its reader. */
  faults: string[];
}

function reading<T>(value: T, issues: readonly Issue[]): Reading<T> {
  const faults = issues.map(({ message }) => message);
  return { value: faults.length === 0 ? value : undefined, faults };
}

/** Reads one variable by itself, whatever is wrong with others. */
export function read<T>(reader: Reader<T>, text: string | undefined): Reading<T> {
  const issues: Issue[] = [];
  return reading(reader(text, { issues }), issues);
}

/** Variables by name, and how each is read; one that holds JSON may load its reader first. */
export type Variables = Record<string, Reader<unknown>>;

/** What they were read as; absent where something is wrong with one. */
export type Values<V extends Variables> = { [Name in keyof V]?: Awaited<ReturnType<V[Name]>> };

/** Something that is wrong with a variable. */
export interface VariableFault {
  variable: string;
  fault: string;
}

/** Reads all of them. */
export async function readAll<V extends Variables>(
  variables: V,
  env: Record<string, string | undefined>,
): Promise<{ values: Values<V>; faults: VariableFault[] }> {
  const values: Record<string, unknown> = {};
  const faults: VariableFault[] = [];
  for (const [variable, reader] of Object.entries(variables)) {
    const issues: Issue[] = [];
    const { value, faults: wrong } = reading(await reader(env[variable], { issues }), issues);
    if (wrong.length === 0) values[variable] = value;
    faults.push(...wrong.map((fault) => ({ variable, fault })));
  }
  return { values: values as Values<V>, faults };
}

/** `undefined` where it is not set. */
export function optional<T>(reader: TextReader<T>): Reader<T | undefined> {
  return (text, context) => text === undefined ? undefined : reader(text, context);
}

/** As if this were set where nothing is. */
export function usually<T>(usual: string, reader: TextReader<T>): Reader<T> {
  return (text = usual, context) => reader(text, context);
}

/** It has to be set. */
export function required<T>(reader: TextReader<T>): Reader<T> {
  return (text, context) =>
    text === undefined ? fault(context, "is not set") : reader(text, context);
}

/** A text that fits, turned into something else. */
export function fitting<T>(
  fits: (text: string) => boolean,
  rule: string,
  turned: (text: string) => T,
): TextReader<T> {
  return (text, context) => fits(text) ? turned(text) : fault(context, rule);
}

/** One that is read by schemas, which are loaded where it is set; `unset`: where it is not. */
export function loaded<T>(
  unset: T,
  load: () => Promise<TextReader<T>>,
): Reader<T | Promise<T>> {
  return (text, context) =>
    text === undefined ? unset : load().then((reader) => reader(text, context));
}

/** One that holds JSON, which was not looked at yet. */
export function ofJson<T>(
  reader: (json: unknown, context: Context, text: string) => T,
): TextReader<T> {
  return (text, context) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return fault(context, notJson(text));
    }
    return reader(json, context, text);
  };
}

/** As it stands there. */
export const asIs = (text: string): string => text;

/** A comma-separated list; unset is empty. `rule`: what all entries together have to be. */
export function list<T>(
  item: (item: string, context: Context) => T,
  [isRight, rule]: [(items: T[]) => boolean, string] = [() => true, ""],
): Reader<T[]> {
  return usually("", (text, context) => {
    const issues: Issue[] = [];
    const items = text.split(",").map((each) => each.trim()).filter(Boolean)
      .map((each) => item(each, { issues }));
    for (const { message } of issues) fault(context, message);
    return issues.length > 0 || isRight(items) ? items : fault(context, rule);
  });
}
