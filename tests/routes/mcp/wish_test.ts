/** What an address wishes for: how long to wait, and never more than the caller has. */

import { assertEquals } from "@std/assert";
import { common, narrowed, patienceOf, type Wish } from "../../../routes/mcp/wish.ts";

const WISH: Wish = {
  services: [],
  tools: undefined,
  readOnly: false,
  outputSchemas: false,
  idempotencyKey: undefined,
  voice: undefined,
  timeout: undefined,
};

Deno.test("how long a call may take is what the address says, within its limits", () => {
  const of = (timeout: number | undefined, voice?: boolean, isVoice?: boolean) =>
    patienceOf({ ...WISH, timeout, voice }, isVoice);
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
  const wish = { ...WISH, services: [["github", "drive"], ["github"]], tools: ["b", "c"] };
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
    narrowed({ readOnly: has }, { ...WISH, readOnly: wishes }).readOnly;
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
  const mode = (mode: Wish["mode"]) => narrowed({}, { ...WISH, mode }).mode;
  assertEquals([mode("search"), mode("list"), mode(undefined)], ["search", "list", undefined]);
});
