/** What this program is called at a server: once for all processes, and kept for what was issued to it. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Discovered, DiscoveryRecord, Registration } from "../../../broker/core/discovered.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { Finding, FOUND_FOR_MS, NOT_FOUND_FOR_MS } from "../../../providers/discovered/finding.ts";
import {
  MAX_REGISTRATIONS,
  Registering,
  REGISTERING_MS,
} from "../../../providers/discovered/registering.ts";
import {
  type DiscoveryDeps,
  isWorse,
  ServerRecord,
  type ServerSpec,
  withFound,
} from "../../../providers/discovered/server_record.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { internet, type Site } from "../../support/internet.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";

const MCP = "https://mcp.example";
const AS = "https://as.example";
const SPEC: ServerSpec = { name: "notes", title: "Notes", url: `${MCP}/mcp`, isPrivate: false };
const OPERATORS = { id: "ours", secret: "s" };

function discoveredAt(issuer = AS, more: Partial<Discovered> = {}): Discovered {
  return {
    foundAt: 0,
    resource: SPEC.url,
    scopes: [],
    issuer,
    sendsIssuer: false,
    authorizationEndpoint: `${issuer}/authorize`,
    tokenEndpoint: `${issuer}/token`,
    registrationEndpoint: `${issuer}/register`,
    takesDocuments: false,
    ...more,
  };
}

/** A server; several processes may meet it. `registers`: how registrations are answered. */
async function start(
  { spec = SPEC, registers = () => ({ client_id: `c${++made}` }), sites = {} }: {
    spec?: ServerSpec;
    registers?: (() => Record<string, unknown> | Response) | undefined;
    sites?: Record<string, Site>;
  } = {},
) {
  const world = testWorld();
  const ring = await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]);
  const store = createStore(memoryRecords(), ring, world).discoveries;
  const asked: Record<string, unknown>[] = [];
  const net = internet(sites);
  const fetch = (async (url: string | URL | Request, init?: RequestInit) => {
    const request = new Request(url, init);
    if (!request.url.endsWith("/register")) return await net.fetch(request);
    asked.push(await request.json());
    const answer = registers();
    return answer instanceof Response ? answer : Response.json(answer, { status: 201 });
  }) as typeof globalThis.fetch;
  const deps: DiscoveryDeps = { store, world, publicUrl: "https://sb.example", fetch };
  const process = (changed: Partial<DiscoveryDeps> = {}) => {
    const all = { ...deps, ...changed };
    const record = new ServerRecord(spec, all.store);
    return {
      record,
      registering: new Registering(spec, all, record),
      finding: new Finding(spec, all, record),
    };
  };
  const kept = async () => (await store.get(spec.name, spec.url))?.value;
  const write = async (change: Partial<DiscoveryRecord>) => {
    const found = await store.get(spec.name, spec.url);
    const { name, url } = spec;
    const value = { ...found?.value ?? { name, url, registrations: [] }, ...change };
    await store.put(value, found?.version ?? null);
  };
  return { world, store, asked, process, kept, write };
}
let made = 0;

const reasonOf = async (run: () => Promise<unknown>) => (await assertRejects(run, Refusal)).reason;

Deno.test("of all processes one registers, and the others take what it has made", async () => {
  const { world, asked, process } = await start();
  world.speed = 100;
  const processes = [process(), process(), process()];
  const all = await Promise.all(
    processes.flatMap(({ registering }) => [
      registering.registration(discoveredAt(), []),
      registering.registration(discoveredAt(), []),
    ]),
  );
  assertEquals([asked.length, new Set(all.map(({ clientId }) => clientId)).size], [1, 1]);
  // At another server this program is called otherwise.
  const other = await processes[0]!.registering.registration(discoveredAt("https://b.example"), []);
  assertEquals([asked.length, other.clientId === all[0]!.clientId], [2, false]);
});

