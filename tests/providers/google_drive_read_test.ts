import { assertEquals, assertStringIncludes } from "@std/assert";
import { driveTools } from "../../providers/google/drive.ts";
import { google } from "../../providers/google/google.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
} from "../support/api.ts";

const APPS = "application/vnd.google-apps.";

function read(api: EmulatedApi["api"], args: Json = {}) {
  return callTool(driveTools, "read_document", { file_id: "f1", ...args }, api);
}

/** A Drive with one file in it, as www.googleapis.com serves it. */
function drive(file: Json, content: string | Uint8Array<ArrayBuffer> = "") {
  const asked: string[] = [];
  const api = answeredBy(google, ({ url }) => {
    const { pathname, searchParams } = new URL(url);
    asked.push(`${pathname} ${searchParams.get("mimeType") ?? searchParams.get("alt") ?? ""}`);
    const isContent = pathname.endsWith("/export") || searchParams.get("alt") === "media";
    return isContent ? new Response(content) : Response.json({ id: "f1", name: "File", ...file });
  });
  return { api, asked };
}

Deno.test("drive_read_document() reads a text file", async () => {
  const data = "Grüße 🦆\n\nend";
  await using emulator = await startApi(google, {
    users: [{ email: "ana@example.com" }],
    drive_items: [
      { id: "txt", name: "Notes.txt", mime_type: "text/plain", data },
      { id: "none", name: "Empty.md", mime_type: "text/markdown" },
      { id: "dir", name: "Plans", mime_type: `${APPS}folder` },
    ],
  });
  const notes = await read(emulator.api, { file_id: "txt" });
  assertEquals(notes.text, '"Notes.txt", a text file of 17 bytes. It says: Grüße 🦆\n\nend');
  assertEquals([notes.data.text, notes.data.truncated, notes.data.readable], [data, false, true]);
  const empty = await read(emulator.api, { file_id: "none" });
  assertEquals(empty.text, '"Empty.md", a text file. It has no text.');
  const folder = await read(emulator.api, { file_id: "dir" });
  assertEquals(folder.text, '"Plans", a folder, cannot be read as text.');
  assertEquals([folder.data.readable, folder.data.text], [false, ""]);
  assertEquals((await faultOf(read(emulator.api, { file_id: "nothing" }))).kind, "not_found");
});

Deno.test("drive_read_document() has Google export its own documents", async () => {
  const cases = [["document", "text/plain"], ["presentation", "text/plain"], [
    "spreadsheet",
    "text/csv",
  ]];
  for (const [type, exported] of cases) {
    const { api, asked } = drive({ mimeType: APPS + type }, "\uFEFFa,b\r\n1,2");
    const { text, data } = await read(api);
    assertEquals(asked, ["/drive/v3/files/f1 ", `/drive/v3/files/f1/export ${exported}`]);
    assertEquals([data.text, data.type], ["a,b\r\n1,2", type]);
    assertEquals(text.includes("Only its first sheet"), type === "spreadsheet");
  }
});

Deno.test("drive_read_document() follows a shortcut", async () => {
  const asked: string[] = [];
  const api = answeredBy(google, ({ url }) => {
    const { pathname } = new URL(url);
    asked.push(pathname);
    if (pathname.endsWith("/export")) return new Response("Hi");
    const shortcut = { shortcutDetails: { targetId: "t1" }, mimeType: `${APPS}shortcut` };
    const target = { id: "t1", name: "Target", mimeType: `${APPS}document` };
    return Response.json(pathname.endsWith("/t1") ? target : { id: "f1", name: "S", ...shortcut });
  });
  const { data } = await read(api);
  assertEquals([data.id, data.text], ["t1", "Hi"]);
  assertEquals(asked.at(-1), "/drive/v3/files/t1/export");
});

Deno.test("drive_read_document() tells files that are no text", async () => {
  const types = ["application/pdf", "image/png", `${APPS}form`, "application/octet-stream"];
  for (const mimeType of types) {
    const { api, asked } = drive({ mimeType, size: "5242880" });
    const { text, data } = await read(api);
    assertEquals([data.readable, data.truncated, asked.length], [false, true, 1], mimeType);
    assertStringIncludes(text, " of 5.2 MB, cannot be read as text.");
  }
  const zeros = drive({ mimeType: "text/plain" }, new Uint8Array(100));
  assertEquals((await read(zeros.api)).data.readable, false);
  for (const mimeType of ["application/json", "image/svg+xml", "application/ld+json"]) {
    const { api } = drive({ mimeType }, "{}");
    assertEquals((await read(api)).data.readable, mimeType !== "image/svg+xml", mimeType);
  }
});

Deno.test("drive_read_document() goes through a long document piece by piece", async () => {
  const content = Array.from({ length: 10_000 }, (_, index) => `Zeile ${index} ż\n`).join("");
  const { api } = drive({ mimeType: `${APPS}document` }, content);
  let whole = "";
  for (let offset: number | undefined = 0; offset !== undefined;) {
    const { text, data }: Json = await read(api, { offset });
    assertStringIncludes(text, "These are characters ");
    assertEquals(data.truncated, true);
    whole += data.text;
    offset = data.next_offset;
  }
  assertEquals(whole, content);
  const fault = await faultOf(read(api, { offset: content.length + 1 }));
  assertStringIncludes(fault.message, "offset is beyond the end");
});

Deno.test("drive_read_document() reads of a huge file no more than it gives back", async () => {
  let sent = 0;
  const chunk = new TextEncoder().encode("x".repeat(65_536));
  const api = answeredBy(google, ({ url }) => {
    if (!url.includes("alt=media")) {
      const size = String(5 * 1024 * 1024);
      return Response.json({ id: "f1", name: "big.log", mimeType: "text/plain", size });
    }
    const pull = (controller: ReadableStreamDefaultController) => {
      sent += chunk.length;
      controller.enqueue(chunk);
    };
    return new Response(new ReadableStream({ pull }));
  });
  const { text, data } = await read(api);
  assertEquals([data.text.length, data.next_offset, data.truncated], [20_000, 20_000, true]);
  assertEquals(sent < 400_000, true);
  assertStringIncludes(text, '"big.log", a text file of 5.2 MB. These are characters 1 to 20,000.');
});

Deno.test("drive_read_document() passes on why Google did not export", async () => {
  const error = {
    code: 403,
    message: "This file is too large to be exported.",
    errors: [{ domain: "global", reason: "exportSizeLimitExceeded" }],
  };
  const api = answeredBy(
    google,
    ({ url }) =>
      url.includes("/export")
        ? Response.json({ error }, { status: 403 })
        : Response.json({ id: "f1", name: "x", mimeType: `${APPS}document` }),
  );
  const fault = await faultOf(read(api));
  assertEquals(fault.kind, "forbidden");
  assertStringIncludes(fault.message, "too large to be exported");
});
