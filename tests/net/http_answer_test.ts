import { assertEquals, assertThrows } from "@std/assert";
import { AnswerReader, BadAnswer } from "../../net/http_answer.ts";

/** What an answer comes to when it arrives byte by byte, and the connection stays open. */
function read(text: string, limit = 100): string {
  const reader = new AnswerReader(limit);
  for (const byte of new TextEncoder().encode(text)) {
    if (reader.add(Uint8Array.of(byte))) return new TextDecoder().decode(reader.end().body);
  }
  return "not whole";
}

const HEAD = "HTTP/1.1 200 OK\r\n";

Deno.test("AnswerReader reads an answer that comes byte by byte", () => {
  assertEquals(read(`${HEAD}Content-Length: 2\r\n\r\nhi`), "hi");
  assertEquals(read(`${HEAD}Transfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n`), "hi");
  assertEquals(read(`${HEAD}Content-Length: 3\r\n\r\nhi`), "not whole");
});

Deno.test("AnswerReader waits for no more of what is wrong already", () => {
  const wrong: Record<string, string> = {
    "more than its length": `${HEAD}Content-Length: 2\r\n\r\nhi!`,
    "a chunk that goes on": `${HEAD}Transfer-Encoding: chunked\r\n\r\n1\r\nhi\r\n`,
    "a size that is none": `${HEAD}Transfer-Encoding: chunked\r\n\r\n-1\r\n`,
    "a chunk beyond the limit": `${HEAD}Transfer-Encoding: chunked\r\n\r\n65\r\n`,
    "a length beyond the limit": `${HEAD}Content-Length: 101\r\n\r\n`,
    "a rest beyond the limit": `${HEAD}\r\n${"x".repeat(101)}`,
    "another protocol": "HTTP/1.1 101 Switching\r\n\r\n",
    "a status that is none": "HTTP/1.1 099 Odd\r\n\r\n",
  };
  for (const text of Object.values(wrong)) {
    assertThrows(() => new AnswerReader(100).add(new TextEncoder().encode(text)), BadAnswer);
  }
});
