import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { variables } from "../broker/config/config.ts";
import { oauthFlowOf } from "../broker/core/credential.ts";
import { createCatalogue } from "../mcp/catalogue.ts";
import { createApiClient } from "../mcp/api_client.ts";
import type { ProviderModule } from "../providers/provider.ts";
import { tokenSetOf } from "./support/api.ts";
import { testWorld } from "./support/world.ts";

const root = new URL("../", import.meta.url);
const readme = await Deno.readTextFile(new URL("README.md", root));

Deno.test("the README's provider is whole and works", async () => {
  const [, source = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const file = new URL("providers/readme_example/todoist.ts", root);
  await Deno.mkdir(new URL(".", file), { recursive: true });
  try {
    await Deno.writeTextFile(file, source);
    const check = await new Deno.Command(Deno.execPath(), { args: ["check", file.pathname] })
      .output();
    assert(check.success, new TextDecoder().decode(check.stderr));
    const { todoist }: { todoist: ProviderModule } = await import(file.href);
    const requests: Request[] = [];
    const fetch = (input: RequestInfo | URL, init?: RequestInit) => {
      requests.push(new Request(input, init));
      return Promise.resolve(Response.json({ id: "7", email: "a@example.com", access_token: "t" }));
    };
    const provider = todoist.create({
      clientId: "id",
      clientSecret: "secret",
      redirectUri: "https://switchboard.example.com/callback/todoist",
      fetch,
    });
    const visitor = {
      subject: "voice:u",
      actor: { kind: "app", id: "voice" },
      filter: {},
    } as const;
    assertEquals((await createCatalogue([provider]).list(visitor)).length, 1);
    assertEquals((await oauthFlowOf(provider).exchange("code", "verifier")).kind, "issued");
    assertStringIncludes(await requests[0]!.text(), "client_secret=secret");
    const api = createApiClient({
      world: testWorld(),
      provider,
      fetch,
      limit: new AbortController(),
      tokens: () => Promise.resolve(tokenSetOf("t")),
    });
    const context = { api, now: 0, signal: new AbortController().signal };
    const { text } = await provider.tools[0]!.run({ content: "Milk" } as never, context);
    assertEquals(text, 'Added "Milk" to Todoist.');
    assertEquals(requests.at(-1)!.headers.get("Authorization"), "Bearer t");
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("the README's configured provider and its list of named ones are right", async () => {
  const { parseProviderSpecs } = await import("../providers/configured.ts");
  const { catalogue, catalogueModules } = await import("../providers/catalogue/catalogue.ts");
  const [, entry = ""] = /```json\n(\[\{"name": "acme".*?)```/s.exec(readme) ?? [];
  assertEquals(parseProviderSpecs(entry, []).map(({ name }) => name), ["acme"]);
  const [, list = ""] = /handed out: (.*?)\.\n/s.exec(readme) ?? [];
  const named = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  assertEquals(named, catalogueModules.map(({ name }) => name));
  const [, unread = ""] = /Not verified:(.*?)\.\n/s.exec(readme) ?? [];
  assertEquals(
    [...unread.matchAll(/`(\w+)`/g)].map(([, name]) => name),
    catalogue.filter(({ verified }) => verified === "not verified").map(({ name }) => name),
  );
});

Deno.test("the README and .env.example name the same tools and variables as the code", async () => {
  const { modulesWithTools } = await import("./support/own_tools.ts");
  const settings = { clientId: "", clientSecret: "", redirectUri: "", fetch };
  for (const module of modulesWithTools) {
    for (const { name } of module.create(settings).tools) {
      assertStringIncludes(readme, `\`${name}\``);
    }
  }
  const example = await Deno.readTextFile(new URL(".env.example", root));
  const shown = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name = ""]) => name);
  const perProvider = ["CLIENT_ID", "CLIENT_SECRET", "BASE_URL", "API_URL"];
  const expected = [
    ...variables,
    ...modulesWithTools.flatMap(({ name, privateKeyFault, takesWebhookSecret, hasTestMode }) => {
      const own = [
        ...perProvider,
        ...(privateKeyFault === undefined ? [] : ["PRIVATE_KEY"]),
        ...(takesWebhookSecret === true ? ["WEBHOOK_SECRET"] : []),
        ...(hasTestMode === true ? ["TESTING"] : []),
      ];
      return own.map((x) => `${name.toUpperCase()}_${x}`);
    }),
  ];
  assertEquals(shown.sort(), expected.sort());
});
