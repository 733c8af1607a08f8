/** How long a local server is waited for, and when its session and its process are over. */

import { assertEquals } from "@std/assert";
import { LOG, QUESTION, settled, TIMEOUT_MS } from "../../support/hand_exchange.ts";
import { polite, startProcess } from "../../support/hand_process.ts";
import { handSleeps } from "../../support/hand_sleeps.ts";
import { faultOf } from "../../support/replying_server.ts";

Deno.test("a server that is silent is given up in time, and progress begins it anew", async () => {
  const { process, open, options, world } = startProcess();
  const { asleep, sleeps } = handSleeps(world);
  const session = await open();
  assertEquals(asleep(TIMEOUT_MS), []);
  const notified: string[] = [];
  const request = session.request(
    "a",
    {},
    options({ onprogress: () => {}, onnotification: ({ method }) => void notified.push(method) }),
  );
  await settled();
  const before = sleeps.length;
  const progressToken = process.heard.at(-1)!.id;
  const params = { progressToken, progress: 0.5 };
  process.say({ jsonrpc: "2.0", method: "notifications/progress", params });
  process.say({ ...LOG, params: { progressToken } });
  await settled();
  assertEquals([sleeps.length - before, asleep(TIMEOUT_MS).length], [1, 1]);
  assertEquals(notified, [LOG.method]);
  asleep(TIMEOUT_MS)[0]!.end();
  assertEquals(await faultOf(() => request), ["timeout", true]);
  await session.close();
});

Deno.test("while its person is asked a server may be silent, and whom nobody can ask makes it no slower", async () => {
  for (const isPersonal of [true, false]) {
    const { process, open, options, world } = startProcess(polite, { isPersonal });
    const { asleep, sleeps } = handSleeps(world);
    const session = await open();
    const answers: PromiseWithResolvers<Record<string, unknown>>[] = [];
    const onrequest = () => {
      answers.push(Promise.withResolvers());
      return answers.at(-1)!.promise;
    };
    const other = session.request("a", {}, options());
    const request = session.request("b", {}, options({ onrequest }));
    await settled();
    const [{ id: first }, { id: second }] = process.heard.slice(-2) as [{ id: 1 }, { id: 1 }];
    assertEquals(asleep(TIMEOUT_MS).length, 2);
    const before = sleeps.length;
    process.say({ ...QUESTION, id: 7 });
    await settled();
    assertEquals(asleep(TIMEOUT_MS).length, isPersonal ? 1 : 2);
    answers[0]?.resolve({});
    await settled();
    assertEquals([asleep(TIMEOUT_MS).length, sleeps.length - before], [2, isPersonal ? 1 : 0]);
    // An answer that comes when the call is over lets nobody wait.
    process.say({ ...QUESTION, id: 8 });
    process.say({ jsonrpc: "2.0", id: second, result: {} });
    await request;
    answers[1]?.resolve({});
    await settled();
    assertEquals(asleep(TIMEOUT_MS).length, 1);
    process.say({ jsonrpc: "2.0", id: first, result: {} });
    await other;
    assertEquals(asleep(TIMEOUT_MS), []);
    await session.close();
  }
});

Deno.test("a server that does not answer its greeting is not greeted in another way", async () => {
  const { process, open, world } = startProcess(() => {});
  const { asleep } = handSleeps(world);
  const opening = faultOf(open);
  await settled();
  asleep(TIMEOUT_MS)[0]!.end();
  assertEquals(await opening, ["timeout", false]);
  assertEquals(process.heard.map(({ method }) => method), [
    "initialize",
    "notifications/cancelled",
  ]);
});

Deno.test("a process that was told to end has not ended by itself, and is over when it is gone", async () => {
  for (const isTold of [true, false]) {
    const gone = Promise.withResolvers<void>();
    const made = startProcess();
    const started = { ...made.process.started, ended: gone.promise };
    const { open } = startProcess(polite, { start: () => started });
    const session = await open();
    const ends: string[] = [];
    session.ended.then(() => ends.push("ended"));
    session.over.then(() => ends.push("over"));
    if (isTold) await session.close();
    else made.process.exit();
    await settled();
    assertEquals(ends, []);
    assertEquals(made.process.isClosed(), true);
    gone.resolve();
    await session.over;
    await settled();
    assertEquals(ends.sort(), isTold ? ["over"] : ["ended", "over"]);
  }
});

Deno.test("a process whose output breaks off was dropped", async () => {
  const { process, open, options } = startProcess();
  const session = await open();
  const request = session.request("a", {}, options());
  process.breakOff();
  assertEquals(await faultOf(() => request), ["dropped", true]);
  await session.over;
});

Deno.test("a session is of the token that its process was started with, and of no other", async () => {
  const { open } = startProcess(polite, { token: "token-of-ana" });
  const session = await open();
  assertEquals(session.as("token-of-ana"), session);
  for (const other of ["token-of-bo", undefined]) assertEquals(session.as(other), undefined);
  await session.close();
});
