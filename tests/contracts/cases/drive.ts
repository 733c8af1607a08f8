/**
 * Calls of Google Drive's tools.
 *
 * @module
 */

import type { Json } from "../../support/api.ts";
import type { Cases, KnownFault } from "./case.ts";

const file_id = "f1";
const ofType = (mimeType: string) => ({
  "GET /drive/v3/files/{fileId}": (body: Json) => ({ ...body, mimeType }),
});

export const driveCases: Cases = {
  drive_search_files: [
    { args: { query: "budget" } },
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
  drive_list_recent_files: [{ args: {} }, { args: { type: "pdf", limit: 100, page_token: "p" } }],
  drive_read_document: [
    { args: { file_id }, answers: ofType("application/vnd.google-apps.document") },
    { args: { file_id }, answers: ofType("application/vnd.google-apps.spreadsheet") },
    { args: { file_id }, answers: ofType("text/markdown") },
    { args: { file_id }, answers: ofType("image/png") },
  ],
  drive_create_text_file: [
    { args: { name: "list.txt", content: "milk" } },
    { args: { name: "list.md", content: "", as_google_doc: true, folder_id: "d1" } },
  ],
  drive_share_file: [
    { args: { file_id, email: "a@example.com" } },
    { args: { file_id, email: "a@example.com", role: "writer", message: "Look." } },
    { args: { file_id, email: "a@example.com", role: "commenter", notify: false } },
  ],
};

export const driveFaults: KnownFault[] = [
  { tool: /^drive_/, check: "refusals", fault: "insufficientPermissions" },
];
