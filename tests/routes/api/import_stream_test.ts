import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  IMPORT_SILENCE_MS,
  IMPORTED_AT_A_TIME,
  MAX_IMPORT_LINES,
  streamed,
} from "../../../routes/api/import_stream.ts";
import type { ImportAnswer } from "../../../routes/api/answers/import.ts";
import { handWorld } from "../../support/hand_world.ts";

const DONE: ImportAnswer = { status: "imported", provider: "zoo", account: "lion" };
const done = () => Promise.resolve(DONE);
/** Lines that wait between the parts: a few in each of the streams, and those under way. */
const ON_THE_WAY = IMPORTED_AT_A_TIME + 8;

/** A body without an end, and how many of its lines were taken. */
function endless() {
  const taken = { count: 0 };
  const line = new TextEncoder().encode("{}\n");
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken.count += 1;
      controller.enqueue(line);
    },
  }, { highWaterMark: 0 });
  return { taken, request: new Request("http://localhost/", { method: "POST", body }) };
}

Deno.test("who does not read the answers is not read from", async () => {
  const world = handWorld(() => false);
  const { taken, request } = endless();
  const reader = streamed(request, world, done).body!.getReader();
  for (let answers = 1; answers <= 100; answers++) {
    await reader.read();
    assert(taken.count <= answers + ON_THE_WAY, `${taken.count} lines for ${answers} answers`);
  }
  await world.pass(1_000);
  assert(taken.count <= 100 + ON_THE_WAY);
  await reader.cancel();
});

Deno.test("answers that nobody takes end the import, after the items that have begun", async () => {
  const world = handWorld(() => false);
  const { taken, request } = endless();
  let [begun, ended] = [0, 0];
  const response = streamed(request, world, async () => {
    begun += 1;
    await world.sleep(10);
    ended += 1;
    return DONE;
  });
  await world.pass(2 * IMPORT_SILENCE_MS);
  assertEquals(begun, ended);
  const [last] = world.events.filter(({ event }) => event === "connections_imported");
  assertEquals([last!.done, last!.imported], [true, ended]);
  const { count } = taken;
  await world.pass(2 * IMPORT_SILENCE_MS);
  assertEquals(taken.count, count);
  await assertRejects(() => response.text());
});

Deno.test("who reads late has all answers", async () => {
  const world = handWorld(() => false);
  const request = new Request("http://localhost/", { method: "POST", body: "{}\n".repeat(20) });
  const response = streamed(request, world, done);
  await world.pass(1_000);
  const lines = (await response.text()).trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.map(({ status, done }) => status ?? done), [
    ...Array.from({ length: 20 }, () => "imported"),
    true,
  ]);
});

Deno.test("an import of too many lines ends, and says so", async () => {
  const world = handWorld(() => false);
  const { request } = endless();
  const text = await streamed(request, world, done).text();
  const lines = text.trimEnd().split("\n");
  assertEquals(lines.length, MAX_IMPORT_LINES + 1);
  const end = JSON.parse(lines.at(-1)!);
  assertEquals([end.done, end.imported], [false, MAX_IMPORT_LINES]);
  assert(end.error.includes(String(MAX_IMPORT_LINES)));
});

Deno.test("a sender who falls silent ends the import, and is told what was imported", async () => {
  const world = handWorld(() => false);
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("{}\n{")),
  });
  const request = new Request("http://localhost/", { method: "POST", body });
  const answer = streamed(request, world, done).text();
  await world.pass(IMPORT_SILENCE_MS + 1);
  const lines = (await answer).trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines[0], { index: 0, ...DONE });
  assertEquals([lines[1].done, lines[1].imported], [false, 1]);
});
