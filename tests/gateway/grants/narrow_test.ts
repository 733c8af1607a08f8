/** A person takes away a part of what they allowed: never more, and whatever is written meanwhile. */

import { assertEquals } from "@std/assert";
import { parseKeyRing } from "../../../broker/config/vault.ts";
import type { Client } from "../../../broker/core/client.ts";
import { allowsTool } from "../../../broker/core/gateway_scopes.ts";
import { type Grant, grantLifetimes } from "../../../broker/core/grant.ts";
import type { Store } from "../../../broker/core/store.ts";
import { type GrantDeps, readAccess, touch } from "../../../gateway/grants/access.ts";
import { createGatewayTokens } from "../../../gateway/grants/access_token.ts";
import { forkGrant, USED_AT_MS } from "../../../gateway/grants/branches.ts";
import { issueTokens } from "../../../gateway/grants/grants.ts";
import { narrowed, narrowGrant } from "../../../gateway/grants/narrow.ts";
import { refreshGrant } from "../../../gateway/grants/refresh.ts";
import { createSignInRule } from "../../../gateway/sign_in_rule.ts";
import { newKeyLine } from "../../../tasks/key.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

const CLIENT: Client = { id: "c", name: "App", redirectUris: [], kind: "registered" };
const LIFETIMES = grantLifetimes(30, 180);
const SUBJECT = "github:1";

/** A grant for all of Gmail and to read GitHub, and what it is kept with. */
async function start(scopes = ["gmail", "github:read"]) {
  const world = testWorld();
  const ring = await importKeyRing(parseKeyRing(newKeyLine("k1")));
  const store = createStore(memoryRecords(), ring, world);
  const deps: GrantDeps = {
    store,
    tokens: createGatewayTokens("https://switchboard.example", ring, world),
    world,
    rule: createSignInRule(["*"], ["github"]),
    lifetimes: LIFETIMES,
    identified: { caller: () => {} },
  };
  const grant: Grant = {
    subject: SUBJECT,
    email: "ana@example.com",
    id: "g",
    clientId: CLIENT.id,
    name: "App",
    scopes,
    resource: "https://switchboard.example/mcp",
    createdAt: world.now(),
    usedAt: world.now(),
  };
  await store.grants.put(grant, null);
  const read = () => store.grants.get(SUBJECT, "g");
  const held = async () => (await read())?.value.scopes;
  /** A store in which another writer is faster, once. */
  const overtakenBy = (write: () => Promise<unknown>): { store: Pick<Store, "grants"> } => {
    let tries = 0;
    const put: Store["grants"]["put"] = async (value, version) => {
      tries += 1;
      if (tries === 1) await write();
      return await store.grants.put(value, version);
    };
    return { store: { grants: { ...store.grants, put } } };
  };
  return { world, store, deps, grant, read, held, overtakenBy };
}

/** All lists of scopes of two services, with what says nothing more as well. */
const LISTS = Array.from(
  { length: 16 },
  (_, bits) => ["a", "a:read", "b", "b:read"].filter((_, at) => (bits >> at) % 2 === 1),
);

const TOOLS = ["a", "b", "c"].flatMap((service) =>
  [true, false].map((readOnly) => ({ service, readOnly }))
);

Deno.test("what is left allows what both lists allow: nothing more, and nothing less", () => {
  for (const [held, wanted] of LISTS.flatMap((one) => LISTS.map((other) => [one, other]))) {
    const left = narrowed(held!, wanted!);
    const label = `${held} by ${wanted}: ${left}`;
    for (const tool of TOOLS) {
      const both = allowsTool(held!, tool) && allowsTool(wanted!, tool);
      assertEquals(allowsTool(left, tool), both, `${label}, ${JSON.stringify(tool)}`);
    }
    assertEquals(left.length, new Set(left).size, label);
  }
});

Deno.test("narrowing takes away what is not named, and tells whose grant it was", async () => {
  const { deps, held } = await start();
  assertEquals(await narrowGrant(deps, SUBJECT, "g", ["gmail:read", "github:read"]), "App");
  assertEquals(await held(), ["gmail:read", "github:read"]);
  assertEquals(await narrowGrant(deps, SUBJECT, "g", ["github:read"]), "App");
  assertEquals(await held(), ["github:read"]);
});

