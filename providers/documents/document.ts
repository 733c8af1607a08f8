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
