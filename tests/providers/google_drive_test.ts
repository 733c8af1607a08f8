import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { driveTools } from "../../providers/google/drive/tools.ts";
import { google } from "../../providers/google/google.ts";
import {
  answeredBy,
  callTool,
  checkSchemas,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
  wrongFields,
} from "../support/api.ts";

const EMAIL = "ana@example.com";
const DOCUMENT = "application/vnd.google-apps.document";
const SHEET = "application/vnd.google-apps.spreadsheet";

function start(items: Json[]): Promise<EmulatedApi> {
  return startApi(google, {
    users: [{ email: EMAIL, name: "Ana" }],
    drive_items: items.map((item, index) => ({
      id: `drv_${index}`,
      user_email: EMAIL,
      mime_type: "text/plain",
      ...item,
    })),
  });
}

/** A file as www.googleapis.com sends it. */
function realFile(fields: Json = {}): Json {
  return {
    id: "f1",
    name: "Budget",
    mimeType: DOCUMENT,
    modifiedTime: "2026-11-20T10:00:00.000Z",
    webViewLink: "https://docs.google.com/document/d/f1/edit",
    owners: [{ kind: "drive#user", displayName: "Ana", emailAddress: EMAIL }],
    ...fields,
  };
}

/** The query that a tool sends to the list of files. */
async function asked(name: string, args: Json): Promise<Record<string, string>> {
  let params = new URLSearchParams();
  const api = answeredBy(google, ({ url }) => {
    params = new URL(url).searchParams;
    return Response.json({ files: [] });
  });
  await callTool(driveTools, name, args, api);
  return Object.fromEntries(params);
}

Deno.test("driveTools have schemas that clients can read", () => {
  checkSchemas(driveTools);
});

Deno.test("drive_search_files() finds files by type", async () => {
  await using emulator = await start([
    { name: "Budget 2027", mime_type: SHEET },
    { name: "Notes.txt", data: "Hello" },
    { name: "Plans", mime_type: "application/vnd.google-apps.folder" },
  ]);
  const search = (args: Json) => callTool(driveTools, "search_files", args, emulator.api);
  const { text, data } = await search({ query: "budget", type: "spreadsheet" });
  assertEquals(text, 'Found 1 file: "Budget 2027", a spreadsheet.');
  const [file] = data.files;
  assertEquals([file.id, file.type, file.mime_type], ["drv_0", "spreadsheet", SHEET]);
  assertEquals(file.url, (await emulator.read("/drive/v3/files/drv_0")).webViewLink);
  const none = await search({ query: "x", type: "presentation" });
  assertEquals([none.text, none.data.files], ["Found no files.", []]);
});

Deno.test("drive_search_files() asks Google for just these files", async () => {
  const { q, ...rest } = await asked("search_files", { query: " budget 2027 ", limit: 5 });
  assertEquals(
    q,
    "(name contains 'budget 2027' or fullText contains 'budget 2027') and trashed = false",
  );
  assertEquals(rest, {
    pageSize: "5",
    fields: "nextPageToken,incompleteSearch,files(id,name,mimeType,modifiedTime,size," +
      "webViewLink,owners(emailAddress),shortcutDetails(targetId,targetMimeType),starred,trashed)",
    corpora: "allDrives",
    supportsAllDrives: "true",
    includeItemsFromAllDrives: "true",
  });
  const named = await asked("search_files", { query: "x", name_only: true, type: "document" });
  assertEquals(named.q, `name contains 'x' and mimeType = '${DOCUMENT}' and trashed = false`);
  assertEquals(named.orderBy, "modifiedTime desc");
});

Deno.test("drive_search_files() lets no words out of their quotes", async () => {
  const cases: [string, string][] = [
    ["it's", String.raw`'it\'s'`],
    ["a\\", String.raw`'a\\'`],
    [
      "' or trashed = true or name contains '",
      String.raw`'\' or trashed = true or name contains \''`,
    ],
    ["\\' or 1", String.raw`'\\\' or 1'`],
  ];
  for (const [query, quoted] of cases) {
    const { q } = await asked("search_files", { query, name_only: true });
    assertEquals(q, `name contains ${quoted} and trashed = false`);
  }
  assertEquals(wrongFields(driveTools, "search_files", { query: " " }), ["query"]);
  assertEquals(wrongFields(driveTools, "search_files", { query: "x", type: "zip" }), ["type"]);
});

Deno.test("drive_list_recent_files() lists files page by page", async () => {
  await using emulator = await start(["One", "Two", "Three"].map((name) => ({ name })));
  const list = (args: Json) => callTool(driveTools, "list_files", args, emulator.api);
  const first = await list({ limit: 2 });
  assertEquals(
    first.text,
    'Found 2 files: "One", a text file; "Two", a text file. There are more.',
  );
  assertEquals(first.data.has_more, true);
  const second = await list({ limit: 2, page_token: first.data.next_page_token });
  assertEquals(second.data.files.map((file: Json) => file.name), ["Three"]);
  assertEquals(second.data.next_page_token, undefined);
  const { q, orderBy } = await asked("list_files", {});
  assertEquals([q, orderBy], ["trashed = false", "modifiedTime desc"]);
});

