/** How an answer that is ready goes out, with headers and without. */

import { assertEquals } from "@std/assert";
import { NONE, responseOf } from "../../../routes/http/ready.ts";

const headersOf = (response: Response) => Object.fromEntries(response.headers);

Deno.test("an answer keeps its status, its text and its headers, whichever way it is made", async () => {
  const usual = { "Cache-Control": "no-store", "X-Own": "usual" };
  for (const given of [NONE, usual]) {
    const response = responseOf({ status: 202, text: "{}" }, given);
    assertEquals([response.status, await response.text()], [202, "{}"]);
    const { "content-type": type, ...others } = headersOf(response);
    assertEquals(type, "application/json");
    assertEquals(others, given === NONE ? {} : { "cache-control": "no-store", "x-own": "usual" });
  }
  // What an answer says of itself counts for more than what is usual.
  const own = responseOf({ status: 200, text: "{}", headers: { "X-Own": "own" } }, usual);
  assertEquals(headersOf(own)["x-own"], "own");
  const nothing = responseOf({ status: 202, text: null }, usual);
  assertEquals([nothing.body, headersOf(nothing)["content-type"]], [null, undefined]);
});
