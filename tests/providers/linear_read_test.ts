import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { linearTools } from "../../providers/linear/tools.ts";
import { callTool, faultOf, type Json } from "../support/api.ts";
import { linearAnswering, realIssue, startLinear } from "../support/linear_workspace.ts";

const read = (api: Parameters<typeof callTool>[3], args: Json = {}) =>
  callTool(linearTools, "linear_read_issue", { issue: "ENG-7", ...args }, api);

Deno.test("linear_read_issue() reads what it says, what was said and what it hangs together with", async () => {
  await using linear = await startLinear({
    issues: [
      {
        team: "WEB",
        title: "Fix the door",
        description: "# Steps\n\n1. Open [the plan](https://example.com/plan)\n2. **Push**",
        assignee: "ana@example.com",
        due_date: "2026-12-01",
        project: "Spring launch",
      },
      { team: "WEB", title: "The house" },
      { team: "WEB", title: "Find the key" },
      { team: "WEB", title: "Oil the hinge", state: "Done" },
    ],
    comments: [
      { issue: "WEB-1", user: "ana@example.com", body: "It squeaks." },
      { issue: "WEB-1", user: "ana@example.com", body: "From the customer." },
    ],
  }, {
    extras: {
      issues: {
        "WEB-1": {
          parent: "WEB-2",
          estimate: 3,
          attachments: [{ title: "Photo", subtitle: "of the door", url: "https://example.com/p" }],
        },
        "WEB-3": { relations: [{ type: "blocks", to: "WEB-1" }] },
        "WEB-4": { parent: "WEB-1" },
      },
      comments: {
        "It": { createdAt: "2026-11-20T10:00:00.000Z" },
        "From": {
          createdAt: "2026-11-19T10:00:00.000Z",
          user: null,
          externalUser: { name: "Bo Berg" },
        },
      },
    },
  });
  const { text, data } = await linear.call("linear_read_issue", { issue: "web-1" });
  assertEquals(
    text,
    "WEB-1 Fix the door is Todo, for Ana Lima. It is due December 1. It is a part of WEB-2 The " +
      "house. It has 1 sub-issue. It is blocked by WEB-3 Find the key. It has 1 link. It says: " +
      "Steps Open the plan Push. There are 2 comments. The last is by Ana Lima of November 20: " +
      "It squeaks.",
  );
  assertEquals(data.comments.map((comment: Json) => [comment.by, comment.text]), [
    ["Bo Berg", "From the customer."],
    ["Ana Lima", "It squeaks."],
  ]);
  assertEquals([data.estimate, data.project, data.due_on], [3, "Spring launch", "2026-12-01"]);
  assertEquals(data.parent_issue, { issue: "WEB-2", title: "The house", state: "Todo" });
  assertEquals(data.sub_issues, [{ issue: "WEB-4", title: "Oil the hinge", state: "Done" }]);
  assertEquals(data.relations, [
    { issue: "WEB-3", title: "Find the key", state: "Todo", relation: "blocked by" },
  ]);
  assertEquals(data.links, [{ title: "Photo, of the door", url: "https://example.com/p" }]);
  assertEquals(data.description.startsWith("# Steps"), true);
  assertEquals(data.comments_left_out, 0);
});

Deno.test("linear reads an issue by its address, its branch, its id and its former number", async () => {
  await using linear = await startLinear({}, {
    extras: {
      issues: { "OPS-1": { previousIdentifiers: ["ENG-9"], branchName: "octo/paint-it" } },
    },
  });
  const readOps = async (issue: string) => {
    const { text, data } = await linear.call("linear_read_issue", { issue });
    assertEquals(data.issue, "OPS-1");
    return text;
  };
  const { issue } = await linear.read('{ issue(id: "OPS-1") { id } }');
  for (
    const name of [
      "ops-1",
      issue.id,
      issue.id.toUpperCase(),
      "https://linear.app/acme/issue/OPS-1/order-paint",
    ]
  ) {
    assert(!(await readOps(name)).includes("is now"), name);
  }
  assertStringIncludes(await readOps("ENG-9"), "ENG-9 is now OPS-1.");
  assertStringIncludes(await readOps("https://linear.app/acme/issue/ENG-9"), "ENG-9 is now OPS-1.");
  assertStringIncludes(await readOps("octo/paint-it"), "The branch belongs to OPS-1.");
  const gone = await faultOf(linear.call("linear_read_issue", { issue: "octo/other" }));
  assertEquals(gone.kind, "not_found");
});

