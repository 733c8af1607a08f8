import { assert, assertEquals } from "@std/assert";
import { keptAccount, MAX_ACCOUNT_ID } from "../../../broker/connect/account.ts";
import { LONGEST_NAME, shownName } from "../../../broker/core/shown_name.ts";

const NOTHING_MORE = { extra: undefined, tenants: undefined, untold: undefined };

Deno.test("keptAccount() leaves what people and providers really have as it is", () => {
  const account = { id: "583231", label: "octocat", verifiedEmail: "octo@example.com" };
  assertEquals(keptAccount(account), { ...account, ...NOTHING_MORE });
  const longest = { id: "i".repeat(MAX_ACCOUNT_ID), label: "é".repeat(LONGEST_NAME) };
  assertEquals(keptAccount(longest), { ...longest, verifiedEmail: undefined, ...NOTHING_MORE });
});

Deno.test("keptAccount() refuses an id that is no account's, or would be another one's", () => {
  for (const id of ["", "i".repeat(MAX_ACCOUNT_ID + 1), "\ud800", "a\udc00", "\ud800\ud800"]) {
    assertEquals(keptAccount({ id, label: "x" }), null, JSON.stringify(id.slice(0, 9)));
  }
  assert(keptAccount({ id: "😀", label: "x" }) !== null);
});

Deno.test("keptAccount() shows a label as every name, and vouches for no address that is none", () => {
  const label = `${"me".repeat(40_000)}@example.com`;
  const kept = keptAccount({ id: "1", label, verifiedEmail: label });
  assertEquals(kept, {
    id: "1",
    label: shownName(label, "1"),
    verifiedEmail: undefined,
    ...NOTHING_MORE,
  });
  assert([...kept!.label].length <= LONGEST_NAME);
  assertEquals(keptAccount({ id: "1", label: " " })?.label, "1");
});
