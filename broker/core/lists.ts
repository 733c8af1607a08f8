/**
 * Small words about lists and tables.
 *
 * @module
 */

/** Each once, in the order of their first appearance. */
export function unique<T>(items: T[]): T[] {
  return [...new Set(items)];
}

/** A table's own entry: callers choose the words, and `constructor` is none of ours. */
export function lookUp<T>(table: Record<string, T>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
