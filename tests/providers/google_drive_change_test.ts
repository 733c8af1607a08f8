import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ApiError } from "../../providers/provider.ts";
import { driveTools } from "../../providers/google/drive/tools.ts";
import { google } from "../../providers/google/google.ts";
import { answeredBy, callTool, faultOf, type Json } from "../support/api.ts";
import { DriveDouble } from "../support/drive_double.ts";

const APPS = "application/vnd.google-apps.";
const DOCUMENT = `${APPS}document`;

function start(...files: Json[]) {
  const drive = new DriveDouble();
  drive.add({ id: "top", name: "My Drive", mimeType: `${APPS}folder`, parents: [] });
  for (const file of files) drive.add(file);
  const call = (name: string, args: Json) => callTool(driveTools, name, args, drive.api);
  return { drive, call, change: (args: Json) => call("drive_change_file", args) };
}

const folder = (id: string, name: string, more: Json = {}) => ({
  id,
  name,
  mimeType: `${APPS}folder`,
  ...more,
});

Deno.test("drive_change_file() replaces the text of a file, and of nothing else", async () => {
  const { drive, change } = start({ id: "f1", name: "Notes.txt", content: "old" }, { id: "f2" });
  const { text, data } = await change({ file_id: "f1", content: "Grüße 🦆\r\n--x--" });
  assertEquals(text, 'Changed "Notes.txt": replaced its text.');
  assertEquals(drive.files.get("f1").content, "Grüße 🦆\r\n--x--");
  assertEquals(drive.files.get("f1").sentAs, "text/plain");
  assertEquals(drive.files.get("f2").content, "");
  assertEquals(data.version, drive.files.get("f1").headRevisionId);
});

Deno.test("drive_change_file() adds lines to the end of a file", async () => {
  const { drive, change } = start(
    { id: "a", content: "one" },
    { id: "b", content: "one\n" },
    { id: "c", content: "" },
  );
  for (const file_id of ["a", "b", "c"]) await change({ file_id, append: "two" });
  const contents = ["a", "b", "c"].map((id) => drive.files.get(id).content);
  assertEquals(contents, ["one\ntwo", "one\ntwo", "two"]);
});

Deno.test("drive_change_file() adds to a Google document, and says what that may cost", async () => {
  const { drive, change } = start({
    id: "d",
    name: "List",
    mimeType: DOCUMENT,
    content: "# List\n",
  });
  const { text } = await change({ file_id: "d", append: "* milk" });
  assertEquals(drive.files.get("d").content, "# List\n\n* milk");
  assertEquals([drive.files.get("d").sentAs, drive.files.get("d").mimeType], [
    "text/markdown",
    DOCUMENT,
  ]);
  assertStringIncludes(text, "version history");
  // In Markdown a line break is a space.
  await change({ file_id: "d", append: "Dear Bo,\nthanks" });
  assertEquals(drive.files.get("d").content, "# List\n\n* milk\n\nDear Bo,\n\nthanks");
  await change({ file_id: "d", content: "plain\nlines" });
  assertEquals(drive.files.get("d").sentAs, "text/plain");
  await change({ file_id: "d", content: "# Title\n\n**bold**" });
  assertEquals(drive.files.get("d").sentAs, "text/markdown");
});

Deno.test("drive_change_file() leaves alone what somebody has changed since it was read", async () => {
  const { drive, call, change } = start({ id: "f1", name: "Plan.txt", content: "v1" });
  const { data } = await call("drive_read_file", { file_id: "f1" });
  const bo = { displayName: "Bo", me: false };
  drive.add({ ...drive.files.get("f1"), content: "v2 by Bo", lastModifyingUser: bo });
  const fault = await faultOf(
    change({ file_id: "f1", content: "mine", version: data.version }),
  );
  assertEquals(fault.kind, "conflict");
  assertStringIncludes(fault.message, '"Plan.txt" was changed by Bo since it was read');
  assertEquals(drive.files.get("f1").content, "v2 by Bo");
  const again = await call("drive_read_file", { file_id: "f1" });
  await change({ file_id: "f1", content: "mine", version: again.data.version });
  assertEquals(drive.files.get("f1").content, "mine");
});

Deno.test("drive_change_file() adds to nothing that is changed while it is being read", async () => {
  const { drive, change } = start({ id: "f1", content: "one" });
  let isDone = false;
  drive.before = ({ url }) => {
    if (isDone || !url.includes("alt=media")) return;
    isDone = true;
    drive.add({ ...drive.files.get("f1"), content: "one, and what Bo wrote" });
  };
  const fault = await faultOf(change({ file_id: "f1", append: "two" }));
  assertEquals(fault.kind, "conflict");
  assertEquals(drive.files.get("f1").content, "one, and what Bo wrote");
});

