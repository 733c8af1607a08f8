/**
 * Tools for Google Drive: finding files.
 *
 * https://developers.google.com/workspace/drive/api/reference/rest/v3/files/list
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { z } from "zod";
import { type ApiClient, type Tool, tool, type ToolResult } from "../provider.ts";
import { count, enumerate, fitting } from "../text.ts";
import {
  DriveFile,
  FILE_FIELDS,
  FILE_TYPES,
  FILES,
  FileSummary,
  quoted,
  speakFile,
  speakType,
  summarizeFile,
} from "./drive_file.ts";
import { readDocument } from "./drive_read.ts";
import { createTextFile, shareFile } from "./drive_write.ts";

const READ_SCOPE = "https://www.googleapis.com/auth/drive.readonly";

const FilePage = z.object({
  files: z.array(DriveFile).nullish(),
  nextPageToken: z.string().nullish(),
  incompleteSearch: z.boolean().nullish(),
});

const type = z.enum(["document", "spreadsheet", "presentation", "folder", "pdf"]).optional()
  .describe("Only files of this type. Left out, all of them.");

const paging = {
  limit: z.int().min(1).max(100).default(20).describe("How many to return at most, 1 to 100."),
  page_token: z.string().min(1).max(4_096).optional()
    .describe("`next_page_token` of an earlier answer to the same question."),
};

const output = z.object({
  files: z.array(FileSummary),
  has_more: z.boolean().describe("Whether there are more files than are listed."),
  next_page_token: z.string().optional().describe("Pass it as page_token to go on."),
  incomplete: z.boolean().optional()
    .describe("Whether Google gave up before it had looked everywhere."),
});

const searchFiles = tool({
  name: "drive_search_files",
  aliases: ["search_files"],
  service: "drive",
  title: "Search Google Drive",
  description: "Find files in the person's Google Drive by words in their names or in what they " +
    "say. Use it when they ask for a document or a folder, or to find the file_id that the other " +
    "Drive tools take.",
  input: z.strictObject({
    query: z.string().min(1).max(300).regex(/\S/, "must not be blank")
      .describe("Words to look for, such as: budget 2027. They are no search language."),
    name_only: z.boolean().default(false)
      .describe("Whether to look at names alone, not at what the files say."),
    type,
    ...paging,
  }),
  output,
  hints: { readOnly: true },
  scopes: [[READ_SCOPE]],
  async run({ query, name_only, type, ...page }, { api }) {
    const text = quoted(query.trim());
    const named = `name contains ${text}`;
    const terms = [
      name_only ? named : `(${named} or fullText contains ${text})`,
      ...typeTerm(type),
    ];
    // A search in the texts comes by relevance, and Google refuses any other order.
    return await list(api, terms, page, name_only ? "modifiedTime desc" : undefined);
  },
});

const listRecentFiles = tool({
  name: "drive_list_recent_files",
  aliases: ["list_files", "list_recent_files"],
  service: "drive",
  title: "List recent files",
  description: "List the files in the person's Google Drive, the last changed first. Use it when " +
    "they ask what they or others have been working on, or for a file without its name.",
  input: z.strictObject({ type, ...paging }),
  output,
  hints: { readOnly: true },
  scopes: [[READ_SCOPE]],
  async run({ type, ...page }, { api }) {
    return await list(api, typeTerm(type), page, "modifiedTime desc");
  },
});

function typeTerm(type: string | undefined): string[] {
  return type === undefined ? [] : [`mimeType = ${quoted(lookUp(FILE_TYPES, type) ?? "")}`];
}

async function list(
  api: ApiClient,
  terms: string[],
  { limit, page_token }: { limit: number; page_token?: string | undefined },
  orderBy: string | undefined,
): Promise<ToolResult<z.input<typeof output>>> {
  const { files, nextPageToken, incompleteSearch } = await api.json(FILES, FilePage, {
    query: {
      q: [...terms, "trashed = false"].join(" and "),
      orderBy,
      pageSize: limit,
      pageToken: page_token,
      fields: `nextPageToken,incompleteSearch,files(${FILE_FIELDS})`,
      // Without these two Google leaves out what is in shared drives.
      supportsAllDrives: true,
      includeItemsFromAllDrives: true,
    },
  });
  const found = files ?? [];
  const spoken = found.map((file) => `${speakFile(file)}, ${speakType(file)}`);
  return {
    text: [
      `Found ${count(found.length, "file")}${spoken.length === 0 ? "" : `: ${enumerate(spoken)}`}.`,
      ...(incompleteSearch ? ["Google did not look everywhere, so there may be more."] : []),
      ...(nextPageToken ? ["There are more."] : []),
    ].join(" "),
    data: {
      files: fitting(found, summarizeFile),
      has_more: Boolean(nextPageToken),
      next_page_token: nextPageToken || undefined,
      incomplete: incompleteSearch ? true : undefined,
    },
  };
}

/** Every tool of the `drive` service. */
export const driveTools: Tool[] = [
  searchFiles,
  listRecentFiles,
  readDocument,
  createTextFile,
  shareFile,
];
