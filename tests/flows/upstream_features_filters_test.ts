import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ask2025, ask2026, declared } from "../support/ask.ts";
import { asked, startFeatures } from "../support/features_upstream.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { exchange, newClient, obtainCode } from "../support/mcp_client.ts";
import { type Heard, remoteTool, type UpstreamDouble } from "../support/upstream_double.ts";

async function startWith(upstreams: unknown[], env: Record<string, string> = {}): Promise<Gateway> {
  const gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify(upstreams), SIGN_IN_ALLOW: "*", ...env },
  });
  // A list does not wait long for an upstream; on a slow machine it must.
  gateway.world.speed = 0.05;
  return gateway;
}

const READ = { annotations: { readOnlyHint: true } };
const page = (name: string) => ({ _meta: { ui: { resourceUri: `ui://${name}` } } });
const SHELF = {
  tools: [remoteTool("shown", "Shows.", page("a")), remoteTool("plain", "Reads.", READ)],
  prompts: [{ name: "p" }],
  resources: [{ uri: "ui://a", name: "a" }, { uri: "ui://b", name: "b" }],
  templates: [{ uriTemplate: "x:{y}", name: "t" }],
};
const REF = { ref: { type: "ref/prompt", name: "notes_p" }, argument: { name: "a", value: "" } };

/** Everything that is had beside tools, as a caller sees it. */
async function seen(gateway: Gateway, options: Parameters<Gateway["mcp"]>[1] = {}) {
  const ask = async (method: string, params = {}) =>
    (await ask2025(gateway, method, params, options)).result;
  // What nobody has is no method here.
  const list = async (method: string, member: string) => (await ask(method))?.[member] ?? [];
  return {
    prompts: (await list("prompts/list", "prompts")).map(({ name }: { name: string }) => name),
    resources: (await list("resources/list", "resources")).map(({ uri }: { uri: string }) => uri),
    templates: (await list("resources/templates/list", "resourceTemplates")).length,
    prompt: await ask("prompts/get", { name: "notes_p" }) !== undefined,
    a: await ask("resources/read", { uri: "ui://notes/a" }) !== undefined,
    b: await ask("resources/read", { uri: "ui://notes/b" }) !== undefined,
    completion: await ask("completion/complete", REF) !== undefined,
  };
}

const ALL = {
  prompts: ["notes_p"],
  resources: ["ui://notes/a", "ui://notes/b"],
  templates: 1,
  prompt: true,
  a: true,
  b: true,
  completion: true,
};
const NOTHING = {
  prompts: [],
  resources: [],
  templates: 0,
  prompt: false,
  a: false,
  b: false,
  completion: false,
};
const EVERY_ABILITY = ["completions", "prompts", "resources", "tools"];

Deno.test("filters hold for prompts and resources as for tools, and an upstream hears nothing of whom they keep out", async () => {
  await using notes = startFeatures(SHELF);
  await using gateway = await startWith([{ name: "notes", url: notes.url }]);
  for (const path of ["/mcp/github", "/mcp?services=github", "/mcp/notes?services=github"]) {
    assertEquals(await seen(gateway, { path }), NOTHING, path);
    assertEquals(await declared(gateway, { path }), ["tools"], path);
    assertEquals(notes.heard, [], path);
  }
  for (const path of ["/mcp", "/mcp/notes", "/mcp?services=notes,github", "/mcp?read_only=true"]) {
    assertEquals(await seen(gateway, { path }), ALL, path);
    assertEquals(await declared(gateway, { path }), EVERY_ABILITY, path);
  }
});

Deno.test("a list of tools leaves only the pages that these name", async () => {
  await using notes = startFeatures(SHELF);
  await using gateway = await startWith([{ name: "notes", url: notes.url }]);
  const paths = ["/mcp?tools=github_list_issues", "/mcp?tools=notes_plain"];
  for (const path of paths) {
    assertEquals(await seen(gateway, { path }), NOTHING, path);
    assertEquals(await declared(gateway, { path }), ["tools"], path);
  }
  assert(!asked(notes).some((method) => /prompts|resources/.test(method)), String(asked(notes)));
  const path = "/mcp?tools=notes_shown,notes_plain";
  const shown = { ...NOTHING, resources: ["ui://notes/a"], a: true };
  assertEquals(await seen(gateway, { path }), shown);
  assertEquals(await declared(gateway, { path }), ["resources", "tools"]);
  // A page may not be had where its tool may not.
  const narrowed = { path: "/mcp?tools=notes_shown&read_only=true" };
  assertEquals(await seen(gateway, narrowed), NOTHING);
});

