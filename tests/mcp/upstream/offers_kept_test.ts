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
  const clients = {
    async with({ actor }, _signal, use) {
      if (actor.id === "slow") await slow.promise;
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
    markOf: ({ actor }) => Promise.resolve(actor.id),
  });
  const names = async (account: string) =>
    (await features.offer(withAccount(account))).prompts.map(({ id }) => id);
  const waiting = names("slow");
  await world.pass(0);
  assertEquals(await names("quick"), ["of quick"]);
  await world.pass(LIST_PATIENCE_MS);
  assertEquals(await waiting, []);
  slow.resolve();
  await world.pass(0);
  assertEquals(await names("slow"), ["of slow"]);
});
