/** What is served of several copies of a connection, and of a refresh that came to nothing. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { appActor } from "../../../broker/core/actor.ts";
import type { Connection } from "../../../broker/core/connection.ts";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { Consistency, Stored } from "../../../broker/core/store.ts";
import type { TokenRequest } from "../../../broker/core/token_request.ts";
import { VaultError } from "../../../broker/core/store_errors.ts";
import { type ConnectionDeps, providerToken } from "../../../broker/tokens/provider_token.ts";
import type { Refreshed } from "../../../broker/tokens/refresh_rules.ts";
import { testWorld } from "../../support/world.ts";
import { serverOf, serversOf, storedOf } from "../fixtures.ts";

type Lists = Record<Consistency, () => Promise<Stored<Connection>[]>>;

/** What a request for mail comes to; `asked`: which copies were read. */
function serving(
  lists: Lists,
  refreshed: (stored: Stored<Connection>) => Refreshed = (stored) => ({ kind: "ready", stored }),
) {
  const asked: Consistency[] = [];
  const list = (_subject: unknown, _provider: unknown, consistency: Consistency) => {
    asked.push(consistency);
    return lists[consistency]();
  };
  const survey = async () => ({ opened: await lists.strong(), unopened: [] });
  const deps = {
    servers: serversOf(serverOf()),
    connections: { list, survey },
    refresher: {
      ensure: (_server: unknown, stored: Stored<Connection>) => Promise.resolve(refreshed(stored)),
    },
    world: testWorld(),
  } as unknown as ConnectionDeps;
  const ask = (more: Partial<TokenRequest> = {}) =>
    providerToken(deps, {
      subject: "voice:u",
      actor: appActor("voice"),
      service: "mail",
      scopes: [["mail"]],
      reach: undefined,
      waitMs: 1_000,
      ...more,
    });
  return { asked, ask };
}

const [OLD, NEW] = ["old", "new"].map((accessToken) => {
  const stored = storedOf("1", ["mail"]);
  const tokens = { ...stored.value.tokens, accessToken };
  return () => Promise.resolve([{ ...stored, value: { ...stored.value, tokens } }]);
}) as [Lists["strong"], Lists["strong"]];

Deno.test("a token that an API refused is not served again from a copy near by that is old", async () => {
  const { asked, ask } = serving({ eventual: OLD, strong: NEW });
  assertEquals((await ask()).tokens.accessToken, "old");
  assertEquals(asked, ["eventual"]);
  assertEquals((await ask({ rejected: "old" })).tokens.accessToken, "new");
  assertEquals(asked, ["eventual", "eventual", "strong"]);
  // Then it is the API that refuses: the caller sees the same one, and does not try again.
  const same = serving({ eventual: OLD, strong: OLD });
  assertEquals((await same.ask({ rejected: "old" })).tokens.accessToken, "old");
});

Deno.test("an API that names scopes of another service does not widen what a link asks for", async () => {
  const { ask } = serving({ eventual: NEW, strong: NEW });
  const rows: [named: string[], asked: string][] = [
    [["mail.send"], "mail.send"],
    [["mail", "calendar"], "mail"],
    [["calendar"], "mail"],
    // Includes nothing of the calendar's in so many words, but opens a part of it.
    [["calendar.free"], "mail"],
    // Nobody knows what it opens.
    [["mail.other"], "mail"],
    [["admin:org", "constructor", "__proto__"], "mail"],
    [[], "mail"],
    [Array.from({ length: 5_000 }, () => "mail.send"), Array(10).fill("mail.send").join(" ")],
  ];
  for (const [scopes, asked] of rows) {
    const refused = { kind: "scopes", scopes } as const;
    const { reason } = await assertRejects(() => ask({ refused }), Refusal);
    assertEquals(reason.code === "insufficient_scope" && reason.scope, asked, scopes[0]);
  }
});

Deno.test("who waits for a provider is told to wait a second at least", async () => {
  for (const [retryAfterMs, seconds] of [[0, 1], [-5_000, 1], [1, 1], [1_001, 2]] as const) {
    const { ask } = serving(
      { eventual: OLD, strong: OLD },
      (stored) => ({ kind: "unavailable", stored, retryAfterMs }),
    );
    const { reason } = await assertRejects(() => ask(), Refusal);
    assertEquals(reason.code === "provider_unavailable" && reason.retryAfter, seconds);
  }
});

Deno.test("beside a connection that cannot be opened only an account that is named is served", async () => {
  const lost = new VaultError("unknown_key", "Cannot open connections/voice:u/acme");
  const { asked, ask } = serving({ eventual: () => Promise.reject(lost), strong: NEW });
  assertEquals(await assertRejects(() => ask()), lost);
  assertEquals(await assertRejects(() => ask({ account: "2" })), lost);
  assertEquals((await ask({ account: "1" })).tokens.accessToken, "new");
  assertEquals(asked, ["eventual", "eventual", "eventual"]);
  const down = new TypeError("The store is out");
  const out = serving({ eventual: () => Promise.reject(down), strong: NEW });
  assertEquals(await assertRejects(() => out.ask({ account: "1" })), down);
});

Deno.test("of a connection that is over its caller hears whether it went elsewhere", async () => {
  for (const status of ["moved", "reauthorization_required"] as const) {
    const { ask } = serving({ eventual: OLD, strong: OLD }, (stored) => ({
      kind: "reauthorize",
      stored: { ...stored, value: { ...stored.value, status } },
    }));
    const { reason } = await assertRejects(() => ask(), Refusal);
    assert(reason.code === "reauthorization_required");
    assertEquals([reason.moved, reason.account], [status === "moved", "1"]);
  }
});

Deno.test("of a connection that has ended what an API refused is not asked for by a link", async () => {
  const lists = (status: Connection["status"]) => {
    const stored = storedOf("1", ["mail"], { status });
    return { eventual: () => Promise.resolve([stored]), strong: () => Promise.resolve([stored]) };
  };
  const codeOf = async (status: Connection["status"], refused: TokenRequest["refused"]) => {
    const { ask } = serving(lists(status));
    return (await assertRejects(() => ask({ refused, rejected: "token of 1" }), Refusal)).reason
      .code;
  };
  const scopes: TokenRequest["refused"] = { kind: "scopes", scopes: ["mail.send"] };
  assertEquals(await codeOf("active", scopes), "insufficient_scope");
  assertEquals(await codeOf("reauthorization_required", scopes), "reauthorization_required");
  assertEquals(await codeOf("active", { kind: "sign_in" }), "reauthorization_required");
});
