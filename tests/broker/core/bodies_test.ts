import { assertEquals, assertRejects } from "@std/assert";
import {
  BrokenOff,
  Gathered,
  passOn,
  readBytes,
  readJson,
  readLines,
  readPieces,
  readText,
  TooLong,
} from "../../../broker/core/bodies.ts";
import { TooComplex } from "../../../broker/core/json.ts";

/** A stream of chunks of so many letters, and what was made of it. */
function letters(...sizes: number[]) {
  const state = { pulled: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const size = sizes[state.pulled];
      if (size === undefined) return controller.close();
      state.pulled += 1;
      controller.enqueue(new TextEncoder().encode("a".repeat(size)));
    },
    cancel() {
      state.cancelled = true;
    },
  }, { highWaterMark: 0 });
  return { body, state };
}

/** A stream that gives a byte, and then nothing for ever. */
function silent() {
  const state = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
    cancel() {
      state.cancelled = true;
    },
  });
  return { body, state };
}

Deno.test("readBytes() reads up to its limit, and says whether there was more", async () => {
  for (const sizes of [[10], [4, 6], [1, 1, 8], [0, 10, 0]]) {
    const { bytes, truncated } = await readBytes(letters(...sizes), { limit: 10 });
    assertEquals([bytes.length, truncated], [10, false], sizes.join());
  }
  for (const sizes of [[11], [4, 7], [10, 1], [10, 0, 1]]) {
    const { bytes, truncated } = await readBytes(letters(...sizes), { limit: 10 });
    assertEquals([bytes.length, truncated], [10, true], sizes.join());
  }
  assertEquals((await readBytes({ body: null }, { limit: 0 })).bytes.length, 0);
});

Deno.test("readBytes() cancels what it does not read to the end", async () => {
  const { body, state } = letters(6, 6, 6, 6);
  await readBytes({ body }, { limit: 10 });
  assertEquals(state, { pulled: 2, cancelled: true });
  const short = letters(6);
  await readBytes(short, { limit: 10 });
  assertEquals(short.state.cancelled, false);
});

Deno.test("readBytes() ends with its signal, though the body never does", async () => {
  const { body, state } = silent();
  const stop = new AbortController();
  const reading = readBytes({ body }, { limit: 10, signal: stop.signal });
  // By then it waits for what never comes.
  await new Promise((resolve) => setTimeout(resolve));
  stop.abort(new Error("late"));
  await assertRejects(() => reading, Error, "late");
  assertEquals(state.cancelled, true);
});

Deno.test("readBytes() reads nothing when its signal has aborted already", async () => {
  const { body, state } = letters(1);
  const signal = AbortSignal.abort(new Error("late"));
  await assertRejects(() => readBytes({ body }, { limit: 10, signal }), Error, "late");
  assertEquals(state, { pulled: 0, cancelled: true });
});

Deno.test("several bodies share a budget", async () => {
  const budget = { left: 10 };
  await readBytes(letters(6), { limit: 10, budget });
  const { body, state } = letters(6, 6);
  await assertRejects(() => readBytes({ body }, { limit: 10, budget }), TooLong);
  assertEquals(state, { pulled: 1, cancelled: true });
});

Deno.test("readText() and readJson() refuse what is too long, and quote nothing of it", async () => {
  await assertRejects(() => readText(letters(11), { limit: 10 }), TooLong, "longer than 10 bytes");
  await assertRejects(() => readJson(letters(11), { limit: 10 }), TooLong);
  const error = await assertRejects(() => readJson(letters(3), { limit: 10 }), SyntaxError);
  assertEquals(error.message.includes("aaa"), false);
  assertEquals(await readJson(Response.json({ a: "ä" }), { limit: 100 }), { a: "ä" });
});

/** The lines of what comes in these pieces, with a limit of five bytes. */
const linesOf = (...pieces: string[]) => {
  const encoded = pieces.map((piece) => new TextEncoder().encode(piece));
  return Array.fromAsync(readLines({ body: ReadableStream.from(encoded) }, { limit: 5 }));
};

Deno.test("readLines() gives each line, however it is cut, and null for one that is too long", async () => {
  const cases: [string[], (string | null)[]][] = [
    [[], []],
    [[""], []],
    [["a\nb\n"], ["a", "b"]],
    [["a\n", "", "b"], ["a", "b"]],
    [["\n\n"], ["", ""]],
    [["1234", "5\n1", "2345"], ["12345", "12345"]],
    [["123456\na"], [null, "a"]],
    [["1234", "56", "\n", "a\n"], [null, "a"]],
    [["a\n1234567", "89"], ["a", null]],
    [["1", "2", "3", "4", "5", "6"], [null]],
    [["\u20ac\u20ac\n\u20ac\n"], [null, "\u20ac"]],
  ];
  for (const [pieces, lines] of cases) {
    assertEquals(await linesOf(...pieces), lines, JSON.stringify(pieces));
  }
  assertEquals(await Array.fromAsync(readLines({ body: null }, { limit: 5 })), []);
});

Deno.test("readLines() keeps nothing of a line that never ends", async () => {
  const piece = new Uint8Array(1024 * 1024).fill(0x61);
  // More than one text can hold, should somebody put it together.
  const pieces = Array.from({ length: 600 }, () => piece);
  const body = ReadableStream.from([...pieces, new TextEncoder().encode("\nend")]);
  assertEquals(await Array.fromAsync(readLines({ body }, { limit: 5 })), [null, "end"]);
});

