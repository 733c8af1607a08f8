/** How names are looked up where the platform does it, and what becomes of a connection. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotAllowed } from "../../broker/core/careful_fetch.ts";
import { createCarefulFetch } from "../../net/careful_fetch.ts";
import { BadAnswer } from "../../net/http_answer.ts";
import { createAuthority } from "../support/certificate.ts";
import { HOST, say, TlsServer, write } from "../support/tls_server.ts";

type Answers = Partial<Record<"A" | "AAAA", string[]>>;

/** While the platform's own resolver answers so; a kind without an answer is an error there. */
async function resolving<T>(answers: Answers, run: (asked: string[]) => Promise<T>): Promise<T> {
  const { resolveDns } = Deno;
  const asked: string[] = [];
  Deno.resolveDns = ((name: string, kind: "A" | "AAAA") => {
    asked.push(`${kind} ${name}`);
    const found = answers[kind];
    return found === undefined
      ? Promise.reject(new Deno.errors.NotFound("no such record"))
      : Promise.resolve(found);
  }) as typeof Deno.resolveDns;
  try {
    return await run(asked);
  } finally {
    Deno.resolveDns = resolveDns;
  }
}

Deno.test("a host that has addresses of one kind alone is asked there", async () => {
  const authority = await createAuthority();
  const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  await using server = await TlsServer.start({ behave: say(answer), host: HOST, authority });
  const checked: string[] = [];
  await resolving({ A: ["127.0.0.1"] }, async (asked) => {
    const careful = createCarefulFetch({
      isAllowed: (address) => checked.push(address) > 0,
      caCerts: [authority.cert],
    });
    assertEquals(await (await careful(server.url)).text(), "hi");
    assertEquals(asked, [`A ${HOST}`, `AAAA ${HOST}`]);
  });
  assertEquals(checked, ["127.0.0.1"]);
  // What has no body says nothing of its length (RFC 9110 §8.6).
  assert(!server.requests[0]!.toLowerCase().includes("content-length"), server.requests[0]);
});

Deno.test("a host of which one address is private is denied, of whichever kind it is", async () => {
  const denied: Answers[] = [
    {},
    { A: [], AAAA: [] },
    { A: ["93.184.216.34"], AAAA: ["::1"] },
    { A: ["10.0.0.1"], AAAA: ["2606:2800:220:1::1"] },
  ];
  for (const answers of denied) {
    await resolving(answers, async () => {
      await assertRejects(() => createCarefulFetch()("https://as.example/token"), NotAllowed);
    });
  }
});

Deno.test("an answer whose connection breaks is none", async () => {
  const authority = await createAuthority();
  await using server = await TlsServer.start({
    async behave(connection) {
      await write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
      connection.close();
    },
    host: HOST,
    authority,
  });
  const careful = createCarefulFetch({
    resolve: () => Promise.resolve(["127.0.0.1"]),
    isAllowed: () => true,
    caCerts: [authority.cert],
  });
  const error = await assertRejects(() => careful(server.url), BadAnswer);
  assertEquals(error.fault, "broken_off");
});

Deno.test("a connection that is reset brings no answer, and nothing twice", async () => {
  // As long as if what was read last were there once more, with all of the buffer.
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${4 + 16 * 1024}\r\n\r\n`;
  const pieces = [new TextEncoder().encode(`${head}half`)];
  let closed = 0;
  const connection = {
    write: (bytes: Uint8Array) => Promise.resolve(bytes.length),
    read(buffer: Uint8Array) {
      const piece = pieces.shift();
      if (piece === undefined) return Promise.reject(new Deno.errors.ConnectionReset("reset"));
      buffer.set(piece);
      return Promise.resolve(piece.length);
    },
    close: () => void closed++,
  };
  const { connect, startTls } = Deno;
  Deno.connect = (() => Promise.resolve(connection)) as unknown as typeof Deno.connect;
  Deno.startTls = (() => Promise.resolve(connection)) as unknown as typeof Deno.startTls;
  try {
    const careful = createCarefulFetch({
      resolve: () => Promise.resolve(["192.0.2.1"]),
      isAllowed: () => true,
    });
    await assertRejects(() => careful(`https://${HOST}/`), Deno.errors.ConnectionReset);
  } finally {
    Object.assign(Deno, { connect, startTls });
  }
  assertEquals(closed, 1);
});