Deno.test("who dies while it registers is waited for, and no longer than that", async () => {
  const { world, asked, process, write } = await start();
  let slept = 0;
  const { sleep } = world;
  world.sleep = (ms, signal) => {
    // Deadlines, and not the pauses between two looks.
    if (ms > 1_000) return sleep(ms, signal);
    slept += ms;
    world.skew += ms;
    return Promise.resolve();
  };
  const ends: [until: number, waits: boolean][] = [
    [world.now() + REGISTERING_MS, true],
    // By a clock that is hours off nobody knows when it ends: our own is what counts.
    [world.now() + 24 * 60 * 60_000, true],
    [world.now() - 24 * 60 * 60_000, false],
  ];
  for (const [until, waits] of ends) {
    slept = 0;
    await write({ registrations: [], registering: { owner: "dead", until } });
    await process().registering.registration(discoveredAt(), []);
    assertEquals(slept >= REGISTERING_MS, waits, `${slept}`);
    assert(slept < 2 * REGISTERING_MS);
  }
  assertEquals(asked.length, 3);
});

Deno.test("a server that registers nobody now is left alone until then, and one that says never is not asked in vain", async () => {
  const answers: [Response, Record<string, unknown>, wait: number | undefined][] = [
    [
      new Response(null, { status: 429, headers: { "Retry-After": "120" } }),
      { code: "provider_unavailable", retryAfter: 120 },
      120_000,
    ],
    [new Response(null, { status: 503 }), { code: "provider_unavailable", retryAfter: 30 }, 30_000],
    [
      new Response(null, { status: 429, headers: { "Retry-After": "86400" } }),
      { code: "provider_unavailable", retryAfter: 86_400 },
      600_000,
    ],
    [
      Response.json({ error: "access_denied" }, { status: 403 }),
      { code: "provider_refused", providerCode: "unauthorized_client" },
      undefined,
    ],
  ];
  for (const [answer, expected, wait] of answers) {
    const { world, asked, process, kept } = await start({ registers: () => answer.clone() });
    const register = () => process().registering.registration(discoveredAt(), []);
    const reason = await reasonOf(register);
    assertEquals({ ...reason, ...expected }, reason as typeof expected);
    const times = asked.length;
    const { registerAfter, registering } = (await kept())!;
    assertEquals([registerAfter && registerAfter - world.now(), registering], [wait, undefined]);
    await reasonOf(register);
    assertEquals(asked.length > times, wait === undefined);
    if (wait === undefined) continue;
    world.skew += wait;
    await reasonOf(register);
    assertEquals(asked.length > times, true);
  }
});

Deno.test("what the operator made at one server is used at no other, and its secret is not kept", async () => {
  const { process, kept } = await start({ spec: { ...SPEC, client: OPERATORS } });
  const { registering } = process();
  const first = await registering.registration(discoveredAt(), []);
  assertEquals([first.clientId, first.clientSecret], ["ours", "s"]);
  assertEquals((await kept())?.registrations.map(({ clientSecret }) => clientSecret), [undefined]);
  await registering.registration(discoveredAt(), []);
  await process().registering.registration(discoveredAt(), []);
  assertEquals((await kept())?.registrations.length, 1, "it is remembered once");
  const elsewhere = discoveredAt("https://evil.example");
  assertEquals(
    (await reasonOf(() => process().registering.registration(elsewhere, []))).code,
    "provider_refused",
  );
  assertEquals((await kept())?.registrations.length, 1);
});

Deno.test("what was issued to an earlier registration is found again, by its issuer and its client alone", async () => {
  const { process, write, world } = await start();
  const of = (clientId: string, issuer = AS): Registration => ({
    kind: "dynamic",
    clientId,
    method: "none",
    redirectUri: "https://sb.example/callback/notes",
    issuer,
    registeredAt: world.now(),
  });
  const before = discoveredAt("https://before.example");
  await write({
    found: discoveredAt(),
    earlier: [before],
    registrations: [of("now"), of("old"), of("now", before.issuer)],
  });
  const { registering } = process();
  const via = (issuer: string, clientId: string) => ({ issuer, clientId, url: SPEC.url });
  const found = async (issuer: string, clientId: string) => {
    const origin = await registering.of(via(issuer, clientId));
    return origin && [origin.discovered.issuer, origin.registration.clientId, origin.isLeft];
  };
  assertEquals(await found(AS, "old"), [AS, "old", false]);
  assertEquals(await found(before.issuer, "now"), [before.issuer, "now", true]);
  assertEquals(await found(before.issuer, "old"), undefined);
  assertEquals(await found("https://never.example", "now"), undefined);
  assertEquals(await found(AS, "gone"), undefined);
  // The server does not know it any more, or takes another method: of this one alone.
  await registering.refused(of("old"));
  await registering.refused({ ...of("now"), kind: "operator" });
  await registering.useMethod(of("now"), "client_secret_post");
  const kept = (await process().record.read())!.value.registrations;
  assertEquals(kept.map(({ method, isRefused }) => [method, isRefused]), [
    ["client_secret_post", undefined],
    ["none", true],
    ["none", undefined],
  ]);
  // Nobody is sent off with one that was refused.
  await write({ registrations: kept.map((each) => ({ ...each, isRefused: true })) });
  const fresh = await process().registering.registration(discoveredAt(), []);
  assert(!["now", "old"].includes(fresh.clientId));
});

