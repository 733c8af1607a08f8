import { assertEquals, assertThrows } from "@std/assert";
import { Refusal } from "../../../broker/core/refusal.ts";
import { heldOf, ImportItem } from "../../../routes/api/import_item.ts";
import { startGateway, USER } from "../../support/gateway.ts";

const held = (more: Partial<Parameters<typeof heldOf>[0]>) => heldOf({ user_id: "u", ...more });

Deno.test("heldOf() reads when a token ends as a moment, or not at all", () => {
  const at = Date.parse("2026-01-02T03:04:05Z");
  for (
    const said of [at, at / 1000, "2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00"]
  ) assertEquals(held({ expires_at: said }).expiresAt, at, String(said));
  assertEquals(held({ expires_at: null }).expiresAt, undefined);
  const wrong = [
    "2026-01-02T03:04:05",
    "2026-01-02",
    "January 2, 2026 03:04 Z",
    "soon",
    "",
    `2026-01-02T03:04:05.${"0".repeat(40)}Z`,
    "2026-13-02T03:04:05Z",
    -1,
  ];
  for (const said of wrong) {
    const { reason } = assertThrows(() => held({ expires_at: said }), Refusal);
    assertEquals(reason.code, "invalid_request", String(said));
  }
});

Deno.test("heldOf() reads scopes as a list, or as words between spaces or commas", () => {
  for (const scopes of [["a", "b"], "a b", " a,b ", "a, b"]) {
    assertEquals(held({ scopes }).scopes, ["a", "b"]);
  }
  assertEquals(held({ scope: "" }).scopes, []);
  assertEquals(held({}).scopes, undefined);
});

Deno.test("heldOf() has where at the provider, as it was held", () => {
  assertEquals(held({ extra: { shop: "one" } }).extra, { shop: "one" });
  assertEquals(held({ extra: null }).extra, undefined);
});

Deno.test("an item has the members that are known, and numbers that are some", () => {
  const item = { user_id: "u", expires_in: 60 };
  assertEquals(ImportItem.safeParse({ ...item, expires_in: "-60" }).data?.expires_in, -60);
  for (const said of ["", "6e1", "12abc", "0x10", "1.5", "1".repeat(21), true]) {
    const { error } = ImportItem.safeParse({ ...item, expires_in: said });
    assertEquals(error?.issues.map(({ message }) => message), ["must be a number"], String(said));
  }
  const unknown = ImportItem.safeParse({ ...item, [`refreshToken"${"x".repeat(100)}`]: "r" });
  const [message = ""] = unknown.error?.issues.map(({ message }) => message) ?? [];
  assertEquals(message, `the member refreshToken?${"x".repeat(47)} is not known`);
  const wrong = ImportItem.safeParse({ ...item, access_token: 7 }).error?.issues[0]?.message;
  assertEquals(wrong?.includes("is not known"), false);
  const none = ImportItem.safeParse("x").error?.issues[0]?.message;
  assertEquals(none?.includes("is not known"), false);
});

Deno.test("an import says of which service it is", async () => {
  await using gateway = await startGateway();
  const body = JSON.stringify({ user_id: USER, access_token: "t" });
  const { text } = await gateway.api("/connections/import", {
    body,
    headers: { "Content-Type": "application/x-ndjson" },
  });
  assertEquals(JSON.parse(text.split("\n")[0]!).error_description, "service is missing");
});
