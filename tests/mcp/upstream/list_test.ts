/** How a list is asked for page by page, what becomes of secrets in it, and how its tools are listed. */

import { assertEquals, assertRejects } from "@std/assert";
import type { UpstreamSpec } from "../../../broker/core/upstream.ts";
import type { NotListed } from "../../../mcp/upstream/findings.ts";
import { MAX_TOOLS } from "../../../mcp/upstream/judge.ts";
import { fetchList, listedAs } from "../../../mcp/upstream/list.ts";
import type { RequestOptions, UpstreamSession } from "../../../mcp/upstream/session.ts";
import { suffixedName } from "../../../mcp/upstream/tool_name.ts";
import { remoteTool } from "../../support/upstream_double.ts";
import { testWorld } from "../../support/world.ts";

const SPEC = { kind: "http", name: "notes", timeoutMs: 60_000 } as UpstreamSpec;
const SECRET = "s3cret-of-ana-0123456789";

type Page = (cursor: string | undefined, options: RequestOptions) => unknown;

/** What is listed by a server with such pages. */
function listing(page: Page, instructions?: string) {
  const world = testWorld();
  const cut: NotListed[] = [];
  const cursors: (string | undefined)[] = [];
  const time = new AbortController();
  const session = {
    instructions,
    request: async (_method: string, { cursor }: { cursor?: string }, options: RequestOptions) => {
      cursors.push(cursor);
      return await page(cursor, options);
    },
  } as unknown as UpstreamSession;
  const run = () =>
    fetchList(
      session,
      SPEC,
      { world, secrets: [SECRET], notListed: (what) => void cut.push(what) },
      time.signal,
    );
  const leaks = () =>
    world.events.map(({ event, withheld }) => withheld === undefined ? event : [event, withheld]);
  return { run, cut, cursors, time, leaks };
}

Deno.test("a secret that stands in a list is removed, and a tool that hides one, or is called so, is left out", async () => {
  const plain = remoteTool("plain", "Does it.");
  const said = remoteTool("said", `With ${SECRET}.`);
  const cases: [unknown[], unknown[]][] = [
    [[plain], [plain]],
    [[plain, said], [plain, { ...said, description: "With [removed]." }]],
    [[plain, remoteTool("hidden", btoa(SECRET))], [plain]],
    [[plain, said, remoteTool("hidden", btoa(SECRET))], [
      plain,
      { ...said, description: "With [removed]." },
    ]],
    [[plain, remoteTool(SECRET)], [plain]],
    [[plain, { description: btoa(SECRET) }], [plain]],
  ];
  for (const [tools, expected] of cases) {
    const { run, leaks } = listing(() => ({ tools }), `Ask with ${SECRET}.`);
    const list = await run();
    assertEquals(list.tools.filter((tool) => tool !== undefined), expected);
    assertEquals(list.instructions, "Ask with [removed].");
    const withheld = tools.length - expected.length;
    assertEquals(leaks(), withheld === 0 ? [] : [["upstream_tools_leak", withheld]]);
  }
  const { run, leaks } = listing(() => ({ tools: [plain] }), btoa(SECRET));
  assertEquals(await run(), { tools: [], instructions: null });
  assertEquals(leaks(), ["upstream_instructions_leak"]);
});

Deno.test("a list ends where its server says so, or goes in a circle, or has more than anybody lists", async () => {
  const tools = [remoteTool("read")];
  const many = Array.from({ length: MAX_TOOLS }, (_none, at) => remoteTool(`t${at}`));
  let count = 0;
  const cases: [Page, number, string | undefined][] = [
    [() => ({ tools }), 1, undefined],
    [() => ({ tools, nextCursor: "" }), 1, undefined],
    [() => ({ tools, nextCursor: null }), 1, undefined],
    [(cursor) => ({ tools, ...(cursor === undefined && { nextCursor: "2" }) }), 2, undefined],
    [() => ({ tools, nextCursor: "1" }), 2, "a page came again, after 2 pages and 2 tools"],
    [
      () => ({ tools: many, nextCursor: `c${count++}` }),
      3,
      `too many tools, after 3 pages and ${3 * MAX_TOOLS} tools`,
    ],
  ];
  for (const [page, pages, said] of cases) {
    const { run, cut, cursors } = listing(page);
    await run();
    assertEquals(cursors.length, pages);
    assertEquals(cut.map(({ what }) => what), said === undefined ? [] : [said]);
  }
});

Deno.test("what came before the time was over is listed, and what fails otherwise fails", async () => {
  const { run, cut, time } = listing((cursor, { signal }) => {
    if (cursor === undefined) return { tools: [remoteTool("read")], nextCursor: "2" };
    time.abort(new DOMException("Too late", "TimeoutError"));
    return Promise.reject(signal.aborted ? signal.reason : new RangeError("it goes on"));
  });
  assertEquals((await run()).tools.length, 1);
  assertEquals(cut.map(({ what }) => what), ["out of time, after 1 pages and 1 tools"]);
  const broken = listing((cursor) =>
    cursor === undefined
      ? { tools: [remoteTool("read")], nextCursor: "2" }
      : Promise.reject(new RangeError("ours"))
  );
  await assertRejects(broken.run, RangeError);
  await assertRejects(listing(() => ({ tools: null })).run, TypeError);
});

Deno.test("a tool's word counts where it is believed, and goes through unchanged there", () => {
  const hints = { title: "Read", readOnlyHint: true, idempotentHint: true };
  const none = { ...hints, readOnlyHint: false, idempotentHint: false };
  const cases: [unknown, boolean, unknown, boolean][] = [
    [hints, true, hints, true],
    [hints, false, none, false],
    [{ title: "Read" }, true, { title: "Read" }, false],
    [undefined, true, undefined, false],
    [undefined, false, undefined, false],
  ];
  const outputSchema = { type: "object" };
  for (const [annotations, isBelieved, listed, isSafe] of cases) {
    const tool = {
      ...remoteTool("read"),
      outputSchema,
      ...(annotations as object && { annotations }),
    };
    const made = listedAs(
      SPEC,
      "notes_read",
      { tool: tool as never, renamed: undefined },
      isBelieved,
    );
    assertEquals(made.listed.annotations, listed as never);
    assertEquals("annotations" in made.listed, listed !== undefined);
    assertEquals("outputSchema" in made.listed, false);
    assertEquals([made.readOnly, made.idempotent], [isSafe, isSafe]);
    assertEquals(made.alias, suffixedName("notes", "read", undefined));
  }
  const suffixed = suffixedName("notes", "read", undefined);
  const tool = remoteTool("read") as never;
  assertEquals(listedAs(SPEC, suffixed, { tool, renamed: undefined }, true).alias, undefined);
});
