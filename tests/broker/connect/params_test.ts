import { assertEquals, assertThrows } from "@std/assert";
import {
  checkedParams,
  missingParams,
  paramsOf,
  requireParams,
  saidOnCallback,
} from "../../../broker/connect/params.ts";
import { LONGEST_EXTRA } from "../../../broker/core/extra.ts";
import { LONGEST_PARAM } from "../../../broker/core/link_bounds.ts";
import { Refusal } from "../../../broker/core/refusal.ts";

const server = {
  title: "Acme",
  params: { shop: { title: "Shop", pattern: /^(?:[a-z]+)$/ } },
  callbackMembers: ["realmId"],
};

Deno.test("a param is refused by its name, its form and its length, and never repeated", () => {
  assertEquals(checkedParams(server, { shop: "ada" }), { shop: "ada" });
  assertEquals(checkedParams(server, {}), {});
  for (
    const given of [
      { shop: "Ada" },
      { shop: "ada\n" },
      { shop: "" },
      { shop: "a".repeat(LONGEST_PARAM + 1) },
      { other: "ada" },
      { constructor: "ada" },
      { shop: "ada", other: "ada" },
    ]
  ) {
    const { message } = assertThrows(() => checkedParams(server, given), Refusal);
    assertEquals(/ada/i.test(message), false, message);
  }
  assertEquals(checkedParams(server, { shop: "a".repeat(LONGEST_PARAM) }).shop!.length, 200);
  assertThrows(() => checkedParams({ title: "Plain" }, { shop: "ada" }), Refusal);
});

Deno.test("what is missing is named; a provider without params has none", () => {
  assertEquals(missingParams(server), ["shop"]);
  assertEquals(missingParams(server, { shop: "x" }), []);
  assertThrows(() => requireParams(server, {}), Refusal);
  assertEquals(requireParams(server, { shop: "ada" }), { shop: "ada" });
  assertEquals(requireParams({ title: "Plain" }, {}), undefined);
  assertEquals(paramsOf(server, { shop: "ada", realmId: "1" }), { shop: "ada" });
  assertEquals(Object.keys(paramsOf(server, { realmId: "1" })), []);
});

Deno.test("of a callback's query what is named is kept, if it is one line of some length", () => {
  assertEquals(saidOnCallback(server, { realmId: "1", code: "c" }), { realmId: "1" });
  for (const realmId of ["", "1\n2", "\u0000", "\u0085", "\ud800", "x".repeat(LONGEST_EXTRA + 1)]) {
    assertEquals(saidOnCallback(server, { realmId }), {}, JSON.stringify(realmId.slice(0, 9)));
  }
  assertEquals(saidOnCallback({ title: "Plain" }, { realmId: "1" }), {});
});