Deno.test("so many registrations are kept, and so many scopes are asked for", async () => {
  const { asked, process, kept } = await start();
  const scopesSupported = Array.from({ length: 500 }, (_, at) => `s${at}`);
  for (let n = 0; n <= MAX_REGISTRATIONS; n++) {
    const at = discoveredAt(`https://as${n}.example`, { scopesSupported });
    await process().registering.registration(at, n === 0 ? [] : ["first", "s0"]);
  }
  assertEquals((await kept())?.registrations.length, MAX_REGISTRATIONS);
  const scopes = asked.map(({ scope }) => String(scope ?? "").split(" ").filter(Boolean));
  assertEquals(scopes[0], []);
  assertEquals([scopes[1]!.length, scopes[1]!.slice(0, 3)], [100, ["first", "s0", "s1"]]);
});

Deno.test("of each issuer the last that was found is kept, and a few of them", () => {
  let record: DiscoveryRecord = { name: "notes", url: SPEC.url, registrations: [] };
  for (const issuer of ["a", "b", "a", "b", "c"]) {
    record = withFound(record, discoveredAt(`https://${issuer}.example`, { foundAt: 7 }));
  }
  const issuers = (of: DiscoveryRecord) => of.earlier?.map(({ issuer }) => issuer.slice(8, 9));
  assertEquals(issuers(record), ["b", "a"]);
  for (let n = 0; n < 30; n++) record = withFound(record, discoveredAt(`https://x${n}.example`));
  assertEquals(record.earlier?.length, 10);
  const guess = { ...discoveredAt(), isGuess: true };
  assertEquals(isWorse(guess, discoveredAt()), true);
  for (
    const [now, before] of [
      [discoveredAt(), discoveredAt()],
      [guess, undefined],
      [guess, guess],
      [guess, discoveredAt("https://other.example")],
    ] as const
  ) assertEquals(isWorse(now, before), false);
});

const METADATA = {
  issuer: AS,
  authorization_endpoint: `${AS}/authorize`,
  token_endpoint: `${AS}/token`,
};
/** Paths of a host, and what stands there. */
type Paths = Record<string, unknown>;

const USUAL: Record<string, Paths> = {
  [MCP]: {
    "POST /mcp": new Response(null, { status: 401, headers: { "WWW-Authenticate": "Bearer" } }),
    "/.well-known/oauth-protected-resource/mcp": {
      resource: SPEC.url,
      authorization_servers: [AS],
    },
  },
  [AS]: { "/.well-known/oauth-authorization-server": METADATA },
};