Deno.test("drive_change_file() says which kinds of files have no text to change", async () => {
  const types = ["application/pdf", `${APPS}spreadsheet`, `${APPS}folder`, "image/png"];
  for (const mimeType of types) {
    const { drive, change } = start({ id: "f1", name: "It", mimeType });
    const fault = await faultOf(change({ file_id: "f1", content: "x" }));
    assertEquals(fault.kind, "invalid");
    assertStringIncludes(fault.message, "only the text of text files and of Google documents");
    assert(!drive.asked.some((line) => line.startsWith("PATCH")));
  }
  const { change } = start({ id: "f1", content: "" });
  assertEquals((await faultOf(change({ file_id: "f1" }))).kind, "invalid");
  const both = { file_id: "f1", content: "x", append: "y" };
  assertEquals((await faultOf(change(both))).kind, "invalid");
});

Deno.test("drive_change_file() renames, moves, stars and throws away, and says what Google did", async () => {
  const { drive, change } = start(
    folder("plans_folder", "Plans"),
    { id: "f1", name: "Old", parents: ["elsewhere"] },
  );
  const { text, data } = await change({
    file_id: "f1",
    name: "New",
    folder_id: "Plans",
    starred: true,
    trashed: false,
  });
  const { name, parents, starred } = drive.files.get("f1");
  assertEquals([name, parents, starred], ["New", ["plans_folder"], true]);
  assertEquals(
    text,
    'Changed "Old": renamed it to "New"; moved it to the folder "Plans"; starred it; ' +
      "took it out of the trash.",
  );
  assertEquals([data.former_name, data.name, data.folder], ["Old", "New", "Plans"]);
  await change({ file_id: "f1", trashed: true, folder_id: "root" });
  assertEquals([drive.files.get("f1").trashed, drive.files.get("f1").parents], [true, ["top"]]);
  await change({ file_id: "f1", folder_id: "my drive" });
  assertEquals(drive.files.get("f1").parents, ["top"]);
});

Deno.test("drive_change_file() never says that something was done that Google did not do", async () => {
  const api = answeredBy(
    google,
    () => Response.json({ id: "f1", name: "Old", starred: false, mimeType: "text/plain" }),
  );
  const args = { file_id: "f1", name: "New", starred: true };
  const { text, data } = await callTool(driveTools, "drive_change_file", args, api);
  assertEquals(data.changes, []);
  assertStringIncludes(text, '"Old" was not changed. Google did not do this: renamed it to "New".');
  const other = answeredBy(
    google,
    ({ method }) =>
      Response.json({ id: method === "GET" ? "f1" : "f2", name: "New", mimeType: "text/plain" }),
  );
  const second = await callTool(
    driveTools,
    "drive_change_file",
    { file_id: "f1", name: "New" },
    other,
  );
  assertEquals([second.data.id, second.data.changes], ["f1", []]);
});

Deno.test("drive_change_file() asks what the account may do before it tries", async () => {
  const rows: [capabilities: Json, args: Json, said: string][] = [
    [{ canModifyContent: false }, { content: "x" }, "may not change"],
    [{ canRename: false }, { name: "x" }, "may not rename"],
    [{ canMoveItemWithinDrive: false }, { folder_id: "root" }, "may not move"],
    [{ canTrash: false }, { trashed: true }, "may not put into the trash"],
  ];
  for (const [capabilities, args, said] of rows) {
    const { drive, change } = start({ id: "f1", capabilities });
    const fault = await faultOf(change({ file_id: "f1", ...args }));
    assertEquals(fault.kind, "forbidden");
    assertStringIncludes(fault.message, said);
    assert(!drive.asked.some((line) => line.startsWith("PATCH")));
  }
  const locked = start({ id: "f1", contentRestrictions: [{ readOnly: true, reason: "Final" }] });
  const fault = await faultOf(locked.change({ file_id: "f1", content: "x" }));
  assertStringIncludes(fault.message, "It is locked: Final.");
});

Deno.test("a file that was made elsewhere needs the permission for all files, which the link asks for", async () => {
  const { drive, change } = start({ id: "f1", content: "x" });
  drive.foreign.add("f1");
  const fault = await faultOf(change({ file_id: "f1", content: "y" }));
  assertEquals([fault.kind, fault.scopes], [
    "missing_scope",
    ["https://www.googleapis.com/auth/drive"],
  ]);
});

