import { assert, assertEquals } from "@std/assert";

const root = new URL("../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, root));

/** Files that speak of others, by paths from the root. */
const PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];
/** What looks like a path and is none, or is the operator's to make. */
const NO_PATHS = ["tools/list", "tools/call", "providers.json"];
const PATH = /^\.?[a-z][\w.-]*(?:\/[\w.-]+)*(?:\/|\.(?:tsx?|md|json|example))$/i;

/** What a page puts between backticks, outside of blocks. */
function quoted(page: string): string[] {
  const text = page.replaceAll(/```.*?```/gs, "");
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, inside = ""]) => inside);
}

/** GitHub's: lower case, without punctuation, spaces as hyphens. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\w\s-]/g, "").trim().replaceAll(/\s/g, "-");
}

async function kindOf(path: string): Promise<"folder" | "file" | "nothing"> {
  try {
    return (await Deno.stat(new URL(path, root))).isDirectory ? "folder" : "file";
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return "nothing";
  }
}

for (const name of PAGES) {
  Deno.test(`every path and link in ${name} leads somewhere`, async () => {
    const page = await read(name);
    const paths = quoted(page).filter((text) => PATH.test(text) && !NO_PATHS.includes(text));
    assert(paths.length > 0);
    for (const path of paths) {
      const kind = await kindOf(path);
      assertEquals(kind, path.endsWith("/") ? "folder" : "file", `${name} names ${path}`);
    }
    for (const [, target = ""] of page.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = "", anchor] = target.split("#");
      const linked = await read(file || name);
      const anchors = [...linked.matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => anchorOf(text));
      assert(anchor === undefined || anchors.includes(anchor), `${name} links to ${target}`);
    }
  });
}

Deno.test("CONTRIBUTING.md names every wing that the structure knows, and no other", async () => {
  const structure = await read("tests/structure_test.ts");
  const [, wings = ""] = /const WINGS.*?= \{\n(.*?)\n\};/s.exec(structure) ?? [];
  const known = [...wings.matchAll(/^ {2}"([^"]+)":/gm)].map(([, wing]) => wing);
  assert(known.length > 10);
  const [, rooms = ""] = /## The rooms\n(.*?)\n## /s.exec(await read("CONTRIBUTING.md")) ?? [];
  const rows = [...rooms.matchAll(/^\| `([^`]+)` \|/gm)].map(([, wing]) => wing);
  assertEquals(rows, known);
});
