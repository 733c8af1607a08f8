import { assert, assertEquals } from "@std/assert";
import { isWebAddress, MAX_URI, Uris } from "../../../mcp/upstream/uris.ts";

const KNOWN = new Uris([{ name: "notes" }, { name: "files" }]);
/** `notes` keeps its own names. */
const KEEPING = new Uris([{ name: "notes", prefix: "" }, { name: "files" }]);

/** One of an upstream's, and ours. */
const PAIRS: [theirs: string, ours: string][] = [
  ["file:///a/b.txt", "file://notes//a/b.txt"],
  ["ui://weather/page.html", "ui://notes/weather/page.html"],
  ["repo://owner/name?ref=main#L1", "repo://notes/owner/name?ref=main#L1"],
  ["weather://{city}/{+rest}{?days*}", "weather://notes/{city}/{+rest}{?days*}"],
  ["urn:isbn:0451450523", "urn:notes/isbn:0451450523"],
  ["note:a", "note:notes/a"],
  ["x:", "x:notes/"],
  ["x://", "x://notes/"],
  ["x:/", "x:notes//"],
  ["FILE:///A", "FILE://notes//A"],
  ["file://notes//a", "file://notes/notes//a"],
  ["file://files//a", "file://notes/files//a"],
  ["memo://My Notes/ä%2F..%2Fb", "memo://notes/My Notes/ä%2F..%2Fb"],
  ["https://example.com/a", "mcp+https://notes/example.com/a"],
  ["HTTP://example.com", "mcp+HTTP://notes/example.com"],
  ["mcp+https://example.com/a", "mcp+mcp+https://notes/example.com/a"],
  ["mcp+http:a", "mcp+mcp+http:notes/a"],
];

Deno.test("an upstream's URI becomes ours and comes back as it was", () => {
  for (const [theirs, ours] of PAIRS) {
    assertEquals(KNOWN.ours("notes", theirs), ours);
    assertEquals(KNOWN.theirs(ours), { upstream: "notes", uri: theirs });
  }
});

Deno.test("no two upstreams' URIs become one, and each comes back to its own", () => {
  const parts = [
    "",
    "/",
    "//",
    "a",
    "notes/",
    "files/",
    "notes//",
    "mcp+",
    "https:",
    "x:",
    ":",
    "%2F",
  ];
  const schemes = ["x", "file", "https", "mcp+https", "mcp+mcp+http", "ui"];
  for (const uris of [KNOWN, KEEPING]) {
    const seen = new Map<string, string>();
    for (const scheme of schemes) {
      for (const a of parts) {
        for (const b of parts) {
          for (const c of parts) {
            const theirs = `${scheme}:${a}${b}${c}`;
            for (const upstream of ["notes", "files"]) {
              const ours = uris.ours(upstream, theirs);
              assert(ours !== undefined, theirs);
              const whose = `${upstream} ${theirs}`;
              assertEquals(seen.get(ours) ?? whose, whose, ours);
              seen.set(ours, whose);
              assertEquals(uris.theirs(ours), { upstream, uri: theirs }, `${whose} as ${ours}`);
              assert(!isWebAddress(ours), ours);
            }
          }
        }
      }
    }
  }
});

Deno.test("what was not made here is nobody's", () => {
  const foreign = [
    "",
    "notes",
    "notes/a",
    "file:///a",
    "file://other//a",
    "file://NOTES//a",
    "file://notes",
    "file://notes?x=/",
    "file:/notes/a",
    "file:///notes/a",
    "file://notes.evil.example/a",
    "file://user@notes/a",
    "file://notes:80/a",
    "file://not%65s/a",
    "https://notes/example.com/a",
    "urn:notes///a",
    "__proto__://notes/a",
    "file://__proto__/a",
    "file://constructor/a",
    "file://notes/a\u202eb",
    "file://notes/a\nb",
    "file://notes/\ud800",
    `file://notes/${"a".repeat(MAX_URI + 200)}`,
  ];
  for (const uri of foreign) {
    assertEquals(KNOWN.theirs(uri), undefined, uri);
  }
});

Deno.test("what is no URI, or too long, has none of ours", () => {
  for (
    const theirs of [
      "",
      "a",
      "/a",
      "{scheme}://a",
      "a b:c",
      "1:x",
      "x:\0",
      "x:\u2028",
      "x:\u{e0041}",
    ]
  ) {
    assertEquals(KNOWN.ours("notes", theirs), undefined, JSON.stringify(theirs));
  }
  const longest = `x:${"a".repeat(MAX_URI - 2)}`;
  assertEquals(KNOWN.theirs(KNOWN.ours("notes", longest)!)?.uri, longest);
  assertEquals(KNOWN.ours("notes", `${longest}a`), undefined);
});

Deno.test("who keeps its own names keeps those URIs that are nobody else's", () => {
  assertEquals(KEEPING.ours("notes", "file:///a"), "file:///a");
  assertEquals(KEEPING.theirs("file:///a"), { upstream: "notes", uri: "file:///a" });
  // Another upstream's by its name, its own by its own name, and the web's.
  assertEquals(KEEPING.ours("notes", "ui://files/a"), "ui://notes/files/a");
  assertEquals(KEEPING.ours("notes", "ui://notes/a"), "ui://notes/notes/a");
  assertEquals(KEEPING.ours("notes", "https://a.example/"), "mcp+https://notes/a.example/");
  assertEquals(KEEPING.theirs("https://a.example/"), undefined);
  assertEquals(KEEPING.theirs("ui://files/a"), { upstream: "files", uri: "ui://a" });
});

Deno.test("of two that want to keep their own names, the first one does", () => {
  const two = new Uris([{ name: "a", prefix: "" }, { name: "b", prefix: "" }]);
  assertEquals(two.ours("a", "x://y"), "x://y");
  assertEquals(two.ours("b", "x://y"), "x://b/y");
});

Deno.test("whoever keeps its own names has those that begin as nobody's do", () => {
  assertEquals(KEEPING.theirs("x://other/a"), { upstream: "notes", uri: "x://other/a" });
  assertEquals(KEEPING.theirs("x://files/a"), { upstream: "files", uri: "x://a" });
  assertEquals(KNOWN.theirs("x://other/a"), undefined);
});
