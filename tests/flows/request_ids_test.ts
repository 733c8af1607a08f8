import { assert, assertEquals, assertMatch } from "@std/assert";
import { REQUEST_ID } from "../../broker/core/request_notes.ts";
import { call, startGateway, USER } from "../support/gateway.ts";

const HEADER = "X-Request-Id";

Deno.test("every answer but a plain one of MCP carries its request's id, and errors say it", async () => {
  await using gateway = await startGateway();
  const seen = new Set<string>();
  const check = (name: string, { headers, json }: { headers: Headers; json?: unknown }) => {
    const id = headers.get(HEADER)!;
    assertMatch(id, REQUEST_ID, name);
    assert(!seen.has(id), name);
    seen.add(id);
    const { error, request_id } = (json ?? {}) as Record<string, unknown>;
    assertEquals(request_id, error === undefined ? undefined : id, name);
  };
  check("list", await gateway.api(`/connections?user_id=${USER}`));
  check("no key", await gateway.api("/connections", { key: null }));
  check("wrong key", await gateway.api("/token/github", { key: "x", body: {} }));
  check("not connected", await gateway.api("/token/github", { body: { user_id: USER } }));
  check("nothing there", await gateway.api("/nothing", { key: null }));
  check("wrong method", await gateway.api("/links"));
  check("mcp without key", await gateway.mcp(call("x"), { key: null }));
  check("mcp without user", await gateway.mcp(call("x"), { userId: null }));
  check("oauth", await gateway.api("/oauth/token", { key: null, body: { grant_type: "x" } }));
  check("registration", await gateway.api("/oauth/register", { key: null, body: {} }));
  await gateway.connect("github");
  check("token", await gateway.api("/token/github", { body: { user_id: USER } }));
  const plain = await gateway.mcp({ jsonrpc: "2.0", id: 1, method: "tools/list" });
  assertEquals(plain.headers.get(HEADER), null);
});

Deno.test("what a caller sends as an id is not taken", async () => {
  await using gateway = await startGateway();
  for (const sent of ["mine", "a".repeat(64), `x","level":"error`]) {
    const { headers, text } = await gateway.api("/connections", { headers: { [HEADER]: sent } });
    assertMatch(headers.get(HEADER)!, REQUEST_ID);
    assert(!text.includes(sent));
  }
});

Deno.test("the page of an error has its request's id, in every language", async () => {
  await using gateway = await startGateway();
  const words = { en: "Reference", de: "Vorgang", es: "Referencia" };
  for (const [language, word] of Object.entries(words)) {
    const response = await fetch(`${gateway.url}/auth/github?user_id=${USER}&link=gone`, {
      headers: { "Accept": "text/html", "Accept-Language": language },
    });
    const text = await response.text();
    assertEquals(response.status, 403);
    assert(text.includes(`${word} ${response.headers.get(HEADER)}`), text);
  }
});

Deno.test("what is noted for a person says by which request it came about", async () => {
  await using gateway = await startGateway();
  await gateway.connect("github");
  const token = await gateway.api("/token/github", { body: { user_id: USER } });
  await gateway.mcp(call("github_list_issues", { repo: "octocat/hello-world" }));
  await gateway.broker.idle();
  const { entries } = await gateway.activity.page(`voice:${USER}`, { limit: 100 });
  assertEquals(entries.map(({ what }) => what), [
    "tool_called",
    "token_handed_out",
    "connected",
  ]);
  const ids = entries.map(({ requestId = "" }) => requestId);
  for (const id of ids) assertMatch(id, REQUEST_ID);
  assertEquals(new Set(ids).size, 3);
  assertEquals(ids[1], token.headers.get(HEADER));
});