Deno.test("an app that may use no tool of an upstream reads nothing of it either", async () => {
  await using notes = startFeatures(SHELF);
  const startAs = (app: unknown) =>
    startWith([{ name: "notes", url: notes.url }], { APPS: JSON.stringify({ voice: app }) });
  for (const deny_tools of [["notes_*"], ["github_*", "no*"], ["*"]]) {
    await using gateway = await startAs({ deny_tools });
    assertEquals(await seen(gateway), NOTHING, String(deny_tools));
    assertEquals(notes.heard, [], String(deny_tools));
  }
});

Deno.test("an app that may not use a tool does not have its page, however it writes the address", async () => {
  await using notes = startFeatures({
    ...SHELF,
    tools: [
      ...SHELF.tools,
      remoteTool("both", "Shows, too.", page("b")),
      remoteTool("b2", "", page("b")),
    ],
  });
  const startAs = (app: unknown) =>
    startWith([{ name: "notes", url: notes.url }], { APPS: JSON.stringify({ voice: app }) });
  const withoutA = { ...ALL, resources: ["ui://notes/b"], a: false };
  {
    // `shown` writes, and so may not be used; another tool names the other page as well.
    await using gateway = await startAs({ deny_tools: ["notes_s*", "notes_both"] });
    assertEquals(await seen(gateway), withoutA);
    const before = notes.heard.length;
    for (
      const uri of [
        ...[
          "ui://notes/a?x=1",
          "ui://notes/a#top",
          "UI://notes/a",
          "ui://notes/A",
          "ui://notes/a/",
        ],
        ...["ui://notes/%61", "ui://notes/%2561", "ui://notes/./a", "ui://notes/x/../a"],
        ...[
          "ui://notes//a",
          "ui://notes/a%3Fx",
          "ui://notes/\uff41",
          "ui://notes/x%2F..%2Fa",
        ],
      ]
    ) {
      const { error } = await ask2025(gateway, "resources/read", { uri });
      assertEquals(error?.code, -32002, uri);
      const ref = { type: "ref/resource", uri };
      const asked = { ref, argument: { name: "y", value: "" } };
      assertEquals((await ask2025(gateway, "completion/complete", asked)).error?.code, -32602, uri);
    }
    const sent = notes.heard.slice(before).filter(({ method }) => method !== "tools/list");
    assertEquals(sent.map(({ method }) => method), [], "the server heard of none");
  }
  // All tools that name the page are kept; and those that write are, without being named.
  await using none = await startAs({ deny_tools: ["*_both", "*_b2"] });
  assertEquals(await seen(none), { ...ALL, resources: ["ui://notes/a"], b: false });
  await using reads = await startAs({ read_only: true });
  assertEquals(await seen(reads), { ...ALL, resources: [], a: false, b: false });
});

Deno.test("scopes of a gateway token hold, and who lacks one is told which", async () => {
  await using notes = startFeatures(SHELF);
  await using gateway = await startWith([{ name: "notes", url: notes.url }]);
  const keyFor = async (services: string[], access: "full" | "read") => {
    const client = await newClient(gateway);
    const code = await obtainCode(gateway, client, { services, access });
    return (await exchange(gateway, client, code)).json.access_token as string;
  };
  const key = await keyFor(["github"], "full");
  const as = { key, userId: null };
  for (
    const [method, params] of [
      ["prompts/get", { name: "notes_p" }],
      ["resources/read", { uri: "ui://notes/a" }],
    ] as const
  ) {
    const message = { jsonrpc: "2.0", id: 1, method, params };
    for (const body of [message, [message]]) {
      const { status, headers } = await gateway.mcp(body, as);
      assertEquals(status, 403, method);
      assertStringIncludes(headers.get("WWW-Authenticate")!, "notes:read");
    }
    // Nothing is told of what another filter keeps out, or of what is nobody's.
    for (const path of ["/mcp/github", "/mcp?tools=notes_plain"]) {
      if (method === "resources/read" && path.includes("tools")) continue;
      assertEquals((await gateway.mcp(message, { ...as, path })).status, 200, `${method} ${path}`);
    }
  }
  assertEquals(await declared(gateway, as), ["tools"]);
  const { error } = await ask2025(gateway, "prompts/list", {}, as);
  assertEquals([error.code, notes.heard], [-32601, []]);
  for (const access of ["full", "read"] as const) {
    const key = await keyFor(["notes"], access);
    assertEquals(await seen(gateway, { key, userId: null }), ALL);
  }
});

