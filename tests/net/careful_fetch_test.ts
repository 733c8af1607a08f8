import { assert, assertEquals, assertRejects } from "@std/assert";
import { NotAllowed } from "../../broker/core/careful_fetch.ts";
import {
  CAREFUL_MAX_BYTES,
  carefulFetchFor,
  type CarefulOptions,
  createCarefulFetch,
} from "../../net/careful_fetch.ts";
import { BadAnswer } from "../../net/http_answer.ts";
import { type Authority, createAuthority } from "../support/certificate.ts";
import { serve } from "../support/serve.ts";
import { type Behave, hang, HOST, say, TlsServer, write } from "../support/tls_server.ts";

const authority: Authority = await createAuthority();

const startServer = (behave: Behave, host = HOST) => TlsServer.start({ behave, host, authority });

/** The internet is this machine. */
const LOCAL: CarefulOptions = {
  resolve: () => Promise.resolve(["127.0.0.1"]),
  isAllowed: () => true,
  caCerts: [authority.cert],
};

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

/** Why nothing was sent there. */
async function denied(url: string, options: CarefulOptions = {}): Promise<string> {
  const error = await assertRejects(() => createCarefulFetch(options)(url), NotAllowed);
  return error.message;
}

/** What comes of an answer, byte for byte. */
async function answerOf(text: string): Promise<string> {
  await using server = await startServer(say(text));
  const response = await createCarefulFetch(LOCAL)(server.url);
  return `${response.status} ${await response.text()}`;
}

async function faultOf(text: string): Promise<string> {
  const error = await assertRejects(() => answerOf(text), BadAnswer);
  return error.fault;
}

Deno.test("a request goes out with its method, headers and body, and nothing that others say for it", async () => {
  await using server = await startServer(async (connection, head) => {
    if (!head.endsWith("a=b")) await connection.read(new Uint8Array(16));
    await write(connection, OK);
  });
  const response = await createCarefulFetch(LOCAL)(server.url, {
    method: "POST",
    headers: {
      "Authorization": "Basic x",
      "Host": "evil.example",
      "Content-Length": "99",
      "Transfer-Encoding": "chunked",
      "Connection": "keep-alive",
      "Accept-Encoding": "gzip",
    },
    body: new URLSearchParams({ a: "b" }),
  });
  assertEquals([response.status, await response.text()], [200, "hi"]);
  const [head = ""] = server.requests;
  const lines = head.split("\r\n\r\n")[0]!.split("\r\n").map((line) => line.toLowerCase());
  assertEquals(
    lines.sort(),
    [
      "accept-encoding: identity",
      "authorization: basic x",
      "connection: close",
      "content-length: 3",
      "content-type: application/x-www-form-urlencoded;charset=utf-8",
      `host: ${new URL(server.url).host}`,
      "post /client.json http/1.1",
    ].filter((line) => lines.includes("accept: */*") || line !== "accept: */*"),
  );
});

Deno.test("an answer is whole with its last byte, though the connection stays open", async () => {
  const texts = [
    OK,
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK,
  ];
  for (const text of texts) {
    await using server = await startServer(async (connection) => {
      await write(connection, text);
      await connection.read(new Uint8Array(1));
    });
    const response = await createCarefulFetch(LOCAL)(server.url);
    assertEquals([response.status, await response.text()], [200, "hi"]);
  }
});

Deno.test("answers without a body have none", async () => {
  assertEquals(await answerOf("HTTP/1.1 204 No Content\r\n\r\n"), "204 ");
  assertEquals(await answerOf("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"), "304 ");
});

Deno.test("a redirect is an answer, and nobody goes where it leads", async () => {
  await using target = await startServer(say(OK));
  for (const location of [target.url, "https://169.254.169.254/latest/meta-data/", "/other"]) {
    const text = `HTTP/1.1 302 Found\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`;
    await using server = await startServer(say(text));
    const response = await createCarefulFetch(LOCAL)(server.url, { redirect: "follow" });
    assertEquals([response.status, response.headers.get("Location")], [302, location]);
  }
  assertEquals(target.accepted, 0);
});

