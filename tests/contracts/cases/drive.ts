/**
 * Calls of Google Drive's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Cases, KnownFault } from "./case.ts";

const file_id = "f1";
const APPS = "application/vnd.google-apps.";
const GET = "GET /drive/v3/files/{fileId}";
const LIST = "GET /drive/v3/files";
const PERMISSIONS = "GET /drive/v3/files/{fileId}/permissions";

/** A file with which everything may be done, of some type. */
const free = (body: Json, mimeType: string): Json => ({
  ...body,
  mimeType,
  size: "99",
  headRevisionId: "r1",
  shortcutDetails: undefined,
  contentRestrictions: [],
  trashed: false,
  capabilities: Object.fromEntries(
    Object.keys(body.capabilities ?? {}).map((name) => [name, true]),
  ),
});
const ofType = (mimeType: string) => ({ [GET]: (body: Json) => free(body, mimeType) });
/** One folder of that name, and it is one. */
const inFolder = {
  [LIST]: (body: Json) => ({
    ...body,
    files: [{ id: "d1", name: "Plans", mimeType: `${APPS}folder` }],
  }),
  [GET]: (body: Json) => free(body, `${APPS}folder`),
};
const isMine = {
  [PERMISSIONS]: (body: Json) => ({
    ...body,
    nextPageToken: undefined,
    permissions: [{ id: "p1", type: "user", role: "writer", emailAddress: "A@example.com" }],
  }),
};

export const driveCases: Cases = {
  drive_search_files: [
    { args: { query: "budget" } },
    { args: {} },
    { args: { type: "pdf", limit: 100, page_token: "p" } },
    { args: { place: "shared_with_me" } },
    { args: { place: "trash", type: "image" } },
    { args: { folder_id: "Plans of it's \\ own" }, answers: inFolder },
    {
      args: {
        query: "it's a \\ path",
        name_only: true,
        type: "folder",
        limit: 100,
        page_token: "p",
      },
    },
  ],
  drive_read_file: [
    { args: { file_id }, answers: ofType(`${APPS}document`) },
    { args: { file_id }, answers: ofType(`${APPS}spreadsheet`) },
    { args: { file_id }, answers: ofType("text/markdown") },
    { args: { file_id }, answers: ofType("application/pdf") },
    { args: { file_id }, answers: ofType("image/png") },
    { args: { file_id, include: ["permissions"] }, answers: ofType("image/png") },
  ],
  drive_create_file: [
    { args: { name: "list.txt", content: "milk" } },
    { args: { name: "list.md", content: "", as_google_doc: true } },
    { args: { name: "list.csv", content: "a,b", kind: "spreadsheet" } },
    { args: { name: "Plans", kind: "folder", folder_id: "Old plans" }, answers: inFolder },
    { args: { copy_of: file_id }, answers: ofType(`${APPS}document`) },
  ],
  drive_change_file: [
    { args: { file_id, content: "milk" }, answers: ofType("text/plain") },
    { args: { file_id, append: "milk" }, answers: ofType(`${APPS}document`) },
    { args: { file_id, name: "New" }, answers: ofType("image/png") },
    { args: { file_id, folder_id: "Plans", starred: true, trashed: false }, answers: inFolder },
    { args: { file_id, content: "x" }, answers: ofType("image/png"), refuses: /only the text of/ },
  ],
  drive_share_file: [
    { args: { file_id, email: "a@example.com" }, answers: ofType("image/png") },
    {
      args: { file_id, email: "b@example.com", role: "writer", message: "Look." },
      answers: ofType("image/png"),
    },
    {
      args: { file_id, email: "a@example.com", role: "commenter", notify: false },
      answers: { ...ofType("image/png"), ...isMine },
    },
    {
      args: { file_id, email: "a@example.com", role: "none" },
      answers: { ...ofType("image/png"), ...isMine },
    },
    { args: { file_id, domain: "example.com" }, answers: ofType("image/png") },
    { args: { file_id, anyone: true }, answers: ofType("image/png") },
  ],
};

export const driveFaults: KnownFault[] = [];
