/**
 * Changing files of Google Drive.
 *
 * https://developers.google.com/workspace/drive/api/reference/rest/v3/files/update
 *
 * @module
 */

import { z } from "zod";
import { invalid } from "../../api_errors.ts";
import { type ApiClient, ApiError, tool } from "../../provider.ts";
import { enumerate } from "../../text.ts";
import { FileName } from "./create.ts";
import {
  DriveFile,
  FILE_FIELDS,
  FileId,
  FILES,
  FileSummary,
  getFile,
  idOf,
  lockOf,
  OWN_FILES,
  pathOf,
  refuse,
  speakFile,
  summarizeFile,
  versionOf,
} from "./file.ts";
import { type Folder, folderOf, FolderRef, speakFolder } from "./folder.ts";
import { type NewText, newText, textTarget } from "./rewrite.ts";
import { multipart } from "./upload.ts";

export const changeFile = tool({
  name: "drive_change_file",
  service: "drive",
  title: "Change a file",
  description:
    "Change a file of Google Drive: replace its text or add to its end (text files and Google " +
    "documents), rename, move, star, put into the trash or take back. Use it only when the " +
    "person asked for that change.",
  input: z.strictObject({
    file_id: FileId.describe("From drive_search_files."),
    content: z.string().max(500_000).optional().describe("Replaces all of the text."),
    append: z.string().min(1).max(500_000).optional().describe("Added as new lines at the end."),
    name: FileName.optional(),
    folder_id: FolderRef.optional(),
    starred: z.boolean().optional(),
    trashed: z.boolean().optional(),
    version: z.string().min(1).max(200).optional()
      .describe("As drive_read_file gave it: nothing is changed where it is no longer that."),
  }),
  output: z.object({
    ...FileSummary.shape,
    version: z.string().optional(),
    changes: z.array(z.string()),
    former_name: z.string().optional(),
    folder: z.string().optional(),
  }),
  hints: { readOnly: false, destructive: true },
  content: [],
  scopes: [[OWN_FILES]],
  async run(args, { api }) {
    const { content, append, name, folder_id, starred, trashed, version } = args;
    if (content !== undefined && append !== undefined) {
      throw invalid("Give content or append, not both.");
    }
    const isText = content !== undefined || append !== undefined;
    const isOther = [name, folder_id, starred, trashed].some((one) => one !== undefined);
    if (!isText && !isOther) throw invalid("Say what to change: content, append, name, …");
    const named = await getFile(api, idOf(args.file_id));
    if (isText && isOther && named.shortcutDetails) {
      // Its text is another file's; its name and its place are its own.
      throw invalid(
        `The file ${speakFile(named)} is a shortcut: change its text and the rest one by one.`,
      );
    }
    const before = isText ? await textTarget(api, named) : named;
    expectVersion(before, version);
    expectAllowed(before, args);
    const folder = folder_id === undefined
      ? undefined
      : await folderOf(api, folder_id, { toAdd: true });
    const text = isText ? await newText(api, before, { content, append }) : undefined;
    if (append !== undefined) await expectUnchanged(api, before);
    const after = await update(api, before, { name, starred, trashed, folder, text });
    return answer(before, after, { ...args, folder, text });
  },
});

/** @throws {ApiError} where somebody has changed the file since it was read. */
function expectVersion(file: DriveFile, version: string | undefined): void {
  const known = [file.headRevisionId, file.modifiedTime];
  if (version === undefined || known.includes(version)) return;
  throw changed(file);
}

function changed({ name, lastModifyingUser }: DriveFile): ApiError {
  const { me, displayName, emailAddress } = lastModifyingUser ?? {};
  const who = me ? "the account itself" : displayName || emailAddress || "somebody";
  return new ApiError({
    kind: "conflict",
    message:
      `The file ${
        speakFile({ name })
      } was changed by ${who} since it was read, and was left alone. ` +
      "Read it again.",
    mayBeDone: false,
  });
}

/** What was read a moment ago is written back with more: nobody may have come between. */
async function expectUnchanged(api: ApiClient, before: DriveFile): Promise<void> {
  const now = await getFile(api, before.id);
  if (versionOf(now) !== versionOf(before)) throw changed(now);
}

