/**
 * What a log may say of an error. Messages of others quote what they stumbled
 * over: JSON.parse() the body, fetch() the address, Headers the value, and each
 * of these may hold a token. So a message is repeated only where whoever threw
 * it has said that it is made of this program's own words; of all other errors
 * the kind is told.
 *
 * @module
 */

const own = new WeakSet<Error>();

/** The same error; its message is said to quote nothing that came from outside. */
export function inOwnWords<T extends Error>(error: T): T {
  own.add(error);
  return error;
}

/** The message of an error in own words, the kind of any other. */
export function saidOf(error: unknown): string {
  return error instanceof Error && own.has(error) ? error.message : kindOf(error);
}

/** The kind of an error, and nothing of its message. */
export function kindOf(error: unknown): string {
  // A name is a word; one that is not was made of something else.
  return error instanceof Error && /^[A-Za-z]\w{0,60}$/.test(error.name) ? error.name : "unknown";
}
