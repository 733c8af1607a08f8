import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { parseUpstreams } from "../../../broker/config/upstreams.ts";
import { usersOf } from "../../../broker/core/system_user.ts";

const PASSWD = [
  "root:x:0:0:root:/root:/bin/bash",
  "toor:x:0:0:root by another name:/root:/bin/sh",
  "gateway:x:1000:1000::/home/gateway:/bin/sh",
  "tools:x:1001:1002::/home/tools:/bin/sh",
].join("\n");
const USERS = usersOf(PASSWD, 1000);
const NOTES = { name: "notes", command: "notes-server" };

function faultOf(entries: unknown, users: typeof USERS | undefined = USERS): string {
  return assertThrows(() => parseUpstreams(JSON.stringify(entries), users), TypeError).message;
}

Deno.test("parseUpstreams() lets a local upstream run as a user who reads nothing of the gateway's", () => {
  for (const user of ["tools", 1001, "1001"]) {
    const specs = parseUpstreams(JSON.stringify([{ ...NOTES, user }]), USERS);
    const runAs = { name: "tools", uid: 1001, gid: 1002, home: "/home/tools" };
    assertEquals(specs.map((spec) => spec.kind === "stdio" && spec.runAs), [runAs]);
  }
});

Deno.test("parseUpstreams() takes a local one that is trusted, and one elsewhere, as they are", () => {
  const remote = { name: "wiki", url: "https://wiki.example.com/mcp" };
  const text = JSON.stringify([{ ...NOTES, trust: "same_user" }, remote]);
  assertEquals(parseUpstreams(text).map(({ kind, name }) => [kind, name]), [
    ["stdio", "notes"],
    ["http", "wiki"],
  ]);
});

Deno.test("parseUpstreams() lets none run as root or as the gateway's own user, by any name", () => {
  for (const user of ["root", "toor", 0, "0", "00"]) {
    assertStringIncludes(faultOf([{ ...NOTES, user }]), "0.user: is root", String(user));
  }
  for (const user of ["gateway", 1000, "1000", "01000"]) {
    assertStringIncludes(faultOf([{ ...NOTES, user }]), "0.user: is the gateway's own user");
  }
});

Deno.test("parseUpstreams() never falls back to the gateway's own user", () => {
  for (const user of ["eve", "-1", "4294967295", "tools "]) {
    assertStringIncludes(faultOf([{ ...NOTES, user }]), "0.user: is no user of this machine", user);
  }
  const elsewhere = () => parseUpstreams(JSON.stringify([{ ...NOTES, user: "tools" }]), undefined);
  assertStringIncludes(assertThrows(elsewhere, TypeError).message, "only root on Linux");
  assertStringIncludes(faultOf([NOTES]), "would run as the gateway's own user");
  assertStringIncludes(faultOf([{ ...NOTES, user: "tools", trust: "same_user" }]), "one is enough");
  for (const trust of ["", "root", true]) {
    assertStringIncludes(faultOf([{ ...NOTES, trust }]), "trust", String(trust));
  }
});

Deno.test("parseUpstreams() says what is no list of upstreams, and repeats nothing of it", () => {
  for (const text of ["hunter2", '"hunter2"', '{"name":"hunter2"}', "7", "null"]) {
    const { message } = assertThrows(() => parseUpstreams(text, USERS), TypeError);
    assertEquals(["is not JSON", "is not a list"].includes(message), true, message);
  }
  for (const entry of [null, "hunter2", 7, ["hunter2"], { hunter2: 1 }, { command: 7 }]) {
    const message = faultOf([entry]);
    assertStringIncludes(message, "entry 0");
    assertEquals(message.includes("hunter2"), false, message);
  }
});
