/** What a mixed soak decides: how fast people go, and what may be left when they have gone. */

import { assertEquals, assertThrows } from "@std/assert";
import { leftOver, mixedOptions, paceFor } from "./mixed.ts";

const MB = 1024 * 1024;

Deno.test("people pause so long that all together do what was asked for", () => {
  // 100 people, 50 deeds a second: each does one in two seconds, a tenth of which it waits.
  assertEquals(paceFor(100, 50, 200), 1_800);
  // More than the machine can do: nobody pauses.
  assertEquals(paceFor(10, 1_000, 50), 0);
});

Deno.test("what is still held when everybody has gone is told, file by file and byte by byte", () => {
  const before = [{ name: "gateway 1", files: 40, alive: 50 * MB }];
  const now = (files: number, alive: number) =>
    leftOver(before, [{ name: "gateway 1", files, alive: alive * MB }]);
  assertEquals(now(40, 50), []);
  assertEquals(now(32, 54), []);
  assertEquals(now(90, 50), ["gateway 1 holds 90 files and sockets, where it held 40"]);
  assertEquals(now(40, 60), ["of gateway 1 60.0 MB are alive, where 50.0 were"]);
  assertEquals(now(90, 60).length, 2);
});

Deno.test("what is asked for wrongly is said before anything is started", () => {
  assertEquals(mixedOptions(["--mixed"]).minutes, 30);
  assertEquals(mixedOptions(["--mixed", "--share", "0.5"]).share, 0.5);
  assertThrows(() => mixedOptions(["--mixed", "--minutes", "none"]), TypeError, "--minutes must");
  assertThrows(() => mixedOptions(["--mixed", "--hours", "1"]), TypeError);
});
