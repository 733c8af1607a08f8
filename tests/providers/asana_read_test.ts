import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { asanaTools } from "../../providers/asana/tools.ts";
import { callTool, faultOf, type Json } from "../support/api.ts";
import {
  asanaAnswering,
  DOING,
  startAsana,
  TASK,
  taskOf,
  WORKSPACE,
} from "../support/asana_account.ts";

const ANA = "1200000000000002";
const read = (api: Parameters<typeof callTool>[3], args: Json = {}) =>
  callTool(asanaTools, "asana_read_task", { task: "1", ...args }, api);

/** One custom field of each type, and those that are empty. */
const FIELDS = [
  { gid: "1", name: "Priority", type: "enum", display_value: "High", enum_value: { name: "High" } },
  { gid: "2", name: "Effort", type: "number", display_value: null, number_value: 0 },
  { gid: "3", name: "Areas", multi_enum_values: [{ name: "Front" }, null, { name: "Back" }] },
  { gid: "4", name: "Starts", date_value: { date: "2026-11-24", date_time: null } },
  { gid: "5", name: "Reviewers", people_value: [{ name: "Bo Berg" }] },
  { gid: "6", name: "See", reference_value: [{ name: "The plan" }] },
  { gid: "7", name: "Note", text_value: "Hello" },
  { gid: "8", name: "Empty", display_value: null, text_value: null },
  { gid: "9", name: "New", type: "hologram", display_value: "shown", hologram_value: {} },
];

Deno.test("asana_read_task() reads what it says, what was said and what it hangs together with", async () => {
  await using asana = await startAsana({
    tasks: [
      taskOf("1", "Write the invitation", {
        notes: "Ask **everybody**.\n\nhttps://example.com/long/list",
        assignee: ANA,
        due_on: "2026-12-01",
        sections: [DOING],
        tags: ["1200000000000050"],
        parent: "2",
        dependencies: ["3"],
        attachments: ["plan.pdf", "map.png"],
        more: { custom_fields: FIELDS, start_on: "2026-11-20" },
      }),
      taskOf("2", "The party"),
      taskOf("3", "Book a room"),
      taskOf("4", "Buy stamps", { parent: "1", completed: true }),
      taskOf("5", "Send it", { dependencies: ["1"] }),
    ],
    stories: [
      {
        gid: "11",
        task: "1",
        text: "Ana was assigned",
        type: "system" as const,
        created_by: ANA,
        created_at: "2026-11-18T10:00:00.000Z",
      },
      {
        gid: "12",
        task: "1",
        text: "Is it done?",
        created_by: ANA,
        created_at: "2026-11-19T10:00:00.000Z",
      },
      {
        gid: "13",
        task: "1",
        text: "Nearly.",
        created_by: "gone",
        created_at: "2026-11-20T10:00:00.000Z",
      },
    ],
  });
  const { text, data } = await asana.call("asana_read_task", { task: "1" });
  assertEquals(
    text,
    '"Write the invitation" is open, for Ana Lima, due December 1. It is a part of "The party". ' +
      'It is in "Doing". It waits for "Book a room". 1 task waits for it. It has 1 subtask. ' +
      "Priority: High; Effort: 0; Areas: Front, Back; Starts: 2026-11-24; Reviewers: Bo Berg, and " +
      '3 more. Attached: "plan.pdf", "map.png". It says: Ask everybody. (link) There are 2 ' +
      "comments. The last is by somebody whom Asana does not name of November 20: Nearly.",
  );
  assertEquals(data.comments.map((comment: Json) => [comment.by, comment.text]), [
    ["Ana Lima", "Is it done?"],
    ["somebody whom Asana does not name", "Nearly."],
  ]);
  assertEquals(data.fields.slice(5), [
    { name: "See", value: "The plan" },
    { name: "Note", value: "Hello" },
    { name: "New", value: "shown" },
  ]);
  assertEquals(data.subtasks, [{ task: "4", name: "Buy stamps", completed: true }]);
  assertEquals([data.waits_for[0].name, data.blocks[0].name], ["Book a room", "Send it"]);
  assertEquals([data.parent, data.parent_task, data.sections, data.tags], [
    "The party",
    "2",
    ["Doing"],
    ["Errand"],
  ]);
  assertEquals([data.start_on, data.attachments], ["2026-11-20", ["plan.pdf", "map.png"]]);
  const addresses = [
    "https://app.asana.com/0/1200000000000020/1",
    "https://app.asana.com/0/0/1/f",
    "https://app.asana.com/1/12/project/34/task/1?focus=true",
    "https://app.asana.com/1/12/task/1",
  ];
  for (const task of addresses) {
    assertEquals((await asana.call("asana_read_task", { task, comments: 0 })).data.task, "1", task);
  }
});

