/**
 * Lists, as they are ready to be sent and as the SDKs write them: of odd tools,
 * of people who have connected something, and of what has changed meanwhile.
 */

import { assert } from "@std/assert";
import { ODD_TOOLS } from "../../support/odd_tools.ts";
import { remoteTool } from "../../support/upstream_double.ts";
import { calls, draft, FULL, GREETING, modern, request, TYPE } from "./corpus.ts";
import { assertSame, backend, UPSTREAM } from "./same.ts";
import { startTwins } from "./twins.ts";

/** Lists in each revision, and of whoever greets what there is. */
const LISTS = [
  "",
  "/up?mode=list",
  "?output_schemas=true&mode=list",
  "?read_only=true",
  "?mode=search",
  "?tools=lab_say",
]
  .flatMap((rest) => {
    const list = request("tools/list");
    return [
      draft(list, TYPE, `/mcp${rest}`),
      draft(list, FULL, `/mcp${rest}`),
      { ...modern("tools/list"), path: `/mcp${rest}` },
      { ...modern("server/discover"), path: `/mcp${rest}` },
      draft(request("initialize", GREETING), TYPE, `/mcp${rest}`),
    ];
  });

Deno.test("tools that an upstream lists oddly are listed and called as by the SDKs", async () => {
  await using twins = await startTwins({
    ...UPSTREAM,
    tools: [
      ...ODD_TOOLS.map(({ tool }) => tool),
      // The later revision has no such member.
      remoteTool("tasked", "Takes long.", { execution: { taskSupport: "optional" } }),
    ],
  });
  const { direct } = await assertSame(twins, LISTS);
  assert(direct > LISTS.length / 2, `${direct}`);
  const { sdk } = await twins.ask({
    path: "/mcp/up?mode=list",
    headers: { ...TYPE, ...backend() },
    body: JSON.stringify(request("tools/list")),
  });
  const names: string[] = JSON.parse(sdk.text).result.tools.map(({ name }: { name: string }) =>
    name
  );
  assert(names.length > 40);
  // One form of each.
  await assertSame(twins, calls("/mcp", {}, names).filter((_, at) => at % 3 === 0));
});

Deno.test("a list is the one of now, as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  const { gateway, upstream } = twins;
  const caller = backend();
  const all = [...LISTS, ...calls("/mcp", {}, ["up_say", "up_new"])];
  const same = () => assertSame(twins, all, () => caller);
  await same();
  // It is asked again for what it has after a while, and what has changed waits for the operator.
  upstream!.tools = [remoteTool("say", "Says something else."), remoteTool("new")];
  gateway.world.skew += 60 * 60_000;
  await same();
  await same();
  upstream!.tools = [];
  gateway.world.skew += 60 * 60_000;
  await same();
  await same();
});

Deno.test("who has connected something is listed that, and served it, as by the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM, { mine: true });
  const { gateway } = twins;
  const connect = async (account?: string) => {
    for (const way of ["a", "b"]) {
      await gateway.connect("github", {
        userId: `user-${way}-c`,
        ...(account !== undefined && { account }),
      });
    }
  };
  const caller = { ...backend(), "X-User-Id": "user-{way}-c" };
  const args = { arguments: { repo: "octocat/hello-world" } };
  const all = [
    ...LISTS,
    ...calls("/mcp", args, ["github_list_issues", "github_create_issue"]),
    ...["admin", "nobody", ""].flatMap((account) =>
      calls("/mcp", { arguments: { ...args.arguments, account } }, ["github_list_issues"])
    ),
    // To the person's own server goes their token, and what their client says that it can.
    ...calls("/mcp", {}, ["mine_say", "mine_asks", "mine_kinds"]),
  ];
  // Who has connected nothing yet, and can be asked to in every way that there is.
  for (const ways of ["no", "url", "form", "form+url"]) {
    const headers = { "Mcp-Session-Id": `${ways}-elicitation.x` };
    const names = ["mine_say", "mine_asks", "github_list_issues"];
    const drafts = ["/mcp", "/mcp?voice=true"].flatMap((path) => calls(path, args, names));
    await assertSame(
      twins,
      drafts.map((draft) => ({ ...draft, headers: { ...draft.headers, ...headers } })),
    );
  }
  await assertSame(twins, all, () => caller);
  await connect();
  await assertSame(twins, all, () => caller);
  await connect("admin");
  await assertSame(twins, all, () => caller);
});
