import { assert, assertEquals } from "@std/assert";
import { API_KEY, call, type Gateway, startGateway, USER } from "../support/gateway.ts";
import { authorizeUrl, exchange, newClient, obtainCode, refresh } from "../support/mcp_client.ts";
import { startProgram } from "../support/program.ts";

/** The last request's line. */
// deno-lint-ignore no-explicit-any -- lines have what they have
function last({ requests }: Gateway): any {
  return JSON.parse(requests.at(-1)!);
}

Deno.test("every request leaves one line: who asked what, for whom, and how it ended", async () => {
  await using gateway = await startGateway();
  const expect = (wanted: Record<string, unknown>) => {
    const line = last(gateway);
    const got = Object.fromEntries(Object.keys(wanted).map((name) => [name, line[name]]));
    assertEquals(got, wanted);
  };
  const app = { caller: "app voice", subject: `voice:${USER}` };

  await gateway.api("/token/github", { body: { user_id: USER } });
  expect({ ...app, route: "/token/:service", status: 404, error: "not_connected", level: "warn" });
  await gateway.connect("github");
  const back = { route: "/callback/:provider", method: "GET", status: 200, level: "info" };
  // Nobody has proved who it is; whom it is for the link has said.
  expect({ ...back, caller: "none", subject: app.subject });
  await gateway.api("/token/github", { body: { user_id: USER } });
  expect({ ...app, route: "/token/:service", status: 200, error: undefined });
  await gateway.api("/token/github", { body: { user_id: USER }, key: "x" });
  expect({ caller: "none", subject: undefined, error: "invalid_client", status: 401 });

  await gateway.mcp({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  expect({ ...app, route: "/mcp", asked: "tools/list", tool: undefined, status: 200 });
  await gateway.mcp(call("github_list_issues", { repo: "octocat/hello-world" }));
  expect({ ...app, asked: "tools/call", tool: "github_list_issues", error: undefined });
  await gateway.mcp(call("gmail_search_messages", { query: "secret words" }));
  expect({
    ...app,
    tool: "gmail_search_messages",
    error: "not_connected",
    status: 200,
    level: "warn",
  });
  await gateway.mcp(call("made_up_by_the_caller"));
  expect({ ...app, tool: undefined, error: "unknown_tool" });
  await gateway.mcp({ jsonrpc: "2.0", id: 1, method: "made/up" });
  expect({ ...app, asked: "other" });
  await gateway.mcp("{");
  expect({ ...app, error: "parse_error", status: 400 });
  await gateway.mcp("[".repeat(100));
  expect({ ...app, error: "too_complex", status: 400 });
  await gateway.mcp(call("x"), { userId: null });
  expect({ caller: "app voice", error: "invalid_request", status: 400 });

  await gateway.api("/connections/github/x/y?secret=1", { key: null });
  expect({ route: "/*", status: 404, error: "not_found", caller: "none" });
  await gateway.api("/oauth/token", { key: null, body: { grant_type: "x" } });
  assert(last(gateway).error !== undefined);

  const text = gateway.requests.join("\n");
  for (const secret of [API_KEY, "secret", "made_up", "made/up", ...gateway.world.secrets]) {
    assert(!text.includes(secret), secret);
  }
  const count = gateway.requests.length;
  await gateway.api("/health", { key: null });
  assertEquals(gateway.requests.length, count, "whoever watches fills no log");
});

Deno.test("REQUEST_LOG says which requests leave a line", async () => {
  for (const [setting, lines] of [["errors", 1], ["off", 0]] as const) {
    await using gateway = await startGateway({ env: { REQUEST_LOG: setting } });
    await gateway.api(`/connections?user_id=${USER}`);
    await gateway.api("/token/github", { body: { user_id: USER } });
    assertEquals(gateway.requests.length, lines, setting);
  }
});

Deno.test("a program's log has its lines in order, the last of them too when it ends", async () => {
  const client = { GITHUB_CLIENT_ID: "a-client", GITHUB_CLIENT_SECRET: "a-secret-of-it" };
  await using program = await startProgram({ env: client });
  const { running } = program;
  const ask = async (body: unknown, path = "/token/github") => {
    const response = await fetch(program.url + path, {
      method: "POST",
      headers: program.headers,
      body: JSON.stringify(body),
    });
    await response.body?.cancel();
    return response.headers.get("X-Request-Id")!;
  };
  const ids = [await ask({ user_id: "a" }), await ask({ user_id: "b" }), await ask({})];
  ids.push(await ask({ user_id: "a@example.com", service: "github" }, "/links"));
  running.child.kill("SIGTERM");
  await running.ended;
  const all = running.output().split("\n").filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line));
  const lines = all.filter(({ event }) => event === "request");
  assertEquals(lines.map(({ request_id }) => request_id), ids);
  // Every other line that a request brings about says who acts, too; what the program does by itself has no caller.
  const link = all.find(({ event, request_id }) =>
    event === "connect" && request_id === ids.at(-1)
  );
  assertEquals([link.step, link.caller], ["link_made", "app voice"]);
  const started = all.find(({ event }) => event === "listening");
  assertEquals([started.request_id, started.caller], [undefined, undefined]);
});

Deno.test("who signs in, the client with their code, and an error that a client is sent back with stand in the request's line", async () => {
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const client = await newClient(gateway);
  const { json } = await exchange(gateway, client, await obtainCode(gateway, client));
  const { caller, subject } = last(gateway);
  assert(/^client [\w-]{43}$/.test(caller), caller);
  await refresh(gateway, client, json.refresh_token);
  assertEquals([last(gateway).caller, last(gateway).subject], [caller, subject]);
  await refresh(gateway, client, "a".repeat(50));
  assertEquals(last(gateway).caller, "none");
  const signedIn = gateway.requests.map((line) => JSON.parse(line))
    .find(({ route }) => route === "/callback/:provider");
  assertEquals(signedIn.caller, `person ${subject}`);

  const address = new URL(authorizeUrl(gateway, client));
  address.searchParams.set("response_type", "token");
  const response = await gateway.handle(new Request(address, { redirect: "manual" }));
  await response.body?.cancel();
  const error = new URL(response.headers.get("Location")!).searchParams.get("error");
  assertEquals([response.status, error], [303, "unsupported_response_type"]);
  assertEquals(last(gateway).error, "unsupported_response_type");
});
