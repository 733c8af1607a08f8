/**
 * What a value looks like that was cut off, pasted in another form, or written
 * for another reader: words that lead to what should stand there. Nothing of a
 * value is ever repeated, but how long it is.
 *
 * @module
 */

import type { Env } from "./env.ts";

/** `is not JSON`, and why it may not be. Pure. */
export function notJson(text: string): string {
  const trimmed = text.trim();
  const is = (why: string) => `is not JSON: ${why}`;
  if (/^[[{]/.test(trimmed) && !/[\]}]$/.test(trimmed)) {
    return is(
      "it ends in the middle. In .env a value of several lines stands in single quotes, elsewhere " +
        "on one line",
    );
  }
  if (/[“”„‘’]/.test(trimmed)) return is('it has typographic quotes, and " is wanted');
  if (/[[{,:]\s*'/.test(trimmed)) return is('its words stand in single quotes, and " is wanted');
  if (/[{,]\s*\\"/.test(trimmed)) {
    return is("its quotes have \\ before them, which nobody takes away");
  }
  if (/,\s*[\]}]/.test(trimmed)) return is("a comma stands before a closing bracket");
  return "is not JSON";
}

const KEY_LENGTH = 43;

/** Why an entry is no key of the ring; `undefined`: nobody can say. Pure. */
export function notKey(entry: string): string | undefined {
  if (/[;\s]/.test(entry)) return "entries stand with commas between them";
  const [, key = ""] = /^[A-Za-z0-9_-]{1,32}:(.*)$/.exec(entry) ?? [undefined, entry];
  if (/^[0-9a-f]{64}$/i.test(key)) return "it is in hex, and base64url is wanted";
  if (!entry.includes(":")) return "an id comes first, and a colon, such as k1:";
  if (/^[A-Za-z0-9+/]{43}=?$/.test(key)) {
    return "it is in base64, and base64url is wanted, with - for + and _ for /";
  }
  if (/^[A-Za-z0-9_-]+={0,2}$/.test(key)) {
    return `its key has ${key.length} characters in the place of ${KEY_LENGTH}`;
  }
  return undefined;
}

/** Why an entry is no API key's line; `undefined`: nobody can say. Pure. */
export function notApiKey(entry: string): string | undefined {
  if (/[<>]/.test(entry)) return "it is the example's";
  if (/[;\s]/.test(entry)) return "entries stand with commas between them";
  const parts = entry.split(":");
  if (parts[0] === "sha256" && parts.length < 3) return "a name comes first, such as voice:";
  const [, kind, digest = ""] = parts;
  if (kind === "sha256") {
    return /^[0-9a-f]+$/i.test(digest)
      ? `its digest has ${digest.length} digits in the place of 64`
      : "its digest is not in hex, as sha256sum prints it";
  }
  return parts.length < 3
    ? "it may be the key itself, and its SHA-256 digest is wanted; `deno task key <name>` makes both"
    : undefined;
}

/** A file with the line ends of Windows was read by something that takes them for a part of values. */
export function windowsLineEnds(env: Env, names: string[]): string | undefined {
  const [first, ...others] = names.filter((name) => env[name]?.endsWith("\r"));
  if (first === undefined) return undefined;
  const all = others.length === 0 ? first : `${first} and ${others.length} more`;
  return `${all}: the value ends in a carriage return, as of a file with the line ends of Windows. ` +
    "Convert the file (`dos2unix`, or LF in the editor)";
}
