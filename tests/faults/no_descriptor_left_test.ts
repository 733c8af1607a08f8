/** Callers that hold every socket the program can have. */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { startProgram } from "../support/program.ts";

const DESCRIPTORS = 200;
const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const encoder = new TextEncoder();

/** Opens connections that never send a whole request, until no more are taken. */
async function holdAll(port: number): Promise<Deno.TcpConn[]> {
  const held: Deno.TcpConn[] = [];
  for (let count = 0; count < DESCRIPTORS; count++) {
    try {
      const socket = await Deno.connect({ hostname: "127.0.0.1", port });
      held.push(socket);
      await socket.write(encoder.encode("POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: "));
    } catch {
      // It takes no more, which is the point.
    }
  }
  return held;
}

Deno.test("callers that hold every socket are hung up on, and the program listens again", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using program = await startProgram({ descriptors: DESCRIPTORS });
  // What the first request loads is loaded by then.
  assertStringIncludes(await (await program.mcp(LIST)).text(), '"tools"');
  for (let round = 1; round <= 2; round++) {
    const held = await holdAll(program.port);
    try {
      await program.running.said(
        new RegExp(`(?:"event":"listening_failed"[^]*"event":"listening_again"[^]*){${round}}`),
      );
      // They are still there, and have not hung up.
      const ends = await Promise.all(
        held.map((socket) => socket.read(new Uint8Array(1)).catch(() => null)),
      );
      assert(ends.every((end) => end === null));
      assertEquals((await program.health()).status, "ok");
      assertStringIncludes(await (await program.mcp({ ...LIST, id: round })).text(), '"tools"');
    } finally {
      held.forEach((socket) => socket.close());
    }
  }
  program.running.child.kill("SIGINT");
  assertEquals((await program.running.ended).code, 0, "it still ends when it is told to");
  // Deno 2.5 tells of it when its last connection has ended: until then nobody is let in.
  assertMatch(program.running.output(), /"detail":"(Http|ConnectionRefused)"/);
});

Deno.test("a program that is told to end while it cannot take calls ends as always", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using program = await startProgram({ descriptors: DESCRIPTORS });
  assertStringIncludes(await (await program.mcp(LIST)).text(), '"tools"');
  const held = await holdAll(program.port);
  try {
    await program.running.said(/"event":"listening_failed"/);
    program.running.child.kill("SIGINT");
    assertEquals((await program.running.ended).code, 0);
    assertEquals(program.running.output().includes('"event":"listening_again"'), false);
  } finally {
    held.forEach((socket) => socket.close());
  }
});
