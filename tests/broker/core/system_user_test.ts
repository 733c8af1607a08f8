import { assertEquals } from "@std/assert";
import { usersOf } from "../../../broker/core/system_user.ts";

const PASSWD = [
  "root:x:0:0:root:/root:/bin/bash",
  "ada:x:1001:1002:Ada:/home/ada:/bin/sh",
  "nowhere:x:1003:1003:::",
  "4000:x:1004:1004::/home/digits:",
  "broken:x:zero:0::/root:",
  "signed:x:-1:0::/root:",
  "short:x:5",
  ":x:0:0::/root:",
  "",
].join("\n");

const { own, find } = usersOf(PASSWD, 7);

Deno.test("usersOf() finds a user by name and by number, with the group and home of its line", () => {
  const ada = { name: "ada", uid: 1001, gid: 1002, home: "/home/ada" };
  assertEquals([own, find("ada"), find("1001")], [7, ada, ada]);
  assertEquals(find("0")?.name, "root");
  assertEquals(find("nowhere")?.home, "/");
});

Deno.test("usersOf() takes a number that stands nowhere for a user of its own group", () => {
  assertEquals(find("5000"), { name: "5000", uid: 5000, gid: 5000, home: "/" });
});

Deno.test("usersOf() knows nobody of a line that is not whole, and of no number that means another", () => {
  for (
    const name of [
      "",
      "eve",
      "broken",
      "signed",
      "short",
      "-1",
      "+1",
      "1e3",
      "0x0",
      " 0",
      "0\n",
      "1001.5",
      // To the system: nobody in particular, so the process would stay root.
      "4294967295",
      "4294967296",
      "99999999999",
    ]
  ) assertEquals(find(name), undefined, JSON.stringify(name));
});
