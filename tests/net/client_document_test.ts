import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { reasonOf } from "../../broker/core/refusal.ts";
import { createDocumentFetch, type DocumentOptions } from "../../net/client_document.ts";
import { isPublicAddress } from "../../broker/core/public_address.ts";
import { obtainTokens, openGateway, send, signedIn } from "../support/attacks.ts";
import { type Authority, createAuthority } from "../support/certificate.ts";
import { type Behave, hang, HOST, say, TlsServer, write } from "../support/tls_server.ts";
import { bomb } from "../support/hostile_server.ts";
import { authorizeUrl, pkce, REDIRECT_URI } from "../support/mcp_client.ts";

const LOCAL: DocumentOptions = {
  resolve: () => Promise.resolve(["127.0.0.1"]),
  isAllowed: () => true,
};

const authority: Authority = await createAuthority();

const startServer = (behave: Behave, host = HOST, by = authority) =>
  TlsServer.start({ behave, host, authority: by });

/** An HTTP answer whose head is right unless the test changes it. */
function http(
  body: string,
  { status = "200 OK", type = "application/json", more = [] as string[], length = true } = {},
): string {
  const size = new TextEncoder().encode(body).length;
  const head = [
    `HTTP/1.1 ${status}`,
    ...(type === "" ? [] : [`Content-Type: ${type}`]),
    ...(length ? [`Content-Length: ${size}`] : []),
    ...more,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}

function chunked(...chunks: string[]): string {
  const parts = chunks.map((chunk) =>
    `${new TextEncoder().encode(chunk).length.toString(16)}\r\n${chunk}\r\n`
  );
  const more = ["Transfer-Encoding: chunked"];
  return http([...parts, "0\r\n\r\n"].join(""), { length: false, more });
}

/** Why a document was refused. */
async function refusalOf(url: string, options: DocumentOptions = {}): Promise<string> {
  const fetchDocument = createDocumentFetch({ ...LOCAL, caCerts: [authority.cert], ...options });
  try {
    return `not refused: ${JSON.stringify(await fetchDocument(new URL(url)))}`;
  } catch (error) {
    const reason = reasonOf(error);
    if (reason?.code === "client_document") return reason.detail;
    throw error;
  }
}

async function fetched(text: string): Promise<unknown> {
  await using server = await startServer(say(text));
  const fetchDocument = createDocumentFetch({ ...LOCAL, caCerts: [authority.cert] });
  return await fetchDocument(new URL(server.url));
}

async function refusalOfAnswer(text: string): Promise<string> {
  await using server = await startServer(say(text));
  return await refusalOf(server.url);
}

const DOCUMENT = { client_id: "x", client_name: "Desk" };
const BODY = JSON.stringify(DOCUMENT);

Deno.test("a document is fetched over TLS, from the address that was checked", async () => {
  await using server = await startServer(say(http(BODY)));
  const asked: string[] = [];
  const fetchDocument = createDocumentFetch({
    caCerts: [authority.cert],
    isAllowed: (address) => address === "127.0.0.1",
    resolve: (name) => {
      asked.push(name);
      return Promise.resolve(asked.length === 1 ? ["127.0.0.1"] : ["10.0.0.1"]);
    },
  });
  assertEquals(await fetchDocument(new URL(`${server.url}?a=b`)), DOCUMENT);
  assertEquals(asked, [HOST]);
  const [request = ""] = server.requests;
  const { host } = new URL(server.url);
  assertStringIncludes(request, "GET /client.json?a=b HTTP/1.1\r\n");
  assertStringIncludes(request, `\r\nHost: ${host}\r\n`);
  assert(!/authorization|cookie/i.test(request));
});

/** Addresses to which nothing may be sent, by their kind. */
const NOT_PUBLIC: Record<string, string[]> = {
  private: ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
  loopback: ["127.0.0.1", "127.255.255.254", "::1", "0.0.0.0", "::"],
  "link-local": ["169.254.169.254", "169.254.0.1", "fe80::1", "febf::1"],
  CGNAT: ["100.64.0.1", "100.127.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1"],
  "IPv4-mapped": ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"],
  "IPv4-compatible": ["::127.0.0.1", "::7f00:1"],
  "6to4": ["2002:7f00:1::", "2002:a00:1::1", "2002:c0a8:101::"],
  NAT64: ["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::a00:1"],
  Teredo: ["2001::1", "2001:0:7f00:1::"],
  "unique-local": ["fc00::1", "fd12:3456::1", "fec0::1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  "not an address": [
    "",
    "localhost",
    "127.1",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "2130706433",
    "fe80::1%1",
  ],
};

for (const [kind, addresses] of Object.entries(NOT_PUBLIC)) {
  Deno.test(`a name that resolves to ${kind} is refused before any connection`, async () => {
    await using server = await startServer(say(http(BODY)));
    for (const address of addresses) {
      const alone = () => Promise.resolve([address]);
      const { isAllowed: _, ...options } = { ...LOCAL, resolve: alone, caCerts: [authority.cert] };
      const fetchDocument = createDocumentFetch(options);
      const error = await fetchDocument(new URL(server.url)).then(() => undefined, (e) => e);
      const detail = "its host is not on the public internet";
      assertEquals(
        reasonOf(error),
        { code: "client_document", detail, about: "metadata" },
        address,
      );
    }
    assertEquals(server.accepted, 0);
  });
}

Deno.test("a name with one public and one private address is refused, in any order", async () => {
  await using server = await startServer(say(http(BODY)));
  const isPublic = "8.8.8.8";
  const lists = [["10.0.0.1", isPublic], [isPublic, "10.0.0.1"], [isPublic, isPublic, "::1"]];
  for (const list of lists) {
    const fetchDocument = createDocumentFetch({ resolve: () => Promise.resolve(list) });
    const error = await fetchDocument(new URL(server.url)).then(() => undefined, (e) => e);
    assertEquals(reasonOf(error)?.code, "client_document");
  }
  assertEquals(server.accepted, 0);
});

Deno.test("a name without an address is told apart from a private one by nothing", async () => {
  const answers = new Set<string>();
  for (
    const list of [[], ["10.0.0.1"], ["169.254.169.254"], ["168.63.129.16"], ["fd00:ec2::254"]]
  ) {
    const resolve = () => Promise.resolve(list);
    const url = "https://intranet.example/client.json";
    answers.add(await refusalOf(url, { resolve, isAllowed: isPublicAddress }));
  }
  assertEquals([...answers], ["its host is not on the public internet"]);
});

Deno.test("an address in the client id is refused in every spelling", async () => {
  const never = () => Promise.reject(new Error("nothing is resolved"));
  const gateway = await openGateway({ fetchDocument: createDocumentFetch({ resolve: never }) });
  await using _ = gateway;
  const client = { id: "", redirectUri: REDIRECT_URI, ...pkce() };
  const hosts = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.1.",
    "10.0.0.1",
    "169.254.169.254",
    "192.168.0.1",
    "0.0.0.0",
    "0",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:0:0:1]",
    "[fe80::1]",
    "[fd00::1]",
    "[64:ff9b::7f00:1]",
    "１２７.０.０.１",
    "127。0。0。1",
  ];
  for (const host of hosts) {
    for (const port of ["", ":8443"]) {
      const client_id = `https://${host}${port}/client.json`;
      const answer = await send(authorizeUrl(gateway, client, { client_id }));
      assertEquals([answer.status, answer.location], [400, null], client_id);
      assert(/not on the public internet|not a plain https URL/.test(answer.text), client_id);
    }
  }
});

