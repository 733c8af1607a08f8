import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { AT_ONCE } from "../../broker/tokens/pace.ts";
import { sweepExpired } from "../../vault/expired.ts";
import { signedIn } from "../support/attacks.ts";
import { Browser } from "../support/browser.ts";
import { signInForm } from "../support/emulators.ts";
import { faultyFetch } from "../support/faulty_fetch.ts";
import { type Gateway, startGateway, USER } from "../support/gateway.ts";
import { snapshot } from "../support/snapshot.ts";
import { heldSleeps } from "../support/world.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TOKEN_ENDPOINT = "/oauth2/token";

async function startConnected(users: string[] = [USER]) {
  const faults = faultyFetch();
  const gateway = await startGateway({ fetch: faults.fetch });
  for (const userId of users) await gateway.connect("calendar", { userId });
  faults.reset();
  const token = async (userId = USER): Promise<string> =>
    (await gateway.api("/token/google", { body: { user_id: userId } })).json.access_token;
  return Object.assign(gateway, { faults, token });
}

Deno.test("sweep() refreshes what was used lately before anybody needs it", async () => {
  await using gateway = await startConnected();
  const before = await gateway.token();
  gateway.world.skew = 40 * MINUTE_MS;
  assertEquals(await gateway.broker.sweep(), 0, "too early");
  gateway.world.skew = 54 * MINUTE_MS;
  assertEquals(await gateway.broker.sweep(), 1);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
  assertNotEquals(await gateway.token(), before);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1, "nobody had to wait");
  assertEquals(await gateway.broker.sweep(), 0, "the next one is an hour away");
});

Deno.test("sweep() by two isolates at once refreshes each connection once", async () => {
  const users = ["a", "b", "c", "d", "e", "f"];
  await using gateway = await startConnected(users);
  gateway.world.skew = 54 * MINUTE_MS;
  await Promise.all([gateway.broker.sweep(), gateway.broker.sweep(), gateway.broker.sweep()]);
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), users.length);
});

/** Refreshes on the list; when it is looked at whether a connection ends is months off. */
async function toCome({ kv, world }: Pick<Gateway, "kv" | "world">): Promise<string[]> {
  const all = await snapshot(kv, ["due"]);
  return all.filter((key) => Number(key.split("/")[1]) < world.now() + DAY_MS);
}

Deno.test("sweep() leaves a provider alone that asks for time, and those who wait for a token do not", async () => {
  const users = Array.from({ length: AT_ONCE + 3 }, (_, at) => `u${at}`);
  await using gateway = await startConnected(users);
  const { faults, world } = gateway;
  world.skew = 54 * MINUTE_MS;
  const busy = new Response(null, { status: 429, headers: { "Retry-After": "120" } });
  faults.on(TOKEN_ENDPOINT, () => busy.clone());
  await gateway.broker.sweep();
  const asked = faults.count(TOKEN_ENDPOINT);
  assert(asked > 0 && asked <= AT_ONCE, String(asked));
  await gateway.broker.sweep();
  assertEquals(faults.count(TOKEN_ENDPOINT), asked);
  assertEquals((await toCome(gateway)).length, users.length, "each is on the list");
  faults.reset();
  world.skew = 56 * MINUTE_MS;
  const last = await gateway.token("u7");
  assertEquals(faults.count(TOKEN_ENDPOINT), 1, "one person's refresh, and it is well again");
  await gateway.broker.sweep();
  world.skew += 2 * MINUTE_MS;
  await gateway.broker.sweep();
  assertEquals(faults.count(TOKEN_ENDPOINT), users.length);
  assertEquals(await gateway.token("u7"), last);
});

