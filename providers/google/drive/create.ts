/**
 * Making files of Google Drive.
 *
 * https://developers.google.com/workspace/drive/api/reference/rest/v3/files/create
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../../api_errors.ts";
import { type ApiClient, tool } from "../../provider.ts";
import {
  DOCUMENT,
  DriveFile,
  FILE_FIELDS,
  FileId,
  FILES,
  FileSummary,
  FOLDER,
  getTarget,
  OWN_FILES,
  pathOf,
  refuse,
  speakFile,
  speakType,
  SPREADSHEET,
  summarizeFile,
  typeOf,
} from "./file.ts";
import { type Folder, folderOf, FolderRef } from "./folder.ts";
import { importType, isTable, multipart, typeByName } from "./upload.ts";
import { isOneLine } from "../gmail/mime.ts";

/** A file's name. */
export const FileName = z.string().min(1).max(255).refine(isOneLine, {
  message: "must be one line",
});

export const createFile = tool({
  name: "drive_create_file",
  formerly: {
    drive_create_text_file: { only: ["name", "content", "as_google_doc", "folder_id"] },
    create_text_file: { only: ["name", "content", "as_google_doc", "folder_id"] },
  },
  service: "drive",
  title: "Create a file",
  description:
    "Save a text in Google Drive as a new file, Google document or sheet; make a folder; copy " +
    "a file. It replaces nothing, even under the same name; who sees the folder sees it.",
  input: z.strictObject({
    name: FileName.optional(),
    content: z.string().max(500_000).optional()
      .describe("Text, Markdown or HTML; of a sheet, CSV."),
    kind: z.enum(["file", "document", "spreadsheet", "folder"]).default("file"),
    copy_of: FileId.optional().describe("The file to copy, in the place of content."),
    folder_id: FolderRef.optional(),
    as_google_doc: z.boolean().default(false),
  }),
  output: z.object({
    ...FileSummary.shape,
    folder: z.string().optional(),
    copied_from: z.string().optional(),
  }),
  hints: { readOnly: false },
  content: ["as_google_doc"],
  scopes: [[OWN_FILES]],
  async run(args, { api }) {
    const { name, content, copy_of, folder_id, as_google_doc } = args;
    const kind = as_google_doc && args.kind === "file" ? "document" : args.kind;
    const folder = await folderFor(api, folder_id);
    const parents = folder && [folder.id];
    if (copy_of !== undefined) {
      if (content !== undefined || kind !== "file") {
        throw invalid("copy_of makes a copy as it is: leave content and kind out.");
      }
      return await copy(api, copy_of, { name, parents }, folder);
    }
    if (name === undefined) throw invalid("name is missing.");
    if (kind === "folder") {
      if (content !== undefined && content !== "") throw invalid("A folder has no content.");
      const query = { fields: FILE_FIELDS, supportsAllDrives: true };
      const body = { name, mimeType: FOLDER, parents };
      return answer(await api.json(FILES, DriveFile, { method: "POST", query, body }), folder);
    }
    if (content === undefined) throw invalid("content is missing.");
    // Google makes a spreadsheet of a table, or refuses: it never makes a document of one.
    const isSheet = kind === "spreadsheet" || (kind === "document" && isTable(name));
    const target = isSheet ? SPREADSHEET : kind === "document" ? DOCUMENT : typeByName(name);
    const file = await api.json(`/upload${FILES}`, DriveFile, {
      method: "POST",
      query: { uploadType: "multipart", fields: FILE_FIELDS, supportsAllDrives: true },
      rawBody: multipart(
        { name, mimeType: target, parents },
        importType(name, target, content),
        content,
      ),
    });
    const note = kind === "document" && isSheet
      ? "Of a table Google makes a spreadsheet, not a document."
      : otherwise(file, target);
    return answer(file, folder, note);
  },
});

/** Whether a folder takes files is asked before anything is sent. */
async function folderFor(
  api: ApiClient,
  reference: string | undefined,
): Promise<Folder | undefined> {
  return reference === undefined ? undefined : await folderOf(api, reference, { toAdd: true });
}

/** Google may make something else of a file than was asked for. */
function otherwise({ mimeType }: DriveFile, target: string): string | undefined {
  const [made, wanted] = [typeOf(mimeType), typeOf(target)];
  return made === wanted ? undefined : `Google made a ${made} of it, not a ${wanted}.`;
}

/** Whether it is where it was to be, as far as Google says where that is. */
function isIn({ parents }: DriveFile, folder: Folder | undefined): boolean {
  return folder === undefined || folder.id === "root" || !parents || parents.includes(folder.id);
}

function elsewhere(folder: Folder | undefined): string {
  return `Google did not put it into the folder ${speakFile(folder ?? { name: "" })}.`;
}

function answer(file: DriveFile, folder: Folder | undefined, note?: string) {
  const isThere = isIn(file, folder);
  const where = folder === undefined || !isThere
    ? "in Google Drive"
    : `in the folder ${speakFile(folder)}`;
  const notes = [...note ? [note] : [], ...isThere ? [] : [elsewhere(folder)]];
  return {
    text: [`Created ${speakFile(file)}, ${speakType(file)}, ${where}.`, ...notes].join(" "),
    notes,
    data: { ...summarizeFile(file), folder: isThere ? folder?.name : undefined },
  };
}

/** https://developers.google.com/workspace/drive/api/reference/rest/v3/files/copy */
async function copy(
  api: ApiClient,
  reference: string,
  body: { name: string | undefined; parents: string[] | undefined },
  folder: Folder | undefined,
) {
  const { file: original } = await getTarget(api, reference);
  if (original.mimeType === FOLDER) throw invalid("Google copies no folders, only files.");
  if (original.capabilities?.canCopy === false) {
    throw refuse(`The owner of ${speakFile(original)} does not let the account copy it.`);
  }
  const file = await api.json(`${pathOf(original.id)}/copy`, DriveFile, {
    method: "POST",
    query: { fields: FILE_FIELDS, supportsAllDrives: true },
    body,
  });
  const isThere = isIn(file, folder);
  const where = folder === undefined || !isThere ? "" : ` in the folder ${speakFile(folder)}`;
  const notes = isThere ? [] : [elsewhere(folder)];
  const called = `The copy is called ${speakFile(file)}${where}.`;
  return {
    text: [`Copied ${speakFile(original)}.`, called, ...notes].join(" "),
    notes,
    data: {
      ...summarizeFile(file),
      folder: isThere ? folder?.name : undefined,
      copied_from: original.name,
    },
  };
}
