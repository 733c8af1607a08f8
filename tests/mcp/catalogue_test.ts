import { assert, assertEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import { Ajv2020 } from "ajv/dist/2020.js";
import { createCatalogue } from "../../mcp/catalogue.ts";
import { toolResult } from "../../mcp/result.ts";
import { modulesWithTools } from "../support/own_tools.ts";
import { type Provider, type Tool, tool } from "../../providers/provider.ts";

const NOTHING = { type: "object", properties: {}, not: {} } as const;

Deno.test("a list that is asked for is kept ready, however many filters others make up", async () => {
  let judged = 0;
  const tool: Tool = {
    name: "notes_read",
    title: "Read",
    description: "Read",
    scopes: [],
    aliases: [],
    service: "notes",
    hints: {
      get readOnly() {
        judged += 1;
        return true;
      },
    },
    input: z.strictObject({}),
    output: z.object({}),
    run: () => Promise.resolve({ text: "", data: {} }),
  };
  const catalogue = createCatalogue([{ name: "notes", tools: [tool] } as unknown as Provider]);
  const actor = { kind: "app", id: "voice" } as const;
  const list = (tools: string[]) =>
    catalogue.list({ subject: "voice:u", actor, filter: { tools } });
  for (let index = 0; index < 500; index++) await list([`made_up_${index}`]);
  assertEquals((await list(["notes_read"])).length, 1);
  const before = judged;
  for (let index = 0; index < 500; index++) {
    await list(["notes_read"]);
    await list([`others_${index}`]);
  }
  assertEquals(judged - before, 500, "only what was made up is looked through");
});

Deno.test("a catalogue in which a name could mean two tools, or is none, is not made", () => {
  const provider = (name: string, ...tools: [name: string, ...aliases: string[]][]) =>
    ({
      name,
      tools: tools.map(([name, ...aliases]) => ({
        name,
        aliases,
        title: "Read",
        description: "Read",
        service: "notes",
        scopes: [],
        hints: { readOnly: true },
        input: z.strictObject({}),
        output: z.object({}),
      })),
    }) as unknown as Provider;
  const notes = provider("notes", ["notes_read", "read_notes"]);
  const bad: Provider[] = [
    provider("other", ["notes_read"]),
    provider("other", ["read_notes"]),
    provider("other", ["other_read", "notes_read"]),
    provider("other", ["other_read", "read_notes"]),
    provider("other", ["other_read"], ["other_read"]),
    provider("other", ["other_read", "other_read"]),
    provider("other", [""]),
    provider("other", ["other read"]),
    provider("other", ["other_read\n"]),
    provider("other", ["other_read", "öther_read"]),
    provider("other", ["x".repeat(200)]),
  ];
  createCatalogue([notes, provider("other", ["other_read"])]);
  for (const other of bad) {
    const { message } = assertThrows(() => createCatalogue([notes, other]), TypeError);
    assertEquals(message.includes("malformed or taken"), true, message);
  }
});

Deno.test("what stands beside a tool's own data, and in its place, fits the schema that is listed", async () => {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const providers = modulesWithTools.map((module) => module.create(settings));
  const actor = { kind: "app", id: "voice" } as const;
  const filter = { outputSchemas: true };
  const listed = await createCatalogue(providers).list({ subject: "voice:u", actor, filter });
  const own = new Map(
    providers.flatMap(({ tools }) => tools).map(({ name, output }) => [name, output]),
  );
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const url = "https://sb.example.com/auth/github";
  const errors = [
    toolResult({ kind: "error", code: "timeout", text: "Not in time.", retryAfter: 5 }),
    toolResult({ kind: "error", code: "invalid_arguments", text: "They are not right." }),
    toolResult({ kind: "connect", code: "not_connected", text: "Open it.", title: "GitHub", url }),
  ].map(({ content, structuredContent, isError }) => {
    assertEquals([content[0].text, isError], [structuredContent?.message, true]);
    return JSON.parse(JSON.stringify(structuredContent));
  });
  assertEquals(errors[2], { error: "not_connected", message: "Open it.", connect_url: url });
  for (const { name, outputSchema = NOTHING } of listed) {
    const fits = ajv.compile(outputSchema);
    for (const error of errors) assert(fits(error), `${name}: ${JSON.stringify(fits.errors)}`);
    assert(!fits({ notes: ["And this."] }), `${name} may say nothing`);
    const { notes } = outputSchema.properties as Record<string, { type?: string }>;
    assertEquals(notes?.type, "array", name);
    for (const taken of ["error", "message", "connect_url", "retry_after", "notes"]) {
      assert(!Object.hasOwn(own.get(name)!.shape, taken), `${name} has its own ${taken}`);
    }
  }
});

Deno.test("the JSON of a list says just what the list says, whatever is shown of a tool", async () => {
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  const providers = modulesWithTools.map((module) => module.create(settings));
  const catalogue = createCatalogue(providers);
  const actor = { kind: "app", id: "voice" } as const;
  const filters = [{}, { outputSchemas: true }, { services: [] }, { tools: ["github_comment"] }];
  for (const filter of filters) {
    const visitor = { subject: "voice:u", actor, filter } as const;
    const { tools, text, isProvisional } = await catalogue.listing(visitor);
    assertEquals(text, JSON.stringify(tools));
    assertEquals(tools, await catalogue.list(visitor));
    assertEquals(isProvisional, false);
    const withOutput = tools.filter(({ outputSchema }) => outputSchema !== undefined);
    assertEquals(withOutput.length, filter.outputSchemas === true ? tools.length : 0);
  }
});

Deno.test("whoever named an earlier tool is shown and given that one, and nothing of what it became", async () => {
  const update = tool({
    name: "x_update",
    aliases: ["x_change"],
    formerly: {
      x_complete: { args: { done: true }, only: ["task"] },
      x_rename: { only: ["task"] },
    },
    service: "x",
    title: "Update",
    description: "Updates a task.",
    input: z.strictObject({ task: z.string(), done: z.boolean().optional() }),
    output: z.object({}),
    hints: { readOnly: false },
    scopes: [],
    run: () => Promise.resolve({ text: "Done.", data: {} }),
  });
  const catalogue = createCatalogue([{ name: "x", tools: [update] } as unknown as Provider]);
  const visitor = (tools?: string[]) =>
    ({ subject: "voice:a", actor: { kind: "app", id: "voice" }, filter: { tools } }) as const;
  const listed = async (tools?: string[]) =>
    (await catalogue.list(visitor(tools))).map(({ name }) => name);
  const found = async (name: string, tools?: string[]) =>
    (await catalogue.find(name, visitor(tools)))?.kind === "own";

  assertEquals(await listed(), ["x_update"]);
  assertEquals(await listed(["x_update"]), ["x_update"]);
  assertEquals(await listed(["x_change"]), ["x_update"]);
  assertEquals(await listed(["x_complete"]), ["x_complete"]);
  const [shown] = await catalogue.list(visitor(["x_complete"]));
  assertEquals(Object.keys(shown!.inputSchema.properties!), ["task"]);

  for (const name of ["x_update", "x_change", "x_complete", "x_rename"]) {
    for (const tools of [undefined, ["x_update"], ["x_change"]]) {
      assertEquals(await found(name, tools), true, `${name} of ${tools}`);
    }
    assertEquals(await found(name, ["x_complete"]), name === "x_complete", name);
  }
});
