/** Which tool a name means to whom, and whose list it stands on. */

import { assertEquals } from "@std/assert";
import { notDone } from "../../../mcp/upstream/fault.ts";
import { LIST_TTL_MS } from "../../../mcp/upstream/lists.ts";
import { suffixedName } from "../../../mcp/upstream/tool_name.ts";
import { remoteTool } from "../../support/upstream_double.ts";
import { newStore, SPEC, startLists } from "../../support/upstream_lists.ts";
import { testWorld } from "../../support/world.ts";

const SHARED = { ...SPEC, provider: undefined };
const CONNECT = "notes_connect";
const REMOTE = "read";

async function start(...[spec, secrets]: [typeof SPEC?, string[]?]) {
  const world = testWorld();
  const store = await newStore(world);
  const lists = startLists(store, world, spec, secrets);
  /** By its own name, `""` where an answer of ours stands for it. */
  const meant = async (name: string) => {
    const tool = await lists.all.find(name, lists.visit("a:ana"));
    return tool && (tool.answer === undefined ? tool.remoteName : "");
  };
  return { ...lists, world, store, meant };
}

Deno.test("a name means the tool that is listed by it, or by its longer form, and to nobody one that is not", async () => {
  for (const spec of [SPEC, SHARED]) {
    const { meant } = await start(spec);
    assertEquals(await meant("notes_read"), REMOTE);
    assertEquals(await meant(suffixedName("notes", REMOTE)), REMOTE);
    assertEquals(await meant("notes_write"), undefined);
    // Who is connected may ask for it, from a list of before.
    assertEquals(await meant(CONNECT), spec === SPEC ? "" : undefined);
  }
});

Deno.test("to who is not connected every name that could be one of its tools means to connect", async () => {
  const { meant, state, all, visit } = await start();
  state.standing = () => ({ kind: "not_connected" });
  assertEquals(await meant("notes_read"), "");
  assertEquals(await meant(CONNECT), "");
  assertEquals(await meant("notes read"), undefined);
  assertEquals((await all.tools(visit("a:ana"))).map(({ listed }) => listed.name), [CONNECT]);
  assertEquals(state.asked, []);
});

Deno.test("where a server does not answer, a name that could be one of its tools is answered for it", async () => {
  for (const spec of [SPEC, SHARED]) {
    const { meant, state, world } = await start(spec);
    state.list = () => {
      throw notDone({ kind: "unreachable" });
    };
    assertEquals(await meant("notes_read"), "");
    assertEquals(await meant("notes read"), undefined);
    state.list = () => ({ tools: [remoteTool(REMOTE)] });
    world.skew += LIST_TTL_MS;
    assertEquals(await meant("notes_read"), REMOTE);
    // It is known by now what there is.
    state.list = () => {
      throw notDone({ kind: "unreachable" });
    };
    world.skew += LIST_TTL_MS;
    assertEquals([await meant("notes_read"), await meant("notes_write")], [REMOTE, undefined]);
  }
});

Deno.test("who has disconnected leaves no list behind, and who connects again is listed anew", async () => {
  const { names, state, all, visit } = await start();
  const { standing } = state;
  assertEquals(await names("a:ana"), ["notes_read"]);
  state.standing = () => ({ kind: "not_connected" });
  assertEquals(await names("a:ana"), [CONNECT]);
  assertEquals(all.known(visit("a:ana")), []);
  state.standing = standing;
  state.list = () => ({ tools: [remoteTool("write")] });
  assertEquals(await names("a:ana"), ["notes_write"]);
});

Deno.test("a list is of one server's address, and of no other that has come to have its name", async () => {
  const { names, store, world } = await start();
  assertEquals(await names("a:ana"), ["notes_read"]);
  world.skew += LIST_TTL_MS / 2;
  for (const [url, expected] of [["https://other.example/mcp", 1], [SPEC.url, 0]] as const) {
    const moved = startLists(store, world, { ...SPEC, url });
    assertEquals(await moved.names("a:ana"), ["notes_read"]);
    // What another one lists is not kept beside it.
    assertEquals(moved.state.asked.length, expected, url);
    if (expected === 1) await startLists(store, world).names("a:ana");
  }
});

Deno.test("what the operator sends along does not come back in a list", async () => {
  const secret = "operators-key-0123456789";
  const { all, visit, state } = await start(SPEC, [secret]);
  state.list = () => ({ tools: [remoteTool(REMOTE, `With ${secret}.`)] });
  const [tool] = await all.tools(visit("a:ana"));
  assertEquals(tool!.listed.description, "With [removed].");
});
