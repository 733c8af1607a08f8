import { assertEquals } from "@std/assert";
import { Callers } from "../../../broker/core/callers.ts";
import { hasWaitedOutside, serverTiming } from "../../../routes/http/server_timing.ts";

/** A process whose clock is set by hand. */
function startProcess() {
  const clock = { now: 100 };
  return { clock, callers: new Callers(() => clock.now) };
}

Deno.test("an answer says whose time it was, and the rest is the gateway's", () => {
  const { clock, callers } = startProcess();
  const request = callers.request();
  callers.begin("192.0.2.1", request, () => {
    clock.now += 1;
    const reading = callers.timing.begin("vault");
    clock.now += 2;
    reading();
    callers.known("app voice");
    const refreshing = callers.timing.begin("refresh");
    // What a refresh asks of the database and of others is a part of it.
    const inside = [callers.timing.begin("vault"), callers.timing.begin("provider")];
    clock.now += 40.04;
    inside.forEach((end) => end());
    refreshing();
    const [first, beside] = [callers.timing.begin("provider"), callers.timing.begin("provider")];
    clock.now += 8;
    first();
    clock.now += 0.5;
    beside();
    clock.now += 3;
  });
  assertEquals(
    serverTiming(request, callers.since(request)),
    "auth;dur=1, vault;dur=2, refresh;dur=40, provider;dur=8.5, gateway;dur=3",
  );
  assertEquals(hasWaitedOutside(request), true);
});

Deno.test("who has not proved who it is hears nothing of it", () => {
  const { clock, callers } = startProcess();
  const request = callers.request();
  callers.begin("192.0.2.1", request, () => {
    const end = callers.timing.begin("provider");
    clock.now += 1;
    end();
  });
  assertEquals(serverTiming(request, callers.since(request)), undefined);
});

Deno.test("time that is spent for another request than the one being answered is that one's", () => {
  const { clock, callers } = startProcess();
  const [one, other] = [callers.request(), callers.request()];
  callers.begin("192.0.2.1", one, () => {
    const end = callers.timing.begin("provider", other);
    clock.now += 5;
    end();
  });
  assertEquals([one.spent, other.spent?.provider], [undefined, 5]);
  assertEquals(hasWaitedOutside(one), false);
});
