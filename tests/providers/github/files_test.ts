import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { github } from "../../../providers/github/github.ts";
import { githubTools } from "../../../providers/github/tools.ts";
import {
  answeredBy,
  callTool,
  type EmulatedApi,
  faultOf,
  type Json,
  startApi,
  wrongFields,
} from "../../support/api.ts";

const REPO = "octocat/hello-world";
const CONTENTS = `/repos/${REPO}/contents`;

function start(): Promise<EmulatedApi> {
  return startApi(github, {
    users: [{ login: "octocat" }, { login: "hubot" }],
    repos: [{ owner: "octocat", name: "hello-world", auto_init: true }],
  });
}

function base64(bytes: Uint8Array | string): string {
  const raw = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  return btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
}

async function put(emulator: EmulatedApi, path: string, content: Uint8Array | string) {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const body = { message: "Add", content: base64(content) };
  await emulator.write("PUT", `${CONTENTS}/${encoded}`, body);
}

function read(api: EmulatedApi["api"], args: Record<string, unknown>) {
  return callTool(githubTools, "github_read_file", { repo: REPO, ...args }, api);
}

Deno.test("github_read_file() reads a file, whatever its name", async () => {
  await using emulator = await start();
  const content = "Zażółć gęślą jaźń 🦆\n\n  indented\n";
  const path = "docs/a b/50% #1?.md";
  await put(emulator, path, content);
  const { text, data } = await read(emulator.api, { path });
  assertEquals(data.text, content);
  assertEquals([data.kind, data.size, data.truncated], ["text", 44, false]);
  assertEquals(
    text,
    `${path} in ${REPO}, 44 bytes. It says: Zażółć gęślą jaźń 🦆\n\n  indented`,
  );
});

Deno.test("github_read_file() goes through a long file piece by piece", async () => {
  await using emulator = await start();
  const content = Array.from({ length: 5_000 }, (_, index) => `line ${index} 🦆\n`).join("");
  await put(emulator, "long.txt", content);
  let whole = "";
  let offset: number | undefined = 0;
  const said: string[] = [];
  while (offset !== undefined) {
    const { text, data }: Json = await read(emulator.api, { path: "long.txt", offset });
    assert(data.text.length <= 20_000);
    said.push(text);
    assertEquals(data.truncated, true);
    whole += data.text;
    offset = data.next_offset;
  }
  assertEquals(whole, content);
  const total = content.length.toLocaleString("en-US");
  // The duck at the end of the first piece was not cut in half.
  assertStringIncludes(said[0]!, `These are characters 1 to 19,999 of ${total}.`);
  const beyond = read(emulator.api, { path: "long.txt", offset: content.length + 1 });
  assertStringIncludes((await faultOf(beyond)).message, "beyond the end");
});

Deno.test("github_read_file() reads another branch", async () => {
  await using emulator = await start();
  await put(emulator, "a.txt", "on main");
  const { object } = await emulator.read(`/repos/${REPO}/git/ref/heads/main`);
  const ref = { ref: "refs/heads/feature/x", sha: object.sha };
  await emulator.write("POST", `/repos/${REPO}/git/refs`, ref);
  const body = { message: "Add", content: base64("on the branch"), branch: "feature/x" };
  await emulator.write("PUT", `${CONTENTS}/b.txt`, body);
  const { data } = await read(emulator.api, { path: "b.txt", ref: "feature/x" });
  assertEquals(data.text, "on the branch");
  assertEquals((await faultOf(read(emulator.api, { path: "b.txt" }))).kind, "not_found");
});

Deno.test("github_read_file() lists a folder", async () => {
  await using emulator = await start();
  await put(emulator, "src/main.ts", "1");
  await put(emulator, "src/lib/x.ts", "2");
  const { text, data } = await read(emulator.api, { path: "src" });
  assertEquals(text, `src in ${REPO} holds 2 entries: lib/; main.ts.`);
  assertEquals(data.entries, [{ name: "lib", type: "folder" }, { name: "main.ts", type: "file" }]);
  const top = await read(emulator.api, {});
  assertEquals(top.data.kind, "folder");
  assertStringIncludes(top.text, `${REPO} holds 2 entries: README.md; src/.`);
});

