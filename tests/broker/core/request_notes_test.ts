import { assert, assertEquals, assertMatch } from "@std/assert";
import { Callers } from "../../../broker/core/callers.ts";
import { REQUEST_ID, RequestIds } from "../../../broker/core/request_notes.ts";

Deno.test("RequestIds tells the requests of a process apart, and those of two processes", () => {
  const [one, other] = [new RequestIds(), new RequestIds()];
  const seen = new Set<string>();
  for (let count = 0; count < 20_000; count += 1) {
    for (const ids of [one, other]) seen.add(ids.of(ids.next()));
  }
  assertEquals(seen.size, 40_000);
  for (const id of [...seen].slice(0, 100)) assertMatch(id, REQUEST_ID);
});

Deno.test("an id is made of 45 bits of its process, and of its count mixed with 64 more", () => {
  const words = [0xfedcba98, 0x76543210, 0x9abcdef0, 0x13579bdf];
  const [first, second, factor, mask] = words.map(BigInt) as [bigint, bigint, bigint, bigint];
  const digits = (number: bigint, length: number) =>
    Array.from({ length }, (_, at) => {
      const five = number >> BigInt(5 * (length - 1 - at)) & 31n;
      return "0123456789abcdefghjkmnpqrstvwxyz"[Number(five)];
    }).join("");
  const ids = new RequestIds(() => words.shift()!);
  for (const count of [1, 2, 3, 2 ** 31, 2 ** 32 - 1]) {
    // What is multiplied by is odd.
    const mixed = BigInt.asUintN(32, BigInt(count) * (factor | 1n)) ^ mask;
    assertEquals(ids.of(count), `${digits(first, 6)}${digits(second, 3)}-${digits(mixed, 7)}`);
  }
});

Deno.test("an id says nothing of how many requests there were before it", () => {
  const ids = new RequestIds();
  const ends = Array.from({ length: 100 }, () => ids.of(ids.next()).split("-")[1]!);
  // In the order of their making, ids that count would be in their own order, too.
  assert(ends.toSorted().join() !== ends.join());
  // The same count is another end in another process.
  const others = new RequestIds();
  const alike = ends.filter((end) => end === others.of(others.next()).split("-")[1]);
  assert(alike.length < 3, `${alike.length} are alike`);
});

Deno.test("what a request waits for is done as part of it, and nothing else is", async () => {
  const callers = new Callers(() => 0);
  const [one, other] = [callers.request(), callers.request()];
  const after = async () => {
    await Promise.resolve();
    return callers.current()?.id;
  };
  const ids = await Promise.all([
    callers.begin("10.0.0.1", one, after),
    callers.begin("10.0.0.1", other, after),
  ]);
  assertEquals(ids, [one.id, other.id]);
  assert(one.id !== other.id);
  assertEquals(callers.current(), undefined);
});

Deno.test("who calls is noted with the request as soon as it is known", () => {
  const callers = new Callers(() => 0);
  const request = callers.request();
  callers.begin(undefined, request, () => {
    assertEquals(request.caller, undefined);
    callers.known("app voice");
  });
  assertEquals(request.caller, "app voice");
});