Deno.test("linear knows a team's new key, and never takes another issue for the one that was named", async () => {
  const answering = (fields: Json) =>
    linearAnswering({
      ReadIssue: { data: { issue: realIssue(fields) } },
      IssueNamed: { data: { issue: realIssue(fields) } },
      IssueLinks: { data: { issue: {} } },
    });
  const renamed = await read(answering({ identifier: "DEV-7" }));
  assertStringIncludes(renamed.text, "ENG-7 is now DEV-7.");
  assertEquals(renamed.data.issue, "DEV-7");
  const sent: Json[] = [];
  const other = linearAnswering(
    { "*": { data: { issue: realIssue({ identifier: "DEV-8" }) } } },
    sent,
  );
  for (
    const [name, args] of [
      ["linear_read_issue", {}],
      ["linear_update_issue", { title: "x" }],
      ["linear_comment_on_issue", { body: "x" }],
    ] as const
  ) {
    const fault = await faultOf(callTool(linearTools, name, { issue: "ENG-7", ...args }, other));
    assertEquals(fault.kind, "conflict", name);
    assertStringIncludes(fault.message, "another issue, DEV-8");
  }
  assert(sent.every(({ query }) => !query.includes("mutation")));
});

Deno.test("linear_read_issue() bounds what it gives back, and says what it left out", async () => {
  const long = "長い文".repeat(5_000);
  const comments = {
    nodes: Array.from({ length: 100 }, (_, index) => ({
      id: `c${index}`,
      body: `${index} ${long}`,
      createdAt: new Date(Date.UTC(2026, 10, 1) - index * 60_000).toISOString(),
      botActor: { name: "Sentry", userDisplayName: null },
    })),
    pageInfo: { hasNextPage: true, endCursor: "c" },
  };
  const others = (key: string) => ({
    nodes: Array.from({ length: 25 }, (_, index) => {
      const other = { identifier: `ENG-${index + 10}`, title: long };
      return key === "" ? other : { type: "brand_new", [key]: other };
    }),
    pageInfo: { hasNextPage: true },
  });
  const attachments = {
    nodes: Array(25).fill({ title: long, url: `https://x.example/${"y".repeat(250)}` }),
  };
  const api = linearAnswering({
    ReadIssue: { data: { issue: realIssue({ description: long, comments, creator: null }) } },
    IssueLinks: {
      data: {
        issue: {
          children: others(""),
          relations: others("relatedIssue"),
          inverseRelations: others("issue"),
          attachments,
        },
      },
    },
  });
  // callTool() fails where it is more than a model can take in.
  const { text, data } = await read(api, { comments: 60 });
  assertEquals([data.comments.length, data.comments_left_out, data.next_offset], [60, 40, 6_000]);
  assertEquals([data.comments.at(-1).comment, data.comments[0].by], ["c0", "Sentry"]);
  assertStringIncludes(text, "These are characters 1 to 6,000 of 15,000.");
  assertStringIncludes(text, "The earliest 40 are left out.");
  assertStringIncludes(text, "There are more comments than Linear gives at once.");
  assertStringIncludes(text, "only the first 25 of each are listed");
  const rest = await read(api, { comments: 0, offset: 12_000 });
  assertEquals([rest.data.description.length, rest.data.next_offset], [3_000, undefined]);
  assertStringIncludes(rest.text, "100 comments are left out.");
});

Deno.test("linear_read_issue() reads an issue of an integration, and without its links", async () => {
  const issue = realIssue({
    creator: null,
    botActor: { name: "Zendesk" },
    state: null,
    team: null,
    comments: { nodes: [{ body: null }, { body: "x", user: null, botActor: {} }] },
    snoozedUntilAt: "2026-12-01T10:00:00.000Z",
  });
  const errors = [{ message: "oops", extensions: { code: "INTERNAL_SERVER_ERROR" } }];
  const api = linearAnswering({
    ReadIssue: { data: { issue } },
    IssueLinks: { data: null, errors },
  });
  const { text, data } = await read(api);
  assertEquals([data.created_by, data.comments[1].by], ["Zendesk", "an integration"]);
  assertStringIncludes(text, "in a state that Linear does not name");
  assertStringIncludes(text, "Linear did not give its sub-issues, relations and links.");
  assertEquals(data.snoozed_until, "2026-12-01T10:00:00.000Z");
  // A dead token is no missing part.
  const dead = linearAnswering({
    ReadIssue: { data: { issue } },
    IssueLinks: { data: null, errors: [{ extensions: { code: "AUTHENTICATION_ERROR" } }] },
  });
  assertEquals((await faultOf(read(dead))).kind, "unauthorized");
});
