/** What Google has, and not what was asked of it. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { driveTools } from "../../providers/google/drive/tools.ts";
import { google } from "../../providers/google/google.ts";
import { formerTools } from "../../providers/former_names.ts";
import { answeredBy, callTool, type Json } from "../support/api.ts";

const FILE = { id: "f1", name: "Budget", mimeType: "text/plain", size: "4" };
const BO = { id: "p1", type: "user", role: "writer", emailAddress: "bo@example.com" };

/** A file that Bo has access to, by name and by a folder: what a change leaves is `after`. */
function shared(before: Json, after: Json = before) {
  let current = before;
  return answeredBy(google, ({ url, method }) => {
    const { pathname } = new URL(url);
    if (method !== "GET") current = after;
    if (method === "DELETE") return new Response(null, { status: 204 });
    if (pathname.endsWith("/permissions")) return Response.json({ permissions: [current] });
    return Response.json(pathname.includes("/permissions/") ? current : FILE);
  });
}

function share(args: Json, before: Json, after: Json = before) {
  const all = { file_id: "f1", email: "bo@example.com", ...args };
  return callTool(driveTools, "drive_share_file", all, shared(before, after));
}

Deno.test("access that a folder gives stays, and that is said", async () => {
  const folder = { ...BO, role: "reader" };
  const { text, data } = await share({ role: "none" }, BO, folder);
  assertEquals(text, 'Took access to "Budget" away, but bo@example.com still may read it.');
  assertEquals([data.change, data.role, data.former_role], ["changed", "reader", "writer"]);
});

Deno.test("a change of access that Google did not make is not said to be one", async () => {
  for (const role of ["none", "reader"]) {
    const { text, data } = await share({ role }, BO);
    assertStringIncludes(text, "bo@example.com still may edit it: Google has not changed");
    assertEquals([data.change, data.role, data.former_role], ["unchanged", "writer", undefined]);
  }
});

Deno.test("access that ends is said with its end, and whoever is to own a file", async () => {
  const before = { ...BO, expirationTime: "2026-12-24T10:00:00.000Z", pendingOwner: true };
  const said = await share({ role: "writer" }, before);
  assertStringIncludes(said.text, "may edit it already until December 24");
  const args = { file_id: "f1", include: ["permissions"] };
  const { text } = await callTool(driveTools, "drive_read_file", args, shared(before));
  assertStringIncludes(
    text,
    "bo@example.com may edit it until December 24, and was asked to own it.",
  );
});

Deno.test("a file is said to be where Google put it", async () => {
  const folder = { id: "d1", name: "Plans", mimeType: "application/vnd.google-apps.folder" };
  const made = (parents?: string[]) =>
    answeredBy(google, ({ url, method }) => {
      if (method === "POST") return Response.json({ ...FILE, id: "f2", parents });
      if (url.includes("/files/f1?")) return Response.json(FILE);
      return Response.json(url.includes("/files?") ? { files: [folder] } : folder);
    });
  for (const args of [{ name: "Budget", content: "x" }, { copy_of: "f1" }]) {
    const create = (parents?: string[]) =>
      callTool(driveTools, "drive_create_file", { ...args, folder_id: "Plans" }, made(parents));
    const there = await create(["d1"]);
    assertStringIncludes(there.text, 'in the folder "Plans".');
    assertEquals([there.data.folder, (await create()).data.folder], ["Plans", "Plans"]);
    const { text, data } = await create(["root1"]);
    assertStringIncludes(text, 'Google did not put it into the folder "Plans".');
    assertEquals(data.folder, undefined);
  }
});

Deno.test("of a text that does not say how it is written that is said", async () => {
  const read = async (bytes: number[]) => {
    const api = answeredBy(
      google,
      ({ url }) =>
        url.includes("alt=media") ? new Response(Uint8Array.from(bytes)) : Response.json(FILE),
    );
    return (await callTool(driveTools, "drive_read_file", { file_id: "f1" }, api)).text;
  };
  // "Да" in windows-1251 is "Äà" in windows-1252.
  assertStringIncludes(await read([0xC4, 0xE0]), "some letters may be others");
  assertEquals((await read([0xC3, 0xA4])).includes("letters"), false);
});

/** Whoever narrowed to such a name gets no more than it did. */
Deno.test("earlier names of Drive's tools, short ones too, take what they took", () => {
  const fieldsOf = (name: string) => {
    const former = driveTools.flatMap(formerTools).find((tool) => tool.name === name);
    return Object.keys(former?.input.shape ?? {}).toSorted();
  };
  assertEquals(fieldsOf("read_document"), ["file_id", "offset"]);
  assertEquals(fieldsOf("create_text_file"), ["as_google_doc", "content", "folder_id", "name"]);
  const plain = driveTools.flatMap(({ aliases }) => aliases);
  assertEquals(plain, ["search_files", "share_file"]);
});
