import { assert, assertEquals } from "@std/assert";
import { attribute, MAX_ATTRIBUTES, type Piece, pieces } from "../../../providers/documents/xml.ts";

const tick = () => {};
const read = (xml: string) => [...pieces(xml, { tick })];
const text = (said: string): Piece => ({ type: "text", text: said });
const open = (name: string): Piece => ({ type: "open", name, attributes: [] });
const close = (name: string): Piece => ({ type: "close", name });

Deno.test("pieces() gives the text between two tags as one, wherever it is read in parts", () => {
  for (let before = 4_080; before <= 4_100; before++) {
    const start = " ".repeat(before);
    assertEquals(read(`${start}<a:b>x &amp; &#x79;<![CDATA[ <&amp; ]]>z</a:b>`), [
      text(start),
      open("b"),
      text("x & y <&amp; z"),
      close("b"),
    ]);
  }
});

Deno.test("pieces() knows five entities and numbers, and leaves others as they are", () => {
  assertEquals(read("&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;&nbsp;&eacute;&x;&"), [
    text("<>&\"'A\u{1F600}&nbsp;&eacute;&x;&"),
  ]);
  assertEquals(read("&#0;&#xD800;&#x110000;&#99999999999;"), [text("\uFFFD".repeat(4))]);
});

Deno.test("pieces() reads nothing of what a document type defines", () => {
  const types = `<!DOCTYPE d [<!ENTITY x "<t>hidden</t>"><!ELEMENT t ANY><t>hidden</t>]>`;
  assertEquals(read(`<?xml version="1.0"?>${types}<t>&x;</t>`), [
    open("t"),
    text("&x;"),
    close("t"),
  ]);
  assertEquals(read("<!DOCTYPE d><t/>"), [open("t"), close("t")]);
  assertEquals(read("<t/><!DOCTYPE d [<t>hidden</t>"), [open("t"), close("t")]);
});

Deno.test("pieces() keeps what came before damage", () => {
  for (const end of ["<b", '<b c="', "<!-- ", "<?x", "</", "</b", "&", "]]>"]) {
    assertEquals(read(`<a>kept${end}`).slice(0, 1), [open("a")]);
    const [, second] = read(`<a>kept${end}`);
    assert(second?.type === "text" && second.text.startsWith("kept"), end);
  }
  assertEquals(read("</a><b></c></b>"), [close("a"), open("b"), close("c"), close("b")]);
});

Deno.test("attribute() finds a value by its name without prefix, and no more than so many", () => {
  const [piece] = read(`<a x:b='1 > "2"' c = "&lt;&y;" d b="3"/>`);
  assert(piece?.type === "open");
  const of = (name: string) => attribute(piece.attributes, name);
  assertEquals([of("b"), of("c"), of("d"), of("e")], ['1 > "2"', "<&y;", "", undefined]);
  const [many] = read(`<a ${Array.from({ length: 100_000 }, (_, at) => `b${at}="1"`).join(" ")}/>`);
  assert(many?.type === "open");
  assertEquals(many.attributes.length, MAX_ATTRIBUTES);
});

Deno.test("pieces() looks at the clock while there are no tags, and stops when told to", () => {
  let ticks = 0;
  const stop = () => {
    ticks += 1;
    if (ticks > 100) throw new Error("late");
  };
  for (
    const endless of ["x", "&amp;", "<", '<a b="', "<a ", "<!-- ", "<![CDATA[", "<!DOCTYPE[]>"]
  ) {
    ticks = 0;
    try {
      for (const piece of pieces(endless.repeat(1_000_000), { tick: stop })) void piece;
    } catch {
      // That it was late.
    }
    assertEquals(ticks, 101, endless);
  }
});
