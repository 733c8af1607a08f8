/**
 * Making and sharing files of Google Drive.
 *
 * https://developers.google.com/workspace/drive/api/guides/manage-uploads
 *
 * @module
 */

import { lookUp } from "../../broker/core/lists.ts";
import { z } from "zod";
import { tool } from "../provider.ts";
import {
  DriveFile,
  FILE_FIELDS,
  FileId,
  FILES,
  FileSummary,
  speakFile,
  summarizeFile,
} from "./drive_file.ts";
import { metadataOf } from "./drive_read.ts";
import { Email, isOneLine } from "./mime.ts";

const AUTH = "https://www.googleapis.com/auth/";
const DOCUMENT = "application/vnd.google-apps.document";

/** The MIME type of a new file, by the ending of its name; others are plain text. */
const TYPES: Record<string, string> = {
  md: "text/markdown",
  csv: "text/csv",
  html: "text/html",
};

const Permission = z.object({ id: z.string(), role: z.string() });

/** What somebody may do whom a file was shared with. */
const MAY = { reader: "read", commenter: "comment on", writer: "edit" };

/** https://developers.google.com/workspace/drive/api/reference/rest/v3/files/create */
export const createTextFile = tool({
  name: "drive_create_text_file",
  aliases: ["create_text_file"],
  service: "drive",
  title: "Create a text file",
  description: "Save a text as a new file in the person's Google Drive. Use it when they want to " +
    "keep notes, a list or a draft there. It replaces nothing, even under the same name; only " +
    "the person sees it until it is shared.",
  input: z.strictObject({
    name: z.string().min(1).max(255).refine(isOneLine, { message: "must be one line" })
      .describe("The file's name, such as Shopping list.txt."),
    content: z.string().max(500_000).describe("What the file says."),
    as_google_doc: z.boolean().default(false)
      .describe("Whether to make a Google document of it, which people can edit together."),
    folder_id: FileId.optional().describe("The folder to put it in. Left out, My Drive."),
  }),
  output: FileSummary,
  hints: { readOnly: false },
  content: ["as_google_doc"],
  scopes: [[`${AUTH}drive.file`]],
  async run({ name, content, as_google_doc, folder_id }, { api }) {
    const type = lookUp(TYPES, /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? "") ?? "text/plain";
    const metadata = {
      name,
      mimeType: as_google_doc ? DOCUMENT : type,
      parents: folder_id === undefined ? undefined : [folder_id],
    };
    const file = await api.json(`/upload${FILES}`, DriveFile, {
      method: "POST",
      query: { uploadType: "multipart", fields: FILE_FIELDS, supportsAllDrives: true },
      rawBody: multipart(metadata, type, content),
    });
    return {
      text: `Created ${speakFile(file)} in Google Drive.`,
      data: summarizeFile(file),
    };
  },
});

/** An upload in two parts (RFC 2387): first the metadata as JSON, then the content. */
function multipart(metadata: unknown, type: string, content: string) {
  // Random for each upload: no content can hold the line that ends a part.
  const boundary = `switchboard-${crypto.randomUUID()}`;
  const body = [
    `--${boundary}`,
    "Content-Type: application/json; charset=UTF-8",
    "",
    JSON.stringify(metadata),
    `--${boundary}`,
    `Content-Type: ${type}; charset=UTF-8`,
    "",
    content,
    `--${boundary}--`,
    "",
  ].join("\r\n");
  return { contentType: `multipart/related; boundary=${boundary}`, body };
}

/** https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions/create */
export const shareFile = tool({
  name: "drive_share_file",
  aliases: ["share_file"],
  service: "drive",
  title: "Share a file",
  description: "Let somebody read, comment on or edit a file or folder of the person's Google " +
    "Drive. Use it only when they asked for it and agree who gets it and what they may do. Google " +
    "tells them by e-mail unless notify is false.",
  input: z.strictObject({
    file_id: FileId.describe("The file's id, from drive_search_files."),
    email: Email.describe("Whom to share it with, such as ana@example.com."),
    role: z.enum(["reader", "commenter", "writer"]).default("reader")
      .describe("What they may do: read it, comment on it too, or edit it too."),
    notify: z.boolean().default(true).describe("Whether Google tells them by e-mail."),
    message: z.string().max(2_000).optional().describe("What to say in that e-mail."),
  }),
  output: z.object({
    file_id: z.string(),
    name: z.string(),
    email: z.string(),
    role: z.string(),
    permission_id: z.string(),
    notified: z.boolean().describe("Whether Google tells them by e-mail."),
    url: z.string().optional(),
  }),
  // Not idempotent: a second call gives nobody more, but sends them a second e-mail.
  hints: { readOnly: false },
  content: ["message"],
  scopes: [[`${AUTH}drive`]],
  async run({ file_id, email, role, notify, message }, { api }) {
    const file = await metadataOf(api, file_id);
    const path = `${FILES}/${encodeURIComponent(file.id)}/permissions`;
    const permission = await api.json(path, Permission, {
      method: "POST",
      query: {
        sendNotificationEmail: notify,
        emailMessage: notify ? message : undefined,
        fields: "id,role",
        supportsAllDrives: true,
      },
      body: { type: "user", role, emailAddress: email },
    });
    const { name, url } = summarizeFile(file);
    return {
      text: `Shared ${speakFile(file)} with ${email}, who may now ${MAY[role]} it.` +
        (notify ? " Google tells them by e-mail." : ""),
      data: {
        file_id: file.id,
        name,
        email,
        role: permission.role,
        permission_id: permission.id,
        notified: notify,
        url,
      },
    };
  },
});
