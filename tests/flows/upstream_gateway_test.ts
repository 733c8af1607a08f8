import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { call, startGateway, toolNames, USER } from "../support/gateway.ts";
import { decide, signIn } from "../support/mcp_client.ts";

Deno.test("a gateway behind a gateway is connected, listed, called, refreshed and ended like any other server", async () => {
  await using inner = await startGateway({ env: { SIGN_IN_ALLOW: "*" } });
  const UPSTREAMS = JSON.stringify([{ name: "inner", title: "Inner", url: `${inner.url}/mcp` }]);
  await using outer = await startGateway({ env: { UPSTREAMS } });
  const { json: link } = await outer.api("/links", { body: { user_id: USER, service: "inner" } });
  const browser = new Browser();
  const asked = await browser.open(link.url);
  assertStringIncludes(asked.html, new URL(inner.url).host);
  const consent = await signIn(browser, await browser.submit(asked));
  const back = await decide(browser, consent);
  assertStringIncludes((await browser.open(back.href)).html, "Inner connected");
  const list = async () => {
    const body = { jsonrpc: "2.0", method: "tools/list", params: {}, id: 1 };
    const { json } = await outer.mcp(body, { path: "/mcp/inner" });
    return json.result.tools.map(({ name }: { name: string }) => name);
  };
  const names = await list();
  const expected = toolNames("github", "gmail", "calendar", "drive").map((name) => `inner_${name}`);
  assertEquals(names.toSorted(), expected.toSorted());
  // Whoever signed in over there has connected nothing there: the inner gateway's own words say so.
  const { json } = await outer.mcp(call("inner_github_list_repositories"));
  assertEquals(json.result.isError, true);
  assertStringIncludes(JSON.stringify(json.result), "/auth/github");
  const token = async () =>
    (await outer.api("/token/inner", { body: { user_id: USER } })).json.access_token;
  const first = await token();
  for (const { world } of [inner, outer]) world.skew = 2 * 60 * 60_000;
  assert(await token() !== first);
  assertEquals((await list()).length, names.length);
  const ended = await outer.api(`/connections/inner?user_id=${USER}`, { method: "DELETE" });
  assertEquals(ended.json.revoked, true, ended.text);
  assertEquals(await list(), ["inner_connect"]);
});
