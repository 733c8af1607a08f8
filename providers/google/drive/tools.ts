/**
 * Tools for Google Drive: finding files.
 *
 * https://developers.google.com/workspace/drive/api/reference/rest/v3/files/list
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../../broker/core/lists.ts";
import { type Tool, tool } from "../../provider.ts";
import { count, enumerate, fitting } from "../../text.ts";
import { changeFile } from "./change.ts";
import { createFile } from "./create.ts";
import {
  DriveFile,
  FILE_TYPES,
  FILES,
  FileSummary,
  LIST_FIELDS,
  OWN_FILES,
  OWN_ONLY,
  quoted,
  READ_FILES,
  seesOwnOnly,
  speakFile,
  speakType,
  summarizeFile,
} from "./file.ts";
import { folderOf, FolderRef } from "./folder.ts";
import { readFile } from "./read.ts";
import { shareFile } from "./share.ts";
import { speakDate } from "../calendar/event_time.ts";

const FilePage = z.object({
  files: z.array(DriveFile).nullish(),
  nextPageToken: z.string().nullish(),
  incompleteSearch: z.boolean().nullish(),
});

/** What a place means in a search. */
const PLACES: Record<string, string[]> = {
  anywhere: ["trashed = false"],
  shared_with_me: ["sharedWithMe = true", "trashed = false"],
  starred: ["starred = true", "trashed = false"],
  trash: ["trashed = true"],
};

const searchFiles = tool({
  name: "drive_search_files",
  aliases: ["search_files"],
  formerly: {
    drive_list_recent_files: { only: ["type", "limit", "page_token"] },
    list_files: { only: ["type", "limit", "page_token"] },
    list_recent_files: { only: ["type", "limit", "page_token"] },
  },
  service: "drive",
  title: "Search Google Drive",
  description: "Find files and folders in Google Drive and shared drives by words in names " +
    "or texts; without query the last changed first.",
  input: z.strictObject({
    query: z.string().min(1).max(300).regex(/\S/, "must not be blank").optional().describe(
      "Words, no search language.",
    ),
    name_only: z.boolean().default(false),
    type: z.enum([
      "document",
      "spreadsheet",
      "presentation",
      "folder",
      "pdf",
      "image",
      "video",
      "audio",
    ]).optional(),
    folder_id: FolderRef.optional(),
    place: z.enum(["anywhere", "shared_with_me", "starred", "trash"]).default("anywhere"),
    limit: z.int().min(1).max(100).default(20),
    page_token: z.string().min(1).max(4_096).optional().describe(
      "An answer's next_page_token, with its query.",
    ),
  }),
  output: z.object({
    folder: z.string().optional(),
    files: z.array(FileSummary),
    has_more: z.boolean(),
    next_page_token: z.string().optional(),
    incomplete: z.boolean().optional(),
  }),
  hints: { readOnly: true },
  scopes: [[READ_FILES], [OWN_FILES]],
  async run({ query, name_only, type, folder_id, place, limit, page_token }, { api, now }) {
    const folder = folder_id === undefined
      ? undefined
      : await folderOf(api, folder_id, { toAdd: false });
    const named = query === undefined ? "" : `name contains ${quoted(query.trim())}`;
    const full = `(${named} or fullText contains ${quoted(query?.trim() ?? "")})`;
    const terms = [
      ...(query === undefined ? [] : [name_only ? named : full]),
      ...typeTerm(type),
      ...(folder === undefined ? [] : [`${quoted(folder.id)} in parents`]),
      ...lookUp(PLACES, place) ?? [],
    ];
    const { files, nextPageToken, incompleteSearch } = await api.json(FILES, FilePage, {
      query: {
        q: terms.join(" and "),
        // A search in the texts comes by relevance, and Google refuses any other order.
        orderBy: query === undefined || name_only ? "modifiedTime desc" : undefined,
        pageSize: limit,
        pageToken: page_token,
        fields: `nextPageToken,incompleteSearch,files(${LIST_FIELDS})`,
        // Without these Google leaves out what is in shared drives. What was shared with somebody
        // is theirs alone, and in no drive.
        corpora: place === "shared_with_me" ? "user" : "allDrives",
        supportsAllDrives: true,
        includeItemsFromAllDrives: true,
      },
    });
    const found = files ?? [];
    const notes = [
      ...(incompleteSearch ? ["Google did not look everywhere, so there may be more."] : []),
      ...(seesOwnOnly(api) ? [OWN_ONLY] : []),
    ];
    const spoken = spokenFiles(found, now);
    const where = folder === undefined ? "" : ` in the folder ${speakFile(folder)}`;
    return {
      text: [
        `Found ${count(found.length, "file")}${where}${spoken.length === 0 ? "" : ": "}` +
        `${enumerate(spoken)}.`,
        ...(nextPageToken ? ["There are more."] : []),
        ...notes,
      ].join(" "),
      notes,
      data: {
        folder: folder?.name,
        files: fitting(found, summarizeFile),
        has_more: Boolean(nextPageToken),
        next_page_token: nextPageToken || undefined,
        incomplete: incompleteSearch ? true : undefined,
      },
    };
  },
});

function typeTerm(type: string | undefined): string[] {
  const mimeType = lookUp(FILE_TYPES, type ?? "");
  if (mimeType === undefined) return [];
  return [`mimeType ${mimeType.endsWith("/") ? "contains" : "="} ${quoted(mimeType)}`];
}

/** Files by their names; those which have the same are told apart by owner and day. */
function spokenFiles(files: DriveFile[], now: number): string[] {
  return files.map((file) => {
    const isOne = files.filter(({ name }) => name === file.name).length === 1;
    const owner = file.owners?.[0]?.emailAddress;
    const changed = file.modifiedTime ?? "";
    return [
      speakFile(file),
      speakType(file),
      ...(!isOne && owner ? [`of ${owner}`] : []),
      ...(!isOne && !Number.isNaN(Date.parse(changed))
        ? [`changed on ${speakDate(new Date(changed).toISOString().slice(0, 10), now)}`]
        : []),
    ].join(", ");
  });
}

/** Every tool of the `drive` service. */
export const driveTools: Tool[] = [searchFiles, readFile, createFile, changeFile, shareFile];
