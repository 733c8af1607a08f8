import { assert, assertEquals } from "@std/assert";
import { digestHex } from "../../tasks/key.ts";
import { envOf, SHOPS } from "../support/customer_hosts.ts";
import { startGateway, USER } from "../support/gateway.ts";

interface Listed {
  name: string;
  scopes: { name: string; default: boolean }[];
  connections?: { label: string; status: string; default: boolean }[];
}

Deno.test("an app hears what can be connected here, in the words of the page", async () => {
  await using gateway = await startGateway({ env: envOf(SHOPS) });
  const { status, json, headers } = await gateway.api("/services");
  assertEquals([status, headers.get("Cache-Control")], [200, "no-store"]);
  const named = (name: string) => json.services.find((each: Listed) => each.name === name);
  const calendar = named("calendar");
  assertEquals(
    [calendar.title, calendar.provider, calendar.provider_title, calendar.kind],
    ["Google Calendar", "google", "Google", "oauth"],
  );
  assertEquals(calendar.connections, undefined);
  assertEquals(calendar.mark.letters, "GC");
  const [first, ...others] = calendar.scopes;
  assertEquals([first.name, first.default], ["calendar.events", true]);
  assert(/^[A-Z]/.test(first.title) && !first.title.includes("googleapis"));
  // Nobody asks for mail on the page of a calendar.
  assert(others.every((scope: Listed["scopes"][number]) => scope.name.startsWith("calendar")));
  assertEquals(named("github").scopes[0].name, "github");
  assertEquals(named("acme").params, [{ name: "shop", title: "Shop" }]);
  // Whatever is listed can be asked for under its name.
  for (const { name, scopes } of json.services as Listed[]) {
    if (name === "acme") continue;
    for (const scope of [undefined, ...scopes.map((scope) => scope.name)]) {
      const link = await gateway.api("/links", { body: { user_id: USER, service: name, scope } });
      assertEquals(link.status, 200, `${name} ${scope}: ${link.text}`);
    }
  }
});

Deno.test("an app hears what a user has connected, and of nobody else's", async () => {
  await using gateway = await startGateway();
  await gateway.connect("calendar");
  const of = async (userId: string) => {
    const { json } = await gateway.api(`/services?user_id=${userId}`);
    return Object.fromEntries(json.services.map((each: Listed) => [each.name, each.connections]));
  };
  const mine = await of(USER);
  assertEquals(mine.calendar?.map(({ status }: { status: string }) => status), ["active"]);
  assertEquals([mine.gmail, mine.github], [[], []]);
  assertEquals(Object.values(await of("stranger")).flat(), []);
});

Deno.test("a key hears of the services that it is for, and of no others' connections", async () => {
  const key = "key-for-mail";
  const env = { API_KEYS: `voice:sha256:${digestHex(key)}:gmail` };
  await using gateway = await startGateway({ env });
  const { json } = await gateway.api(`/services?user_id=${USER}`, { key });
  assertEquals(json.services.map(({ name }: Listed) => name), ["gmail"]);
  const names: string[] = json.services[0].scopes.map(({ name }: { name: string }) => name);
  assert(names.every((name) => /\bgmail\./.test(`${name}.`)), names.join(" "));
  assertEquals((await gateway.api("/services", { key: null })).status, 401);
  assertEquals((await gateway.api("/services?user_id=a&user_id=b", { key })).status, 400);
});
