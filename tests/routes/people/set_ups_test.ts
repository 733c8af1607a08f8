import { assert, assertEquals } from "@std/assert";
import { Ajv2020 } from "ajv/dist/2020.js";
import { CLIENTS, type SetUp, type Snippet } from "../../../routes/people/set_up/set_up.ts";
import { setUps } from "../../../routes/people/set_up/set_ups.ts";
import { setUpWords } from "../../../routes/http/page/words/set_up.ts";
import { publishedShapes } from "./published_shapes.ts";
import { runInShell } from "./shell.ts";

/** What an operator may call a place; the last one is a host as WHATWG's URLs allow them. */
const PLACES = [
  "https://switchboard.example.com",
  "http://127.0.0.1:8000",
  "https://[2001:db8::1]:8443",
  // "+" in base64.
  "https://a~b.example:8443",
  `https://a'b"c$home\`id\`(d);e&f*.example:8443`,
];
const TOKEN = "sb_pat_0123456789-_AZaz";

const allOf = (setUp: SetUp): Snippet[] => [
  ...setUp.snippets,
  ...setUp.withToken ?? [],
  ...setUp.forUsers ?? [],
];

function each(run: (setUp: SetUp, snippet: Snippet, publicUrl: string) => void) {
  for (const publicUrl of PLACES) {
    assertEquals(new URL(publicUrl).origin, publicUrl);
    for (const setUp of setUps({ publicUrl, token: TOKEN })) {
      for (const snippet of allOf(setUp)) run(setUp, snippet, publicUrl);
    }
  }
}

function find(id: string, title: string, publicUrl: string, withToken = false): string {
  const setUp = setUps({ publicUrl, token: TOKEN }).find((each) => each.id === id)!;
  const among = withToken ? setUp.withToken! : allOf(setUp);
  return among.find((each) => each.title === title)!.text;
}

const ajv = new Ajv2020({ strict: false });

function assertShape(name: string, value: unknown) {
  const shape = publishedShapes[name];
  assert(shape !== undefined, `nothing published for ${name}`);
  const validate = ajv.compile(shape as object);
  assert(validate(value), `${name}: ${JSON.stringify(validate.errors)}`);
}

/** What is said of a server in a list of one. */
function onlyServer(text: string, list: string): Record<string, unknown> {
  const servers = JSON.parse(text)[list];
  assertEquals(Object.keys(servers), ["switchboard"]);
  return servers.switchboard;
}

Deno.test("every client is there once, in its order, with words in every language", () => {
  const all = setUps({ publicUrl: PLACES[0]! });
  assertEquals(all.map(({ id }) => id), [...CLIENTS]);
  const steps = new Set(all.flatMap(({ steps }) => steps));
  const titles = new Set(all.flatMap((setUp) => allOf(setUp).map(({ title }) => title)));
  for (const [language, words] of Object.entries(setUpWords)) {
    assertEquals(steps, new Set(Object.keys(words.steps)), language);
    assertEquals(titles, new Set(Object.keys(words.titles)), language);
    for (const sentence of Object.values(words.steps)) assert(/[.]$/.test(sentence), sentence);
  }
  for (const { id, steps, snippets } of all) {
    assert(steps.length > 0 && snippets.length > 0, id);
    assertEquals(new Set(steps).size, steps.length, id);
  }
});

Deno.test("JSON that is pasted has the shape that its client publishes, and the gateway's address", () => {
  let count = 0;
  each(({ id }, { language, title, text }, publicUrl) => {
    if (language !== "json") return;
    const value = JSON.parse(text);
    assertShape(`${id} ${title}`, value);
    const addresses = new Set(JSON.stringify(value).match(/"https?:(?:[^"\\]|\\.)*"/g)!);
    assertEquals([...addresses].map((each) => JSON.parse(each)), [`${publicUrl}/mcp`], id);
    count++;
  });
  assertEquals(count, 11 * PLACES.length);
});

Deno.test("a token stands where it is copied from, and files name a variable or ask for it", () => {
  const places = new Map<string, string[]>();
  for (const setUp of setUps({ publicUrl: PLACES[0]!, token: TOKEN })) {
    const holding = allOf(setUp).filter(({ text }) => text.includes(TOKEN));
    places.set(setUp.id, holding.map(({ title, file }) => file ?? title));
  }
  const variable = ["variable"];
  assertEquals(Object.fromEntries(places), {
    claude: [],
    claude_code: variable,
    chatgpt: [],
    cursor: variable,
    vscode: [],
    codex: variable,
    gemini_cli: variable,
    windsurf: variable,
    openai_realtime: ["event"],
    elevenlabs: ["header", "variable"],
    vapi: variable,
    livekit: variable,
    n8n: ["bearer"],
    curl: variable,
  });
  // A link goes through histories and logs: none holds a token, whatever was made just now.
  for (const { installUrl } of setUps({ publicUrl: PLACES[0]!, token: TOKEN })) {
    assert(!decodeURIComponent(installUrl ?? "").includes("sb_pat_"));
  }
  const without = JSON.stringify(setUps({ publicUrl: PLACES[0]! }));
  assertEquals(new Set(without.match(/sb_pat_.?/g)), new Set(["sb_pat_…"]));
});

