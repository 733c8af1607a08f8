import { assertEquals, assertThrows } from "@std/assert";
import { filled, isHostOf, isHostOpen, movedTo, placesIn } from "../../providers/placeholders.ts";

const HOSTS = ["*.acme.example", "acme.example"];

Deno.test("filled() puts what is known where it belongs, and encodes it in a path", () => {
  const extra = { shop: "ada", url: "https://eu.acme.example/x?y#z", id: "a/b ?#" };
  assertEquals(filled("https://acme.example/a", {}, []), "https://acme.example/a");
  assertEquals(filled("https://{shop}.acme.example/a", extra, HOSTS), "https://ada.acme.example/a");
  assertEquals(filled("{url}/api/v1", extra, HOSTS), "https://eu.acme.example/api/v1");
  // Where the host is the entry's own no list of hosts is needed.
  assertEquals(
    filled("https://x.example/{id}/me", extra, []),
    "https://x.example/a%2Fb%20%3F%23/me",
  );
});

Deno.test("filled() throws for what is not known, and repeats nothing of what was said", () => {
  const fault = (template: string, extra: Record<string, string>) =>
    assertThrows(() => filled(template, extra, HOSTS)).message;
  for (const extra of [{}, { shop: "" }, { other: "x" }] as Record<string, string>[]) {
    assertEquals(fault("https://{shop}.acme.example/", extra), "nothing is known of shop");
    assertEquals(fault("https://acme.example/{shop}", extra), "nothing is known of shop");
  }
  assertEquals(fault("https://{constructor}.acme.example/", {}), "nothing is known of constructor");
  for (const shop of ["a/b", "a@b", "a:1", "a#", "a?", "a b", "a\\b", "-a", "a.", "\u212a"]) {
    const said = fault("https://{shop}.acme.example/", { shop });
    assertEquals(said, "shop is no part of a host");
  }
  for (
    const url of [
      "https://evil.example",
      "http://a.acme.example",
      "https://a.acme.example:8443",
      "https://me@a.acme.example",
      "https://:secret@a.acme.example",
      "https://a.acme.example@evil.example",
      "a.acme.example",
      "x:y",
    ]
  ) {
    assertEquals(fault("{url}/a", { url }), "it leads to a host that the entry does not name");
  }
});

Deno.test("filled() lets nothing lead out of the path that an address says", () => {
  for (
    const id of ["..", ".", "a/../b", "../b", "..\\b", "..;x", "%2e%2e", "%252e%252e%252fb", "a/."]
  ) {
    assertEquals(
      assertThrows(() => filled("https://x.example/a/{id}/b", { id })).message,
      "id is no part of a path",
      id,
    );
  }
  assertEquals(filled("https://x.example/{id}", { id: "a..b.c" }), "https://x.example/a..b.c");
});

Deno.test("isHostOf() knows whole names only", () => {
  for (const host of ["acme.example", "a.acme.example", "a.b-c.acme.example"]) {
    assertEquals(isHostOf(host, HOSTS), true, host);
  }
  for (
    const host of [
      "",
      "acme",
      "xacme.example",
      ".acme.example",
      "a..acme.example",
      "acme.example.x",
    ]
  ) assertEquals(isHostOf(host, HOSTS), false, host);
  assertEquals(isHostOf("acme.example", ["*.acme.example"]), false);
});

Deno.test("an address says where its places are, and moves with them", () => {
  assertEquals(placesIn("https://{a}.x/{b}?c={c}"), ["a", "b", "c"]);
  assertEquals(["https://{a}.x/b", "{a}/b", "https://x/{a}"].map(isHostOpen), [true, true, false]);
  for (const template of ["https://{a}.x/o/{b}", "{a}/o/{b}", "https://x.y/o/{b}"]) {
    assertEquals(movedTo("http://127.0.0.1:9/", template), "http://127.0.0.1:9/o/{b}");
  }
});
