import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Browser } from "../support/browser.ts";
import { call, type Gateway, startGateway, USER } from "../support/gateway.ts";

const SECOND_MS = 1_000;

/** A gateway with two GitHub accounts of one user: octocat first, then admin. */
async function startWithTwo(): Promise<Gateway> {
  const gateway = await startGateway();
  await gateway.connect("github", { account: "octocat" });
  gateway.world.skew += SECOND_MS;
  await gateway.connect("github", { account: "admin" });
  return gateway;
}

async function labels(gateway: Gateway): Promise<Record<string, boolean>> {
  const { json } = await gateway.api(`/connections?user_id=${USER}`);
  const rows = json.connections as { label: string; default: boolean }[];
  return Object.fromEntries(rows.map(({ label, default: usual }) => [label, usual]));
}

const token = (gateway: Gateway, account?: string) =>
  gateway.api("/token/github", {
    body: { user_id: USER, ...(account === undefined ? {} : { account }) },
  });

Deno.test("two accounts of one service are two connections, the first is the default", async () => {
  await using gateway = await startWithTwo();
  assertEquals(await labels(gateway), { octocat: true, admin: false });
  assertEquals((await token(gateway)).json.label, "octocat");
  assertEquals((await token(gateway, "Admin")).json.label, "admin");
});

Deno.test("each provider has a default account of its own, whichever was chosen last", async () => {
  await using gateway = await startWithTwo();
  gateway.world.skew += SECOND_MS;
  await gateway.connect("google");
  const usual = async () => {
    const { json } = await gateway.api(`/connections?user_id=${USER}`);
    const rows = json.connections as { provider: string; label: string; default: boolean }[];
    return rows.filter((row) => row.default).map(({ provider, label }) => [provider, label]).sort();
  };
  const google = "testuser@gmail.com";
  assertEquals(await usual(), [["github", "octocat"], ["google", google]]);
  gateway.world.skew += SECOND_MS;
  const body = { user_id: USER, account: "admin" };
  await gateway.api("/connections/github/default", { body });
  assertEquals(await usual(), [["github", "admin"], ["google", google]]);
});

Deno.test("lists have an argument for the account of whoever has two, and calls take it from all", async () => {
  await using gateway = await startGateway();
  const lists = async (userId = USER, path = "/mcp") => {
    const list = { jsonrpc: "2.0", id: 1, method: "tools/list" };
    const { json } = await gateway.mcp(list, { userId, path });
    const tools = json.result.tools as { name: string; inputSchema: { properties: object } }[];
    const withIt = tools.filter(({ inputSchema }) => "account" in inputSchema.properties);
    return [...new Set(withIt.map(({ name }) => name.split("_")[0]))];
  };
  assertEquals(await lists(), []);
  await gateway.connect("github", { account: "octocat" });
  await gateway.connect("google");
  assertEquals(await lists(), []);
  const issue = { repo: "octocat/hello-world", title: "By whom?" };
  const created = await gateway.mcp(call("create_issue", { ...issue, account: "octocat" }, 2));
  assert(!created.json.result.isError, JSON.stringify(created.json));
  const wrong = await gateway.mcp(call("create_issue", { ...issue, account: "nobody" }, 3));
  assertStringIncludes(wrong.json.result.content[0].text, '"account" can be: octocat.');
  await gateway.connect("github", { account: "admin" });
  assertEquals(await lists(), ["github"], "what was listed before is not remembered");
  assertEquals(await lists("somebody_else"), []);
  assertEquals(await lists(USER, "/mcp?services=calendar"), []);
  await gateway.api(`/connections/github?user_id=${USER}&account=admin`, { method: "DELETE" });
  assertEquals(await lists(), []);
});

Deno.test("a tool call names the account it is for", async () => {
  await using gateway = await startWithTwo();
  const issue = { repo: "octocat/hello-world", title: "By whom?" };
  await gateway.mcp(call("create_issue", { ...issue, account: "admin" }));
  await gateway.mcp(call("create_issue", issue));
  const read = async (number: number) => {
    const response = await fetch(
      `${gateway.emulators.github}/repos/octocat/hello-world/issues/${number}`,
    );
    return (await response.json()).user.login;
  };
  assertEquals([await read(1), await read(2)], ["admin", "octocat"]);
  const unknown = await gateway.mcp(call("create_issue", { ...issue, account: "mallory" }));
  assertEquals(unknown.json.result.isError, true);
  assertStringIncludes(unknown.json.result.content[0].text, "octocat, admin");
});

Deno.test("the default account can be changed, and the change lasts", async () => {
  await using gateway = await startWithTwo();
  const set = (account: string) => {
    gateway.world.skew += SECOND_MS;
    return gateway.api("/connections/github/default", { body: { user_id: USER, account } });
  };
  assertEquals((await set("admin")).json.label, "admin");
  assertEquals(await labels(gateway), { octocat: false, admin: true });
  assertEquals((await token(gateway)).json.label, "admin");
  await gateway.connect("github", { account: "octocat" });
  assertEquals((await token(gateway)).json.label, "admin", "a reconnect does not change it");
  assertEquals((await set("octocat")).status, 200);
  assertEquals((await token(gateway)).json.label, "octocat");
  const unknown = await set("mallory");
  assertEquals([unknown.status, unknown.json.error], [404, "unknown_account"]);
});

Deno.test("reconnecting an account keeps its record", async () => {
  await using gateway = await startWithTwo();
  const list = async () =>
    (await gateway.api(`/connections?user_id=${USER}`)).json.connections as {
      account: string;
      connected_at: number;
    }[];
  const before = await list();
  gateway.world.skew += 60 * SECOND_MS;
  await gateway.connect("github", { account: "octocat" });
  const after = await list();
  assertEquals(
    after.map(({ account, connected_at }) => [account, connected_at]),
    before.map(({ account, connected_at }) => [account, connected_at]),
  );
});

Deno.test("disconnecting one account leaves the other", async () => {
  await using gateway = await startWithTwo();
  const path = `/connections/github?user_id=${USER}&account=octocat`;
  const gone = await gateway.api(path, { method: "DELETE" });
  assertEquals(gone.json.deleted, true);
  assertEquals(await labels(gateway), { admin: true });
});

Deno.test("a link for an account is a hint to the provider", async () => {
  await using gateway = await startGateway();
  for (const [service, name] of [["github", "login"], ["calendar", "login_hint"]] as const) {
    const body = { user_id: USER, service, account: "me@example.com" };
    const { json } = await gateway.api("/links", { body });
    const browser = new Browser();
    const { url } = await browser.submit(await browser.open(json.url));
    assertEquals(new URL(url).searchParams.get(name), "me@example.com");
    assert(!json.url.includes("example.com"), "the link itself does not say it");
  }
});