Deno.test("a client id that is not a plain https URL is never fetched", async () => {
  const asked: string[] = [];
  const fetchDocument = (url: URL) => Promise.reject(new Error(String(asked.push(url.href))));
  await using gateway = await openGateway({ fetchDocument });
  const client = { id: "", redirectUri: REDIRECT_URI, ...pkce() };
  const ids = [
    "http://client.example/client.json",
    "ftp://client.example/client.json",
    "file:///etc/passwd",
    "https://client.example",
    "https://client.example/",
    "https://client.example/client.json#x",
    "https://user@client.example/client.json",
    "https://user:password@client.example/client.json",
    "https://CLIENT.example/client.json",
    "https://client.example:443/client.json",
    "https://client.example/x/../client.json",
    "https://client.example/./client.json",
    "https://client.example\\client.json",
    "https://client.example/client.json\n",
    " https://client.example/client.json",
    "https:client.example/client.json",
    "HTTPS://client.example/client.json",
    "https://",
  ];
  for (const client_id of ids) {
    const answer = await send(authorizeUrl(gateway, client, { client_id }));
    assertEquals([answer.status, answer.location], [400, null], client_id);
  }
  assertEquals(asked, []);
});

Deno.test("redirects are not followed", async () => {
  await using target = await startServer(say(http(BODY)));
  for (const status of ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Gone"]) {
    const more = [`Location: ${target.url}`];
    const refused = await refusalOfAnswer(http(BODY, { status, more }));
    assertEquals(refused, `its host answered with status ${status.slice(0, 3)}`);
  }
  assertEquals(target.accepted, 0);
});

