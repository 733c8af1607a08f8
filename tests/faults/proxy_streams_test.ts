/**
 * Bodies that end too early, on either side of the proxy: the other side is told
 * by an end, the log has no error, and the program serves on.
 */

import { assertEquals } from "@std/assert";
import { SILENCE_MS } from "../../routes/api/proxy_forward.ts";
import { type Acme, startAcme } from "../support/acme.ts";
import { startAcmeGateway } from "../support/acme_gateway.ts";
import { Browser } from "../support/browser.ts";
import { USER } from "../support/gateway.ts";
import { chunkOf, headOf, type HostileAnswer, startHostile } from "../support/hostile_server.ts";
import { type Program, startProgram } from "../support/program.ts";

interface Streams extends AsyncDisposable {
  program: Program;
  acme: Acme;
  proxy(path: string, init?: RequestInit & { duplex?: "half" }): Promise<Response>;
}

/** The program with `acme` connected, whose API is at `apiUrl`. */
async function startStreams(apiUrl: string): Promise<Streams> {
  const acme = startAcme();
  const program = await startProgram({
    env: {
      PROVIDERS: JSON.stringify([{ ...acme.spec, api_url: apiUrl }]),
      ACME_CLIENT_ID: "acme-client",
      ACME_CLIENT_SECRET: "acme-secret",
    },
  });
  const { url, headers } = program;
  const body = JSON.stringify({ user_id: USER, service: "acme" });
  const link = await (await fetch(`${url}/links`, { method: "POST", headers, body })).json();
  const browser = new Browser();
  await browser.submit(await browser.open(link.url));
  return {
    program,
    acme,
    proxy: (path, init = {}) => fetch(`${url}/proxy/acme${path}`, { ...init, headers }),
    async [Symbol.asyncDispose]() {
      await program[Symbol.asyncDispose]();
      await acme[Symbol.asyncDispose]();
    },
  };
}

/** It still answers, and what it has printed are log lines, none of them an error. */
async function assertQuiet({ program }: Streams): Promise<void> {
  assertEquals((await program.health()).status, "ok");
  const lines = program.running.output().split("\n").filter((line) => line !== "");
  assertEquals(
    lines.filter((line) => !line.startsWith("{") || /"level":"error"|secret/.test(line)),
    [],
  );
}

const begun = headOf(200, ["Content-Type: application/json", "Transfer-Encoding: chunked"]);

Deno.test("a provider that breaks off its answer breaks off ours, and is no error in the log", async () => {
  const endings: Record<string, HostileAnswer> = {
    "/chunked": async (send) => void (await send(begun) && await send(chunkOf("a part"))),
    "/counted": async (send) => void await send(`${headOf(200, ["Content-Length: 100"])}a part`),
    "/nonsense": async (send) => void await send(`${begun}${chunkOf("a part")}zz\r\n`),
  };
  await using hostile = startHostile((send, request) =>
    endings[request.path.split("?")[0]!]!(send, request)
  );
  await using streams = await startStreams(hostile.url);
  for (const path of Object.keys(endings)) {
    const response = await streams.proxy(`${path}?q=secret`);
    assertEquals(response.status, 200);
    const end = await response.text().then(() => "whole", () => "broken off");
    assertEquals(end, "broken off", path);
  }
  await assertQuiet(streams);
});

Deno.test("a caller that hangs up in the middle of an answer ends the provider's side", async () => {
  await using hostile = startHostile(async (send) => {
    let open = await send(begun);
    while (open) open = await send(chunkOf("a".repeat(64 * 1024)));
  });
  await using streams = await startStreams(hostile.url);
  const hangUp = new AbortController();
  const response = await streams.proxy("/endless", { signal: hangUp.signal });
  const reader = response.body!.getReader();
  await reader.read();
  hangUp.abort();
  await reader.closed.catch(() => {});
  await hostile.hungUp;
  await assertQuiet(streams);
});

Deno.test("a caller that hangs up before the answer, or in the middle of an upload, ends the provider's side", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  await using streams = await startStreams(`http://127.0.0.1:${listener.addr.port}`);
  for (const upload of [false, true]) {
    const hangUp = new AbortController();
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(1024)),
    });
    const asked = streams.proxy("/upload", {
      signal: hangUp.signal,
      ...(upload ? { method: "POST", body, duplex: "half" } : {}),
    }).catch((error) => error.name);
    const connection = await listener.accept();
    await connection.read(new Uint8Array(1024));
    hangUp.abort();
    assertEquals(await asked, "AbortError");
    await untilClosed(connection);
  }
  listener.close();
  await assertQuiet(streams);
});

Deno.test("a provider that falls silent is not waited for: before its answer, and in the middle", async () => {
  for (const part of ["", begun + chunkOf("a part")]) {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const spec = { api_url: `http://127.0.0.1:${listener.addr.port}` };
    await using started = await startAcmeGateway({ spec });
    const { world } = started.gateway;
    const asked = started.proxy("/silent");
    const connection = await listener.accept();
    await connection.read(new Uint8Array(1024));
    await connection.write(new TextEncoder().encode(part));
    if (part !== "") await asked;
    world.speed = SILENCE_MS;
    const response = await asked;
    if (part === "") {
      assertEquals(response.status, 503);
      assertEquals((await response.json()).error, "provider_unavailable");
    } else {
      assertEquals(response.status, 200);
      assertEquals(await response.text().then(() => "whole", () => "broken off"), "broken off");
    }
    await untilClosed(connection);
    listener.close();
    assertEquals(world.events.filter(({ level }) => level === "error"), []);
  }
});

/** Reads to the other side's end, or its reset. */
async function untilClosed(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  while (await connection.read(buffer).catch(() => null) !== null);
  connection.close();
}
