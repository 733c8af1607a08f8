import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { STYLE } from "../../../routes/http/page/style.ts";
import { STYLE_HASH } from "../../../routes/http/page/style_hash.ts";

Deno.test("the digest that is written down is the style sheet's", () => {
  assertEquals(STYLE_HASH, `sha256-${createHash("sha256").update(STYLE).digest("base64")}`);
});
