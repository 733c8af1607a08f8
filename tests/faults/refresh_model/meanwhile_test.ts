import { assert, assertEquals } from "@std/assert";
import { appActor } from "../../../broker/core/actor.ts";
import { disconnect } from "../../../broker/connect/disconnect.ts";
import type { Model } from "../../support/model/model.ts";
import type { Process } from "../../support/model/process.ts";
import {
  answered,
  ANSWERS,
  assertRefreshedOnce,
  assertSettled,
  LATE_MS,
  search,
  testAll,
  twoCallers,
} from "./scenarios.ts";

for (const [name, answer] of Object.entries(ANSWERS)) {
  // Nothing else takes a connection away: here a takeover is gone through as well.
  const isDeadly = name === "invalid_grant";
  const slow = isDeadly ? { timers: 1, tick: LATE_MS } : {};
  Deno.test(`a person's reconnect survives ${name} at any point`, async () => {
    const build = () => {
      const model = answered(answer, slow);
      model.interject("person", () => reconnect(model));
      return model;
    };
    await search(150, build, async (model) => {
      const { status, tokens, holdOffUntil } = model.store.record!.value;
      assertEquals([status, tokens.accessToken, holdOffUntil], ["active", "a1.0", undefined]);
      if (!isDeadly) assert(model.provider.requests.length <= 1);
      model.provider.answers.length = 0;
      await assertSettled(model);
    });
  });
}

testAll("a disconnect at any point is the end, at the provider too", async (rotation) => {
  for (const deaf of [false, true]) {
    const build = () => {
      const model = twoCallers({ rotation });
      // Then what is issued afterwards lives on, unless who got it has it revoked.
      model.provider.deaf = deaf;
      model.start("person", disconnectIt);
      return model;
    };
    await search(1000, build, ({ store: { record }, provider }) => {
      assertEquals(record, null);
      assert(provider.revoked.includes(provider.issued.at(-1)!.accessToken), "A token lives on");
    });
  }
});

testAll("sealing the record anew at any point loses nothing", async (rotation) => {
  const build = () => {
    const model = twoCallers({ rotation });
    model.interject("rekey", () => sealAnew(model));
    return model;
  };
  await search(190, build, assertRefreshedOnce);
});

const REF = { subject: "voice:u", provider: "p", account: "1" } as const;

/** As after a callback: written over whatever is there. */
function reconnect(model: Model): void {
  const { value, version } = model.store.record!;
  const { holdOffUntil: _over, ...rest } = value;
  const tokens = model.provider.authorize("person", model.clock);
  model.store.put({ ...rest, status: "active", tokens }, version);
}

/** As after a change of the encryption key: the same content, another version. */
function sealAnew(model: Model): void {
  const { value, version } = model.store.record!;
  model.store.put(value, version);
}

/** The real one. */
async function disconnectIt({ store, server, world }: Process): Promise<void> {
  const servers = new Map([[server.name, server]]);
  const deps = { servers, ...store, world };
  const { subject, provider: service, account } = REF;
  await disconnect(deps as unknown as Parameters<typeof disconnect>[0], {
    subject,
    actor: appActor("voice"),
    service,
    account,
  });
}
