import { assertEquals, assertStringIncludes } from "@std/assert";
import { driveTools } from "../../providers/google/drive/tools.ts";
import { google } from "../../providers/google/google.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
} from "../support/api.ts";
import { excel, p, pdf, shows, word } from "../support/documents.ts";

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
  assertEquals(
    folder.text,
    '"Plans", a folder, cannot be read as text. drive_search_files lists what is in it.',
  );
  assertEquals([folder.data.readable, folder.data.text], [false, ""]);
  assertEquals((await faultOf(read(emulator.api, { file_id: "nothing" }))).kind, "not_found");
});

Deno.test("drive_read_document() has Google export its own documents", async () => {
  for (const type of ["document", "presentation"]) {
    const { api, asked } = drive({ mimeType: APPS + type }, "\uFEFFa,b\r\n1,2");
    const { data } = await read(api);
    assertEquals(asked, ["/drive/v3/files/f1 ", "/drive/v3/files/f1/export text/plain"]);
    assertEquals([data.text, data.type], ["a,b\r\n1,2", type]);
  }
});

Deno.test("drive_read_file() reads all sheets of a spreadsheet, not the first alone", async () => {
  const sheet = (name: string, value: number) => ({
    name,
    xml: `<sheetData><row><c><v>${value}</v></c></row></sheetData>`,
  });
  const content = await excel([sheet("Income", 5), sheet("Costs", 7)]);
  const { api } = drive({ mimeType: `${APPS}spreadsheet` }, content);
  const { data } = await read(api);
  assertEquals(data.text, 'Sheet "Income":\n5\n\nSheet "Costs":\n7\n');
  assertEquals(data.truncated, false);
});

Deno.test("drive_read_file() says where a spreadsheet is too large for all of its sheets", async () => {
  const error = {
    code: 403,
    message: "This file is too large to be exported.",
    errors: [{ domain: "global", reason: "exportSizeLimitExceeded" }],
  };
  const api = answeredBy(google, ({ url }) => {
    if (!url.includes("/export")) {
      return Response.json({ id: "f1", name: "Big", mimeType: `${APPS}spreadsheet` });
    }
    const isCsv = url.includes("text%2Fcsv");
    return isCsv ? new Response("a,b") : Response.json({ error }, { status: 403 });
  });
  const { text, data } = await read(api);
  assertEquals(data.text, "a,b");
  assertStringIncludes(text, "only the first one is read");
});

Deno.test("drive_read_file() reads PDF, Word and Excel files, whatever Google calls them", async () => {
  const files = [pdf([shows("In a file")]), await word(p("In a file"))];
  for (const content of files) {
    for (const mimeType of ["application/pdf", "application/octet-stream", "text/plain"]) {
      const { api, asked } = drive({ mimeType, size: String(content.length) }, content);
      const { text, data } = await read(api);
      assertEquals([data.text, data.readable], ["In a file\n", true]);
      assertStringIncludes(text, "It says: In a file");
      assertEquals(asked[1], "/drive/v3/files/f1 media");
    }
  }
  const scan = drive({ mimeType: "application/pdf" }, pdf(["0 0 9 9 re f"]));
  const { text, data } = await read(scan.api);
  assertEquals(data.readable, false);
  assertEquals(data.notes, undefined);
  assertStringIncludes(text, "cannot be read as text. It seems to be a scan");
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
  for (const mimeType of ["image/png", "video/mp4", `${APPS}form`]) {
    const { api, asked } = drive({ mimeType, size: "5242880" });
    const { text, data } = await read(api);
    assertEquals([data.readable, data.truncated, asked.length], [false, true, 1], mimeType);
    assertStringIncludes(text, " of 5.2 MB, cannot be read as text.");
  }
  const large = drive({ mimeType: "application/pdf", size: "50000000" });
  assertStringIncludes((await read(large.api)).text, "Only files of up to 10 MB are read.");
  assertEquals(large.asked.length, 1);
  const closed = drive({ mimeType: "application/pdf", capabilities: { canDownload: false } });
  assertStringIncludes((await read(closed.api)).text, "does not let the account download");
  assertEquals(closed.asked.length, 1);
  const zeros = drive({ mimeType: "text/plain" }, new Uint8Array(100));
  assertEquals((await read(zeros.api)).data.readable, false);
  for (const mimeType of ["application/json", "image/svg+xml", "application/ld+json"]) {
    const { api } = drive({ mimeType }, "{}");
    assertEquals((await read(api)).data.readable, mimeType !== "image/svg+xml", mimeType);
  }
});

Deno.test("drive_read_file() says what a file is in beside its text: trash, lock, shortcut", async () => {
  const { api } = drive({
    mimeType: "text/plain",
    trashed: true,
    contentRestrictions: [{ readOnly: true, reason: "Final" }],
    lastModifyingUser: { displayName: "Bo" },
    headRevisionId: "r7",
  }, "Hi");
  const { text, data, notes } = await read(api);
  assertEquals(notes, ["It is in the trash.", "It is locked: Final."]);
  assertEquals([data.trashed, data.modified_by, data.version], [true, "Bo", "r7"]);
  assertStringIncludes(text, "It is in the trash. It is locked: Final. It says: Hi");
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
