/**
 * Senders that never come to an end. Deno has no time limit of its own, neither
 * for a request's head nor for its body (2.9.6, 2.5.7).
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BODY_MS, readBytes, readText } from "../../routes/http/body.ts";
import { HttpRefusal } from "../../routes/http/errors.ts";
import { API_KEY, startGateway, USER } from "../support/gateway.ts";
import { startProgram } from "../support/program.ts";
import { testWorld } from "../support/world.ts";

const encoder = new TextEncoder();

/** A request's head, and the beginning of a body that would be longer. */
function begun(path: string, type: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    `Authorization: Bearer ${API_KEY}`,
    `X-User-Id: ${USER}`,
    `Content-Type: ${type}`,
    "Content-Length: 1000",
    "",
    "x",
  ].join("\r\n");
}

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";
const ROUTES: [path: string, type: string][] = [
  ["/links", JSON_TYPE],
  ["/links/claim", JSON_TYPE],
  ["/token/github", JSON_TYPE],
  ["/mcp", JSON_TYPE],
  ["/sse", JSON_TYPE],
  ["/oauth/register", JSON_TYPE],
  ["/oauth/token", FORM_TYPE],
  ["/oauth/revoke", FORM_TYPE],
  ["/auth/github", FORM_TYPE],
  ["/sign-in/github", FORM_TYPE],
];

Deno.test("a body that does not arrive is answered with 408, wherever it is sent to", async () => {
  await using gateway = await startGateway();
  // 30 seconds are 30 ms.
  gateway.world.speed = 1000;
  const { port } = new URL(gateway.url);
  await Promise.all(ROUTES.map(async ([path, type]) => {
    using socket = await Deno.connect({ hostname: "127.0.0.1", port: Number(port) });
    await socket.write(encoder.encode(begun(path, type)));
    const buffer = new Uint8Array(4096);
    const length = await socket.read(buffer) ?? 0;
    const answer = new TextDecoder().decode(buffer.subarray(0, length));
    assertMatch(answer, /^HTTP\/1\.1 408 /, path);
    assertMatch(answer, /\r\nconnection: close\r\n/i, path);
  }));
});

Deno.test("a program that ends does not wait so long for a body", async () => {
  const world = testWorld();
  const leaving = new AbortController();
  world.sleep = () => new Promise(() => {});
  world.leaving = leaving.signal;
  const read = [readText, readBytes].map((way) =>
    way(request(each("half of "), false), 100, world)
  );
  const said = Promise.all(read.map((reading) => reading.catch((error) => error)));
  leaving.abort();
  for (const refusal of await said) {
    assert(refusal instanceof HttpRefusal);
    assertEquals(refusal.reason, { code: "request_timeout", seconds: 2 });
  }
});

/** A body of chunks that end only when the test, or the reader, says so. */
function request(chunks: Iterable<Uint8Array<ArrayBuffer>>, ends = true): Request {
  const rest = chunks[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const { value, done } = rest.next();
      if (!done) controller.enqueue(value);
      else if (ends) controller.close();
      return done && !ends ? new Promise(() => {}) : undefined;
    },
  });
  return new Request("http://localhost", { method: "POST", body });
}

function* each(text: string) {
  for (const byte of encoder.encode(text)) yield Uint8Array.of(byte);
}

async function statusOf(reading: Promise<unknown>): Promise<string> {
  try {
    await reading;
    return "read";
  } catch (error) {
    if (error instanceof HttpRefusal) return error.reason.code;
    throw error;
  }
}

Deno.test("readText() puts together what comes byte by byte", async () => {
  const world = testWorld();
  const text = "é€𝄞 ".repeat(5_000);
  const length = encoder.encode(text).length;
  assertEquals(await readText(request(each(text)), length, world), text);
  assertEquals(
    await statusOf(readText(request(each(text)), length - 1, world)),
    "payload_too_large",
  );
  assertEquals(await readText(new Request("http://localhost"), 10, world), "");
});

Deno.test("readBytes() waits as long as a body may take, however it trickles, and no longer", async () => {
  const world = testWorld();
  const slept: (() => void)[] = [];
  const asked: number[] = [];
  const clock = {
    sleep: (ms: number) => {
      asked.push(ms);
      return new Promise<void>((resolve) => slept.push(resolve));
    },
  };
  const reading = statusOf(readBytes(request(each("trickle"), false), 100, clock));
  assertEquals(asked, [BODY_MS]);
  slept.forEach((wake) => wake());
  assertEquals(await reading, "request_timeout");
  assertEquals(world.events, []);
});

Deno.test("three hundred half-open connections keep nobody waiting, and cost little", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  await using program = await startProgram();
  const { pid } = program.running.child;
  const list = { jsonrpc: "2.0", method: "tools/list", id: 1 };
  // The first request loads what all others share.
  await (await program.mcp(list)).text();
  const before = await memoryOf(pid);
  const sockets: Deno.TcpConn[] = [];
  try {
    const head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
    for (let count = 0; count < 300; count++) {
      const socket = await Deno.connect({ hostname: "127.0.0.1", port: program.port });
      sockets.push(socket);
      await socket.write(encoder.encode(count % 3 === 0 ? begun("/mcp", JSON_TYPE) : head));
    }
    for (let round = 0; round < 10; round++) {
      await Promise.all(sockets.map((socket) => socket.write(encoder.encode("x"))));
      assertEquals((await program.health()).status, "ok");
      assertStringIncludes(await (await program.mcp({ ...list, id: round })).text(), '"tools"');
    }
    const perSocket = (await memoryOf(pid) - before) / sockets.length;
    assert(perSocket < 256 * 1024, `${perSocket} bytes for each`);
  } finally {
    sockets.forEach((socket) => socket.close());
  }
});

/** Resident bytes of a process. */
async function memoryOf(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}
