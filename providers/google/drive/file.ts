/**
 * A file as Google Drive sends it, and as the tools give it back.
 *
 * https://developers.google.com/workspace/drive/api/reference/rest/v3/files
 *
 * @module
 */

import { z } from "zod";
import { lookUp } from "../../../broker/core/lists.ts";
import { type ApiClient, ApiError } from "../../provider.ts";
import { shorten, shortLine } from "../../text.ts";

export const FILES = "/drive/v3/files";

const AUTH = "https://www.googleapis.com/auth/";
/** All files, to change and to share. */
export const ALL_FILES = `${AUTH}drive`;
/** All files, to read. */
export const READ_FILES = `${AUTH}drive.readonly`;
/** Those that were made here, or opened with it, and no others. */
export const OWN_FILES = `${AUTH}drive.file`;

const NAME_LENGTH = 300;
export const APPS = "application/vnd.google-apps.";
export const FOLDER = `${APPS}folder`;
export const DOCUMENT = `${APPS}document`;
export const SPREADSHEET = `${APPS}spreadsheet`;

/** What to ask Google for in lists: it sends next to nothing of its own accord. */
export const LIST_FIELDS = "id,name,mimeType,modifiedTime,size,webViewLink," +
  "owners(emailAddress),shortcutDetails(targetId,targetMimeType),starred,trashed";
/** The same of a single file. */
export const FILE_FIELDS = `${LIST_FIELDS},headRevisionId,parents,driveId,` +
  "lastModifyingUser(displayName,emailAddress,me),copyRequiresWriterPermission," +
  "contentRestrictions(readOnly,reason),capabilities(canEdit,canModifyContent,canRename,canTrash," +
  "canUntrash,canShare,canCopy,canDownload,canAddChildren,canMoveItemWithinDrive)";

/** What the person may do with a file. Absent: nobody knows. */
const Capabilities = z.object({
  canEdit: z.boolean().nullish(),
  canModifyContent: z.boolean().nullish(),
  canRename: z.boolean().nullish(),
  canTrash: z.boolean().nullish(),
  canUntrash: z.boolean().nullish(),
  canShare: z.boolean().nullish(),
  canCopy: z.boolean().nullish(),
  canDownload: z.boolean().nullish(),
  canAddChildren: z.boolean().nullish(),
  canMoveItemWithinDrive: z.boolean().nullish(),
});

/** Somebody, as Google names them. */
const Person = z.object({
  displayName: z.string().nullish(),
  emailAddress: z.string().nullish(),
  me: z.boolean().nullish(),
});

/** What the tools use of a file. */
export const DriveFile = z.object({
  id: z.string(),
  name: z.string(),
  mimeType: z.string(),
  modifiedTime: z.string().nullish(),
  // Google writes 64-bit numbers as text. Its own documents have no size.
  size: z.string().nullish(),
  webViewLink: z.string().nullish(),
  owners: z.array(Person).nullish(),
  shortcutDetails: z.object({
    targetId: z.string().nullish(),
    targetMimeType: z.string().nullish(),
  }).nullish(),
  starred: z.boolean().nullish(),
  trashed: z.boolean().nullish(),
  headRevisionId: z.string().nullish(),
  parents: z.array(z.string()).nullish(),
  driveId: z.string().nullish(),
  lastModifyingUser: Person.nullish(),
  copyRequiresWriterPermission: z.boolean().nullish(),
  contentRestrictions: z.array(
    z.object({ readOnly: z.boolean().nullish(), reason: z.string().nullish() }),
  ).nullish(),
  capabilities: Capabilities.nullish(),
});
export type DriveFile = z.output<typeof DriveFile>;

/** A file in a tool's answer. */
export const FileSummary = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  mime_type: z.string(),
  modified_at: z.string().optional(),
  size: z.number().optional(),
  owner: z.string().optional(),
  url: z.string().optional(),
  shortcut_to: z.string().optional(),
  starred: z.boolean().optional(),
  trashed: z.boolean().optional(),
});

const LINK = /^https:\/\/(?:docs|drive)\.google\.com\/\S{1,400}$/;

/** A file's id as tools take it, or its link; {@linkcode idOf} makes a part of a path of it. */
export const FileId = z.string().max(500).refine(
  (text) => /^[\w-]{1,128}$/.test(text) || idIn(text) !== undefined,
  { message: "must be the id of a file, from drive_search_files, or its link" },
);

function idIn(link: string): string | undefined {
  if (!LINK.test(link)) return undefined;
  const [, inPath, inQuery] =
    /\/(?:d|folders)\/([\w-]{10,128})|[?&]id=([\w-]{10,128})/.exec(link) ??
      [];
  return inPath ?? inQuery;
}

/** The id in what {@linkcode FileId} takes. */
export function idOf(reference: string): string {
  return idIn(reference) ?? reference;
}

/** The path of a file, by its id. */
export function pathOf(id: string): string {
  return `${FILES}/${encodeURIComponent(id)}`;
}

/** MIME types that a search can be for; those that end with `/` are kinds of them. */
export const FILE_TYPES: Record<string, string> = {
  document: DOCUMENT,
  spreadsheet: SPREADSHEET,
  presentation: `${APPS}presentation`,
  folder: FOLDER,
  pdf: "application/pdf",
  image: "image/",
  video: "video/",
  audio: "audio/",
};

