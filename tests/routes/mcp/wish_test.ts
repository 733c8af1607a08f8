/** What an address wishes for: how long to wait, and never more than the caller has. */

import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { common, narrowed, NO_WISH, patienceOf, type Wish } from "../../../routes/mcp/wish.ts";

Deno.test("how long a call may take is what the address says, within its limits", () => {
  const of = (timeout: number | undefined, voice?: boolean, isVoice?: boolean) =>
    patienceOf({ ...NO_WISH, timeout, voice }, isVoice);
  assertEquals(of(undefined), { voice: false, timeoutMs: undefined });
  const { timeoutMs: short } = of(undefined, true);
  assertEquals(typeof short, "number");
  // A token that is for voice is so unless the address says otherwise.
  assertEquals(of(undefined, undefined, true), { voice: true, timeoutMs: short });
  assertEquals(of(undefined, false, true), { voice: false, timeoutMs: undefined });
  assertEquals(of(5_000, true), { voice: true, timeoutMs: 5_000 });
  const [least, most] = [of(0).timeoutMs!, of(1e9).timeoutMs!];
  assertEquals([of(least), of(most)].map(({ timeoutMs }) => timeoutMs), [least, most]);
  assertEquals(0 < least && least < short! && short! < most, true);
  assertEquals([of(least - 1).timeoutMs, of(most + 1).timeoutMs], [least, most]);
});

Deno.test("a wish narrows what a caller has, and widens nothing", () => {
  const filter = { services: ["gmail", "github"], tools: ["a", "b"], scopes: ["gmail"] };
  const wish = { ...NO_WISH, services: [["github", "drive"], ["github"]], tools: ["b", "c"] };
  assertEquals(narrowed(filter, wish), {
    scopes: ["gmail"],
    services: ["github"],
    tools: ["b"],
    readOnly: false,
    outputSchemas: false,
  });
  assertEquals(narrowed({}, wish), {
    scopes: undefined,
    services: ["github"],
    tools: ["b", "c"],
    readOnly: false,
    outputSchemas: false,
  });
  const readOnly = (has: boolean, wishes: boolean) =>
    narrowed({ readOnly: has }, { ...NO_WISH, readOnly: wishes }).readOnly;
  assertEquals([readOnly(true, false), readOnly(false, true), readOnly(false, false)], [
    true,
    true,
    false,
  ]);
  assertEquals([common(undefined, undefined), common([], undefined), common(undefined, ["a"])], [
    undefined,
    [],
    ["a"],
  ]);
});

Deno.test("whether tools are looked up or listed is as the address says", () => {
  const mode = (mode: Wish["mode"]) => narrowed({}, { ...NO_WISH, mode }).mode;
  assertEquals([mode("search"), mode("list"), mode(undefined)], ["search", "list", undefined]);
});

Deno.test("what is the same of many requests is narrowed once, for those that wish nothing", () => {
  const filter = Object.freeze({ services: ["gmail"], readOnly: true, policy: { deny: ["a"] } });
  const other = Object.freeze({ services: ["drive"] });
  const plain = narrowed(filter, NO_WISH);
  assertStrictEquals(narrowed(filter, NO_WISH), plain);
  assert(Object.isFrozen(plain), "it is everybody's");
  const own = { ...filter };
  assert(narrowed(own, NO_WISH) !== narrowed(own, NO_WISH), "one request's own is not kept");
  assertEquals(narrowed(own, NO_WISH), plain);
  assertEquals(narrowed(other, NO_WISH).services, ["drive"]);
  // Between two that wish nothing one that does.
  const wish = { ...NO_WISH, services: [["github"]], mode: "list" as const };
  assertEquals(narrowed(filter, wish).services, []);
  assertEquals(narrowed(filter, { ...NO_WISH }), plain);
  assertStrictEquals(narrowed(filter, NO_WISH), plain);
});
