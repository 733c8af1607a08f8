/**
 * Bodies that come through the proxy as they are: whatever a caller says it can
 * decode, whatever a provider encodes, in part or in whole, or not at all.
 */

import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { request as nodeRequest } from "node:http";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { type AcmeGateway, startAcmeGateway } from "../support/acme_gateway.ts";
import { API_KEY, USER } from "../support/gateway.ts";
import { chunkOf, headOf, type HostileAnswer, startHostile } from "../support/hostile_server.ts";

const TEXT = JSON.stringify({ words: "hello ".repeat(500) });
const PLAIN = Buffer.from(TEXT);
const ENCODED: Record<string, Uint8Array> = {
  gzip: gzipSync(TEXT),
  br: brotliCompressSync(TEXT),
  deflate: deflateSync(TEXT),
  // Nobody here decodes it: any bytes will do.
  zstd: Buffer.from("\x28\xb5\x2f\xfd and so on", "latin1"),
  identity: PLAIN,
};
const ACCEPTED = [undefined, "gzip", "br", "gzip, deflate, br, zstd", "zstd", "*", "identity"];

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

/** Asks without decoding anything. */
function ask({ gateway }: AcmeGateway, path: string, options: {
  method?: string;
  headers?: Record<string, string>;
} = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = "GET", headers = {} } = options;
    const request = nodeRequest(`${gateway.url}/proxy/acme${path}`, {
      method,
      agent: false,
      headers: { "X-Api-Key": API_KEY, "X-User-Id": USER, ...headers },
    }, (response) => {
      const chunks: Uint8Array[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks) });
      });
    });
    request.on("error", reject);
    request.end();
  });
}

/** A gateway whose provider's API answers over bare TCP. */
async function startRaw(answer: HostileAnswer) {
  const hostile = startHostile(answer);
  const started = await startAcmeGateway({ spec: { api_url: hostile.url } });
  return {
    started,
    hostile,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await hostile[Symbol.asyncDispose]();
    },
  };
}

Deno.test("a body is what its headers say, however it is encoded and whatever the caller takes", async () => {
  await using raw = await startRaw(async (send, { path, method }) => {
    const encoding = path.slice(1);
    const body = ENCODED[encoding]!;
    const says = encoding === "identity" ? [] : [`Content-Encoding: ${encoding}`];
    const type = "Content-Type: application/json";
    await send(headOf(200, [type, ...says, 'ETag: "v1"', `Content-Length: ${body.length}`]));
    if (method !== "HEAD") await send(body);
  });
  for (const [encoding, bytes] of Object.entries(ENCODED)) {
    for (const accepted of ACCEPTED) {
      const headers = accepted === undefined ? {} : { "Accept-Encoding": accepted };
      const what = `${encoding} for ${accepted}`;
      const { status, headers: got, body } = await ask(raw.started, `/${encoding}`, { headers });
      assertEquals(status, 200, what);
      // Deno 2.5.7 decodes gzip and br unasked; then it takes away the label and the length.
      const label = got["content-encoding"];
      assert(label === undefined || label === encoding, `${what}: ${label}`);
      const expected = label === undefined && encoding !== "identity" ? PLAIN : bytes;
      assert(body.equals(expected), what);
      const length = got["content-length"];
      assert(length === undefined || Number(length) === body.length, `${what}: ${length}`);
      assertEquals(got.etag, '"v1"', what);
      const head = await ask(raw.started, `/${encoding}`, { method: "HEAD", headers });
      assertEquals([head.status, head.headers.etag, head.body.length], [200, '"v1"', 0], what);
      const headLength = head.headers["content-length"];
      assert(headLength === undefined || Number(headLength) === bytes.length, what);
    }
  }
});

Deno.test("a part of a body stays that part, with its ETag and its range", async () => {
  await using raw = await startRaw(async (send) => {
    const lines = ["Content-Type: application/json", 'ETag: "v1"', "Content-Range: bytes 5-14/20"];
    await send(headOf(206, [...lines, "Content-Length: 10"]));
    await send("0123456789");
  });
  const headers = { "Range": "bytes=5-14", "If-Range": '"v1"', "Accept-Encoding": "gzip, br" };
  const { status, headers: got, body } = await ask(raw.started, "/part", { headers });
  assertEquals([status, body.toString()], [206, "0123456789"]);
  assertEquals([got["content-range"], got["content-length"]], ["bytes 5-14/20", "10"]);
  assertEquals([got.etag, got["content-encoding"]], ['"v1"', undefined]);
});

Deno.test("a status without a body has none, and keeps its headers", async () => {
  await using raw = await startRaw(async (send, { path }) => {
    await send(headOf(Number(path.slice(1)), ['ETag: "v1"']));
  });
  for (const expected of [204, 205, 304]) {
    const { status, headers, body } = await ask(raw.started, `/${expected}`, {
      headers: { "If-None-Match": '"v1"' },
    });
    assertEquals([status, body.length, headers.etag], [expected, 0, '"v1"']);
  }
});

Deno.test("trailers are not taken for headers", async () => {
  await using raw = await startRaw(async (send) => {
    await send(headOf(200, ["Transfer-Encoding: chunked", "Trailer: ETag, Set-Cookie"]));
    await send(`${chunkOf("all of it")}0\r\nETag: "late"\r\nSet-Cookie: a=b\r\n\r\n`);
  });
  const { status, headers, body } = await ask(raw.started, "/trailers");
  assertEquals([status, body.toString()], [200, "all of it"]);
  for (const name of ["etag", "set-cookie", "trailer"]) {
    assertEquals(headers[name], undefined, name);
  }
});

Deno.test("a status that HTTP does not know is the provider's fault, and no fault here", async () => {
  await using raw = await startRaw(async (send, { path }) => {
    const status = path.slice(1);
    await send(`HTTP/1.1 ${status} X\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`);
  });
  for (
    const status of ["101", "102", "103", "199", "600", "999", "099", "1000", "abc", "-1", "2"]
  ) {
    const answer = await ask(raw.started, `/${status}`);
    assertEquals(answer.status, 503, status);
    assertEquals(JSON.parse(answer.body.toString()).error, "provider_unavailable", status);
  }
  for (const status of [200, 299, 400, 418, 429, 451, 500, 503, 599]) {
    assertEquals((await ask(raw.started, `/${status}`)).status, status);
  }
  const errors = raw.started.gateway.world.events.filter(({ level }) => level === "error");
  assertEquals(errors, []);
});

Deno.test("what comes before the answer is not taken for it", async () => {
  await using raw = await startRaw(async (send) => {
    await send("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n");
    await send(headOf(200, ["Content-Length: 4"]));
    await send("done");
  });
  const { status, headers, body } = await ask(raw.started, "/hints");
  assertEquals([status, body.toString(), headers.link], [200, "done", undefined]);
});
