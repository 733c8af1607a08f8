/** How much of what a server says it has is asked for, and kept. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { notDone, UpstreamFault } from "../../../mcp/upstream/fault.ts";
import {
  askOffer,
  MAX_FEATURE_PAGES,
  MAX_FEATURES,
  MAX_OFFER_BYTES,
} from "../../../mcp/upstream/offer.ts";
import { METHOD_NOT_FOUND } from "../../../mcp/upstream/rpc.ts";
import type { UpstreamSession } from "../../../mcp/upstream/session.ts";
import { REMOTE } from "../../support/remote_spec.ts";
import { testWorld } from "../../support/world.ts";

type Page = { prompts?: unknown; nextCursor?: unknown };

/** What comes of a server's pages of prompts, and the cursors that it was asked with. */
async function offerOf(pageOf: (cursor: unknown, count: number) => Page, secrets: string[] = []) {
  const cursors: unknown[] = [];
  const session = {
    capabilities: { prompts: {} },
    // deno-lint-ignore require-await -- it rejects where the page throws
    request: async (_method: string, { cursor }: { cursor?: unknown }) => {
      cursors.push(cursor);
      return pageOf(cursor, cursors.length);
    },
  } as unknown as UpstreamSession;
  const world = testWorld();
  const { signal } = new AbortController();
  const { prompts } = await askOffer(session, REMOTE, { world, secrets }, signal);
  const listings = prompts.map(({ listed }) => listed as { description?: string });
  return { ids: prompts.map(({ id }) => id), listings, cursors, events: world.events };
}

const prompts = (count: number, of = "p") =>
  Array.from({ length: count }, (_, at) => ({ name: `${of}${at}` }));

Deno.test("a server's pages are followed to their end, and never in a circle", async () => {
  const two = await offerOf((cursor) =>
    cursor === undefined
      ? { prompts: prompts(1, "a"), nextCursor: "x" }
      : { prompts: prompts(1, "b") }
  );
  assertEquals([two.ids, two.cursors], [["a0", "b0"], [undefined, "x"]]);
  for (const nextCursor of ["", 7, null]) {
    assertEquals((await offerOf(() => ({ prompts: prompts(1), nextCursor }))).cursors.length, 1);
  }
  assertEquals((await offerOf(() => ({ nextCursor: "same" }))).cursors, [undefined, "same"]);
  const pingPong = await offerOf((cursor) => ({ nextCursor: cursor === "a" ? "b" : "a" }));
  assertEquals(pingPong.cursors, [undefined, "a", "b"]);
  const endless = await offerOf((_, count) => ({ nextCursor: `c${count}` }));
  assertEquals(endless.cursors.length, MAX_FEATURE_PAGES);
});

Deno.test("of a server's prompts so many are kept, and no more bytes than there is room for", async () => {
  const many = await offerOf((_, count) => ({
    prompts: prompts(MAX_FEATURES + 100, `p${count}_`),
    nextCursor: `c${count}`,
  }));
  assertEquals([many.ids.length, many.cursors.length], [MAX_FEATURES, 1]);
  assertEquals(many.events.map(({ event, count }) => [event, count]), [
    ["upstream_features_left_out", 1],
  ]);
  const description = "x".repeat(3_900);
  const large = prompts(MAX_FEATURES).map((prompt) => ({ ...prompt, description }));
  const { ids } = await offerOf(() => ({ prompts: large }));
  assert(ids.length * description.length <= MAX_OFFER_BYTES);
});

Deno.test("a prompt that cannot be listed, or comes twice, takes no other away", async () => {
  let deep: unknown = "x";
  for (let depth = 0; depth < 1_000; depth++) deep = [deep];
  const args = Array(10_000).fill({ name: "a", description: "x".repeat(100) });
  const wrong = [null, "x", {}, { name: "" }, { name: 7 }, { name: "x".repeat(10_000) }];
  const listed = [...wrong, { name: "a" }, { name: "a" }, { name: "deep", _meta: { deep } }, {
    name: "huge",
    arguments: args,
  }, { name: "b" }];
  assertEquals((await offerOf(() => ({ prompts: listed }))).ids, ["a", "b"]);
  for (const none of [undefined, null, "x", { name: "a" }]) {
    assertEquals((await offerOf(() => ({ prompts: none }))).ids, []);
  }
});

Deno.test("nothing is listed that a secret of the operator's is in, whole or in pieces", async () => {
  const secret = "the-operators-secret";
  const whole = await offerOf(
    () => ({
      prompts: [{ name: "a", description: `say ${secret}` }, { name: "b" }, { name: secret }],
    }),
    [secret],
  );
  assert(!whole.ids.includes(secret) && whole.ids.includes("b"));
  assert(whole.events.some(({ event }) => event === "upstream_features_leak"));
  const pieces = await offerOf(
    () => ({
      prompts: [{ name: "a", description: "the-operators" }, { name: "b", description: "-secret" }],
    }),
    [secret],
  );
  assertEquals(pieces.ids, []);
});

Deno.test("a server that has no such list after all has nothing, and any other error is one", async () => {
  const failed = (code: number) =>
    offerOf(() => {
      throw notDone({ kind: "answered_error", code, text: "", data: undefined });
    });
  await assertRejects(() => failed(-32_000), UpstreamFault);
  assertEquals((await failed(METHOD_NOT_FOUND)).ids, []);
});

Deno.test("of two entries of one name the first counts, and none that is longer than a definition", async () => {
  const long = Array.from({ length: 10_000 }, (_, at) => ({ name: `argument_${at}` }));
  const listed = [
    { name: "a", description: "first" },
    { name: "a", description: "second" },
    { name: "long", arguments: long },
    { name: "b" },
  ];
  const { ids, listings, events } = await offerOf(() => ({ prompts: listed }));
  assertEquals(ids, ["a", "b"]);
  assertEquals(listings[0]!.description, "first");
  assertEquals(events.map(({ event, count }) => [event, count]), [[
    "upstream_features_left_out",
    2,
  ]]);
});