Deno.test("an address that is not public is denied in every spelling, before any connection", async () => {
  const hosts = [
    "127.0.0.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "0",
    "10.0.0.1",
    "169.254.169.254",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[64:ff9b::7f00:1]",
    "[fe80::1]",
    "[fd00:ec2::254]",
  ];
  for (const host of hosts) {
    assertEquals(await denied(`https://${host}/`), "its host is not on the public internet", host);
  }
});

Deno.test("a name that does not exist is told apart from a private one by nothing", async () => {
  const said = "its host is not on the public internet";
  for (const addresses of [[], ["10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["::ffff:7f00:1"]]) {
    const resolve = () => Promise.resolve(addresses);
    assertEquals(await denied("https://as.example/token", { resolve }), said);
  }
});

Deno.test("a name is resolved once, and the connection goes to what was checked", async () => {
  await using server = await startServer(say(OK));
  const asked: string[] = [];
  const checked: string[] = [];
  const answers = [["127.0.0.1"], ["127.0.0.2"]];
  const response = await createCarefulFetch({
    ...LOCAL,
    resolve: (name) => Promise.resolve(answers[asked.push(name) - 1]!),
    isAllowed: (address) => checked.push(address) > 0,
  })(server.url);
  await response.body?.cancel();
  assertEquals([asked, checked], [[HOST], ["127.0.0.1"]]);
});

Deno.test("addresses that are not plain https of a web server are denied, whoever they lead to", async () => {
  let asked = 0;
  const resolve = () => Promise.resolve([String(asked++)]);
  const urls = [
    "http://as.example/token",
    "ftp://as.example/token",
    "file:///etc/passwd",
    "data:application/json,{}",
    "https://user@as.example/token",
    "https://user:password@as.example/token",
    "https://as.example./token",
    "https://as.example:22/token",
    "https://as.example:25/token",
    "https://as.example:80/token",
  ];
  for (const url of urls) {
    const said = await denied(url, { resolve });
    assert(!said.includes("example"), url);
  }
  assertEquals(asked, 0);
});

Deno.test("nothing but GET and POST is sent", async () => {
  for (const method of ["PUT", "DELETE", "OPTIONS"]) {
    const careful = createCarefulFetch(LOCAL);
    await assertRejects(() => careful("https://as.example/", { method }), NotAllowed);
  }
});

Deno.test("a head or a body that is too long is no answer", async () => {
  const [most, more] = [CAREFUL_MAX_BYTES, CAREFUL_MAX_BYTES + 1].map((size) => "x".repeat(size));
  const sized = (body: string) =>
    `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const inOneChunk = (body: string) =>
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
    `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const open = (body: string) => `HTTP/1.1 200 OK\r\n\r\n${body}`;
  for (const as of [sized, inOneChunk, open]) {
    assertEquals(await answerOf(as(most!)), `200 ${most}`);
    assertEquals(await faultOf(as(more!)), "too_long");
  }
  const head = "x".repeat(100_000);
  const heads = [`X: ${head}`, "X: y\r\n".repeat(10_000)];
  for (const lines of heads) {
    assertEquals(await faultOf(`HTTP/1.1 200 OK\r\n${lines}\r\n\r\nhi`), "too_long");
  }
});

Deno.test("what two readers could take for two answers is none", async () => {
  const chunked = "Transfer-Encoding: chunked\r\n";
  const answers = {
    "two lengths": "Content-Length: 2\r\nContent-Length: 3\r\n\r\nhi",
    "a length and chunks": `${chunked}Content-Length: 2\r\n\r\n2\r\nhi\r\n0\r\n\r\n`,
    "chunks inside of something else": "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "a length that is no number": "Content-Length: 0x2\r\n\r\nhi",
    "a length with a sign": "Content-Length: +2\r\n\r\nhi",
    "a space before the colon": "Content-Length : 2\r\n\r\nhi",
    "a folded line": "X: y\r\n Content-Length: 2\r\n\r\nhi",
    "a line that is no header": "nothing\r\n\r\nhi",
    "a value that is none": "Content-Length: 2\r\nX: a\0b\r\n\r\nhi",
    "more than its length": "Content-Length: 2\r\n\r\nhi!",
    "a chunk that is longer than it says": `${chunked}\r\n1\r\nhi\r\n0\r\n\r\n`,
    "lines that end in a line feed alone": `${chunked}\r\n2\nhi\n0\n\n`,
    "lines that end in something else": `${chunked}\r\n2x\nhi\r\n0x\n\r\n`,
    "a chunk's size with a sign": `${chunked}\r\n-2\r\nhi\r\n0\r\n\r\n`,
    "a size beyond all": `${chunked}\r\nfffffffff\r\nhi`,
    "a size that never ends": `${chunked}\r\n${"0".repeat(5000)}`,
    "an extension that hardly ends": `${chunked}\r\n2;${"x".repeat(5000)}\r\nhi\r\n0\r\n\r\n`,
    "chunks without an end": `${chunked}\r\n2\r\nhi\r\n`,
    "trailers that hardly end": `${chunked}\r\n0\r\n${"x: y\r\n".repeat(100)}\r\n`,
    "less than its length": "Content-Length: 3\r\n\r\nhi",
  };
  for (const [name, text] of Object.entries(answers)) {
    const fault = await faultOf(`HTTP/1.1 200 OK\r\n${text}`);
    assert(["not_http", "broken_off", "too_long"].includes(fault), name);
  }
  const others = ["", "hi", "HTTP/2 200\r\n\r\nhi", "HTTP/1.1 101 Switching\r\n\r\nhi"];
  const odd = ["099", "101", "600"].map((status) => `HTTP/1.1 ${status} Odd\r\n\r\n${OK}`);
  for (const text of [...others, ...odd, "HTTP/1.1 100 Continue\r\n\r\n".repeat(9) + OK]) {
    assertEquals(await faultOf(text), "not_http", text);
  }
});

Deno.test("a length that is said twice is one where it is the same", async () => {
  const twice = "Content-Length: 2\r\n".repeat(2);
  assertEquals(await answerOf(`HTTP/1.1 200 OK\r\n${twice}\r\nhi`), "200 hi");
});

Deno.test("a server that trickles, or says nothing, is given up", async () => {
  await using trickling = await startServer(async (connection) => {
    await write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nh");
    await connection.read(new Uint8Array(1));
  });
  await using silent = await startServer(hang);
  for (const { url } of [trickling, silent]) {
    const error = await assertRejects(() => createCarefulFetch({ ...LOCAL, timeoutMs: 50 })(url));
    assertEquals((error as Error).name, "TimeoutError");
    const stop = new AbortController();
    const asking = createCarefulFetch(LOCAL)(url, { signal: stop.signal });
    stop.abort(new Error("enough"));
    await assertRejects(() => asking, Error, "enough");
  }
});

Deno.test("a certificate for another name is refused, and nothing is sent", async () => {
  await using server = await startServer(say(OK), "evil.example");
  await assertRejects(() => createCarefulFetch(LOCAL)(server.url));
  assertEquals(server.requests, []);
});

Deno.test("of several addresses, one that answers is enough", async () => {
  await using server = await startServer(say(OK));
  const resolve = () => Promise.resolve(["127.0.0.2", "127.0.0.1"]);
  const response = await createCarefulFetch({ ...LOCAL, resolve })(server.url);
  assertEquals(await response.text(), "hi");
});

Deno.test("a name with many addresses does not have them all tried", async () => {
  await using server = await startServer(say(OK));
  const ask = (dead: number) => {
    const nobody = Array.from({ length: dead }, (_, at) => `127.0.1.${at + 1}`);
    const resolve = () => Promise.resolve([...nobody, "127.0.0.1"]);
    return createCarefulFetch({ ...LOCAL, resolve })(server.url);
  };
  assertEquals(await (await ask(3)).text(), "hi");
  await assertRejects(() => ask(4), Deno.errors.ConnectionRefused);
  assertEquals(server.accepted, 1);
});

Deno.test("nothing is looked up for a caller who has gone", async () => {
  const names: string[] = [];
  const resolve = (name: string) => (names.push(name), Promise.resolve(["127.0.0.1"]));
  const signal = AbortSignal.abort(new Error("enough"));
  const asking = () => createCarefulFetch({ ...LOCAL, resolve })(`https://${HOST}/`, { signal });
  await assertRejects(asking, Error, "enough");
  assertEquals(names, []);
});

/** Which way out a request takes, for what an upstream names. */
async function wayOut(upstream: string, target: string, isPrivate?: boolean): Promise<string> {
  const ways: string[] = [];
  const note = (way: string): typeof fetch => (input, init) => {
    ways.push(`${way} ${new Request(input, init).redirect}`);
    return Promise.resolve(new Response());
  };
  const [careful, plain] = [note("careful"), note("plain")];
  await carefulFetchFor(upstream, { careful, plain, isPrivate })(target);
  assertEquals(ways.length, 1);
  return ways[0]!.startsWith("careful") ? "careful" : ways[0]!;
}

Deno.test("a public server leads nowhere but to the public internet", async () => {
  const upstreams = [
    "https://mcp.example/mcp",
    "https://93.184.216.34/mcp",
    "https://localhost.example/mcp",
    "https://127.0.0.1.nip.example/mcp",
    "http://mcp.example/mcp",
    "https://[2606:2800:220:1::1]/mcp",
  ];
  for (const upstream of upstreams) {
    const { host } = new URL(upstream);
    const targets = [
      upstream,
      `https://${host}/token`,
      `http://${host}/token`,
      "http://localhost/token",
      "http://127.0.0.1:9000/token",
      "http://[::1]/token",
      "http://10.0.0.1/token",
      "http://notes:8000/token",
      "http://169.254.169.254/latest/meta-data/",
    ];
    for (const target of targets) {
      assertEquals(await wayOut(upstream, target), "careful", `${upstream} ${target}`);
    }
  }
});

Deno.test("a server on this machine leads to this machine, and to the public internet", async () => {
  for (const upstream of ["http://127.0.0.1:3000/mcp", "http://localhost:3000/mcp"]) {
    for (const target of ["http://127.0.0.1:9000/x", "https://localhost/x", "http://[::1]:1/x"]) {
      assertEquals(await wayOut(upstream, target), "plain manual", target);
    }
    const others = ["https://as.example/x", "http://10.0.0.1/x", "http://notes/x"];
    for (const target of [...others, "http://169.254.169.254/x", "http://localhost.example/x"]) {
      assertEquals(await wayOut(upstream, target), "careful", target);
    }
  }
});

Deno.test("a server of a private network leads to its own host, and to the public internet", async () => {
  const own = [
    "https://10.1.2.3:8443/mcp",
    "http://notes:8000/mcp",
    "https://notes.internal/mcp",
    "https://[fd00::1]/mcp",
  ];
  for (const upstream of own) {
    const { hostname, protocol } = new URL(upstream);
    assertEquals(await wayOut(upstream, `https://${hostname}/token`), "plain manual");
    const clear = protocol === "http:" ? "plain manual" : "careful";
    assertEquals(await wayOut(upstream, `http://${hostname}:9000/token`), clear);
    const others = ["https://10.1.2.4/x", "http://127.0.0.1/x", "http://other/x"];
    for (const target of [...others, "https://as.example/x", "https://x.notes.internal/x"]) {
      assertEquals(await wayOut(upstream, target), "careful", target);
    }
  }
  const named = "https://mcp.corp.example/mcp";
  assertEquals(await wayOut(named, named), "careful");
  assertEquals(await wayOut(named, named, true), "plain manual");
});

Deno.test("a private server's answer cannot lead on, and its addresses hold no password", async () => {
  const elsewhere = serve(() => new Response("secret"));
  const { port, close } = serve(() =>
    Response.redirect(`http://127.0.0.1:${elsewhere.port}/`, 302)
  );
  try {
    const url = `http://127.0.0.1:${port}/mcp`;
    const careful: typeof fetch = () => Promise.reject(new Error("careful"));
    const fetchFor = carefulFetchFor(url, { careful, plain: fetch });
    const response = await fetchFor(url);
    await response.body?.cancel();
    assertEquals(response.status, 302);
    for (const person of ["user", "user:x", ":x"]) {
      await assertRejects(() => fetchFor(`http://${person}@127.0.0.1:${port}/`), NotAllowed);
    }
  } finally {
    await close();
    await elsewhere.close();
  }
});
