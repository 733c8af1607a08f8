import { assertEquals } from "@std/assert";
import { createSignInRule } from "../../gateway/sign_in_rule.ts";

function maySignIn(allow: string[], email: string | undefined): boolean {
  return createSignInRule(allow, []).admits(email);
}

Deno.test("admits() lets nobody in where nothing is said", () => {
  assertEquals(maySignIn([], "me@example.com"), false);
});

Deno.test("admits() compares whole addresses and whole domains, without case", () => {
  const allow = ["Kate@Gmail.com", "*@Example.com"];
  for (const email of ["kate@gmail.com", "KATE@GMAIL.COM", "me@example.com", "a+b@EXAMPLE.com"]) {
    assertEquals(maySignIn(allow, email), true, email);
  }
  for (
    const email of [
      "other@gmail.com",
      "xkate@gmail.com",
      "kate@gmail.com.evil.example",
      "me@sub.example.com",
      "me@badexample.com",
      "me@example.com.evil.example",
      "me@example.co",
      "me@exampleXcom",
      "*@example.org",
    ]
  ) assertEquals(maySignIn(allow, email), false, email);
});

Deno.test("admits() takes nothing for an address that is none, not even for everybody", () => {
  for (const allow of [["*"], ["*@example.com"]]) {
    assertEquals(maySignIn(allow, "me@example.com"), true);
    for (
      const email of [
        undefined,
        "",
        "me",
        "@example.com",
        "me@",
        "me@example.com@evil.example",
        "me@evil.example@example.com",
        "me @example.com",
        "me@example.com ",
        "me@example.com\n",
        "me@evil.example\n@example.com",
      ]
    ) assertEquals(maySignIn(allow, email), false, String(email));
  }
});

Deno.test("admits() does not take a letter for another that lower case makes of it", () => {
  // The Kelvin sign becomes a k: another mailbox with another owner.
  assertEquals("\u212Aate@gmail.com".toLowerCase(), "kate@gmail.com");
  assertEquals(maySignIn(["kate@gmail.com"], "\u212Aate@gmail.com"), false);
  assertEquals(maySignIn(["*@kiwi.example"], "me@\u212Aiwi.example"), false);
  assertEquals(maySignIn(["zoë@example.com"], "zoë@example.com"), true);
});

Deno.test("admits() reads no pattern into an entry but the two that there are", () => {
  for (
    const pattern of [
      "*@*",
      "m*@example.com",
      "*example.com",
      "me@*",
      "@example.com",
      "xxexample.com",
    ]
  ) {
    assertEquals(maySignIn([pattern], "me@example.com"), false, pattern);
  }
});

Deno.test("stillAdmits() asks for the address and the provider of every sign-in, today", () => {
  const rule = createSignInRule(["me@example.com"], ["google"]);
  assertEquals(rule.stillAdmits({ subject: "google:1", email: "me@example.com" }), true);
  assertEquals(rule.stillAdmits({ subject: "google:1", email: "you@example.com" }), false);
  assertEquals(rule.stillAdmits({ subject: "github:1", email: "me@example.com" }), false);
  assertEquals(rule.stillAdmits({ subject: "voice:google", email: "me@example.com" }), false);
});

Deno.test("stillAdmits() takes a sign-in without an address for nobody's, unless everybody may", () => {
  const old = { subject: "google:1" as const };
  for (const allow of [[], ["me@example.com"], ["*@example.com"]]) {
    assertEquals(createSignInRule(allow, ["google"]).stillAdmits(old), false, allow.join());
  }
  assertEquals(createSignInRule(["*"], ["google"]).stillAdmits(old), true);
  assertEquals(createSignInRule(["*"], ["github"]).stillAdmits(old), false);
});
