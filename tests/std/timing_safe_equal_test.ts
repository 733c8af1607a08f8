import { assertEquals } from "@std/assert";
import { timingSafeEqual } from "@std/crypto/timing-safe-equal";

const bytes = (...values: number[]) => Uint8Array.from(values);

Deno.test("timingSafeEqual() knows equal bytes, and finds a difference wherever it is", () => {
  const all = Uint8Array.from({ length: 64 }, (_, index) => index * 5);
  assertEquals(timingSafeEqual(all, all.slice()), true);
  for (const [index] of all.entries()) {
    for (let bit = 1; bit < 256; bit <<= 1) {
      const other = all.slice();
      other[index]! ^= bit;
      assertEquals(timingSafeEqual(all, other), false);
    }
  }
});

Deno.test("timingSafeEqual() takes no beginning for the whole", () => {
  assertEquals(timingSafeEqual(bytes(1, 2), bytes(1, 2, 0)), false);
  assertEquals(timingSafeEqual(bytes(1, 2, 3), bytes(1, 2)), false);
  assertEquals(timingSafeEqual(bytes(), bytes(0)), false);
  assertEquals(timingSafeEqual(bytes(), bytes()), true);
});

Deno.test("timingSafeEqual() compares the part that a view shows", () => {
  const { buffer } = bytes(9, 1, 2, 9);
  assertEquals(timingSafeEqual(new Uint8Array(buffer, 1, 2), bytes(1, 2)), true);
  assertEquals(timingSafeEqual(new DataView(buffer, 1, 2), bytes(1, 2).buffer), true);
  assertEquals(timingSafeEqual(buffer, bytes(9, 1, 2, 8)), false);
});
