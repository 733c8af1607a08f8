import { assertEquals } from "@std/assert";
import { listConnections } from "../../../broker/connect/list.ts";
import type { Connection, ConnectionStatus, TokenSet } from "../../../broker/core/connection.ts";
import type { ConnectionDeps } from "../../../broker/tokens/provider_token.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

Deno.test("listConnections() leaves out what is of no provider that is set up", async () => {
  const ours = storedOf("1", ["mail"]);
  const gone = storedOf("2", ["mail"], { provider: "gone" });
  const lost = (provider: string) => {
    const { value: { subject }, version } = ours;
    return { ref: { subject, provider, account: "3" }, version, updatedAt: 0 };
  };
  const survey = () =>
    Promise.resolve({ opened: [ours, gone], unopened: [lost("acme"), lost("gone")] });
  const deps = { servers: serversOf(serverOf()), connections: { survey }, world: testWorld() };
  const listed = await listConnections(deps as unknown as ConnectionDeps, "voice:u");
  assertEquals(listed.map(({ provider, account }) => [provider, account]), [
    ["acme", "1"],
    ["acme", "3"],
  ]);
});

Deno.test("a connection is listed as one to connect again where nothing can come of it", async () => {
  const world = testWorld();
  const { tokens } = storedOf("1", ["mail"]).value;
  const over = { ...tokens, expiresAt: 1 };
  const renewable = { ...over, refreshToken: "r" };
  const via = { url: "https://another.example/mcp" } as unknown as TokenSet["via"];
  const givenUpUntil = world.now() + 60_000;
  const rows: [Partial<Connection>, ConnectionStatus][] = [
    [{ tokens }, "active"],
    [{ tokens: over }, "reauthorization_required"],
    [{ tokens: renewable }, "active"],
    [{ tokens: renewable, givenUpUntil }, "reauthorization_required"],
    [{ tokens: { ...renewable, expiresAt: world.now() + 60_000 }, givenUpUntil }, "active"],
    // Of another address than today's.
    [{ tokens: { ...tokens, via } }, "reauthorization_required"],
    [{ tokens: over, status: "moved" }, "moved"],
  ];
  for (const [more, status] of rows) {
    const one = storedOf("1", ["mail"], more);
    const survey = () => Promise.resolve({ opened: [one], unopened: [] });
    const deps = { servers: serversOf(serverOf()), connections: { survey }, world };
    const [view] = await listConnections(deps as unknown as ConnectionDeps, "voice:u");
    assertEquals(view?.status, status, JSON.stringify(more));
  }
});

Deno.test("one of another address than today's is no default, though it was chosen last", async () => {
  const via = { url: "https://another.example/mcp" } as unknown as TokenSet["via"];
  const { tokens } = storedOf("2", ["mail"]).value;
  const opened = [
    storedOf("1", ["mail"]),
    storedOf("2", ["mail"], { preferredAt: 1, tokens: { ...tokens, via } }),
    storedOf("3", ["mail"], { provider: "other", preferredAt: 2 }),
  ];
  const survey = () => Promise.resolve({ opened, unopened: [] });
  const servers = serversOf(serverOf(), serverOf({ name: "other" }));
  const deps = { servers, connections: { survey }, world: testWorld() };
  const listed = await listConnections(deps as unknown as ConnectionDeps, "voice:u");
  assertEquals(listed.map(({ isDefault }) => isDefault), [true, false, true]);
});
