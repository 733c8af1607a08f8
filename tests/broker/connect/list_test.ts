import { assertEquals } from "@std/assert";
import { listConnections } from "../../../broker/connect/list.ts";
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
