/**
 * Messages as Gmail's API describes them, written by hand.
 *
 * @module
 */

import { gmailTools } from "../../providers/google/gmail/tools.ts";
import { google } from "../../providers/google/google.ts";
import { answeredBy, callTool, type Json } from "./api.ts";

export function base64url(text: string | Uint8Array): string {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A part as Gmail sends it. */
export function part(
  mimeType: string,
  content?: string | Uint8Array | Json[],
  more: Json = {},
): Json {
  const isParts = Array.isArray(content);
  return {
    mimeType,
    filename: "",
    headers: [{ name: "Content-Type", value: mimeType }],
    body: isParts || content === undefined
      ? { size: 0 }
      : { size: content.length, data: base64url(content) },
    ...(isParts ? { parts: content } : {}),
    ...more,
  };
}

/** What the tool reads in a message with this payload; attachments by their `attachmentId`. */
export async function readPayload(
  payload: Json,
  args: Json = {},
  { message = {}, files = {} }: { message?: Json; files?: Record<string, Uint8Array | string> } =
    {},
) {
  const headers = [...payload.headers ?? [], { name: "Subject", value: "Hi" }];
  const whole = { id: "m", threadId: "t", payload: { ...payload, headers }, ...message };
  const api = answeredBy(google, ({ url }) => {
    const [, id] = /\/attachments\/(.*)$/.exec(new URL(url).pathname) ?? [];
    if (id === undefined) return Response.json(whole);
    const file = files[decodeURIComponent(id)];
    if (file === undefined) return Response.json({ error: { code: 404 } }, { status: 404 });
    return Response.json({ size: file.length, data: base64url(file) });
  });
  return await callTool(gmailTools, "read_message", { message_id: "m", ...args }, api);
}
