import { assertEquals } from "@std/assert";
import { createCatalogue } from "../../../mcp/catalogue.ts";
import { ToolSearch } from "../../../mcp/search/find.ts";
import { modulesWithTools } from "../../support/own_tools.ts";

const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const modules = modulesWithTools.filter(({ name }) => name !== "github_app");
const catalogue = createCatalogue(modules.map((module) => module.create(settings)));
const visitor = {
  subject: "voice:u" as const,
  actor: { kind: "app", id: "voice" } as const,
  filter: {},
};

async function firstFor(query: string): Promise<string | undefined> {
  const { data } = await new ToolSearch(catalogue, undefined).find(visitor, { query });
  return data.tools[0]?.name;
}

Deno.test("of tools that do the same, the one of the service that is named comes first", async () => {
  for (
    const [query, name] of [
      ["github create issue", "github_create_issue"],
      ["linear create issue", "linear_create_issue"],
      ["Linear: comment on an issue", "linear_comment_on_issue"],
      ["asana create task", "asana_create_task"],
      ["google calendar create event", "calendar_create_event"],
    ] as const
  ) assertEquals(await firstFor(query), name, query);
});