const OPEN_XML = "application/vnd.openxmlformats-officedocument.";
const NAMES: Record<string, string> = {
  [DOCUMENT]: "document",
  [SPREADSHEET]: "spreadsheet",
  [`${APPS}presentation`]: "presentation",
  [FOLDER]: "folder",
  [`${APPS}form`]: "form",
  [`${APPS}drawing`]: "drawing",
  [`${APPS}shortcut`]: "shortcut",
  [`${APPS}script`]: "script",
  [`${APPS}site`]: "site",
  [`${APPS}map`]: "map",
  [`${APPS}vid`]: "Google video",
  [`${APPS}jam`]: "whiteboard",
  "application/pdf": "PDF",
  "application/zip": "ZIP archive",
  [`${OPEN_XML}wordprocessingml.document`]: "Word document",
  [`${OPEN_XML}spreadsheetml.sheet`]: "Excel file",
  [`${OPEN_XML}presentationml.presentation`]: "PowerPoint file",
};

/** What a person calls a file of this type. */
export function typeOf(mimeType: string): string {
  const name = lookUp(NAMES, mimeType);
  if (name !== undefined) return name;
  const [kind = ""] = mimeType.split("/");
  return ["text", "image", "audio", "video"].includes(kind) ? `${kind} file` : "file";
}

function article(type: string): string {
  return `${/^[aei]/i.test(type) ? "an" : "a"} ${type}`;
}

/** `a document`, `an image file`, `a shortcut to a folder` */
export function speakType({ mimeType, shortcutDetails }: DriveFile): string {
  const target = shortcutDetails?.targetMimeType;
  return article(typeOf(mimeType)) + (target ? ` to ${article(typeOf(target))}` : "");
}

/** Its size in bytes, where Google says one. */
export function sizeOf({ size }: DriveFile): number | undefined {
  return size && /^\d{1,15}$/.test(size) ? Number(size) : undefined;
}

/** Shortens a file, each text to at most `length`. */
export function summarizeFile(
  file: DriveFile,
  length = NAME_LENGTH,
): z.output<typeof FileSummary> {
  const target = file.shortcutDetails?.targetMimeType;
  const type = typeOf(file.mimeType) + (target ? ` to ${article(typeOf(target))}` : "");
  return {
    id: file.id,
    name: shorten(file.name, Math.min(NAME_LENGTH, length)),
    type,
    mime_type: file.mimeType,
    modified_at: file.modifiedTime || undefined,
    size: sizeOf(file),
    owner: file.owners?.[0]?.emailAddress || undefined,
    url: file.webViewLink || undefined,
    shortcut_to: file.shortcutDetails?.targetId || undefined,
    starred: file.starred || undefined,
    trashed: file.trashed || undefined,
  };
}

/** A file's name as a voice says it. */
export function speakFile({ name }: Pick<DriveFile, "name">): string {
  return `"${shortLine(name, 100)}"`;
}

/**
 * A text in a search, in quotes.
 * https://developers.google.com/workspace/drive/api/guides/ref-search-terms
 */
export function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}

/**
 * What changes whenever the file's content does. Of Google's own documents there are no revisions
 * that one could ask for; `version` changes when somebody only looks at a file.
 */
export function versionOf({ headRevisionId, modifiedTime }: DriveFile): string | undefined {
  return headRevisionId || modifiedTime || undefined;
}

/** https://developers.google.com/workspace/drive/api/reference/rest/v3/files/get */
export async function getFile(api: ApiClient, id: string): Promise<DriveFile> {
  const query = { fields: FILE_FIELDS, supportsAllDrives: true };
  try {
    return await api.json(pathOf(id), DriveFile, { query });
  } catch (error) {
    throw isNotFound(error) ? missing(api, "the file") : error;
  }
}

/** The file that is meant: a shortcut leads to one, never to another shortcut. */
export async function getTarget(
  api: ApiClient,
  reference: string,
): Promise<{ file: DriveFile; shortcut?: DriveFile }> {
  const file = await getFile(api, idOf(reference));
  if (!file.shortcutDetails) return { file };
  const { targetId } = file.shortcutDetails;
  try {
    if (!targetId) throw missing(api, "the file");
    return { file: await getFile(api, targetId), shortcut: file };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const message = `The shortcut ${
      speakFile(file)
    } leads to a file that is gone, or that the account may not see.`;
    throw new ApiError({ kind: "not_found", message });
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.fault.kind === "not_found";
}

/** Whether only files that were made here can be seen; as far as it is known. */
export function seesOwnOnly(api: ApiClient): boolean {
  const granted = api.granted?.() ?? [];
  return granted.includes(OWN_FILES) && !granted.includes(ALL_FILES) &&
    !granted.includes(READ_FILES);
}

export const OWN_ONLY = "Only files that were made here can be seen: the connection was not " +
  "given the permission to read the others.";

/** Google says the same of what does not exist and of what nobody let us see. */
export function missing(api: ApiClient, what: string): ApiError {
  const why = seesOwnOnly(api)
    ? OWN_ONLY
    : "It may be deleted, or the account may not see it: another account may.";
  return new ApiError({ kind: "not_found", message: `Google Drive did not find ${what}. ${why}` });
}

/** Says no before Google does, and why. */
export function refuse(message: string): ApiError {
  return new ApiError({ kind: "forbidden", message, mayBeDone: false });
}

/** Why nobody may write to a file at the moment. */
export function lockOf({ contentRestrictions }: DriveFile): string | undefined {
  const lock = contentRestrictions?.find(({ readOnly }) => readOnly);
  if (lock === undefined) return undefined;
  return `It is locked${lock.reason ? `: ${shortLine(lock.reason, 200)}` : ""}.`;
}
