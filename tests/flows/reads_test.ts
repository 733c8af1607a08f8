/** How often a request asks the database: counted, so that no round comes to be one too many. */

import { assertEquals } from "@std/assert";
import { assertDead, obtainTokens, openGateway, signedIn } from "../support/attacks.ts";
import { type CountedKv, countedKv } from "../support/counted_kv.ts";
import { call, startGateway, USER } from "../support/gateway.ts";
import { newClient } from "../support/mcp_client.ts";

const list = { jsonrpc: "2.0", method: "tools/list", id: 1 };
const ping = { jsonrpc: "2.0", method: "ping", id: 1 };

Deno.test("with an API key a request reads its user's connections once, and only where it needs them", async () => {
  let counted: CountedKv;
  await using gateway = await startGateway({ kv: (kv) => (counted = countedKv(kv)).kv });
  await gateway.connect("github");
  const asked = async (request: () => Promise<{ status: number }>) => {
    counted.asked();
    assertEquals((await request()).status, 200);
    return counted.asked();
  };
  const connections = ["list connections"];
  // What there is is known for a moment, once it was looked for twice.
  const seen = ["get marks"];
  const again = [...seen, ...connections];
  const body = { user_id: USER };
  assertEquals(await asked(() => gateway.api("/token/github", { body })), connections);
  assertEquals(
    await asked(() => gateway.api("/token/github", { body: { ...body, scope: "repo" } })),
    again,
  );
  assertEquals(await asked(() => gateway.mcp(ping)), []);
  assertEquals(await asked(() => gateway.mcp(call("github_get_issue", { repo: 1 }))), []);
  assertEquals(
    await asked(() =>
      gateway.mcp(call("github_list_issues", { repo: "octocat/hello-world" }, crypto.randomUUID()))
    ),
    // And what GitHub has asked other processes to wait, every two seconds.
    [...seen, "get providers"],
  );
  // Whether this person has two accounts of a service is remembered for a while.
  assertEquals(await asked(() => gateway.mcp(list)), connections);
  assertEquals(await asked(() => gateway.mcp(list)), []);
});

Deno.test("with a gateway token a request reads its grant once, and nothing beside what it needs", async () => {
  let counted: CountedKv;
  await using gateway = await openGateway({ kv: (kv) => (counted = countedKv(kv)).kv });
  const client = await newClient(gateway);
  const { browser } = await signedIn(gateway);
  const tokens = await obtainTokens(gateway, client, { browser });
  const headers = { Authorization: `Bearer ${tokens.access_token}` };
  const asked = async (body: unknown) => {
    const send = () => gateway.mcp(body, { key: null, userId: null, headers });
    // The first one notes that the grant is used.
    await send();
    counted.asked();
    assertEquals((await send()).status, 200);
    return counted.asked();
  };
  assertEquals(await asked(ping), ["get grants"]);
  assertEquals(await asked(list), ["get grants"]);
  // The token is known by now; its grant is asked for all the same.
  for (const grant of await grantsOf(gateway)) await gateway.kv.delete(grant);
  await assertDead(gateway, tokens.access_token);
});

async function grantsOf({ kv }: { kv: Deno.Kv }): Promise<Deno.KvKey[]> {
  return (await Array.fromAsync(kv.list({ prefix: ["grants"] }))).map(({ key }) => key);
}
