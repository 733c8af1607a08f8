import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { SCRIPT } from "../../../routes/http/page/script.ts";
import { SCRIPT_HASH } from "../../../routes/http/page/script_hash.ts";

Deno.test("the digest that is written down is the script's", () => {
  assertEquals(SCRIPT_HASH, `sha256-${createHash("sha256").update(SCRIPT).digest("base64")}`);
});