interface Asked {
  content?: string | undefined;
  append?: string | undefined;
  name?: string | undefined;
  folder_id?: string | undefined;
  trashed?: boolean | undefined;
}

/** Google's refusals name nothing; what the person may do is known before. */
function expectAllowed(file: DriveFile, asked: Asked): void {
  const may = file.capabilities ?? {};
  const said = speakFile(file);
  const isText = asked.content !== undefined || asked.append !== undefined;
  if (isText) {
    const lock = lockOf(file);
    if (lock !== undefined) throw refuse(`The file ${said} cannot be changed. ${lock}`);
    if (may.canModifyContent === false || may.canEdit === false) {
      throw refuse(`The account may not change ${said}: its owner can allow it.`);
    }
  }
  const rules: [boolean, boolean | null | undefined, string][] = [
    [asked.name !== undefined, may.canRename, "rename"],
    [asked.folder_id !== undefined, may.canMoveItemWithinDrive ?? may.canEdit, "move"],
    [asked.trashed === true, may.canTrash, "put into the trash"],
    [asked.trashed === false && file.trashed === true, may.canUntrash, "take out of the trash"],
  ];
  for (const [isAsked, allowed, what] of rules) {
    if (isAsked && allowed === false) throw refuse(`The account may not ${what} ${said}.`);
  }
}

interface Change {
  name: string | undefined;
  starred: boolean | undefined;
  trashed: boolean | undefined;
  folder: Folder | undefined;
  text: NewText | undefined;
}

/** One request, so that all of it is done or nothing. */
async function update(
  api: ApiClient,
  file: DriveFile,
  { name, starred, trashed, folder, text }: Change,
): Promise<DriveFile> {
  const parents = (file.parents ?? []).filter((id) => id !== folder?.id).join(",");
  const isThere = folder !== undefined && (file.parents ?? []).includes(folder.id);
  const query = {
    fields: FILE_FIELDS,
    supportsAllDrives: true,
    addParents: folder === undefined || isThere ? undefined : folder.id,
    removeParents: folder === undefined || isThere || parents === "" ? undefined : parents,
  };
  const metadata = { name, starred, trashed };
  return text === undefined
    ? await api.json(pathOf(file.id), DriveFile, { method: "PATCH", query, body: metadata })
    : await api.json(`/upload${FILES}/${encodeURIComponent(file.id)}`, DriveFile, {
      method: "PATCH",
      query: { ...query, uploadType: "multipart" },
      rawBody: multipart(metadata, text.type, text.content),
    });
}

/** What Google says that it did, and what it did not do though it was asked. */
function answer(
  before: DriveFile,
  after: DriveFile,
  { content, append, name, starred, trashed, folder, text }: Asked & {
    starred?: boolean | undefined;
    folder: Folder | undefined;
    text: NewText | undefined;
  },
) {
  const done: string[] = [];
  const isSame = after.id === before.id;
  const notes = [...text?.notes ?? []];
  const check = (asked: boolean, isDone: boolean, words: string) => {
    if (!asked) return;
    if (isDone && isSame) done.push(words);
    else notes.push(`Google did not do this: ${words}.`);
  };
  check(content !== undefined, true, "replaced its text");
  check(append !== undefined, true, "added to its text");
  check(
    name !== undefined,
    after.name === name,
    `renamed it to ${speakFile({ name: name ?? "" })}`,
  );
  if (folder !== undefined) {
    // My Drive is a folder whose id is not `root`.
    const isThere = folder.id === "root" || !after.parents || after.parents.includes(folder.id);
    check(true, isThere, `moved it to ${speakFolder(folder)}`);
  }
  check(
    starred !== undefined,
    Boolean(after.starred) === starred,
    starred ? "starred it" : "removed its star",
  );
  check(
    trashed !== undefined,
    Boolean(after.trashed) === trashed,
    trashed ? "put it into the trash" : "took it out of the trash",
  );
  const what = done.length === 0
    ? `${speakFile(before)} was not changed.`
    : `Changed ${speakFile(before)}: ${enumerate(done)}.`;
  return {
    text: [what, ...notes].join(" "),
    notes,
    data: {
      ...summarizeFile(isSame ? after : before),
      version: isSame ? versionOf(after) : undefined,
      changes: done,
      former_name: !isSame || after.name === before.name ? undefined : before.name,
      folder: folder?.name,
    },
  };
}
