import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { digestHex } from "../../tasks/key.ts";
import { exchange, newClient, obtainCode } from "../support/mcp_client.ts";
import { remoteTool, startUpstream, type UpstreamDouble } from "../support/upstream_double.ts";

const LIST = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const READ = { annotations: { readOnlyHint: true } };
const TOOLS = [remoteTool("read", "Reads.", READ), remoteTool("write", "Writes.")];

async function startWith(
  upstreams: Record<string, UpstreamDouble>,
  more: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<Gateway> {
  const specs = Object.entries(upstreams).map(([name, { url }]) => ({ name, url, ...more }));
  const gateway = await startGateway({
    env: { UPSTREAMS: JSON.stringify(specs), SIGN_IN_ALLOW: "*", ...env },
  });
  // A list does not wait long for an upstream; on a slow machine it must.
  gateway.world.speed = 0.05;
  return gateway;
}

/** An access token that holds these services' scopes. */
async function tokenFor(gateway: Gateway, services: string[], access: "full" | "read" = "full") {
  const client = await newClient(gateway);
  const code = await obtainCode(gateway, client, { services, access });
  return (await exchange(gateway, client, code)).json.access_token as string;
}

const methods = ({ heard }: UpstreamDouble) => heard.map(({ method }) => method);

Deno.test("an upstream hears nothing of a client whose scopes do not include it", async () => {
  await using notes = startUpstream({ tools: TOOLS });
  await using mail = startUpstream({ tools: TOOLS });
  await using gateway = await startWith({ notes, mail });
  for (const services of [["github"], ["mail"], ["github", "mail"]]) {
    const key = await tokenFor(gateway, services);
    const as = (body: unknown, path = "/mcp") => gateway.mcp(body, { key, userId: null, path });
    const listed = await as(LIST);
    assert(!listed.text.includes("notes_"), listed.text);
    await as(LIST, "/mcp?services=notes,github");
    await as(LIST, "/mcp/notes");
    for (const name of ["notes_read", "notes_write", "notes_", "notes_none"]) {
      for (const path of ["/mcp", "/mcp/notes", "/mcp?read_only=true", `/mcp?tools=${name}`]) {
        const { status, headers } = await as(call(name), path);
        assertEquals(status, 403, `${name} at ${path}`);
        assertStringIncludes(headers.get("WWW-Authenticate")!, "notes:read");
      }
    }
    await as([call("github_list_issues", {}, 1), call("notes_read", {}, 2)]);
    assertEquals(methods(notes), []);
  }
  assert(methods(mail).includes("tools/list"));
});

Deno.test("step-up names what is known of a tool, and still asks nobody", async () => {
  await using notes = startUpstream({ tools: TOOLS });
  await using gateway = await startWith({ notes });
  await gateway.mcp(LIST);
  const before = notes.heard.length;
  assert(before > 0);
  const key = await tokenFor(gateway, ["github"]);
  // The list is too old to be shown: whoever may hear would be asked for it anew.
  gateway.world.skew += 10 * 60_000;
  const asked = async (name: string, path = "/mcp") => {
    const { status, headers } = await gateway.mcp(call(name), { key, userId: null, path });
    return [status, / scope="([^"]*)"/.exec(headers.get("WWW-Authenticate") ?? "")?.[1]];
  };
  assertEquals(await asked("notes_read"), [403, "github notes:read"]);
  assertEquals(await asked("notes_write"), [403, "github notes"]);
  // A scope does not bring in what another filter keeps out.
  assertEquals(await asked("notes_write", "/mcp?read_only=true"), [200, undefined]);
  assertEquals(await asked("notes_write", "/mcp?tools=notes_read"), [200, undefined]);
  assertEquals(await asked("notes_write", "/mcp/github"), [200, undefined]);
  assertEquals(notes.heard.length, before);
});

Deno.test("a client with the read scope is asked for the full one, and its upstream is heard", async () => {
  await using notes = startUpstream({ tools: TOOLS });
  await using gateway = await startWith({ notes });
  const key = await tokenFor(gateway, ["notes"], "read");
  const as = (body: unknown) => gateway.mcp(body, { key, userId: null });
  const wider = await as(call("notes_write"));
  assertEquals(wider.status, 403);
  assertStringIncludes(wider.headers.get("WWW-Authenticate")!, 'scope="notes"');
  assertEquals((await as(call("notes_read"))).json.result.content[0].text, "called read");
  assertEquals((await as(call("notes_none"))).json.error.code, -32602);
  assert(!notes.heard.some(({ params }) => params?.name === "write"));
});

Deno.test("a person's provider token goes only to an upstream that the caller's filter lets in", async () => {
  await using notes = startUpstream({ tools: TOOLS });
  await using note = startUpstream({ tools: TOOLS });
  const limited = "key-limited-to-github";
  const keys = {
    API_KEYS: `voice:sha256:${digestHex(API_KEY)},limited:sha256:${digestHex(limited)}:github`,
  };
  await using gateway = await startWith({ notes, note }, { provider: "github" }, keys);
  for (const key of [API_KEY, limited]) await gateway.connect("github", { key });
  const kept: [path: string, key: string, bodies: unknown[]][] = [
    ["/mcp", limited, [LIST, call("notes_read"), call("note_read")]],
    ["/mcp/github", API_KEY, [LIST, call("notes_read"), call("note_read")]],
    ["/mcp/notes", limited, [LIST, call("notes_read")]],
    ["/mcp?services=github", API_KEY, [LIST, call("notes_read")]],
    ["/mcp?services=", API_KEY, [LIST, call("notes_read")]],
    ["/mcp?tools=github_list_issues", API_KEY, [LIST, call("notes_read")]],
    ["/mcp?tools=notes", API_KEY, [LIST, call("notes_read")]],
    ["/mcp?tools=notes_write", API_KEY, [call("notes_read")]],
    ["/mcp?services=notes&tools=note_read", API_KEY, [LIST, call("notes_read"), call("note_read")]],
  ];
  for (const [path, key, bodies] of kept) {
    for (const body of bodies) await gateway.mcp(body, { path, key });
    assertEquals([...notes.heard, ...note.heard], [], path);
  }
  const own = await gateway.mcp(call("note_read"), { path: "/mcp/note" });
  assertEquals(own.json.result.content[0].text, "called read");
  const { json: token } = await gateway.api("/token/github", { body: { user_id: USER } });
  assertEquals(note.heard[0]!.authorization, `Bearer ${token.access_token}`);
  // One name, one upstream: that another name begins alike does not make it hear.
  assertEquals(notes.heard, []);
});
