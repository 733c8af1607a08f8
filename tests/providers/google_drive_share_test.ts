import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { driveTools } from "../../providers/google/drive/tools.ts";
import { callTool, faultOf, type Json } from "../support/api.ts";
import { DriveDouble } from "../support/drive_double.ts";

function start(permissions: Json[] = [], file: Json = {}) {
  const drive = new DriveDouble();
  const owner = { id: "p_me", type: "user", role: "owner", emailAddress: "ana@example.com" };
  drive.add({ id: "f1", name: "Budget", permissions: [owner, ...permissions], ...file });
  const share = (args: Json) =>
    callTool(driveTools, "drive_share_file", { file_id: "f1", ...args }, drive.api);
  const kept = () =>
    drive.files.get("f1").permissions.slice(1).map((one: Json) => [
      one.emailAddress ?? one.domain ?? one.type,
      one.role,
    ]);
  return { drive, share, kept };
}

const bo = (role: string) => ({ id: "p_bo", type: "user", role, emailAddress: "Bo@example.com" });

Deno.test("drive_share_file() gives access, and it is there", async () => {
  const { share, kept } = start();
  const { text, data } = await share({ email: "bo@example.com", role: "writer" });
  assertEquals(
    text,
    'Shared "Budget" with bo@example.com, who may now edit it. Google tells them by e-mail.',
  );
  assertEquals([data.change, data.role, data.notified], ["given", "writer", true]);
  const domain = await share({ domain: "example.com" });
  assertEquals(domain.text, 'Shared "Budget" with everybody at example.com, who may now read it.');
  const anyone = await share({ anyone: true, role: "commenter" });
  assertEquals(
    anyone.text,
    'Shared "Budget" with anyone with the link, who may now comment on it.',
  );
  assertEquals([domain.data.notified, anyone.data.notified], [false, false]);
  assertEquals(kept(), [
    ["bo@example.com", "writer"],
    ["example.com", "reader"],
    ["anyone", "commenter"],
  ]);
});

Deno.test("who has access already is told nothing, and loses nothing that nobody spoke of", async () => {
  const { drive, share, kept } = start([bo("writer")]);
  const same = await share({ email: "bo@example.com" });
  assertEquals(same.text, '"Budget": Bo@example.com may edit it already; nothing was changed.');
  assertEquals([same.data.change, same.data.notified], ["unchanged", false]);
  assert(!drive.asked.some((line) => !line.startsWith("GET")));
  const less = await share({ email: "bo@example.com", role: "reader" });
  assertEquals(less.text, 'bo@example.com may now read it: "Budget".');
  assertEquals([less.data.change, less.data.former_role], ["changed", "writer"]);
  assertEquals(kept(), [["Bo@example.com", "reader"]]);
});

Deno.test("drive_share_file() takes access away, and says by what it is still open", async () => {
  const link = { id: "p_any", type: "anyone", role: "reader" };
  const { share, kept } = start([bo("writer"), link]);
  const { text, data } = await share({ email: "bo@example.com", role: "none" });
  assertEquals(
    text,
    'Bo@example.com no longer has access to "Budget" by name. But anyone with the link may read it.',
  );
  assertEquals([data.change, data.former_role, data.role], ["removed", "writer", "none"]);
  const again = await share({ email: "bo@example.com", role: "none" });
  assertStringIncludes(again.text, "is not shared with bo@example.com: nothing was changed.");
  const closed = await share({ anyone: true, role: "none" });
  assertEquals([closed.data.change, kept()], ["removed", []]);
});

Deno.test("an owner, and what comes from a folder, cannot be changed by sharing", async () => {
  const inherited = { ...bo("writer"), permissionDetails: [{ inherited: true, role: "writer" }] };
  const { drive, share } = start([inherited]);
  const owner = await faultOf(share({ email: "ana@example.com", role: "none" }));
  assertStringIncludes(owner.message, 'owner of "Budget" is ana@example.com');
  const above = await faultOf(share({ email: "bo@example.com", role: "none" }));
  assertStringIncludes(above.message, "must be changed there");
  assert(!drive.asked.some((line) => !line.startsWith("GET")));
});

Deno.test("access that Google did not take away is not said to be gone", async () => {
  const { drive, share } = start([bo("writer")]);
  drive.lasting.add("p_bo");
  const { text, data } = await share({ email: "bo@example.com", role: "none" });
  assertStringIncludes(text, "still may edit it");
  assertEquals([data.change, data.role], ["unchanged", "writer"]);
});

Deno.test("drive_share_file() says who may not share, and why Google refused", async () => {
  const closed = start([], { capabilities: { canShare: false } });
  const fault = await faultOf(closed.share({ email: "bo@example.com" }));
  assertEquals(fault.kind, "forbidden");
  assertStringIncludes(fault.message, "may not share");
  const { share } = start();
  const refused = await faultOf(share({ email: "bo@outside.example" }));
  assertEquals(refused.kind, "forbidden");
  assertStringIncludes(refused.message, "The administrator of example.com does not allow this");
  for (const args of [{}, { email: "bo@example.com", anyone: true }]) {
    assertEquals((await faultOf(share(args))).kind, "invalid");
  }
});

Deno.test("drive_read_file() tells who has access", async () => {
  const { drive } = start([
    { ...bo("commenter"), displayName: "Bo Li" },
    { id: "p_any", type: "anyone", role: "reader", allowFileDiscovery: false },
    { id: "p_x", type: "user", role: "futureRole", deleted: true },
    { id: "p_v", type: "anyone", role: "reader", view: "published" },
  ], { content: "Hi" });
  const args = { file_id: "f1", include: ["permissions"] };
  const { text, data } = await callTool(driveTools, "drive_read_file", args, drive.api);
  assertStringIncludes(
    text,
    "Access: ana@example.com owns it; Bo Li (Bo@example.com) may comment on it; " +
      "anyone with the link may read it; an account that was deleted has access to it.",
  );
  assertEquals(data.access.length, 4);
  assertEquals([data.text, data.access_complete], [undefined, true]);
  const both = { file_id: "f1", include: ["text", "permissions"] };
  assertEquals((await callTool(driveTools, "drive_read_file", both, drive.api)).data.text, "Hi");
});