Deno.test("only an answer of 200 counts", async () => {
  for (
    const status of ["201 Created", "204 No", "206 Partial", "404 Not Found", "500 Oh", "99 x"]
  ) {
    assert(!(await refusalOfAnswer(http(BODY, { status }))).startsWith("not refused"), status);
  }
  for (const text of ["", "\r\n\r\n", "hello", BODY, `HTTP/2 200\r\n\r\n${BODY}`]) {
    assertEquals(await refusalOfAnswer(text), "its host does not speak HTTP", text);
  }
});

/** A JSON document of so many bytes. */
function documentOf(bytes: number): string {
  return JSON.stringify({ pad: "x".repeat(bytes - '{"pad":""}'.length) });
}

Deno.test("a document of 64 KB is the largest, however it comes", async () => {
  const [most, more] = [documentOf(64 * 1024), documentOf(64 * 1024 + 1)];
  assertEquals(JSON.stringify(await fetched(http(most))), most);
  assertEquals(JSON.stringify(await fetched(chunked(most))), most);
  assertEquals(JSON.stringify(await fetched(http(most, { length: false }))), most);
  for (const text of [http(more), chunked(more), http(more, { length: false })]) {
    assertEquals(await refusalOfAnswer(text), "it is too long");
  }
  const padding = `X-Pad: ${"x".repeat(200_000)}`;
  assertEquals(await refusalOfAnswer(http(BODY, { more: [padding] })), "it is too long");
});

Deno.test("a host that never stops is cut off", async () => {
  let written = 0;
  await using server = await startServer(async (connection) => {
    const piece = "x".repeat(64 * 1024);
    await write(connection, http("", { length: false }));
    for (;;) {
      await write(connection, piece);
      written += piece.length;
    }
  });
  assertEquals(await refusalOf(server.url), "it is too long");
  assert(written < 64 * 1024 * 1024);
});

Deno.test("a host that does not answer is given up", async () => {
  await using silent = await startServer(hang);
  assertEquals(await refusalOf(silent.url, { timeoutMs: 50 }), "its host did not answer in time");
});

Deno.test("a name that is looked up for ever is given up", async () => {
  const resolve = () => new Promise<string[]>(() => {});
  const url = `https://${HOST}/client.json`;
  assertEquals(await refusalOf(url, { resolve, timeoutMs: 50 }), "its host did not answer in time");
});

Deno.test("a name that is found too late is not connected to any more", async () => {
  await using server = await startServer(say(http(BODY)));
  const looking = Promise.withResolvers<string[]>();
  const resolve = () => looking.promise;
  assertEquals(
    await refusalOf(server.url, { resolve, timeoutMs: 50 }),
    "its host did not answer in time",
  );
  looking.resolve(["127.0.0.1"]);
  // One that comes in time, after it: by then the late one would have been there.
  assertEquals(await refusalOf(server.url), `not refused: ${BODY}`);
  assertEquals(server.accepted, 1);
});

Deno.test("what is packed is not unpacked", async () => {
  for (const encoding of ["gzip", "deflate", "br"] as const) {
    const bytes = await bomb(encoding, 1, ['{"pad":"', '"}']);
    await using server = await startServer(async (connection) => {
      const more = [`Content-Encoding: ${encoding}`, `Content-Length: ${bytes.length}`];
      await write(connection, http("", { length: false, more }));
      for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
    });
    assertEquals(await refusalOf(server.url), "it is not UTF-8", encoding);
  }
});

