/**
 * The thin dispatch is held equal to the SDKs: each request of a large corpus
 * goes through the whole front door twice, and both answers are the same in
 * their status, headers and bytes, and in all that is done and noted beside.
 * Other methods than POST never come as far as the two ways.
 *
 * The corpus leaves out nothing that anybody reads: the SDKs are asked for what
 * they know, so that another version of theirs is found out here.
 */

import { assert, assertEquals } from "@std/assert";
// @ts-types="npm:@modelcontextprotocol/sdk@1.32.2/types"
import * as older from "@modelcontextprotocol/sdk/types.js";
import * as newer from "@modelcontextprotocol/server";
import {
  HEADER_NAMES,
  HOT,
  LEGACY,
  METHODS,
  mixed,
  OTHERS,
  single,
  UPSTREAM_CALLS,
} from "./corpus.ts";
import { assertSame, backend, CONTENT_KINDS, UPSTREAM } from "./same.ts";
import { ASKED_TO_CONNECT, FORGETFUL, HEADED, TOGETHER } from "./together.ts";
import { startTwins } from "./twins.ts";

Deno.test("what real clients ask is answered directly, and as the SDKs answer it", async () => {
  await using twins = await startTwins();
  for (const draft of HOT) {
    const what = JSON.stringify(draft);
    assertEquals(await assertSame(twins, [draft]), { all: 1, direct: 1, quick: 1 }, what);
    // Of a page it is the router that answers.
    const paged = await assertSame(twins, [draft], () => ({ ...backend(), Origin: "{page}" }));
    assertEquals(paged, { all: 1, direct: 1, quick: 0 }, what);
  }
});

Deno.test("a call that goes on to an upstream is answered directly, and as the SDK answers it", async () => {
  await using twins = await startTwins(UPSTREAM);
  for (const draft of UPSTREAM_CALLS) {
    const { direct } = await assertSame(twins, [draft]);
    assertEquals(direct, 1, JSON.stringify(draft));
  }
  const { all, direct } = await assertSame(twins, single(UPSTREAM_CALLS.slice(0, 1)));
  assert(all > 400 && direct > all / 8, `${direct} of ${all}`);
});

Deno.test("who hears an upstream's log is answered by the SDK, in a stream", async () => {
  await using twins = await startTwins(UPSTREAM);
  const caller = backend();
  const [call] = UPSTREAM_CALLS;
  const FULL = { ...call!.headers, Accept: "application/json, text/event-stream" };
  const level = { jsonrpc: "2.0", id: 1, method: "logging/setLevel", params: { level: "info" } };
  const ask = async (message: unknown) =>
    (await assertSame(twins, [{ ...call!, headers: FULL, message }], () => caller)).direct;
  assertEquals(await ask(call!.message), 1);
  assertEquals(await ask(level), 0);
  assertEquals(await ask(call!.message), 0);
  // Of tools of our own there is nothing to hear, and others have said nothing.
  const own = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "lab_say" } };
  assertEquals(await ask(own), 1);
  assertEquals((await assertSame(twins, [call!])).direct, 1);
});

Deno.test("everything else is left to the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  for (const draft of OTHERS) {
    const { direct } = await assertSame(twins, [draft]);
    assertEquals(direct, 0, JSON.stringify(draft));
  }
});

Deno.test("each difference of a request is answered as the SDKs answer it", async () => {
  await using twins = await startTwins();
  // Of two that say the same one is enough.
  const drafts = HOT.filter((_, at) => at !== 3 && at !== 6);
  const { all, direct } = await assertSame(twins, single(drafts));
  assert(all > 4000 && direct > all / 4, `${direct} of ${all}`);
});

Deno.test("differences that belong or come together are answered as the SDKs answer them", async () => {
  await using twins = await startTwins(UPSTREAM);
  for (const drafts of [TOGETHER, ASKED_TO_CONNECT, HEADED, FORGETFUL]) {
    await assertSame(twins, drafts);
  }
  const { all, direct } = await assertSame(
    twins,
    mixed([...HOT, ...UPSTREAM_CALLS, ...OTHERS], 2000, 1),
  );
  assert(direct > all / 8, `${direct} of ${all}`);
});

/** Who calls and how long a body is, read before the two ways part; and headers of answers. */
const ASIDE = ["authorization", "x-api-key", "x-user-id", "dpop", "content-length"]
  .concat("retry-after", "www-authenticate", "server-timing");

Deno.test("every header that anybody reads is one of those that differ", async () => {
  await using twins = await startTwins(UPSTREAM);
  const read = new Set<string>();
  const { get, has } = Headers.prototype;
  const noted = <T>(original: (name: string) => T) =>
    function (this: Headers, name: string): T {
      read.add(name.toLowerCase());
      return original.call(this, name);
    };
  Object.assign(Headers.prototype, { get: noted(get), has: noted(has) });
  try {
    await assertSame(twins, [...HOT, ...UPSTREAM_CALLS, ...OTHERS]);
  } finally {
    Object.assign(Headers.prototype, { get, has });
  }
  const known = new Set([...HEADER_NAMES, ...ASIDE]);
  assertEquals([...read].filter((name) => !known.has(name)), []);
  // Both SDKs were asked.
  for (const name of ["accept", "mcp-method", "mcp-session-id"]) assertEquals(read.has(name), true);
});

/** The text that a schema's member must be. */
function literals(schemas: unknown[], member: string): string[] {
  return schemas.flatMap((schema) => {
    const { shape, def } = schema as { shape?: Shape; def?: { shape?: Shape } };
    const value = (shape ?? def?.shape)?.[member]?.value;
    return typeof value === "string" ? [value] : [];
  });
}
type Shape = Record<string, { value?: unknown }>;

Deno.test("every method that an SDK knows is asked", () => {
  const schemas = [
    ...older.ClientRequestSchema.options,
    ...older.ClientNotificationSchema.options,
    ...older.ServerRequestSchema.options,
    ...older.ServerNotificationSchema.options,
    ...Object.values(newer.specTypeSchemas),
  ];
  const known = new Set(literals(schemas, "method"));
  assertEquals(known.has("server/discover") && known.has("tools/call"), true);
  assertEquals([...known].filter((method) => !METHODS.includes(method)), []);
});

Deno.test("every revision that an SDK serves is asked", () => {
  assertEquals(older.SUPPORTED_PROTOCOL_VERSIONS, LEGACY);
  assertEquals(newer.SUPPORTED_PROTOCOL_VERSIONS, LEGACY);
  // What the newer one serves beside these, its answer to `server/discover` says.
});

Deno.test("every kind of content is answered", () => {
  const kinds = literals([...older.ContentBlockSchema.options], "type");
  assertEquals(kinds.filter((kind) => !CONTENT_KINDS.has(kind)), []);
});