Deno.test("asana_read_task() bounds what it gives back, and says what it left out", async () => {
  const long = "長い文".repeat(5_000);
  const stories = Array.from({ length: 100 }, (_, index) => ({
    gid: String(index),
    type: index % 2 === 0 ? "comment" : "system",
    text: `${index} ${long.slice(0, 3_000)}`,
    created_at: `2026-11-01T10:${String(index % 60).padStart(2, "0")}:00.000Z`,
  }));
  const next_page = { offset: "more" };
  const others = Array.from(
    { length: 100 },
    (_, index) => ({ gid: String(index), name: long.slice(0, 500) }),
  );
  // Each call has a client of its own, as behind the gateway.
  const api = () =>
    asanaAnswering({
      "GET /tasks/1": {
        data: {
          gid: "1",
          name: "Long",
          notes: long,
          assignee: null,
          dependencies: [{}],
          custom_fields: Array(60).fill({ name: long, display_value: long }),
        },
      },
      "GET /tasks/1/stories": { data: stories, next_page },
      "GET /tasks/1/subtasks": { data: others, next_page },
      "GET /tasks/1/dependencies": { data: others },
      "GET /attachments": { data: others },
    });
  // callTool() fails where it is more than a model can take in.
  const { text, data } = await read(api(), { comments: 100 });
  assertEquals([data.comments.length, data.comments_left_out], [100, 400]);
  assertEquals([data.notes_text.length, data.next_offset], [6_000, 6_000]);
  assertStringIncludes(text, "These are characters 1 to 6,000 of 15,000.");
  assertStringIncludes(text, "The earliest 400 are left out.");
  assertStringIncludes(text, "It has a long history: later comments are not listed.");
  assertStringIncludes(text, "Not all of its subtasks, attachments and the like are listed.");
  assertStringIncludes(text, "Only 40 of its custom fields are read.");
  assertStringIncludes(text, "is there, for nobody in particular");
  const rest = await read(api(), { comments: 0, offset: 12_000 });
  assertEquals([rest.data.notes_text.length, rest.data.next_offset], [3_000, undefined]);
  assertEquals((await faultOf(read(api(), { offset: 20_000 }))).kind, "invalid");
});

Deno.test("asana_read_task() reads a task without the parts that are refused, and says which", async () => {
  const no = (status: number) => Response.json({ errors: [{ message: "No." }] }, { status });
  const parts = {
    "GET /tasks/1": {
      data: {
        gid: "1",
        name: "Private",
        html_notes: "<body>Hello &amp; <b>good</b><ul><li>One</li></ul></body>",
        completed: true,
        dependencies: [{ gid: "2" }],
      },
    },
    "GET /tasks/1/stories": no(403),
    "GET /tasks/1/subtasks": no(500),
    "GET /tasks/1/dependencies": no(402),
    "GET /attachments": { data: null },
  };
  const { text, data } = await read(asanaAnswering(parts));
  for (const part of ["comments", "subtasks", "the tasks that it waits for", "attachments"]) {
    assertStringIncludes(text, `Asana did not give ${part}.`);
  }
  assertStringIncludes(text, '"Private" is completed.');
  assertEquals(data.notes_text, "Hello & good\n\n- One");
  const other = asanaAnswering({ "GET /tasks/1": { data: { gid: "2", name: "Other" } } });
  assertEquals((await faultOf(read(other))).kind, "conflict");
  // Comments are worth a link.
  const message = "Your access token does not have the required scopes: stories:read";
  const scope = Response.json({ errors: [{ message }] }, { status: 403 });
  const fault = await faultOf(read(asanaAnswering({ ...parts, "GET /tasks/1/stories": scope })));
  assertEquals([fault.kind, fault.scopes], ["missing_scope", ["stories:read"]]);
});

Deno.test("asana_read_task() says where a task is not to be had", async () => {
  await using asana = await startAsana();
  const fault = await faultOf(asana.call("asana_read_task", { task: "404" }));
  assertEquals(fault.kind, "not_found");
  assertStringIncludes(fault.message, "Asana did not find this task");
  const { data } = await asana.call("asana_read_task", { task: TASK });
  assertEquals([data.comments, data.subtasks, data.fields], [[], undefined, undefined]);
  await assertRejects(() => asana.call("asana_read_task", { task: "https://evil.example/0/0/1" }));
  assertEquals(WORKSPACE.length, 16);
});