Deno.test("gathered bytes stay in order, however small their pieces", () => {
  const gathered = new Gathered();
  for (let round = 0; round < 2; round++) {
    for (let count = 0; count < 5_000; count++) gathered.add(Uint8Array.of(count & 0xff));
    gathered.add(new Uint8Array(0));
    gathered.add(new Uint8Array(3_000).fill(7));
    assertEquals(gathered.size, 8_000);
    const bytes = gathered.take();
    const expected = [...Array.from({ length: 5_000 }, (_, index) => index & 0xff)];
    assertEquals([...bytes.subarray(0, 5_000)], expected);
    assertEquals(bytes.subarray(5_000).every((byte) => byte === 7), true);
    assertEquals([bytes.length, gathered.size], [8_000, 0]);
  }
});

/** A sender by hand, and who waits for it. */
function passing(options?: { listening: boolean }) {
  let sender!: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => void (sender = controller),
    cancel: () => void (cancelled = true),
  });
  const heard: string[] = [];
  const stop = new AbortController();
  const silence = {
    signal: stop.signal,
    listen: () => void heard.push("listen"),
    rest: () => void heard.push("rest"),
  };
  const reader = passOn(body, silence, options).getReader();
  return { sender, reader, heard, stop, isCancelled: () => cancelled };
}

Deno.test("passOn() waits for the next piece only while somebody wants it", async () => {
  const { sender, reader, heard } = passing();
  sender.enqueue(new Uint8Array([1]));
  sender.enqueue(new Uint8Array([2]));
  assertEquals(heard, [], "nothing is fetched that is not read");
  assertEquals((await reader.read()).value, new Uint8Array([1]));
  assertEquals(heard, ["listen", "rest"], "a reader that takes its time is not silence");
  sender.close();
  await reader.read();
  assertEquals((await reader.read()).done, true);
});

Deno.test("passOn() goes on to listen where the taker may fall silent as well", async () => {
  const { sender, reader, heard } = passing({ listening: true });
  sender.enqueue(new Uint8Array([1]));
  await reader.read();
  assertEquals(heard, ["listen", "listen"]);
  await reader.cancel();
});

Deno.test("passOn() ends the sender's side with the reader's, and with silence", async () => {
  const left = passing();
  await left.reader.cancel();
  assertEquals(left.isCancelled(), true);
  const silent = passing();
  const read = silent.reader.read();
  silent.stop.abort(new DOMException("Too silent", "TimeoutError"));
  await assertRejects(() => read, BrokenOff);
  assertEquals(silent.isCancelled(), true);
});

Deno.test("passOn() breaks off with the sender, without a word of why", async () => {
  const { sender, reader } = passing();
  sender.error(new TypeError("https://acme.example/?access_token=secret"));
  const error = await assertRejects(() => reader.read(), BrokenOff);
  assertEquals([error.message, error.cause], ["The body broke off", undefined]);
});

Deno.test("a long body lets others have their turn", async () => {
  const piece = new Uint8Array(64 * 1024);
  const body = (pieces: number) => ({
    body: new ReadableStream<Uint8Array>({
      pull(controller) {
        if (pieces-- > 0) controller.enqueue(piece);
        else controller.close();
      },
    }),
  });
  for (const [pieces, turns] of [[3, 0], [4, 1], [40, 10]] as const) {
    let taken = 0;
    const turn = async () => void await Promise.resolve(taken++);
    const { bytes } = await readBytes(body(pieces), { limit: Infinity, turn });
    assertEquals([bytes.length, taken], [pieces * piece.length, turns]);
  }
});

Deno.test("readPieces() of no body gives none, and readJson() says of what is too deep that it is", async () => {
  const { signal } = new AbortController();
  assertEquals(await Array.fromAsync(readPieces({ body: null }, signal)), []);
  const deep = new Response("[".repeat(100_000) + "]".repeat(100_000));
  await assertRejects(() => readJson(deep, { limit: 1e6, signal }), TooComplex);
  const wrong = new Response("{secret");
  const error = await assertRejects(() => readJson(wrong, { limit: 1e6, signal }), SyntaxError);
  assertEquals(error.message, "the answer is not JSON");
});

Deno.test("what a body says of its length makes it no shorter, and no longer to read", async () => {
  const all = Uint8Array.from({ length: 100_000 }, (_, at) => at % 251);
  for (const said of ["0", "5", "99", "99999", "100000", "x", "-1", "1e9"]) {
    let reads = 0;
    let left = all;
    const body = new ReadableStream({
      type: "bytes",
      pull(controller) {
        const { view } = controller.byobRequest!;
        reads++;
        const into = new Uint8Array(view!.buffer, view!.byteOffset, view!.byteLength);
        const piece = left.subarray(0, into.length);
        into.set(piece);
        left = left.subarray(piece.length);
        if (piece.length === 0) controller.close();
        controller.byobRequest!.respond(piece.length);
      },
    });
    const headers = new Headers({ "Content-Length": said });
    const { bytes, truncated } = await readBytes({ body, headers }, { limit: 200_000 });
    assertEquals([bytes, truncated], [all, false], said);
    assertEquals(reads < 10, true, `${reads} reads of one that says ${said}`);
  }
});
