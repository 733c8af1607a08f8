/**
 * What a message may say of a setting that does not fit its schema. Values are
 * not repeated, and names of members only where they are ours: whoever mixes up
 * a name and a value has put a secret where the name should stand.
 *
 * @module
 */

/** As much of zod's issue as is needed. */
interface Issue {
  code?: string | undefined;
  path: readonly PropertyKey[];
  message: string;
}

/** Where the fault is, and what it is; `known` are the members that may be named. */
export function issueWords({ code, path, message }: Issue, known: string[]): string {
  const at = path.map((part) =>
    typeof part === "number" || known.includes(String(part)) ? part : "…"
  );
  // zod quotes what it does not know.
  const fault = code === "unrecognized_keys"
    ? `has a member that is unknown; known are ${known.join(", ")}`
    : message;
  return `${at.map(String).join(".")}: ${fault}`;
}