Deno.test("nothing is ever added, whatever a form names", async () => {
  const { deps, held } = await start();
  const everything = ["gmail", "github", "drive", "calendar:read", "*", "", ":read", "__proto__"];
  assertEquals(await narrowGrant(deps, SUBJECT, "g", everything), "App");
  assertEquals(await held(), ["gmail", "github:read"]);
  await narrowGrant(deps, SUBJECT, "g", ["gmail:read"]);
  await narrowGrant(deps, SUBJECT, "g", everything);
  assertEquals(await held(), ["gmail:read"], "nor does it come back");
});

Deno.test("a grant of which nothing would be left, another's and none stay as they are", async () => {
  const { deps, grant, read } = await start();
  const before = await read();
  for (const wanted of [[], ["drive"], ["gmail:read:read"], ["GMAIL"], [" gmail"]]) {
    assertEquals(await narrowGrant(deps, SUBJECT, "g", wanted), undefined, String(wanted));
  }
  assertEquals(await narrowGrant(deps, "github:2", "g", ["gmail:read"]), undefined);
  assertEquals(await narrowGrant(deps, SUBJECT, "none", ["gmail:read"]), undefined);
  assertEquals(await read(), before);
  assertEquals(before?.value, grant);
});

Deno.test("a use that is noted meanwhile is kept, and so is a place where it is used", async () => {
  const { world, store, deps, read, overtakenBy } = await start();
  world.skew += USED_AT_MS;
  const used = overtakenBy(async () => await touch(deps, (await read())!, undefined));
  assertEquals(await narrowGrant(used, SUBJECT, "g", ["gmail:read"]), "App");
  const noted = (await read())!.value;
  assertEquals([noted.scopes, noted.usedAt], [["gmail:read"], world.now()]);

  const forked = overtakenBy(async () => {
    const { value, version } = (await read())!;
    await store.grants.put(forkGrant(value, LIFETIMES, world.now()).grant, version);
  });
  assertEquals(await narrowGrant(forked, SUBJECT, "g", ["gmail:read"]), "App");
  assertEquals((await read())?.value.branches?.map(({ id }) => id), [0, 1]);
});

Deno.test("a grant that is ended meanwhile does not come back", async () => {
  const { store, read, overtakenBy } = await start();
  const ended = overtakenBy(() => store.grants.delete(SUBJECT, "g"));
  assertEquals(await narrowGrant(ended, SUBJECT, "g", ["gmail:read"]), undefined);
  assertEquals(await read(), null);
});

Deno.test("what is narrowed in two windows at once is narrowed by both", async () => {
  const { deps, held, overtakenBy } = await start(["gmail", "github", "drive"]);
  const other = () => narrowGrant(deps, SUBJECT, "g", ["gmail:read", "github", "drive"]);
  await narrowGrant(overtakenBy(other), SUBJECT, "g", ["gmail", "github:read"]);
  assertEquals(await held(), ["gmail:read", "github:read"]);
  // Of what would be nothing by both, the later one is refused.
  const first = () => narrowGrant(deps, SUBJECT, "g", ["gmail:read"]);
  assertEquals(
    await narrowGrant(overtakenBy(first), SUBJECT, "g", ["github:read"]),
    undefined,
  );
  assertEquals(await held(), ["gmail:read"]);
});

Deno.test("access tokens of before are narrowed at once, and go on with what is left", async () => {
  const { world, deps, grant, held } = await start();
  const { accessToken, refreshToken } = await issueTokens(deps, grant, CLIENT);
  const access = async (token: string) => (await readAccess(deps, token))?.scopes;
  assertEquals(await access(accessToken), ["gmail", "github:read"]);
  await narrowGrant(deps, SUBJECT, "g", ["gmail:read"]);
  assertEquals(await access(accessToken), ["gmail:read"]);
  const next = await refreshGrant(deps, { client: CLIENT, refreshToken, resource: undefined });
  assertEquals(next.scopes, ["gmail:read"]);
  assertEquals(await access(next.accessToken), ["gmail:read"]);
  // Nor does a use write back what was there.
  world.skew += USED_AT_MS;
  await access(accessToken);
  assertEquals(await held(), ["gmail:read"]);
});
