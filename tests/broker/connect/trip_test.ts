/** One trip to a provider and home again: what is asked for, what is kept, and what of it is told. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { appActor } from "../../../broker/core/actor.ts";
import type { App } from "../../../broker/core/api_key.ts";
import type {
  ApiKeyCredential,
  AuthorizationRequest,
  AuthorizationServer,
  OAuthFlow,
} from "../../../broker/core/authorization_server.ts";
import type { Account } from "../../../broker/core/connection.ts";
import { ALONE } from "../../../broker/core/clock.ts";
import { LINK_LIFETIME_MS, PENDING_LIFETIME_MS } from "../../../broker/core/link_bounds.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import { resolveService } from "../../../broker/core/scopes.ts";
import { digest, randomSecret } from "../../../broker/core/secrets.ts";
import type { Store } from "../../../broker/core/store.ts";
import { StoreError } from "../../../broker/core/store_errors.ts";
import {
  beginAuthorization,
  beginConnecting,
  beginSignIn,
  openLink,
} from "../../../broker/connect/begin.ts";
import { completeAuthorization } from "../../../broker/connect/complete.ts";
import { createLink, type LinkRequest } from "../../../broker/connect/link.ts";
import { pasteSecret } from "../../../broker/connect/secret_connection.ts";
import { importKeyRing } from "../../../vault/key_ring.ts";
import { createStore } from "../../../vault/store.ts";
import { memoryRecords } from "../../support/memory_records.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

const BACK = "https://app.example/done";
const BROWSER = randomSecret();

/** A gateway of one provider, whose flow is `words`'s. */
async function start(
  { words = {}, apps = [{ realm: "voice" }], identify, scopes = ["openid", "mail"] }: {
    words?: Partial<AuthorizationServer>;
    apps?: App[];
    identify?: () => Promise<Account>;
    /** What is granted. */
    scopes?: string[];
  } = {},
) {
  const world = testWorld();
  const store = createStore(
    memoryRecords(),
    await importKeyRing([{ id: "k1", bytes: new Uint8Array(32) }]),
    world,
  );
  const sent: AuthorizationRequest[] = [];
  const flow: OAuthFlow = {
    ...serverOf().credential as OAuthFlow,
    authorizationUrl(request) {
      sent.push(request);
      return Promise.resolve(new URL("https://acme.example/authorize"));
    },
    exchange: () =>
      Promise.resolve({
        kind: "issued",
        tokens: { accessToken: "new", tokenType: "Bearer", scopes },
      }),
    revoke: () => Promise.resolve({ kind: "revoked" }),
  };
  const server = serverOf({
    credential: flow,
    signInScopes: ["openid"],
    identify: identify ?? (() => Promise.resolve({ id: "1", label: "one@example.com" })),
    ...words,
  });
  const deps = {
    store,
    links: store.links,
    world,
    clocks: ALONE,
    publicUrl: "https://switchboard.example",
    servers: serversOf(server),
    apps,
    returnUrls: [BACK],
    notes: { clientRefused: () => Promise.resolve(), clientAccepted: () => Promise.resolve() },
  };
  const request = (more: Partial<LinkRequest> = {}): LinkRequest => ({
    subject: "voice:u",
    actor: appActor("voice"),
    target: resolveService(deps.servers, "mail"),
    service: "mail",
    ...more,
  });
  const visitor = { browser: BROWSER, person: undefined };
  const linked = async (more: Partial<LinkRequest> = {}) => {
    const url = new URL((await createLink(deps, request(more))).url);
    const query = Object.fromEntries(url.searchParams);
    return { secret: query.link!, service: "mail", userId: "u", scope: undefined, params: {} };
  };
  const setOut = async (more: Partial<LinkRequest> = {}) => {
    const presented = await linked(more);
    await beginAuthorization(deps, presented, visitor);
    return presented;
  };
  const comeHome = (changed: Partial<typeof deps> = {}) =>
    completeAuthorization({ ...deps, ...changed }, {
      provider: server.name,
      state: sent.at(-1)!.state,
      code: "c",
      error: undefined,
      iss: undefined,
      query: {},
      browser: BROWSER,
      person: undefined,
    });
  const connected = (account: string, scopes: string[]) =>
    store.connections.put(storedOf(account, scopes).value, null);
  return { world, store, deps, sent, request, visitor, linked, setOut, comeHome, connected };
}

const codeOf = async (run: () => Promise<unknown>) =>
  (await assertRejects(run, Refusal)).reason.code;

Deno.test("an account that is not named is asked for what it has granted before, and one that is named for its own alone", async () => {
  const { sent, setOut, connected } = await start();
  await connected("1", ["calendar"]);
  const asked = async (account?: string) => {
    await setOut({ account });
    const { scopes, account: hint } = sent.at(-1)!;
    return [[...scopes].sort(), hint];
  };
  assertEquals(await asked(), [["calendar", "mail", "openid"], undefined]);
  assertEquals(await asked("1"), [["calendar", "mail", "openid"], "1@example.com"]);
  // Somebody who is not connected yet.
  assertEquals(await asked("2@example.com"), [["mail", "openid"], "2@example.com"]);
});

Deno.test("another account than the one that was named is told apart, and than one that was not is none", async () => {
  for (const [account, meant] of [[undefined, undefined], ["0", "0@example.com"]] as const) {
    const { setOut, comeHome, connected } = await start();
    await connected("0", ["mail"]);
    await setOut({ account });
    const completed = await comeHome();
    assertEquals(completed.kind === "connected" && completed.meant?.label, meant);
  }
});