Deno.test("sweep() begins no refresh once the program ends, and idle() waits for those that were begun", async () => {
  const users = Array.from({ length: AT_ONCE + 3 }, (_, at) => `u${at}`);
  await using gateway = await startConnected(users);
  const { faults, world, broker } = gateway;
  world.skew = 54 * MINUTE_MS;
  const begun = Promise.withResolvers<void>();
  const answers = Promise.withResolvers<void>();
  let asked = 0;
  faults.on(TOKEN_ENDPOINT, async () => {
    if (++asked === AT_ONCE) begun.resolve();
    await answers.promise;
    return Response.json({ access_token: "fresh", expires_in: 3600 });
  });
  const ending = new AbortController();
  const run = broker.sweep(ending.signal);
  await begun.promise;
  ending.abort();
  const idle = broker.idle();
  answers.resolve();
  await idle;
  assertEquals(asked, AT_ONCE);
  await run;
  assertEquals(asked, AT_ONCE);
  // What was left is another process's at once, and nothing is lost.
  const fresh = await Promise.all(users.map((user) => gateway.token(user)));
  assertEquals(fresh.filter((token) => token === "fresh").length, AT_ONCE);
  assertEquals(await broker.sweep(AbortSignal.abort()), 0);
  assertEquals(asked, AT_ONCE);
  await broker.sweep();
  assertEquals(asked, users.length);
});

Deno.test("sweep() waits for a provider that takes its time, though the old token is good", async () => {
  await using gateway = await startConnected();
  const { faults, world } = gateway;
  world.skew = 54 * MINUTE_MS;
  world.speed = 1_000;
  // Its own patience does not end here; that of callers with a good token would.
  const held = heldSleeps(world, 30_000);
  faults.on(TOKEN_ENDPOINT, async () => {
    await world.sleep(10_000);
    return Response.json({ access_token: "late", expires_in: 3600 });
  });
  await gateway.broker.sweep();
  assertEquals(await gateway.token(), "late");
  assertEquals((await toCome(gateway)).length, 1, "for the next time alone");
  held.letGo();
});

Deno.test("sweep() leaves what nobody has used for days", async () => {
  await using gateway = await startConnected();
  for (let minutes = 54; minutes < 3 * 24 * 60; minutes += 44) {
    gateway.world.skew = minutes * MINUTE_MS;
    await gateway.broker.sweep();
  }
  const refreshes = gateway.faults.count(TOKEN_ENDPOINT);
  gateway.world.skew = 4 * DAY_MS;
  await gateway.broker.sweep();
  await gateway.broker.sweep();
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), refreshes);
  assertEquals(await toCome(gateway), []);
  await gateway.token();
  assertEquals((await toCome(gateway)).length, 1, "whoever uses it is on the list");
});

Deno.test("sweep() tries again what the provider did not answer, and gives up what is dead", async () => {
  await using gateway = await startConnected();
  gateway.world.skew = 54 * MINUTE_MS;
  gateway.faults.on(TOKEN_ENDPOINT, () => new Response(null, { status: 503 }));
  await gateway.broker.sweep();
  await gateway.broker.sweep();
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1, "held off");
  gateway.world.skew += MINUTE_MS;
  gateway.faults.on(
    TOKEN_ENDPOINT,
    () => Response.json({ error: "invalid_grant" }, { status: 400 }),
  );
  await gateway.broker.sweep();
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 2);
  assertEquals(await toCome(gateway), []);
});

Deno.test("sweep() tries once a day what was given up, and it heals though nobody asks; after a month it rests", async () => {
  await using gateway = await startConnected(["well", "odd"]);
  const { faults, world } = gateway;
  let odd = "";
  let isRefused = true;
  let asked = 0;
  // Who is refused is known by the refresh token, in words that no dialect knows.
  faults.on(TOKEN_ENDPOINT, async (request) => {
    const token = (await request.clone().formData()).get("refresh_token") as string;
    odd ||= token;
    if (token !== odd) return Response.json({ access_token: "b", expires_in: 3600 });
    asked += 1;
    return isRefused
      ? Response.json({ error: "strange" }, { status: 400 })
      : Response.json({ access_token: "healed", expires_in: 3600 });
  });
  const status = async () =>
    (await gateway.api("/connections?user_id=odd")).json.connections[0].status;
  world.skew = 2 * 60 * MINUTE_MS;
  await gateway.token("odd");
  world.skew += DAY_MS;
  await gateway.token("well");
  await gateway.token("odd");
  assertEquals(await status(), "reauthorization_required");
  asked = 0;
  const days = async (count: number) => {
    for (let quarter = 0; quarter < 4 * count; quarter++) {
      world.skew += DAY_MS / 4;
      await gateway.token("well");
      await gateway.broker.sweep();
    }
  };
  await days(5);
  assert(asked >= 3 && asked <= 5, String(asked));
  isRefused = false;
  await days(2);
  assertEquals(await status(), "active");
  assertEquals(await gateway.token("odd"), "healed");
  isRefused = true;
  world.skew += DAY_MS;
  await gateway.token("odd");
  await days(33);
  asked = 0;
  await days(3);
  assertEquals(asked, 0);
});

