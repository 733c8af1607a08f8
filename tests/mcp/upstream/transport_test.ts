import { assertEquals, assertRejects } from "@std/assert";
import type { ProcessSpec, StartAs } from "../../../broker/core/system_user.ts";
import type { UpstreamSpec } from "../../../broker/core/upstream.ts";
import { connectTransport } from "../../../mcp/upstream/transport.ts";
import { testWorld } from "../../support/world.ts";

const USER = { name: "tools", uid: 1001, gid: 1002, home: "/home/tools" };
const common = { name: "notes", title: "Notes", timeoutMs: 1000, args: ["a"], env: { OWN: "its" } };

/** What would be started by the program itself, as the user whose process this is. */
const NOBODYS_COMMAND = `/no/such/command/${crypto.randomUUID()}`;

Deno.test("a local upstream with a user is started as that user, or not at all", async () => {
  const spec: UpstreamSpec = { kind: "stdio", ...common, command: NOBODYS_COMMAND, runAs: USER };
  const world = testWorld();
  await assertRejects(
    () => connectTransport(spec, undefined, { world, fetch }),
    Error,
    "no process starts as another user here",
  );
  const asked: ProcessSpec[] = [];
  const startAs: StartAs = (process) => {
    asked.push(process);
    throw new Error("not here");
  };
  const transport = await connectTransport(spec, undefined, { world, fetch, startAs });
  await assertRejects(() => transport.start(), Error, "not here");
  const { command, args, env } = { ...common, command: NOBODYS_COMMAND };
  assertEquals(asked, [{ command, args, env, user: USER }]);
});
