import { assertEquals, assertThrows } from "@std/assert";
import { MAX_MESSAGE_BYTES } from "../../../mcp/upstream/bounded.ts";
import { Lines } from "../../../mcp/upstream/lines.ts";

const message = (method: string) => ({ jsonrpc: "2.0" as const, method });
const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("messages are read line by line, however they are cut", () => {
  const sent = [message("a"), message("ä"), message("c")];
  const bytes = bytesOf(sent.map((one) => `${JSON.stringify(one)}\r\n`).join(""));
  for (const size of [1, 2, 7, 40, bytes.length]) {
    const lines = new Lines();
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      lines.append(bytes.subarray(at, at + size));
      for (let next = lines.next(); next !== null; next = lines.next()) read.push(next.json);
    }
    assertEquals(read, sent, `pieces of ${size}`);
  }
});

Deno.test("a line that is no message takes no other away", () => {
  const lines = new Lines();
  lines.append(bytesOf(`Server started\n\n${JSON.stringify(message("a"))}\n`));
  assertEquals([lines.next(), lines.next()], [{ json: undefined }, { json: undefined }]);
  assertEquals(lines.next(), { json: message("a") });
  assertEquals(lines.next(), null);
});

Deno.test("a line that is too long is said once, and nothing is kept after it", () => {
  const lines = new Lines();
  lines.append(new Uint8Array(MAX_MESSAGE_BYTES));
  assertThrows(() => lines.append(new Uint8Array(1)), RangeError);
  lines.append(bytesOf(`\n${JSON.stringify(message("a"))}\n`));
  assertEquals(lines.next(), null);
});