Deno.test("links lead to the client, and say the same as what is pasted", () => {
  for (const publicUrl of PLACES) {
    const all = setUps({ publicUrl, token: TOKEN });
    const link = (id: string) => new URL(all.find((each) => each.id === id)!.installUrl!);
    const address = `${publicUrl}/mcp`;

    const claude = link("claude");
    assertEquals(claude.origin + claude.pathname, "https://claude.ai/customize/connectors");
    assertEquals(Object.fromEntries(claude.searchParams), {
      modal: "add-custom-connector",
      connectorName: "Switchboard",
      connectorUrl: address,
    });

    const cursor = link("cursor");
    assertEquals(
      cursor.href.split("?")[0],
      "cursor://anysphere.cursor-deeplink/mcp/install",
    );
    const bytes = Uint8Array.from(
      atob(cursor.searchParams.get("config")!),
      (letter) => letter.charCodeAt(0),
    );
    const config = JSON.parse(new TextDecoder().decode(bytes));
    assertEquals(cursor.searchParams.get("name"), "switchboard");
    assertEquals(config, onlyServer(find("cursor", "config", publicUrl), "mcpServers"));

    // As `McpUrlHandler` of VS Code reads it.
    const vscode = link("vscode");
    assertEquals([vscode.protocol, vscode.pathname], ["vscode:", "mcp/install"]);
    const named = JSON.parse(decodeURIComponent(vscode.search.slice(1)));
    assertShape("vscode named", named);
    const { name, ...server } = named;
    assertEquals([name, server], [
      "switchboard",
      onlyServer(find("vscode", "config", publicUrl), "servers"),
    ]);
    assertEquals(link("chatgpt").origin, "https://chatgpt.com");
  }
});

Deno.test("TOML that is pasted is a table of the two keys that Codex knows for this", () => {
  for (const publicUrl of PLACES) {
    for (const withToken of [false, true]) {
      const [head, ...lines] = find("codex", "config", publicUrl, withToken).split("\n");
      assertEquals(head, "[mcp_servers.switchboard]");
      // Basic strings without escapes of TOML's own are JSON's.
      const entries = lines.map((line) => {
        const [, key, value] = /^([a-z_]+) = ("(?:[^"\\\p{Cc}]|\\["\\])*")$/u.exec(line)!;
        return [key, JSON.parse(value!)];
      });
      assertEquals(Object.fromEntries(entries), {
        url: `${publicUrl}/mcp`,
        ...withToken ? { bearer_token_env_var: "SWITCHBOARD_TOKEN" } : {},
      });
    }
  }
});

Deno.test("what is pasted into a shell reaches the program word by word, and does nothing else", async () => {
  for (const publicUrl of PLACES) {
    const address = `${publicUrl}/mcp`;
    const run = async (id: string, title: string, withToken = false) => {
      const script = `${find("curl", "variable", publicUrl)}\n` +
        find(id, title, publicUrl, withToken);
      const [call, ...others] = await runInShell(script);
      assertEquals(others, [], id);
      return call!;
    };
    const add = ["mcp", "add"];
    assertEquals((await run("claude_code", "command")).args, [
      ...["claude", ...add, "--transport", "http", "--scope", "user", "switchboard", address],
    ]);
    assertEquals((await run("claude_code", "command", true)).args.slice(-3), [
      ...[address, "--header", `Authorization: Bearer ${TOKEN}`],
    ]);
    assertEquals((await run("codex", "command")).args, [
      ...["codex", ...add, "switchboard", "--url", address],
    ]);
    assertEquals((await run("codex", "command", true)).args.slice(-2), [
      ...["--bearer-token-env-var", "SWITCHBOARD_TOKEN"],
    ]);
    assertEquals((await run("gemini_cli", "command")).args, [
      ...["gemini", ...add, "--scope", "user", "--transport", "http", "switchboard", address],
    ]);
    const [program, flag, named = ""] = (await run("vscode", "command")).args;
    assertEquals([program, flag], ["code", "--add-mcp"]);
    assertShape("vscode named", JSON.parse(named));
    assertEquals(JSON.parse(named).url, address);
    assertEquals((await run("livekit", "command")).args, ["uv", "add", "livekit-agents[mcp]~=1.5"]);

    const asked = await run("curl", "request");
    assertEquals(asked.args.slice(0, 3), ["curl", "-s", address]);
    assert(asked.args.includes(`Authorization: Bearer ${TOKEN}`));
    const session = await run("vapi", "session");
    assertEquals(session.args.slice(0, 3), ["curl", "-s", `${publicUrl}/sessions`]);
    assertEquals(Object.keys(JSON.parse(session.args.at(-1)!)), ["user_id", "services", "voice"]);

    for (
      const [id, where] of [
        ["vapi", "https://api.vapi.ai/tool"],
        ["elevenlabs", "https://api.elevenlabs.io/v1/convai/mcp-servers"],
      ] as const
    ) {
      const { args, input } = await run(id, "request");
      assertEquals(args[2], where);
      assertShape(`${id} request`, JSON.parse(input));
      const { url, headers, request_headers = headers } = id === "vapi"
        ? JSON.parse(input).server
        : JSON.parse(input).config;
      assertEquals([url, request_headers], [address, { Authorization: `Bearer ${TOKEN}` }]);
    }
  }
});

Deno.test("Python that is pasted passes the address as one string", () => {
  for (const publicUrl of PLACES) {
    const code = find("livekit", "code", publicUrl);
    const [, url = ""] = /mcp\.MCPServerHTTP\(\n\s+("(?:[^"\\\n]|\\["\\])*"),\n/.exec(code)!;
    assertEquals(JSON.parse(url), `${publicUrl}/mcp`);
    assert(
      code.includes(`headers={"Authorization": f"Bearer {os.environ['SWITCHBOARD_TOKEN']}"},`),
    );
    const open = [...code].filter((letter) => "([{".includes(letter)).length;
    assertEquals([...code].filter((letter) => ")]}".includes(letter)).length, open);
  }
});
