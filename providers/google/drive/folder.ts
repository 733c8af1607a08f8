/**
 * Which folder is meant: people say names, links have ids.
 *
 * @module
 */

import { z } from "zod";
import { invalid, notFound } from "../../api_errors.ts";
import type { ApiClient } from "../../provider.ts";
import { shortLine } from "../../text.ts";
import {
  DriveFile,
  FILES,
  FOLDER,
  getFile,
  getTarget,
  idOf,
  isNotFound,
  LIST_FIELDS,
  OWN_ONLY,
  quoted,
  refuse,
  seesOwnOnly,
  speakFile,
} from "./file.ts";

/** A folder as tools take it. */
export const FolderRef = z.string().min(1).max(500).regex(/\S/, "must not be blank")
  .describe("A folder's name, id or link; root is My Drive.");

/** Ids are not shorter; names may be longer. */
const MIN_ID = 19;

const Folders = z.object({ files: z.array(DriveFile).nullish() });

/** Where something is, or goes. */
export interface Folder {
  id: string;
  name: string;
}

/** @throws {ApiError} where there is none, or several of the name; `toAdd`: or nothing may go there. */
export async function folderOf(
  api: ApiClient,
  reference: string,
  { toAdd }: { toAdd: boolean },
): Promise<Folder> {
  const asked = reference.trim();
  if (/^(root|my drive)$/i.test(asked)) return await myDrive(api, toAdd);
  const file = await find(api, asked);
  if (file.mimeType !== FOLDER) throw invalid(`The file ${speakFile(file)} is no folder.`);
  if (toAdd && file.trashed) throw invalid(`The folder ${speakFile(file)} is in the trash.`);
  if (toAdd && file.capabilities?.canAddChildren === false) {
    throw refuse(`The account may not add anything to the folder ${speakFile(file)}.`);
  }
  return { id: file.id, name: file.name };
}

/** Its own id, where something is to be moved there: what is there already has that as its folder. */
async function myDrive(api: ApiClient, toAdd: boolean): Promise<Folder> {
  const root = { id: "root", name: "My Drive" };
  if (!toAdd) return root;
  try {
    return { ...root, id: (await getFile(api, "root")).id };
  } catch (error) {
    // Who sees only the files that were made here does not see the folder above them.
    if (!isNotFound(error)) throw error;
    return root;
  }
}

async function find(api: ApiClient, asked: string): Promise<DriveFile> {
  const id = idOf(asked);
  const isId = /^[\w-]{1,128}$/.test(id);
  if (id !== asked || (isId && id.length >= MIN_ID)) {
    try {
      return (await getTarget(api, asked)).file;
    } catch (error) {
      if (!isNotFound(error) || id !== asked) throw error;
    }
  }
  const [first, ...others] = await named(api, asked);
  if (others.length > 0) {
    throw invalid(
      `Several folders are called "${
        said(asked)
      }". Say which by its id: drive_search_files tells ` +
        "them apart.",
    );
  }
  if (first !== undefined) return await getFile(api, first.id);
  if (isId && id.length < MIN_ID) {
    try {
      return await getFile(api, id);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  const why = seesOwnOnly(api) ? ` ${OWN_ONLY}` : "";
  throw notFound(`There is no folder called "${said(asked)}" in Google Drive.${why}`);
}

async function named(api: ApiClient, name: string): Promise<DriveFile[]> {
  const { files } = await api.json(FILES, Folders, {
    query: {
      q: `name = ${quoted(name)} and mimeType = ${quoted(FOLDER)} and trashed = false`,
      pageSize: 10,
      fields: `files(${LIST_FIELDS})`,
      corpora: "allDrives",
      supportsAllDrives: true,
      includeItemsFromAllDrives: true,
    },
  });
  return files ?? [];
}

function said(name: string): string {
  return shortLine(name, 100);
}

/** `the folder "Plans"`, `My Drive` */
export function speakFolder({ name }: Folder): string {
  return name === "My Drive" ? name : `the folder ${speakFile({ name })}`;
}