Deno.test("github_read_file() says of a binary file what it is", async () => {
  await using emulator = await start();
  const bytes = Uint8Array.from({ length: 3_000 }, (_, index) => index % 256);
  await put(emulator, "logo.png", bytes);
  const { text, data } = await read(emulator.api, { path: "logo.png" });
  assertEquals(text, `logo.png in ${REPO} is a binary file of 3 kB, so it is not shown.`);
  assertEquals([data.kind, data.text, data.truncated], ["binary", undefined, true]);
});

Deno.test("github_read_file() fetches the beginning of a file that the JSON does not hold", async () => {
  const asked: Request[] = [];
  const whole = "0123456789".repeat(520_000);
  // As api.github.com answers for files beyond 1 MB.
  const api = answeredBy(github, (request) => {
    asked.push(request);
    if (request.headers.get("Accept") === "application/vnd.github.raw+json") {
      return new Response(whole);
    }
    const size = whole.length;
    return Response.json({ type: "file", encoding: "none", content: "", size, name: "big.log" });
  });
  const { text, data } = await read(api, { path: "big.log", ref: "main" });
  assertEquals(data.text, whole.slice(0, 20_000));
  assertEquals([data.size, data.truncated, data.next_offset], [5_200_000, true, 20_000]);
  assertStringIncludes(text, "5.2 MB. These are characters 1 to 20,000. It says: 0123");
  assertEquals(asked.map(({ url }) => new URL(url).search), ["?ref=main", "?ref=main"]);
  const later = await read(api, { path: "big.log", offset: 5_000_000 });
  assertEquals(later.data.next_offset, 5_020_000);
});

Deno.test("github_read_file() tells links and submodules, and bounds folders", async () => {
  const link = { type: "symlink", target: "../shared/x.md", size: 14, name: "x" };
  const symlink = await read(answeredBy(github, () => Response.json(link)), { path: "x" });
  assertEquals([symlink.text, symlink.data.kind], [
    `x in ${REPO} is a symlink, not a file. It leads to ../shared/x.md.`,
    "symlink",
  ]);
  const entries = Array.from({ length: 1_000 }, (_, index) => ({
    type: "file",
    name: `${index}-${"長".repeat(200)}`,
  }));
  const folder = await read(answeredBy(github, () => Response.json(entries)), { path: "x" });
  assertEquals([folder.data.entries.length, folder.data.truncated], [300, true]);
  assertStringIncludes(folder.text, "The list leaves out 700 entries.");
});

Deno.test("github_read_file() takes no path that leads elsewhere", async () => {
  const asked: string[] = [];
  const api = answeredBy(github, (request) => {
    asked.push(new URL(request.url).pathname);
    return Response.json([]);
  });
  for (const path of ["..", "a/../b", "./a", "a/.", "/a", "a/", "a//b", "../../user"]) {
    assertEquals(
      wrongFields(githubTools, "github_read_file", { repo: REPO, path }),
      ["path"],
      path,
    );
  }
  for (const path of ["%2e%2e/x", "a\\..\\b", "a?b#c", "...", ".github/..x"]) {
    await read(api, { path });
    const expected = `${CONTENTS}/${path.split("/").map(encodeURIComponent).join("/")}`;
    assertEquals(asked.at(-1), expected);
  }
});

Deno.test("github_read_file() reads a repository under its old name", async () => {
  const api = answeredBy(
    github,
    ({ url }) =>
      new URL(url).pathname.startsWith("/repos/")
        ? new Response(null, {
          status: 301,
          headers: { Location: "http://localhost/repositories/7/contents/a.txt" },
        })
        : Response.json({ type: "file", encoding: "base64", content: base64("moved\n"), size: 6 }),
  );
  assertEquals((await read(api, { path: "a.txt" })).data.text, "moved\n");
});