Deno.test("sweep() does not bring back what was disconnected", async () => {
  await using gateway = await startConnected();
  await gateway.api(`/connections/google?user_id=${USER}`, { method: "DELETE" });
  gateway.world.skew = 54 * MINUTE_MS;
  await gateway.broker.sweep();
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 0);
  for (const kind of ["connections", "pieces", "due", "leases"]) {
    assertEquals(await snapshot(gateway.kv, [kind]), [], kind);
  }
});

Deno.test("sweepExpired() removes links and sign-ins that are over", async () => {
  await using gateway = await startConnected();
  await gateway.api("/links", { body: { user_id: USER, service: "github" } });
  await sweepExpired(gateway.records, gateway.world.now());
  assertEquals((await snapshot(gateway.kv, ["links"])).length, 2, "and the one that was used");
  await sweepExpired(gateway.records, gateway.world.now() + 12 * MINUTE_MS);
  assertEquals(await snapshot(gateway.kv, ["links"]), []);
  assertEquals((await snapshot(gateway.kv, ["connections"])).length, 1);
});

Deno.test("sweep() does nothing for the users of a key that was removed, and keeps what they have", async () => {
  await using gateway = await startConnected();
  const before = await gateway.token();
  // Whoever may sign in is none of them.
  await gateway.restart({ API_KEYS: "", SIGN_IN_ALLOW: "*" });
  gateway.world.skew = 54 * MINUTE_MS;
  await gateway.broker.sweep();
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 0);
  // They take no place on the list either: the others' come first to them.
  assertEquals(await toCome(gateway), []);
  gateway.world.skew += 2 * 60 * MINUTE_MS;
  await gateway.broker.sweep();
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 0);
  await gateway.restart({});
  assertNotEquals(await gateway.token(), before);
  assertEquals((await toCome(gateway)).length, 1, "as before");
});

Deno.test("sweep() serves people for as long as anybody may sign in", async () => {
  const faults = faultyFetch();
  await using gateway = await startGateway({ env: { SIGN_IN_ALLOW: "*" }, fetch: faults.fetch });
  const { browser, home } = await signedIn(gateway, "google");
  const form = home.forms.find(({ action, fields }) =>
    action === "/dashboard/connect" && fields.service === "calendar"
  )!;
  const atProvider = await browser.submit(home, { form });
  await browser.submit(atProvider, { form: signInForm(atProvider) });
  faults.reset();
  gateway.world.skew = 54 * MINUTE_MS;
  await gateway.broker.sweep();
  assertEquals(faults.count(TOKEN_ENDPOINT), 1);
  await gateway.restart({ SIGN_IN_ALLOW: "" });
  gateway.world.skew += 54 * MINUTE_MS;
  assertEquals(await gateway.broker.sweep(), 1);
  assertEquals(faults.count(TOKEN_ENDPOINT), 1);
});

Deno.test("sweep() serves the person at the machine, whom no key is for", async () => {
  await using gateway = await startConnected([]);
  const { url } = await gateway.broker.createLink({
    subject: "local:me",
    actor: { kind: "client", id: "stdio" },
    target: gateway.broker.resolve("calendar"),
    service: "calendar",
  });
  const browser = new Browser();
  const atProvider = await browser.submit(await browser.open(url));
  await browser.submit(atProvider, { form: signInForm(atProvider) });
  gateway.faults.reset();
  await gateway.restart({ API_KEYS: "" });
  gateway.world.skew = 54 * MINUTE_MS;
  await gateway.broker.sweep();
  assertEquals(gateway.faults.count(TOKEN_ENDPOINT), 1);
});
