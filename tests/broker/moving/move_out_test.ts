import { assertEquals } from "@std/assert";
import { moveOf } from "../../../broker/moving/move_out.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { storedOf } from "../fixtures.ts";

const NOW = 1_000_000;
const { value } = storedOf("1", [], {});
const tokens = { ...value.tokens, refreshToken: undefined, expiresAt: NOW - 1 };

Deno.test("moveOf() moves what lives, and once more only to the key that it went to", () => {
  const away: Partial<Connection> = { status: "moved", moved: { to: "key", at: NOW } };
  const cases: [Partial<Connection>, again: boolean, to: string, kind: string][] = [
    [{}, false, "key", "moved"],
    [away, false, "key", "moved_before"],
    [away, true, "key", "moved"],
    [away, true, "other", "moved_before"],
    [{ status: "reauthorization_required" }, true, "key", "over"],
    [{ tokens }, false, "key", "over"],
    [{ tokens: { ...value.tokens, tokenType: "ApiKey" } }, false, "key", "key"],
  ];
  for (const [more, again, to, kind] of cases) {
    const connection = { ...value, tokens: { ...value.tokens, refreshToken: "r" }, ...more };
    assertEquals(moveOf(connection, { to, again }, NOW).kind, kind, JSON.stringify([more, again]));
  }
});
