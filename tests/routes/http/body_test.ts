import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { readText } from "../../../routes/http/body.ts";
import { HttpRefusal } from "../../../routes/http/errors.ts";
import { API_KEY, startGateway, USER } from "../../support/gateway.ts";
import { rawAnswer } from "../../support/raw_http.ts";
import { testWorld } from "../../support/world.ts";

function sent(bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Request {
  return new Request("http://localhost", { method: "POST", body: bytes, headers });
}

Deno.test("readText() reads the same whether or not it is said how long the body is", async () => {
  const world = testWorld();
  const texts = ["", "plain", "é€𝄞", "\ufeff{}", "a\ufeffb", "x".repeat(20_000)];
  const bodies = texts.map((text) => new TextEncoder().encode(text));
  for (const bytes of [...bodies, Uint8Array.of(0xff, 0x41, 0xc3), Uint8Array.of(0xef, 0xbb)]) {
    const said = { "Content-Length": String(bytes.length) };
    assertEquals(
      await readText(sent(bytes, said), 100_000, world),
      await readText(sent(bytes), 100_000, world),
    );
  }
});

Deno.test("readText() refuses what is too long, whatever is said of its length", async () => {
  const world = testWorld();
  const bytes = new Uint8Array(101);
  for (
    const headers of [
      {},
      { "Content-Length": "101" },
      { "Content-Length": "5", "Transfer-Encoding": "chunked" },
      { "Content-Length": "5, 5" },
      { "Content-Length": "+5" },
      { "Content-Length": "0x5" },
    ]
  ) await assertRejects(() => readText(sent(bytes, headers), 100, world), HttpRefusal);
});

Deno.test("a body is read to the end that its length or its chunks say", async () => {
  await using gateway = await startGateway();
  const { port } = new URL(gateway.url);
  const head =
    `POST /token/github HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${API_KEY}` +
    `\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  const body = JSON.stringify({ user_id: USER });
  const length = `Content-Length: ${body.length}\r\n\r\n`;
  // Nothing is connected: whoever hears that was read whole.
  const read = /^HTTP\/1\.1 404 /;
  assertMatch(await rawAnswer(port, head + length + body), read);
  assertMatch(await rawAnswer(port, head + length, body.slice(0, 5), body.slice(5)), read);
  const chunked = "Transfer-Encoding: chunked\r\n";
  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
  assertMatch(await rawAnswer(port, `${head}${chunked}\r\n${chunk(body)}0\r\n\r\n`), read);
  // A length that lies about chunks lets nothing in that is too long.
  const long = chunk(`{"user_id":"${"x".repeat(70_000)}"}`);
  const lying = `${head}Content-Length: 5\r\n${chunked}\r\n${long}0\r\n\r\n`;
  assertMatch(await rawAnswer(port, lying), /^HTTP\/1\.1 4(00|13) /);
});
