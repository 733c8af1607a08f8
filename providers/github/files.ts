/**
 * Files that a pull request or a commit changes.
 *
 * @module
 */

import { z } from "zod";
import { count, enumerate, fitting, shorten } from "../text.ts";
import { spoken } from "./spoken.ts";

/** What the tools use of a changed file, as the API sends it. */
const ChangedFile = z.object({
  filename: z.string(),
  status: z.string().nullish(),
  additions: z.number().nullish(),
  deletions: z.number().nullish(),
  previous_filename: z.string().nullish(),
});
export type ChangedFile = z.output<typeof ChangedFile>;
/** A list of them. */
export const ChangedFiles = z.array(ChangedFile.nullish());

/** A changed file in a tool's answer. */
export const FileSummary = z.object({
  path: z.string(),
  status: z.string().optional(),
  from: z.string().optional(),
  additions: z.number(),
  deletions: z.number(),
});

/** As they are given back. */
export function filesOf(files: ChangedFile[]): z.output<typeof FileSummary>[] {
  return fitting(files, (file, length) => ({
    path: shorten(file.filename, length),
    status: file.status || undefined,
    from: file.previous_filename ? shorten(file.previous_filename, length) : undefined,
    additions: file.additions ?? 0,
    deletions: file.deletions ?? 0,
  }));
}

/** `The files are a.ts; b.ts.` */
export function speakFiles(files: ChangedFile[]): string[] {
  if (files.length === 0) return ["No file is changed."];
  const names = enumerate(files.map(({ filename }) => spoken(filename)));
  return [`The ${count(files.length, "file")} here: ${names}.`];
}