Deno.test("where people sign in is looked for when it is old, and what worked is better than nothing", async () => {
  const sites = usualSites();
  const { world, process } = await start({ sites });
  const { finding } = process();
  assertEquals((await finding.forSignIn()).issuer, AS);
  const issuer = async () => (await finding.forSignIn()).issuer;
  // Another one by now: known after a while, and not before.
  sites[MCP]!["/.well-known/oauth-protected-resource/mcp"] = {
    resource: SPEC.url,
    authorization_servers: ["https://b.example"],
  };
  sites["https://b.example"] = {
    "/.well-known/oauth-authorization-server": {
      issuer: "https://b.example",
      authorization_endpoint: "https://b.example/authorize",
      token_endpoint: "https://b.example/token",
    },
  };
  world.skew += FOUND_FOR_MS;
  assertEquals(await issuer(), AS);
  world.skew += 1;
  assertEquals(await issuer(), "https://b.example");
  for (const site of Object.keys(sites)) delete sites[site];
  world.skew += FOUND_FOR_MS + 1;
  assertEquals([await issuer(), await issuer()], ["https://b.example", "https://b.example"]);
  const warned = world.events.filter(({ event }) => event === "upstream_not_discovered").length;
  assertEquals(warned, 1, "and not looked for again at once");
  world.skew += NOT_FOUND_FOR_MS;
  await issuer();
  assertEquals(world.events.filter(({ event }) => event === "upstream_not_discovered").length, 2);
});

Deno.test("a server that was never found, or asks nobody, is connected by nobody", async () => {
  const nowhere = await start();
  const { finding } = nowhere.process();
  assertEquals((await reasonOf(() => finding.forSignIn())).code, "provider_unavailable");
  assertEquals((await reasonOf(() => finding.forSignIn())).code, "provider_unavailable");
  const open = await start({ sites: { [MCP]: { "POST /mcp": Response.json({}) } } });
  const met = open.process();
  await met.finding.wasOpen();
  assertEquals([met.finding.known, await open.process().finding.met()], ["open", "open"]);
  assertEquals((await reasonOf(() => met.finding.forSignIn())).code, "invalid_request");
  // One that has asked before has not stopped asking.
  await open.write({ found: discoveredAt() });
  await open.process().finding.wasOpen();
  assertEquals((await open.kept())?.found, discoveredAt());
});

Deno.test("a refresh without a usable answer looks again once a minute, and throws nothing", async () => {
  const sites = usualSites();
  const { world, process, kept } = await start({ sites });
  const { finding } = process();
  await finding.forSignIn();
  const foundAt = async () => {
    const found = (await kept())?.found;
    return found && found.foundAt;
  };
  const first = await foundAt();
  world.skew += 59_999;
  await finding.doubt();
  assertEquals(await foundAt(), first);
  world.skew += 1;
  await finding.doubt();
  assertEquals(await foundAt(), world.now());
  for (const site of Object.keys(sites)) delete sites[site];
  world.skew += 60_000;
  await finding.doubt();
  assertEquals(await foundAt(), world.now() - 60_000);
});

/** A copy that a test can change. */
function usualSites(): Record<string, Paths> {
  return Object.fromEntries(Object.entries(USUAL).map(([origin, site]) => [origin, { ...site }]));
}

Deno.test("who is overtaken while it begins to register takes what the other one made", async () => {
  const { store, asked, process, write, world } = await start();
  const made: Registration = {
    kind: "dynamic",
    clientId: "theirs",
    method: "none",
    redirectUri: "https://sb.example/callback/notes",
    issuer: AS,
    registeredAt: world.now(),
  };
  let puts = 0;
  const overtaken = {
    ...store,
    async put(...args: Parameters<typeof store.put>) {
      puts += 1;
      if (puts === 1) await write({ registrations: [made] });
      return await store.put(...args);
    },
  };
  const { registering } = process({ store: overtaken });
  assertEquals((await registering.registration(discoveredAt(), [])).clientId, "theirs");
  assertEquals([puts, asked], [1, []]);
});

Deno.test("a server that asks nobody is met as it is, and one that has asked goes on asking", async () => {
  const open = { "POST /mcp": Response.json({ jsonrpc: "2.0", id: 1, result: {} }) };
  const nobody = await start({ sites: { [MCP]: open } });
  const { finding } = nobody.process();
  assertEquals((await reasonOf(() => finding.forSignIn())).code, "invalid_request");
  assertEquals(finding.known, "open");
  // It lists for everybody today; where people sign in is where it was.
  const sites = usualSites();
  const { world, process } = await start({ sites });
  const asking = process().finding;
  await asking.forSignIn();
  Object.assign(sites[MCP]!, open);
  world.skew += FOUND_FOR_MS + 1;
  assertEquals((await asking.forSignIn()).issuer, AS);
  assertEquals(asking.known, "protected");
});