Deno.test("drive lists tell what Google says of files, and when it gave up", async () => {
  const files = [
    realFile(),
    realFile({ id: "f2", name: "a\nb", mimeType: "image/png", size: "2048", owners: null }),
    realFile({ id: "f3", name: "x", mimeType: "chemical/x-pdb" }),
  ];
  const api = answeredBy(google, () => Response.json({ files, incompleteSearch: true }));
  const { text, data } = await callTool(driveTools, "search_files", { query: "x" }, api);
  assertEquals(
    text,
    'Found 3 files: "Budget", a document; "a b", an image file; "x", a file. ' +
      "Google did not look everywhere, so there may be more.",
  );
  assertEquals([data.incomplete, data.files[0].owner, data.files[1].size], [true, EMAIL, 2048]);
});

Deno.test("drive_create_text_file() keeps a text as it is", async () => {
  await using emulator = await start([]);
  const content = "Zażółć 🦆\r\n\n--boundary--\r\n  end ";
  const { text, data } = await callTool(driveTools, "create_text_file", {
    name: 'Meine "Liste".txt',
    content,
  }, emulator.api);
  assertEquals(text, 'Created "Meine "Liste".txt", a text file, in Google Drive.');
  const stored = await emulator.read(`/drive/v3/files/${data.id}`);
  assertEquals([stored.name, stored.mimeType], ['Meine "Liste".txt', "text/plain"]);
  assertEquals(data.url, stored.webViewLink);
  const read = await callTool(driveTools, "read_document", { file_id: data.id }, emulator.api);
  assertEquals(read.data.text, content);
  const recent = await callTool(driveTools, "list_files", {}, emulator.api);
  assert(recent.data.files.some((file: Json) => file.id === data.id));
});

Deno.test("drive_create_text_file() puts a file into a folder", async () => {
  await using emulator = await start([
    { id: "folder_1", name: "Plans", mime_type: "application/vnd.google-apps.folder" },
  ]);
  const args = { name: "x.csv", content: "a,b\r\n1,2", folder_id: "folder_1" };
  const { data } = await callTool(driveTools, "create_text_file", args, emulator.api);
  const stored = await emulator.read(`/drive/v3/files/${data.id}`);
  assertEquals([stored.parents, stored.mimeType], [["folder_1"], "text/csv"]);
});

Deno.test("drive_create_text_file() sends what Google documents", async () => {
  const sent: [URL, string, string][] = [];
  const api = answeredBy(google, async (request) => {
    const { method, headers } = request;
    assertEquals(method, "POST");
    sent.push([new URL(request.url), headers.get("Content-Type") ?? "", await request.text()]);
    return Response.json(realFile({ name: "Notes" }));
  });
  const args = { name: "Notes", content: "Hi", as_google_doc: true };
  await callTool(driveTools, "create_text_file", args, api);
  await callTool(driveTools, "create_text_file", args, api);
  const [[url, contentType, body], [, again]] = sent as [typeof sent[0], typeof sent[0]];
  assertEquals(url.pathname, "/upload/drive/v3/files");
  assertEquals(url.searchParams.get("uploadType"), "multipart");
  const [, boundary] = /^multipart\/related; boundary=([\w-]{20,})$/.exec(contentType)!;
  assertEquals(
    body,
    [
      `--${boundary}`,
      "Content-Type: application/json; charset=UTF-8",
      "",
      `{"name":"Notes","mimeType":"${DOCUMENT}"}`,
      `--${boundary}`,
      "Content-Type: text/plain; charset=UTF-8",
      "",
      "Hi",
      `--${boundary}--`,
      "",
    ].join("\r\n"),
  );
  assert(again !== contentType);
  assertEquals(wrongFields(driveTools, "create_text_file", { name: "a\nb", content: "" }), [
    "name",
  ]);
});

Deno.test("drive_share_file() says clearly who may now do what", async () => {
  const sent: Json[] = [];
  const api = answeredBy(google, async (request) => {
    const url = new URL(request.url);
    if (request.method === "GET") return Response.json(realFile());
    sent.push([url.pathname, Object.fromEntries(url.searchParams), await request.json()]);
    return Response.json({ id: "p1", role: sent.at(-1)[2].role });
  });
  const share = (args: Json) =>
    callTool(driveTools, "share_file", { file_id: "f1", email: "bob@example.com", ...args }, api);
  const { text, data } = await share({ role: "commenter", message: "Look: ä" });
  assertEquals(
    text,
    'Shared "Budget" with bob@example.com, who may now comment on it. Google tells them by e-mail.',
  );
  assertEquals([data.role, data.email, data.permission_id], ["commenter", "bob@example.com", "p1"]);
  assertEquals(sent[0], [
    "/drive/v3/files/f1/permissions",
    {
      sendNotificationEmail: "true",
      emailMessage: "Look: ä",
      fields: sent[0][1].fields,
      supportsAllDrives: "true",
    },
    { type: "user", role: "commenter", emailAddress: "bob@example.com" },
  ]);
  const quiet = await share({ notify: false, message: "x" });
  assertEquals(quiet.text, 'Shared "Budget" with bob@example.com, who may now read it.');
  assertEquals(sent[1][1].sendNotificationEmail, "false");
  assertEquals(sent[1][1].emailMessage, undefined);
  const wrong = (args: Json) =>
    wrongFields(driveTools, "share_file", { file_id: "f", email: "a@b.c", ...args });
  assertEquals(wrong({ role: "owner" }), ["role"]);
  assertEquals(wrong({ email: "everybody" }), ["email"]);
  assertEquals(wrong({ file_id: "../x" }), ["file_id"]);
});

