import { assert, assertEquals } from "@std/assert";
import { BrandMark, FAVICON } from "../../../routes/http/page/brand.tsx";

Deno.test("our own mark takes its colour from the text, and brings nothing with it", () => {
  const mark = String(BrandMark({ size: 16 }));
  assert(mark.startsWith('<svg width="16" height="16" viewBox="0 0 32 32" aria-hidden="true">'));
  const colors = [...mark.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, color]) => color);
  assertEquals([...new Set(colors)].toSorted(), ["currentColor", "none"]);
  for (const svg of [mark, FAVICON]) assert(!/\bid=|href|url\(|<script|\son\w+=/.test(svg));
});

Deno.test("the mark for tabs is a picture by itself", () => {
  assert(FAVICON.startsWith('<svg xmlns="http://www.w3.org/2000/svg" '));
  assert(!FAVICON.includes("currentColor"));
  const open = FAVICON.match(/<\w+[^>]*(?<!\/)>/g)!.length;
  assertEquals(FAVICON.match(/<\/\w+>/g)!.length, open);
});
