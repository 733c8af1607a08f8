/**
 * The pages (MCP Apps, SEP-1865) of tools that an app may not use. By their
 * addresses in whatever spelling: what is kept from somebody must not be had by
 * another way to write it, which its server may take for the same.
 *
 * @module
 */

/** So often an address is decoded: servers do it once, and some in front of them once more. */
const MOST_DECODED = 4;

/** Pages of tools that may not be used, as far as none that may names them, too. */
export class KeptPages {
  readonly #shown: ReadonlySet<string>;
  readonly #kept: ReadonlySet<string>;

  /** The pages of all tools, and of those that may be used, by our addresses. */
  constructor(all: string[], shown: string[]) {
    this.#shown = new Set(shown);
    this.#kept = new Set(all.filter((uri) => !this.#shown.has(uri)).map(plainly));
  }

  /** Whether a page is kept from whoever asks. */
  has(uri: string): boolean {
    return this.#kept.size > 0 && !this.#shown.has(uri) && this.#kept.has(plainly(uri));
  }
}

/** An address without all by which two spellings of one differ. */
function plainly(uri: string): string {
  let text = withoutQuery(uri);
  for (let times = 0; times < MOST_DECODED; times++) {
    const decoded = withoutQuery(decodedOr(text));
    if (decoded === text) break;
    text = decoded;
  }
  const [scheme = "", ...rest] = text.normalize("NFKC").toLowerCase().replaceAll("\\", "/")
    .split("/");
  const parts: string[] = [];
  for (const part of rest) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return [scheme, ...parts].join("/");
}

function withoutQuery(text: string): string {
  return text.split(/[?#]/, 1)[0]!;
}

function decodedOr(text: string): string {
  // Each alone: one that is malformed must not hide the others.
  return text.replaceAll(/(%[0-9a-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  });
}
