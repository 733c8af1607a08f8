import { assertEquals } from "@std/assert";
import { permits, permitsName, permitsPrefix } from "../../../broker/core/tool_policy.ts";

Deno.test("a pattern stands for names, and what is denied is, whatever is allowed", () => {
  const policy = { allow: ["gmail_*", "*_list_*s", "github_create_issue"], deny: ["*_delete_*"] };
  const may = (name: string) => permitsName(policy, name);
  assertEquals(["gmail_send_message", "calendar_list_events", "github_create_issue"].map(may), [
    true,
    true,
    true,
  ]);
  assertEquals(
    ["gmail_delete_draft", "github_create_issues", "Xgmail_x", "calendar_list_event", "gmail"].map(
      may,
    ),
    [false, false, false, false, false],
  );
  // Ends that would overlap are no match; and no pattern takes long.
  assertEquals(permitsName({ allow: ["ab*ba"] }, "aba"), false);
  const long = "a".repeat(100_000);
  assertEquals(permitsName({ allow: ["*a*a*a*a*a*a*a*a*b"] }, long), false);
});

Deno.test("what only reads is all that an app may which may only read, by any of its names", () => {
  const reads = { names: ["x_get"], readOnly: true };
  const writes = { names: ["x_set", "set"], readOnly: false };
  assertEquals([permits({ readOnly: true }, reads), permits({ readOnly: true }, writes)], [
    true,
    false,
  ]);
  assertEquals([permits({ deny: ["set"] }, writes), permits({ allow: ["set"] }, writes)], [
    false,
    true,
  ]);
});

Deno.test("a server whose tools no pattern means need not be asked", () => {
  const policy = { allow: ["gmail_*", "notes_read"] };
  assertEquals(["notes_", "gmail_", "g", "crm_"].map((prefix) => permitsPrefix(policy, prefix)), [
    true,
    true,
    true,
    false,
  ]);
  assertEquals(permitsPrefix({ deny: ["*"] }, "notes_"), true);
});
