/** The file of all that is kept of a person: whole or cut off, it is JSON, and says which. */

import { assert, assertEquals } from "@std/assert";
import type { ActivityView } from "../../../broker/core/activity.ts";
import { NO_ACTIVITY } from "../../../broker/core/activity.ts";
import { personFile, type Section, sectionsOf } from "../../../routes/http/person_file.ts";

async function read(sections: Section[], most?: number) {
  const text = await personFile(sections, most).text();
  return { text, json: JSON.parse(text) };
}

async function* slowly<T>(...items: T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

Deno.test("values, lists, and lists that are still being read", async () => {
  const { json } = await read([
    ["user", { user_id: 'a"b' }],
    ["none", []],
    ["list", [1, { two: 2 }]],
    ["later", slowly("a", "\u2028", "é")],
    ["empty", slowly()],
    ["nothing", undefined],
  ]);
  assertEquals(json, {
    user: { user_id: 'a"b' },
    none: [],
    list: [1, { two: 2 }],
    later: ["a", "\u2028", "é"],
    empty: [],
    nothing: null,
    truncated: false,
  });
});

Deno.test("what does not fit is left out, and that is said", async () => {
  const most = 1_000;
  const { text, json } = await read([
    ["list", Array(1_000).fill("x".repeat(50))],
    ["after", { long: "y".repeat(most) }],
  ], most);
  assert(json.list.length > 1 && text.length < most, `${text.length}`);
  assertEquals([json.after, json.truncated], [null, true]);
});

Deno.test("a list without end is read no further than that", async () => {
  let read = 0;
  async function* endless() {
    for (;;) yield await Promise.resolve(`item ${read++}`);
  }
  const text = await personFile([["activity", endless()]], 10_000).text();
  assert(JSON.parse(text).truncated && read < 1_000);
});

Deno.test("what somebody did is written out page by page, and by no id", async () => {
  const entry = (at: number): ActivityView => ({
    ...{ what: "tool_called", actor: { kind: "client", id: "secret-id", name: "App" } },
    ...{ tool: "t", outcome: "ok", at, since: at, count: 1 },
  });
  const pages = [[entry(3), entry(2)], [entry(1)]];
  const activity = {
    ...NO_ACTIVITY,
    page: (_: unknown, { before = "0" }: { before?: string | undefined }) => {
      const at = Number(before);
      const next = at + 1 < pages.length ? String(at + 1) : undefined;
      return Promise.resolve({ entries: pages[at]!, next, leftOut: 0 });
    },
  };
  const broker = { personData: () => Promise.resolve({ records: {} } as never) };
  const of = { subject: "voice:a" } as const;
  const { text, json } = await read(await sectionsOf({ broker, activity }, of));
  assertEquals(json.activity.map(({ at }: { at: number }) => at), [3, 2, 1]);
  assertEquals(json.activity[0].by, { kind: "client", name: "App" });
  assert(!text.includes("secret-id"));
  // A key of some services alone is for none of it.
  const narrow = await read(await sectionsOf({ broker, activity }, { ...of, reach: ["mail"] }));
  assertEquals(Object.keys(narrow.json), ["records", "truncated"]);
});
