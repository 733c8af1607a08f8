import { assertEquals } from "@std/assert";
import {
  isLoopback,
  isSecure,
  isSecureAddress,
  withoutTrailingSlashes,
} from "../../../broker/core/addresses.ts";

Deno.test("withoutTrailingSlashes() takes off what is at the end, and nothing else", () => {
  const cases = [["", ""], ["/", ""], ["a", "a"], ["/a//b///", "/a//b"], [
    "https://x/",
    "https://x",
  ]];
  for (const [text = "", expected] of cases) assertEquals(withoutTrailingSlashes(text), expected);
});

/** A pattern that began again at every slash would take days for the first of these. */
Deno.test("withoutTrailingSlashes() comes to an end with what is made to be slow", () => {
  const slashes = "/".repeat(5_000_000);
  assertEquals(withoutTrailingSlashes(`${slashes}x`).length, slashes.length + 1);
  assertEquals(withoutTrailingSlashes(`x${slashes}`), "x");
});

Deno.test("isLoopback() knows this machine, and no name that looks like it", () => {
  for (const name of ["localhost", "127.0.0.1", "127.8.9.10", "[::1]"]) {
    assertEquals(isLoopback(name), true, name);
  }
  for (const name of ["localhost.evil.example", "127.0.0.1.evil.example", "128.0.0.1", "[::2]"]) {
    assertEquals(isLoopback(name), false, name);
  }
});

Deno.test("isSecureAddress() takes no address that holds a name or a password", () => {
  for (const good of ["https://kv.example", "https://kv.example/db?x=1", "http://127.0.0.1:4512"]) {
    assertEquals(isSecureAddress(good), true, good);
  }
  for (
    const bad of [
      "",
      "kv.example",
      "http://kv.example",
      "https://me@kv.example",
      "https://:secret@kv.example",
      "https://me:secret@kv.example",
      "http://:secret@127.0.0.1:4512",
    ]
  ) assertEquals(isSecureAddress(bad), false, bad);
});

Deno.test("isSecure() takes http to this machine alone", () => {
  assertEquals(isSecure(new URL("https://sb.example")), true);
  assertEquals(isSecure(new URL("http://localhost:8000")), true);
  assertEquals(isSecure(new URL("http://sb.example")), false);
  assertEquals(isSecure(new URL("ftp://localhost")), false);
});
