import { assert, assertEquals } from "@std/assert";
import { modulesWithTools } from "../support/own_tools.ts";
import { checkSchemas } from "../support/api.ts";
import { ARGUMENTS } from "../support/tool_arguments.ts";

/** What overwrites something that was there, or takes it away. */
const DESTRUCTIVE = [
  "github_merge_pull_request",
  "github_app_merge_pull_request",
  "calendar_delete_event",
  "drive_change_file",
  "drive_share_file",
  "asana_update_task",
  "linear_update_issue",
];
const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
const providers = modulesWithTools.map((module) => module.create(settings));
const tools = providers.flatMap(({ tools }) => tools);

Deno.test("every tool is known here, and GitHub and Google have few enough", () => {
  assertEquals(tools.map(({ name }) => name).sort(), Object.keys(ARGUMENTS).sort());
  const first = tools.filter(({ name }) => /^(github(?!_app)|gmail|calendar|drive)_/.test(name));
  assert(first.length <= 33);
  checkSchemas(tools);
});

Deno.test("every tool has a title, hints, scopes of its provider, and a name that clients take", () => {
  for (const provider of providers) {
    for (const { name, service, title, description, hints, scopes, aliases } of provider.tools) {
      assert(/^[a-z0-9_]{1,40}$/.test(name) && name.startsWith(`${service}_`), name);
      assert(provider.services.some((known) => known.name === service), name);
      for (const alias of aliases) assert(/^[a-z0-9_]{1,40}$/.test(alias), alias);
      assert(title.length > 5 && title.length < 60 && description.length > 50, name);
      assert(description.split(" ").length <= 45, name);
      // What an installation may is said where it is installed.
      assert(service === "github_app" ? scopes.length === 0 : scopes.length > 0, name);
      assert(scopes.flat().every((scope) => provider.acceptsScope(scope)), name);
      const reads = /_(search|list|get|read|find)_|_look_up$/.test(name);
      assertEquals(hints.readOnly, reads, name);
      assertEquals(hints.destructive ?? false, DESTRUCTIVE.includes(name), name);
    }
  }
});
