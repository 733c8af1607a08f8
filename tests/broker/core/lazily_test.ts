import { assert, assertEquals, assertRejects } from "@std/assert";
import { lazily, once } from "../../../broker/core/lazily.ts";

Deno.test("once() makes it when it is first asked for, and once", () => {
  let made = 0;
  const value = once(() => {
    made += 1;
    return undefined;
  });
  assertEquals(made, 0);
  assertEquals([value(), value()], [undefined, undefined]);
  assertEquals(made, 1);
});

Deno.test("who asks while it is being made waits for the same", async () => {
  let asked = 0;
  const { promise, resolve } = Promise.withResolvers<string>();
  const value = lazily(() => {
    asked += 1;
    return promise;
  });
  assertEquals([asked, value.made], [0, undefined]);
  const both = Promise.all([value(), value()]);
  resolve("made");
  assertEquals(await both, ["made", "made"]);
  assertEquals([asked, value.made, await value()], [1, "made", "made"]);
});

Deno.test("what failed is said to all who waited, and tried again for the next", async () => {
  let asked = 0;
  const value = lazily(() => {
    asked += 1;
    return asked === 1 ? Promise.reject(new TypeError("first")) : Promise.resolve(asked);
  });
  const [one, other] = [value(), value()];
  await assertRejects(() => one, TypeError, "first");
  await assertRejects(() => other, TypeError, "first");
  assertEquals(value.made, undefined);
  assertEquals([await value(), value.made], [2, 2]);
  assert(asked === 2);
});
