import { assert, assertEquals } from "@std/assert";
import { call, type Gateway, startGateway } from "../support/gateway.ts";
import { startOAuthServer } from "../support/oauth_server.ts";
import { connectAt, SERVICE } from "../support/upstream_service.ts";
import { newKeyLine } from "../../tasks/key.ts";

const PEOPLE = Array.from({ length: 10 }, (_, at) => `person${at}`);
const LIFETIME_MS = 5_000;

Deno.test("ten people, two processes and tokens that live 5 seconds: nobody sees another's, one refresh per expiry, nobody is lost", async () => {
  let now = () => Date.now();
  await using server = startOAuthServer({ tokenSeconds: 5, rotation: "strict", now: () => now() });
  const env = {
    ENCRYPTION_KEYS: newKeyLine("k1"),
    UPSTREAMS: JSON.stringify([{ name: SERVICE, title: "Notes", url: server.url }]),
  };
  await using one = await startGateway({ env });
  await using two = await startGateway({ env, kvPath: one.kvPath });
  now = () => one.world.now();
  const gateways: Gateway[] = [one, two];
  for (const person of PEOPLE) {
    await connectAt(one, server, { userId: person, login: person });
  }
  assertEquals(server.registrations.length, 1);
  const refreshes = () => server.count("/token", (body) => body.grant_type === "refresh_token");
  const ask = async (gateway: Gateway, person: string) => {
    const list = { jsonrpc: "2.0", method: "tools/list", params: {}, id: 1 };
    const [listed, called] = await Promise.all([
      gateway.mcp(list, { path: `/mcp/${SERVICE}`, userId: person }),
      gateway.mcp(call(`${SERVICE}_whoami`), { userId: person }),
    ]);
    const names = listed.json.result.tools.map(({ name }: { name: string }) => name);
    const others = PEOPLE.filter((other) =>
      other !== person && names.some((name: string) => name.endsWith(other))
    );
    assertEquals(others, [], `${person} sees ${names}`);
    assert(names.some((name: string) => name.endsWith(person)), `${person} sees ${names}`);
    assert(JSON.stringify(called.json.result).includes(person), called.text);
  };
  for (let round = 0; round < 6; round++) {
    const before = refreshes();
    await Promise.all(
      PEOPLE.flatMap((person) => gateways.map((gateway) => ask(gateway, person))),
    );
    // The first tokens were issued a moment ago.
    assertEquals(refreshes() - before, round === 0 ? 0 : PEOPLE.length, `round ${round}`);
    for (const { world } of gateways) world.skew += LIFETIME_MS + 1_000;
  }
  for (const person of PEOPLE) {
    const { connections } = (await two.api(`/connections?user_id=${person}`)).json;
    assertEquals(connections.map(({ status }: { status: string }) => status), ["active"], person);
    assertEquals(server.grants(person), 1);
  }
});

Deno.test("two processes in which people connect at once register one client", async () => {
  await using server = startOAuthServer();
  const env = {
    ENCRYPTION_KEYS: newKeyLine("k1"),
    UPSTREAMS: JSON.stringify([{ name: SERVICE, title: "Notes", url: server.url }]),
  };
  await using one = await startGateway({ env });
  await using two = await startGateway({
    env: { ...env, PUBLIC_URL: one.url, ALLOWED_HOSTS: "localhost" },
    kvPath: one.kvPath,
  });
  const begin = async (gateway: Gateway, userId: string) => {
    const { json } = await one.api("/links", { body: { user_id: userId, service: SERVICE } });
    const at = json.url.replace(one.url, gateway.url);
    const { Browser } = await import("../support/browser.ts");
    const browser = new Browser();
    const asked = await browser.open(at);
    return await browser.submit(asked, { until: (url) => url.startsWith(server.origin) });
  };
  const pages = await Promise.all(
    PEOPLE.map((person, at) => begin(at % 2 === 0 ? one : two, person)),
  );
  const clients = pages.map(({ url }) => new URL(url).searchParams.get("client_id"));
  assertEquals(new Set(clients).size, 1);
  assertEquals(server.registrations.length, 1);
});