Deno.test("a host that trickles is given up", async () => {
  await using server = await startServer(async (connection) => {
    await write(connection, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{");
    await connection.read(new Uint8Array(1));
  });
  assertEquals(await refusalOf(server.url, { timeoutMs: 50 }), "its host did not answer in time");
});

Deno.test("a host that takes the connection and speaks no TLS is given up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepting = listener.accept();
  const url = `https://${HOST}:${listener.addr.port}/client.json`;
  assertEquals(await refusalOf(url, { timeoutMs: 50 }), "its host did not answer in time");
  (await accepting).close();
});

Deno.test("a host that is not there cannot be reached", async () => {
  const gone = await startServer(hang);
  await gone[Symbol.asyncDispose]();
  assertEquals(await refusalOf(gone.url), "its host cannot be reached");
});

Deno.test("a certificate for another name, or of an unknown authority, is refused", async () => {
  const answer = say(http(BODY));
  await using otherName = await startServer(answer, "evil.example");
  await using otherAuthority = await startServer(answer, HOST, await createAuthority());
  for (const { url } of [otherName, otherAuthority]) {
    assertEquals(await refusalOf(url), "its host cannot be reached");
  }
  await using right = await startServer(answer);
  assertEquals(await refusalOf(right.url, { caCerts: [] }), "its host cannot be reached");
  for (const { requests } of [otherName, otherAuthority, right]) assertEquals(requests, []);
});

Deno.test("what is not JSON is refused", async () => {
  for (const body of ["", "<html>", "{", `${BODY},`, `\u0000${BODY}`]) {
    assertEquals(await refusalOfAnswer(http(body)), "it is not JSON", body);
  }
});

Deno.test("what is not declared as JSON is refused", async () => {
  for (const type of ["", "text/html", "text/plain", "application/javascript", "text/json"]) {
    assertEquals(await refusalOfAnswer(http(BODY, { type })), "it is not application/json", type);
  }
  for (
    const type of [
      "application/json",
      "Application/JSON; charset=utf-8",
      "application/vnd-x+json",
    ]
  ) {
    assertEquals(await fetched(http(BODY, { type })), DOCUMENT, type);
  }
});

Deno.test("bodies with a length, in chunks and until the end are read", async () => {
  const bytes = new TextEncoder().encode(BODY);
  assertEquals(await fetched(http(BODY)), DOCUMENT);
  assertEquals(await fetched(http(BODY, { length: false })), DOCUMENT);
  assertEquals(await fetched(chunked(BODY)), DOCUMENT);
  assertEquals(await fetched(chunked(...BODY)), DOCUMENT);
  const extended = `${bytes.length.toString(16)};a=b\r\n${BODY}\r\n0\r\nTrailer: x\r\n\r\n`;
  const more = ["Transfer-Encoding: chunked"];
  assertEquals(await fetched(http(extended, { length: false, more })), DOCUMENT);
});

Deno.test("a document is UTF-8", async () => {
  const names = ["Grüße", "Cursor’s own", "✓ Ünïcödé 日本語 🎉", "\u0080\u009f\u00ff"];
  for (const client_name of names) {
    for (const text of [http, chunked].map((as) => as(JSON.stringify({ client_name })))) {
      assertEquals(await fetched(text), { client_name });
    }
  }
});

Deno.test("a body that broke off is refused", async () => {
  const whole = chunked(BODY, BODY);
  const cut = [
    http(BODY).slice(0, -1),
    `${http(BODY)} `,
    whole.slice(0, -5),
    whole.slice(0, -20),
    http("zz\r\n", { length: false, more: ["Transfer-Encoding: chunked"] }),
    http("", { length: false, more: ["Transfer-Encoding: chunked"] }),
  ];
  for (const text of cut) assertEquals(await refusalOfAnswer(text), "its answer broke off", text);
});

/** Runs it in a thread of its own, which can be ended when it never comes back. */
async function inWorker(url: string): Promise<string> {
  const module = new URL("../../net/client_document.ts", import.meta.url);
  const source = `
    import { createDocumentFetch } from ${JSON.stringify(module.href)};
    const fetchDocument = createDocumentFetch({
      resolve: () => Promise.resolve(["127.0.0.1"]),
      isAllowed: () => true,
      caCerts: [${JSON.stringify(authority.cert)}],
    });
    fetchDocument(new URL(${JSON.stringify(url)}))
      .then(() => postMessage("not refused"), ({ reason }) => postMessage(reason.detail));
  `;
  const worker = new Worker(`data:application/typescript,${encodeURIComponent(source)}`, {
    type: "module",
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  worker.onmessage = ({ data }) => resolve(data);
  const timer = setTimeout(() => resolve("it never came back"), 10_000);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}

Deno.test("a chunk of negative size does not hang the program", async () => {
  const more = ["Transfer-Encoding: chunked"];
  await using server = await startServer(say(http("-6\r\nx", { length: false, more })));
  assertEquals(await inWorker(server.url), "its answer broke off");
});

Deno.test("a chunk's size is hexadecimal digits, and nothing else", async () => {
  const more = ["Transfer-Encoding: chunked"];
  const size = new TextEncoder().encode(BODY).length.toString(16);
  for (const line of [`0x${size}`, ` ${size}`, `+${size}`, `${size}z`, "-0"]) {
    const body = `${line}\r\n${BODY}\r\n0\r\n\r\n`;
    const refused = await refusalOfAnswer(http(body, { length: false, more }));
    assertEquals(refused, "its answer broke off", line);
  }
});

const CLIENT_ID = "https://client.example/oauth/client.json";

function documentClient() {
  return { id: CLIENT_ID, redirectUri: REDIRECT_URI, ...pkce() };
}

/** A gateway to which the internet holds one document. */
async function openWith(document: () => unknown) {
  const asked: string[] = [];
  const gateway = await openGateway({
    fetchDocument: (url) => {
      asked.push(url.href);
      return Promise.resolve(document());
    },
  });
  return { gateway, asked };
}

/** No client comes out of any of these documents. */
async function assertAllRefused(documents: unknown[]): Promise<void> {
  let document: unknown;
  const { gateway, asked } = await openWith(() => document);
  await using _ = gateway;
  for (document of documents) {
    const answer = await send(authorizeUrl(gateway, documentClient()));
    assertEquals([answer.status, answer.location], [400, null], JSON.stringify(document));
  }
  assertEquals(asked.length, documents.length);
}

const HONEST = { client_id: CLIENT_ID, client_name: "Claude", redirect_uris: [REDIRECT_URI] };

Deno.test("a person signs in to a client that its host vouches for", async () => {
  await using server = await startServer((connection) => {
    const body = JSON.stringify({ ...HONEST, client_id: server.url });
    return write(connection, http(body));
  });
  const fetchDocument = createDocumentFetch({ ...LOCAL, caCerts: [authority.cert] });
  await using gateway = await openGateway({ fetchDocument });
  const person = await signedIn(gateway);
  const client = { ...documentClient(), id: server.url };
  const page = await person.browser.open(authorizeUrl(gateway, client));
  assertStringIncludes(page.html, "Allow “Claude”?");
  const { host } = new URL(server.url);
  assertStringIncludes(page.html, `Verified: ${host} vouches for this app.`);
  assert(!page.html.includes("Not verified"));
  const { access_token } = await obtainTokens(gateway, client, person);
  const list = { jsonrpc: "2.0", method: "tools/list", id: 1 };
  assertEquals((await gateway.mcp(list, { key: access_token, userId: null })).status, 200);
  assertEquals(server.requests.length, 1);
});

Deno.test("a document speaks for its own address only", async () => {
  const others = [
    "https://other.example/oauth/client.json",
    `${CLIENT_ID}/`,
    `${CLIENT_ID}?`,
    CLIENT_ID.toUpperCase(),
    undefined,
    [CLIENT_ID],
  ];
  await assertAllRefused(others.map((client_id) => ({ ...HONEST, client_id })));
});

Deno.test("a document that is no client's description is refused", async () => {
  const dangerous = { ...HONEST, redirect_uris: ["javascript:alert(1)"] };
  await assertAllRefused([null, [], "x", 1, {}, dangerous, { ...HONEST, redirect_uris: [] }]);
});

Deno.test("a document's redirects match as all others do", async () => {
  const { gateway } = await openWith(() => HONEST);
  await using _ = gateway;
  for (const redirect_uri of ["https://evil.example/cb", "http://localhost:33418/callback"]) {
    const answer = await send(authorizeUrl(gateway, documentClient(), { redirect_uri }));
    assertEquals([answer.status, answer.location], [400, null]);
  }
  const port = { redirect_uri: "http://127.0.0.1:1/callback" };
  assertEquals((await send(authorizeUrl(gateway, documentClient(), port))).status, 303);
});

Deno.test("a document is remembered for an hour, and a failure is not", async () => {
  let document: unknown = {};
  const { gateway, asked } = await openWith(() => document);
  await using _ = gateway;
  const url = authorizeUrl(gateway, documentClient());
  assertEquals((await send(url)).status, 400);
  document = HONEST;
  assertEquals((await send(url)).status, 303);
  document = {};
  gateway.world.skew += 3_590_000;
  assertEquals([(await send(url)).status, asked.length], [303, 2]);
  gateway.world.skew += 20_000;
  assertEquals([(await send(url)).status, asked.length], [400, 3]);
});
