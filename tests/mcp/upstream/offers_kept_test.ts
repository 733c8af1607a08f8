/** What is kept of an upstream's prompts and resources, where one person has several connections. */

import { assertEquals } from "@std/assert";
import type { Acting } from "../../../broker/core/actor.ts";
import type { UpstreamSpec } from "../../../broker/core/upstream.ts";
import type { UpstreamClients } from "../../../mcp/upstream/client.ts";
import { UpstreamFeatures } from "../../../mcp/upstream/features.ts";
import { LIST_PATIENCE_MS } from "../../../mcp/upstream/lists.ts";
import type { UpstreamSession } from "../../../mcp/upstream/session.ts";
import { handWorld } from "../../support/hand_world.ts";

const SPEC = { name: "demo", title: "Demo", prefix: "demo_", timeoutMs: 20_000 } as UpstreamSpec;

/** Somebody who may act with one of a person's accounts. */
const withAccount = (account: string): Acting => ({
  subject: "voice:u",
  actor: { kind: "client", id: account, accounts: [account] },
});

Deno.test("who waits long for what one account is offered is not shown what another one is", async () => {
  const world = handWorld(() => false);
  const slow = Promise.withResolvers<void>();
  let account = "slow";
  const clients = {
    async with(_sender, _signal, use) {
      const name = account;
      if (name === "slow") await slow.promise;
      const session = {
        capabilities: { prompts: {} },
        request: () => Promise.resolve({ prompts: [{ name }] }),
      };
      return await use(session as unknown as UpstreamSession);
    },
  } as Pick<UpstreamClients, "with">;
  const markOf = () => Promise.resolve(account);
  const features = new UpstreamFeatures(SPEC, { world, clients, secrets: [], markOf });
  const names = async () =>
    (await features.offer({ subject: "voice:u", actor: { kind: "app", id: "voice" } }))
      .prompts.map(({ id }) => id);
  const waiting = names();
  await world.pass(0);
  account = "quick";
  assertEquals(await names(), ["quick"]);
  await world.pass(LIST_PATIENCE_MS);
  assertEquals(await waiting, []);
  account = "slow";
  slow.resolve();
  await world.pass(0);
  assertEquals(await names(), ["slow"]);
});

Deno.test("who may act with one account takes no offer away from who acts with another", async () => {
  const world = handWorld(() => false);
  const asked: string[] = [];
  const clients = {
    async with({ actor }, _signal, use) {
      asked.push(actor.id);
      const session = {
        capabilities: { prompts: {} },
        request: () => Promise.resolve({ prompts: [{ name: `of ${actor.id}` }] }),
      };
      return await use(session as unknown as UpstreamSession);
    },
  } as Pick<UpstreamClients, "with">;
  const features = new UpstreamFeatures(SPEC, {
    world,
    clients,
    secrets: [],
    markOf: ({ actor }) => Promise.resolve(actor.id === "gone" ? undefined : actor.id),
  });
  const names = async (account: string) =>
    (await features.offer(withAccount(account))).prompts.map(({ id }) => id);
  const all = async () => [await names("one"), await names("other"), await names("gone")];
  for (let turn = 0; turn < 3; turn++) {
    assertEquals(await all(), [["of one"], ["of other"], []]);
  }
  assertEquals(asked, ["one", "other"]);
  features.changed("voice:u");
  assertEquals(await all(), [["of one"], ["of other"], []]);
  assertEquals(asked, ["one", "other", "one", "other"]);
});