function readFrom(answer: Response | Json, args: Json = {}) {
  const api = answeredBy(
    github,
    () => answer instanceof Response ? answer : Response.json(answer),
  );
  return read(api, { path: "x", ...args });
}

Deno.test("github_read_file() tells what is kept in Git LFS by its pointer", async () => {
  const pointer = "version https://git-lfs.github.com/spec/v1\n" +
    `oid sha256:${"a".repeat(64)}\nsize 5200000\n`;
  const file = { type: "file", encoding: "base64", content: base64(pointer), size: 132 };
  const { text, data } = await readFrom(file);
  assertEquals([data.kind, data.size, data.text], ["lfs", 5_200_000, undefined]);
  assertStringIncludes(text, "is kept in Git LFS, with 5.2 MB");
});

Deno.test("github_read_file() fetches what the JSON holds in a way that nobody can read", async () => {
  const odd = { type: "file", encoding: "base64", content: "no base64 at all!", size: 5 };
  const api = answeredBy(
    github,
    ({ headers }) =>
      headers.get("Accept")?.includes("raw") ? new Response("hello") : Response.json(odd),
  );
  assertEquals((await read(api, { path: "x" })).data.text, "hello");
});

Deno.test("github_read_file() tells submodules where GitHub calls them files", async () => {
  const sub = {
    type: "submodule",
    size: 0,
    sha: "abcdef0123456789",
    submodule_git_url: "https://github.com/acme/lib.git",
  };
  const one = await readFrom(sub);
  assertEquals(one.data.target, "https://github.com/acme/lib.git at abcdef0");
  const folder = await readFrom([
    {
      type: "file",
      name: "lib",
      size: 0,
      git_url: "https://api.github.com/repos/acme/lib/git/trees/abc",
      html_url: "https://github.com/acme/lib/tree/abc",
    },
    { type: "file", name: "a.md", size: 1, git_url: "https://api.github.com/x/git/blobs/abc" },
    { type: "brand_new", name: "b", size: null, git_url: null, html_url: null },
  ]);
  assertEquals(folder.data.entries.map(({ type }: Json) => type), [
    "submodule",
    "file",
    "brand_new",
  ]);
  assertEquals((await readFrom({ type: "brand_new", size: null })).data.kind, "brand_new");
});

Deno.test("github_read_file() says of an empty repository that it is empty", async () => {
  const empty = () => Response.json({ message: "This repository is empty." }, { status: 404 });
  const { text, data } = await readFrom(empty(), { path: "" });
  assertEquals([data.kind, data.entries], ["folder", []]);
  assertStringIncludes(text, "is empty: nothing was committed");
  assertStringIncludes((await faultOf(readFrom(empty()))).message, "is empty");
});

Deno.test("github_read_file() says of a folder of 1,000 entries that GitHub lists no more", async () => {
  const entries = Array.from({ length: 1_000 }, (_, at) => ({ type: "file", name: `${at}` }));
  const { data, notes } = await readFrom(entries);
  assertEquals(data.entries_left_out, 700);
  assertEquals(notes?.at(-1), "GitHub lists the first 1,000 entries of a folder only.");
});

Deno.test("github_read_file() says why GitHub gives a file of 100 MB to nobody", async () => {
  const refused = Response.json({
    message: "This API returns blobs up to 100 MB in size. The requested blob is too large.",
    errors: [{ resource: "Blob", field: "data", code: "too_large" }],
  }, { status: 403 });
  const { kind, message } = await faultOf(readFrom(refused));
  assertEquals(kind, "invalid");
  assertStringIncludes(message, "too large for GitHub's API");
  const ref = Response.json({ message: "No commit found for the ref nope" }, { status: 404 });
  assertStringIncludes((await faultOf(readFrom(ref))).message, "No commit found for the ref nope");
});