Deno.test("an app that is limited asks its provider to leave out what was granted earlier", async () => {
  for (
    const [services, alone] of [[undefined, false], [["acme"], false], [["mail"], true]] as const
  ) {
    const { sent, setOut } = await start({
      apps: [{ realm: "voice", services: services?.slice() }],
    });
    await setOut();
    assertEquals(sent.at(-1)!.alone, alone, String(services));
  }
});

Deno.test("a person goes straight to the provider, unless something must be said first", async () => {
  const site = { title: "Site", pattern: /^[a-z]+$/ };
  const ask = async (
    words: Partial<AuthorizationServer>,
    extra?: Record<string, string>,
    account = extra && "1",
  ) => {
    const { deps, request, store } = await start({ words });
    if (extra !== undefined) {
      const { value } = storedOf("1", ["mail"]);
      await store.connections.put({ ...value, tokens: { ...value.tokens, extra } }, null);
    }
    const meant = account === "" ? undefined : account;
    const { host } = await beginConnecting(deps, request({ account: meant }), BROWSER);
    return host;
  };
  assertEquals(await ask({}), "acme.example");
  assertEquals(await ask({ params: { site } }), "switchboard.example");
  assertEquals(await ask({ params: { site } }, { site: "east" }), "acme.example");
  assertEquals(await ask({ params: { site } }, {}), "switchboard.example");
  // Whose account is not said may be at another site.
  assertEquals(await ask({ params: { site } }, { site: "east" }, ""), "switchboard.example");
});

Deno.test("who reloads the page is told how it ended, and whether an app has still to take it", async () => {
  for (const returnTo of [undefined, BACK]) {
    const { setOut, comeHome } = await start();
    await setOut({ returnTo });
    const { kind } = await comeHome();
    assertEquals(kind, returnTo === undefined ? "connected" : "handed_off");
    const again = await comeHome();
    assert(again.kind === "done_before");
    assertEquals([again.handedOff, again.label], [returnTo !== undefined, "one@example.com"]);
  }
});

Deno.test("what an app has to claim says what is missing of it, and nothing where that is nothing", async () => {
  const cases: [granted: string[], missing: string[]][] = [
    [["openid", "mail"], []],
    [["openid"], ["mail"]],
  ];
  for (const [scopes, missing] of cases) {
    const { store, world, setOut, comeHome } = await start({ scopes });
    await setOut({ returnTo: BACK });
    await comeHome();
    const handoff = await store.handoffs.peek(digest(world.secrets.at(-1)!));
    assertEquals(handoff?.value.missing, missing);
  }
});

Deno.test("who comes back from a provider that is another one by now gets nothing", async () => {
  const { deps, sent, comeHome, setOut, store } = await start();
  await setOut();
  const found = { kind: "found", url: "https://mcp.example", resume: () => Promise.resolve() };
  const servers = serversOf(serverOf({ credential: found as never }));
  assertEquals(await codeOf(() => comeHome({ servers })), "state_invalid");
  // As if it had been set out with from an authorization server that was found.
  const via = { issuer: "https://other.example", clientId: "c", url: "https://mcp.example" };
  const key = digest(sent.at(-1)!.state);
  const { value, version } = (await store.pending.peek(key))!;
  await store.pending.replace(key, { ...value, via }, version);
  assertEquals(await codeOf(() => comeHome({ servers: deps.servers })), "state_invalid");
});

Deno.test("a sign-in of which nobody knows whose it is signs nobody in", async () => {
  const lost = new TypeError("no usable answer");
  const ways: [() => Promise<Account>, string][] = [
    [() => Promise.resolve({ id: "1", label: "one" }), "signed_in"],
    [() => Promise.resolve({ id: "", label: "" }), "provider_refused"],
    [() => Promise.reject(lost), "provider_refused"],
  ];
  for (const [identify, expected] of ways) {
    const { deps, comeHome } = await start({ identify });
    await beginSignIn(deps, { provider: "acme", returnTo: "/", browser: BROWSER });
    const became = await comeHome().then(({ kind }) => kind, (error) => error.reason?.code);
    assertEquals(became, expected);
  }
});

Deno.test("a link that was confirmed late is good for as long as a sign-in may take, and no longer for anybody else", async () => {
  const { world, deps, setOut, comeHome, visitor } = await start();
  const presented = await setOut();
  world.skew += LINK_LIFETIME_MS - 1;
  await beginAuthorization(deps, presented, visitor);
  // Its record is there when the browser comes back, though nobody opens it any more.
  const link = await deps.links.peek(digest(presented.secret));
  assert(link!.value.expiresAt >= world.now() + PENDING_LIFETIME_MS);
  world.skew += LINK_LIFETIME_MS - 1_000;
  await assertRejects(() => openLink(deps, presented, visitor), Refusal);
  assertEquals((await comeHome()).kind, "connected");
});

Deno.test("a key that could not be kept leaves its link as good as before", async () => {
  const credential = {
    kind: "api_key",
    pattern: /^key_/,
    made: { url: "https://acme.example/keys", how: "Make one." },
    verify: () => Promise.resolve({ kind: "known", account: { id: "1", label: "one" } }),
  } as unknown as ApiKeyCredential;
  const { deps, store, linked, visitor } = await start({ words: { credential } });
  const presented = await linked();
  const secret = { kind: "api_key", key: "key_1" } as const;
  const never = new StoreError("put connections", new Error("too large"), true);
  const connections: Store["connections"] = {
    ...store.connections,
    put: () => Promise.reject(never),
  };
  const paste = (changed: Partial<Store> = {}) =>
    pasteSecret({ ...deps, store: { ...store, ...changed } }, presented, { ...visitor, secret });
  await assertRejects(() => paste({ connections }));
  assertEquals((await paste()).kind, "connected");
  assertEquals(await codeOf(() => paste()), "link_done");
});
