/**
 * Words about documents, for the program and for the workers that read them.
 *
 * @module
 */

/** `zip`: Office files and OpenDocument, which differ inside. */
export type DocumentKind = "pdf" | "zip" | "text";

/** How much of a file is wanted. */
export interface DocumentLimits {
  /** UTF-16 units. Reading stops there. */
  maxText: number;
  /** @default `DOCUMENT_MS` */
  ms?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Whether the bytes are only the beginning of the file. A document needs all. */
  cut?: boolean | undefined;
}

/** What a file says, or a sentence about why that cannot be told. */
export type DocumentText =
  | {
    kind: "text";
    text: string;
    /** Whether the file goes on. */
    truncated: boolean;
    /** Sentences about what was left out. */
    notes: string[];
  }
  | {
    kind: "unreadable";
    why: string;
    /** It is not the file's fault: another time it may be read. */
    later?: true | undefined;
  };

/** What a worker is sent. */
export interface DocumentTask {
  bytes: Uint8Array;
  kind: DocumentKind;
  maxText: number;
  ms: number;
}

/** More than a reader has to say of one file. */
const MOST_NOTES = 100;
const LONGEST_NOTE = 1_000;

/**
 * What a worker said, if it is that. A file that has taken its reader over speaks in its place: what
 * it says is a file's text, and never more of it than was asked for.
 */
export function heard(said: unknown, maxText: number): DocumentText | undefined {
  if (typeof said !== "object" || said === null) return undefined;
  const { kind, text, truncated, notes, why } = said as Record<string, unknown>;
  if (kind === "unreadable" && typeof why === "string") {
    return { kind, why: why.slice(0, LONGEST_NOTE) };
  }
  if (kind !== "text" || typeof text !== "string" || !Array.isArray(notes)) return undefined;
  return {
    kind,
    text: text.slice(0, maxText),
    truncated: truncated !== false || text.length > maxText,
    notes: notes.filter((note) => typeof note === "string").slice(0, MOST_NOTES)
      .map((note) => note.slice(0, LONGEST_NOTE)),
  };
}