Deno.test("what one person is offered is never shown to another", async () => {
  const whose = ({ authorization }: Heard) => authorization ?? "nobody";
  const names = new Map<string, string>();
  const nameOf = (heard: Heard) =>
    names.get(whose(heard)) ??
      names.set(whose(heard), `person_${names.size}`).get(whose(heard))!;
  const shelf: Parameters<typeof startFeatures>[0] = {
    before(heard) {
      shelf.prompts = [{ name: `of_${nameOf(heard)}` }];
      shelf.resources = [{ uri: `x:${nameOf(heard)}`, name: "mine" }];
    },
    read: (heard) => ({ contents: [{ uri: heard.params.uri, text: nameOf(heard) }] }),
  };
  await using notes: UpstreamDouble = startFeatures(shelf);
  await using gateway = await startWith([{ name: "notes", url: notes.url, provider: "github" }]);
  const people = ["ana", "bo", "cy"];
  const said = new Set<string>();
  await gateway.connect("github", { userId: "ana" });
  await gateway.connect("github", { userId: "bo" });
  // Twice, so that what is kept would show; all at once, so that what runs would.
  for (let round = 0; round < 2; round++) {
    const lists = await Promise.all(people.map(async (userId) => {
      const { result: { prompts } } = await ask2025(gateway, "prompts/list", {}, { userId });
      const { result: { resources } } = await ask2025(gateway, "resources/list", {}, { userId });
      return [
        ...prompts.map(({ name }: { name: string }) => name),
        ...resources
          .map(({ uri }: { uri: string }) => uri),
      ].join(" ");
    }));
    lists.forEach((list) => said.add(list));
    assertEquals(lists[2], "");
    assertEquals(new Set(lists).size, 3);
  }
  assertEquals(said.size, 3, [...said].join(" | "));
  const get = (userId: string, name: string) =>
    ask2025(gateway, "prompts/get", { name }, { userId });
  const { result: { prompts: [{ name }] } } = await ask2025(gateway, "prompts/list", {}, {
    userId: "ana",
  });
  assert((await get("ana", name)).result !== undefined);
  assertEquals((await get("bo", name)).error.code, -32602);
});

Deno.test("who is not connected is led to connect, in either revision, and to their own list at once after that", async () => {
  await using notes = startFeatures(SHELF);
  await using gateway = await startWith([{ name: "notes", url: notes.url, provider: "github" }]);
  const requests = [
    ["prompts/get", { name: "notes_p" }],
    ["resources/read", { uri: "ui://notes/a" }],
  ] as const;
  for (const [method, params] of requests) {
    const { error } = await ask2025(gateway, method, params);
    assertEquals([error.code, error.data.error], [-32603, "not_connected"], method);
    assert(error.message.includes(error.data.connect_url), error.message);
    const headers = { "Mcp-Session-Id": "url-elicitation.x" };
    const { error: { code, data } } = await ask2025(gateway, method, params, { headers });
    assertEquals([code, data.elicitations[0].mode], [-32042, "url"]);
    const { result } = await ask2026(gateway, method, params);
    assertEquals([result.resultType, result.inputRequests.connect.params.mode], [
      "input_required",
      "url",
    ]);
    // Who answered is not asked again in a circle.
    const inputResponses = { connect: { action: "decline" } };
    const { error: again } = await ask2026(gateway, method, { ...params, inputResponses });
    assertEquals(again.data.error, "not_connected");
  }
  assertEquals(await declared(gateway), ["tools"]);
  assertEquals(notes.heard, []);
  await gateway.connect("github");
  assertEquals(await seen(gateway), ALL);
});

Deno.test("a server that does not answer keeps nobody's greeting and takes nothing of others away", async () => {
  await using slow = startFeatures({ ...SHELF });
  const never = Promise.withResolvers<void>();
  const hanging = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => never.promise.then(() => new Response()),
  );
  try {
    await using gateway = await startWith([
      { name: "hangs", url: `http://127.0.0.1:${hanging.addr.port}/mcp`, timeout_ms: 5_000 },
      { name: "notes", url: slow.url },
    ]);
    gateway.world.speed = 10;
    assertEquals(await declared(gateway), EVERY_ABILITY);
    const { result: { prompts } } = await ask2025(gateway, "prompts/list");
    assertEquals(prompts.map(({ name }: { name: string }) => name), ["notes_p"]);
  } finally {
    never.resolve();
    await hanging.shutdown();
  }
});

Deno.test("a server without prompts, resources or completions is not asked for them", async () => {
  await using plain = startFeatures({ ...SHELF, capabilities: {} });
  await using gateway = await startWith([{ name: "notes", url: plain.url }]);
  assertEquals(await declared(gateway), ["tools"]);
  for (const method of ["prompts/list", "resources/list", "resources/templates/list"]) {
    // What is not declared is not there (and is held against each other by the conformance suite).
    assertEquals((await ask2025(gateway, method)).error.code, -32601, method);
    assertEquals((await ask2026(gateway, method)).error.code, -32601, method);
  }
  assertEquals(asked(plain), []);
});

Deno.test("without an upstream there is nothing but tools", async () => {
  await using gateway = await startGateway();
  assertEquals(await declared(gateway), ["tools"]);
  for (const method of ["prompts/list", "resources/read", "completion/complete"]) {
    assertEquals((await ask2025(gateway, method)).error.code, -32601, method);
    assertEquals((await ask2026(gateway, method)).error.code, -32601, method);
  }
});
