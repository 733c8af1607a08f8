import { assertEquals } from "@std/assert";
import type { Acting } from "../../../broker/core/actor.ts";
import { LOG_LEVEL_MS, LogLevels, MAX_LOG_LEVELS } from "../../../mcp/eras/log_levels.ts";
import { testWorld } from "../../support/world.ts";

const caller = (id: string): Acting => ({
  subject: `voice:${id}`,
  actor: { kind: "app", id: "v" },
});

Deno.test("what a caller wants to hear of logs is that caller's, for a while", () => {
  const world = testWorld();
  const levels = new LogLevels(world);
  levels.set(caller("ana"), "debug");
  assertEquals([levels.of(caller("ana")), levels.of(caller("bo"))], ["debug", undefined]);
  world.skew += LOG_LEVEL_MS;
  assertEquals(levels.of(caller("ana")), undefined);
  // Nor for ever where a clock ran ahead.
  levels.set(caller("ana"), "error");
  world.skew -= 2 * LOG_LEVEL_MS;
  assertEquals(levels.of(caller("ana")), undefined);
});

Deno.test("of too many callers the one that said it first makes way", () => {
  const levels = new LogLevels(testWorld());
  for (const id of ["first", "second"]) levels.set(caller(id), "debug");
  // Said again it is the newest.
  levels.set(caller("first"), "error");
  for (let n = 2; n <= MAX_LOG_LEVELS; n++) levels.set(caller(String(n)), "info");
  assertEquals([levels.of(caller("first")), levels.of(caller("second"))], ["error", undefined]);
});