Deno.test("drive_share_file() passes on why Google refused", async () => {
  const message = 'Bad Request. User message: "You are trying to invite x."';
  const api = answeredBy(
    google,
    ({ method }) =>
      method === "GET"
        ? Response.json(realFile())
        : Response.json({ error: { code: 400, message } }, { status: 400 }),
  );
  const args = { file_id: "f1", email: "bob@example.com" };
  const fault = await faultOf(callTool(driveTools, "share_file", args, api));
  assertEquals(fault.kind, "invalid");
  assertStringIncludes(fault.message, "You are trying to invite");
});

Deno.test("files of the same name are told apart by their owner and their day", async () => {
  const files = [
    realFile({ id: "a", modifiedTime: "2026-11-20T10:00:00.000Z" }),
    realFile({ id: "b", modifiedTime: "2026-11-19T10:00:00.000Z" }),
    realFile({ id: "c", name: "Other", modifiedTime: "no date" }),
  ];
  const api = answeredBy(google, () => Response.json({ files }));
  const { text } = await callTool(driveTools, "drive_search_files", { query: "b" }, api);
  assertEquals(
    text,
    'Found 3 files: "Budget", a document, of ana@example.com, changed on Friday, November 20; ' +
      '"Budget", a document, of ana@example.com, changed on Thursday, November 19; ' +
      '"Other", a document.',
  );
});

Deno.test("drive_search_files() looks where it is told to", async () => {
  const places = { anywhere: "trashed = false", trash: "trashed = true" };
  for (const [place, q] of Object.entries(places)) {
    assertEquals((await asked("drive_search_files", { place })).q, q);
  }
  const shared = await asked("drive_search_files", { place: "shared_with_me" });
  assertEquals([shared.q, shared.corpora], ["sharedWithMe = true and trashed = false", "user"]);
  const starred = await asked("drive_search_files", { place: "starred", type: "image" });
  assertEquals(
    starred.q,
    "mimeType contains 'image/' and starred = true and trashed = false",
  );
  const root = await asked("drive_search_files", { folder_id: "root" });
  assertEquals(root.q, "'root' in parents and trashed = false");
});

Deno.test("who lets only the files be seen that were made here is told so", async () => {
  const own = (granted: string[], answer: () => Response) =>
    Object.assign(answeredBy(google, answer), {
      granted: () => granted.map((name) => `https://www.googleapis.com/auth/${name}`),
    });
  const none = () => Response.json({ files: [] });
  const gone = () =>
    Response.json({ error: { code: 404, errors: [{ reason: "notFound" }] } }, { status: 404 });
  const search = (scopes: string[]) =>
    callTool(driveTools, "drive_search_files", { query: "x" }, own(scopes, none));
  assertStringIncludes((await search(["drive.file"])).text, "Only files that were made here");
  for (const scopes of [[], ["drive.file", "drive.readonly"], ["drive"]]) {
    assertEquals((await search(scopes)).text, "Found no files.");
  }
  const read = (scopes: string[]) =>
    faultOf(callTool(driveTools, "drive_read_file", { file_id: "f" }, own(scopes, gone)));
  const [alone, all] = [await read(["drive.file"]), await read(["drive.file", "drive.readonly"])];
  assertEquals([alone.kind, all.kind], ["not_found", "not_found"]);
  assertStringIncludes(alone.message, "Only files that were made here");
  assertStringIncludes(all.message, "the account may not see it");
});

Deno.test("files are named by their links too, and by no other address", async () => {
  const seen: string[] = [];
  const api = () =>
    answeredBy(google, ({ url }) => {
      seen.push(new URL(url).pathname);
      return url.includes("alt=media")
        ? new Response("x")
        : Response.json(realFile({ mimeType: "text/plain" }));
    });
  const id = "1AbC-dEfGhIjKlMnOp_qRsTuVwXyZ012345";
  const links = [
    `https://docs.google.com/document/d/${id}/edit#heading=h.1`,
    `https://drive.google.com/file/d/${id}/view?usp=sharing`,
    `https://drive.google.com/open?id=${id}`,
    `https://docs.google.com/spreadsheets/d/${id}`,
  ];
  for (const file_id of links) {
    await callTool(driveTools, "drive_read_file", { file_id }, api());
    assertEquals(seen.splice(0)[0], `/drive/v3/files/${id}`);
  }
  for (
    const file_id of ["https://evil.example/d/abcdefghijklm", "https://docs.google.com/x", "a/b"]
  ) {
    assertEquals(wrongFields(driveTools, "drive_read_file", { file_id }), ["file_id"]);
  }
});
