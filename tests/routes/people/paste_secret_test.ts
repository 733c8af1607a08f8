import { assertEquals } from "@std/assert";
import { secretIn } from "../../../routes/people/paste_secret.ts";

Deno.test("secretIn() takes a key, or a whole client, and nothing by half", () => {
  assertEquals(secretIn({ key: " k\n" }), { kind: "api_key", key: "k" });
  const client = { id: "i", secret: "s" };
  assertEquals(secretIn({ client_id: " i", client_secret: "s " }), {
    kind: "client_credentials",
    client,
  });
  for (const form of [{}, { client_id: "i" }, { client_secret: "s" }]) {
    assertEquals(secretIn(form as Record<string, string>), undefined);
  }
});