Deno.test("a change to a shortcut's text is its target's; its name and its place are its own", async () => {
  const { drive, change } = start(
    { id: "t1", name: "Target", content: "old" },
    { id: "s1", name: "Short", mimeType: `${APPS}shortcut`, shortcutDetails: { targetId: "t1" } },
  );
  await change({ file_id: "s1", content: "new" });
  assertEquals(drive.files.get("t1").content, "new");
  await change({ file_id: "s1", name: "Shorter" });
  assertEquals([drive.files.get("s1").name, drive.files.get("t1").name], ["Shorter", "Target"]);
  assertEquals((await faultOf(change({ file_id: "s1", content: "x", name: "y" }))).kind, "invalid");
});

Deno.test("folders are found by their names, and several of a name are never guessed from", async () => {
  const { drive, call } = start(
    folder("one", "It's \\ here"),
    folder("two", "Twice"),
    folder("three", "Twice"),
    folder("full", "Closed", { capabilities: { canAddChildren: false } }),
    { id: "f1", name: "File" },
  );
  const create = (folder_id: string) =>
    call("drive_create_file", { name: "x.txt", content: "x", folder_id });
  const { data, text } = await create("It's \\ here");
  assertEquals(drive.files.get(data.id).parents, ["one"]);
  assertStringIncludes(text, String.raw`in the folder "It's \ here"`);
  const messages = [];
  for (const name of ["Twice", "Nowhere", "Closed", "f1"]) {
    messages.push((await faultOf(create(name))).message);
  }
  assertStringIncludes(messages[0]!, 'Several folders are called "Twice"');
  assertStringIncludes(messages[1]!, 'no folder called "Nowhere"');
  assertStringIncludes(messages[2]!, "may not add anything");
  assertStringIncludes(messages[3]!, "is no folder");
  const link = await create("https://drive.google.com/drive/folders/one_and_a_long_id?usp=x")
    .catch((error) => error);
  assert(link instanceof ApiError && link.fault.kind === "not_found");
});

Deno.test("drive_create_file() makes folders, sheets and copies", async () => {
  const { drive, call } = start({ id: "f1", name: "Letter", content: "Dear", mimeType: DOCUMENT });
  const create = (args: Json) => call("drive_create_file", args);
  const made = await create({ name: "Plans", kind: "folder" });
  assertEquals(drive.files.get(made.data.id).mimeType, `${APPS}folder`);
  assertEquals(made.text, 'Created "Plans", a folder, in Google Drive.');
  const sheet = await create({ name: "Budget", content: "a,b\n1,2", kind: "spreadsheet" });
  const { mimeType, sentAs } = drive.files.get(sheet.data.id);
  assertEquals([mimeType, sentAs], [`${APPS}spreadsheet`, "text/csv"]);
  const copy = await create({ copy_of: "f1", name: "Letter to Bo", folder_id: "Plans" });
  const { name, parents, content } = drive.files.get(copy.data.id);
  assertEquals([name, parents, content], ["Letter to Bo", [made.data.id], "Dear"]);
  assertEquals(
    copy.text,
    'Copied "Letter". The copy is called "Letter to Bo" in the folder "Plans".',
  );
  assertEquals(drive.files.get("f1").name, "Letter");
  const wrong = [{ copy_of: "f1", content: "x" }, { content: "x" }, { name: "x" }];
  for (const args of wrong) assertEquals((await faultOf(create(args))).kind, "invalid");
  assertEquals((await faultOf(create({ copy_of: made.data.id }))).kind, "invalid");
});

Deno.test("a table that is to be a document becomes a spreadsheet, which is said", async () => {
  const { drive, call } = start();
  const args = { name: "Costs.csv", content: "a,b", as_google_doc: true };
  const { text, data } = await call("drive_create_text_file", args);
  const { mimeType, sentAs } = drive.files.get(data.id);
  assertEquals([mimeType, sentAs], [`${APPS}spreadsheet`, "text/csv"]);
  assertStringIncludes(text, "makes a spreadsheet, not a document");
  const markdown = { name: "Notes.md", content: "# x", as_google_doc: true };
  const { data: notes } = await call("drive_create_text_file", markdown);
  assertEquals(drive.files.get(notes.id).sentAs, "text/markdown");
});

Deno.test("drive_create_file() says where Google has made something else than was asked", async () => {
  const api = answeredBy(
    google,
    () => Response.json({ id: "n", name: "x", mimeType: "text/plain" }),
  );
  const args = { name: "x", content: "x", kind: "document" };
  const { text } = await callTool(driveTools, "drive_create_file", args, api);
  assertStringIncludes(text, "Google made a text file of it, not a document.");
});
