import { assert, assertEquals } from "@std/assert";
import { setUpWords } from "../../../routes/http/page/words/set_up.ts";
import { SetUpTabs } from "../../../routes/people/pages/set_up_tabs.tsx";
import { STYLE } from "../../../routes/http/page/style.ts";
import { CLIENTS } from "../../../routes/people/set_up/set_up.ts";
import { setUps } from "../../../routes/people/set_up/set_ups.ts";

const PUBLIC_URL = `https://a'b"c&lt;$d.example:8443`;
const all = setUps({ publicUrl: PUBLIC_URL, token: "sb_pat_made" });

function htmlOf(props: Partial<Parameters<typeof SetUpTabs>[0]> = {}): string {
  return String(SetUpTabs({ words: setUpWords.en, setUps: all, ...props }));
}

function allOf(html: string, pattern: RegExp): string[] {
  return [...html.matchAll(pattern)].map(([, found = ""]) => found);
}

function unescaped(html: string): string {
  return html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'").replaceAll("&amp;", "&");
}

Deno.test("each client is a choice with a section of its own, and one is open", () => {
  for (const chosen of [undefined, "curl"] as const) {
    const html = htmlOf({ chosen });
    const inputs = allOf(html, /<input type="radio" name="client" ([^>]*)>/g);
    assertEquals(inputs.map((each) => /value="(\w+)"/.exec(each)![1]), [...CLIENTS]);
    const checked = inputs.filter((each) => /\bchecked\b/.test(each));
    assertEquals(checked.map((each) => /value="(\w+)"/.exec(each)![1]), [chosen ?? "claude"]);
    for (
      const [kind, pattern] of [["for", /for="([^"]+)"/g], ["by", /labelledby="([^"]+)"/g]] as const
    ) {
      const named = allOf(html, pattern);
      assertEquals(named.length, CLIENTS.length, kind);
      for (const id of named) assertEquals(html.split(`id="${id}"`).length, 2, id);
    }
  }
});

Deno.test("what a button copies is there once, as it was made", () => {
  const html = htmlOf();
  const copied = allOf(html, /data-copy="([^"]+)"/g);
  const texts = all.flatMap(({ snippets, withToken = [], forUsers = [] }) =>
    [...snippets, ...withToken, ...forUsers].map(({ text }) => text)
  );
  const shown = copied.map((id) => {
    const [, text = "", ...others] = html.split(`<code id="${id}" translate="no">`);
    assertEquals(others, [], id);
    return unescaped(text.slice(0, text.indexOf("</code>")));
  });
  assertEquals(shown, texts);
  const links = allOf(html, /<a class="button" href="([^"]+)"/g).map(unescaped);
  assertEquals(links, all.flatMap(({ installUrl }) => installUrl ?? []));
});

Deno.test("nothing in it needs a script or a style of its own", () => {
  for (const words of Object.values(setUpWords)) {
    const html = htmlOf({ words });
    assert(!/<script|<style|\sstyle=|\son[a-z]+=|javascript:|\{name\}/i.test(html));
  }
  assert(!/url\(|@import|</.test(STYLE));
});
