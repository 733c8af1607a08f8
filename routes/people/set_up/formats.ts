/**
 * How values are written in what people paste: each format by its own rules,
 * since an address is the operator's to choose.
 *
 * @module
 */

/** The variable that holds a token where a program can read one. */
export const TOKEN_VARIABLE = "SWITCHBOARD_TOKEN";

/** RFC 8259, for people to read. */
export function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** A word for a POSIX shell (XCU §2.2.2): bare where it can be, else in single quotes. */
export function word(text: string): string {
  if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text)) return text;
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * JSON as a here-document (XCU §2.7.4), so that the shell fills in the token
 * and nothing else.
 */
export function hereJson(value: unknown): string {
  const text = json(value).replaceAll(/[\\`$]/g, "\\$&")
    .replaceAll(`\\$${TOKEN_VARIABLE}`, `$${TOKEN_VARIABLE}`);
  return `<<END\n${text}\nEND`;
}

/** A basic string of TOML 1.0: what JSON escapes it escapes alike, and DEL besides. */
export function toml(text: string): string {
  return JSON.stringify(text).replaceAll("\u007f", "\\u007f");
}

/** A string of Python 3, whose escapes have all of JSON's but for pairs of surrogates. */
export function python(text: string): string {
  return JSON.stringify(text);
}

/** RFC 4648 §4 of the text as UTF-8. */
export function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
