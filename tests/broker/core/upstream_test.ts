import { assertEquals } from "@std/assert";
import { ownsTool, tokenService, type UpstreamSpec } from "../../../broker/core/upstream.ts";

Deno.test("a person's token goes to upstreams that are a person's own, and to no other", () => {
  const spec = (more: object) => ({ name: "notes", provider: "acme", ...more }) as UpstreamSpec;
  assertEquals(tokenService(spec({ kind: "http" })), "acme");
  assertEquals(tokenService(spec({ kind: "stdio", per: "person" })), "acme");
  assertEquals(tokenService(spec({ kind: "stdio" })), undefined);
});

Deno.test("an upstream owns the tools whose names begin as it does", () => {
  const owns = (prefix: string | undefined, tool: string) =>
    ownsTool({ name: "notes", ...(prefix !== undefined && { prefix }) }, tool);
  assertEquals([owns(undefined, "notes_x"), owns(undefined, "other_x")], [true, false]);
  assertEquals([owns("n_", "n_x"), owns("n_", "notes_x"), owns("", "x")], [true, true, false]);
});
