/**
 * Events of real processes on one database: what a process that is killed leaves is told by the next
 * one, and two that write and send at once tell everything once, in order.
 */

import { assert, assertEquals } from "@std/assert";
import { newKeyLine } from "../../tasks/key.ts";
import { type Came, type EventReceiver, startReceiver } from "../support/event_receiver.ts";
import { ADAS, startKeyServer } from "../support/key_server.ts";
import { type Program, startProgram } from "../support/program.ts";

const CREATED = "connection.created";
const DELETED = "connection.deleted";
/** Longer than the right of a dead process to send somebody's events. */
const LATER = `--preload=${new URL("../support/moved_clock.ts?minutes=3", import.meta.url)}`;

interface Deployment extends AsyncDisposable {
  start(args?: string[]): Promise<Program>;
  voice: EventReceiver;
}

/** What all of its processes share. */
async function deployment(): Promise<Deployment> {
  const [voice, acme] = [startReceiver(), startKeyServer()];
  const folder = await Deno.makeTempDir({ prefix: "switchboard_" });
  const env = {
    DATA_DIR: folder,
    ENCRYPTION_KEYS: newKeyLine("k1"),
    PROVIDERS: JSON.stringify([acme.spec]),
    EVENTS: JSON.stringify({ voice: voice.config }),
  };
  return {
    voice,
    start: (args) => startProgram({ env, args }),
    async [Symbol.asyncDispose]() {
      await voice[Symbol.asyncDispose]();
      await acme[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function ask(program: Program, method: string, path: string, body?: unknown): Promise<void> {
  const response = await fetch(program.url + path, {
    method,
    headers: program.headers,
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  assertEquals(response.status, 200, text);
}

const connect = (program: Program, user_id: string) =>
  ask(program, "POST", "/connections", { user_id, service: "acme", key: ADAS });
const disconnect = (program: Program, user: string) =>
  ask(program, "DELETE", `/connections/acme?user_id=${user}`);

/** Each person's, in the order in which they came; one that came again where it came last. */
function byPerson(all: Came[]): Map<string, Came[]> {
  return Map.groupBy(all, ({ body }) => body.data.user_id);
}

Deno.test("what a killed process was sending, and what it had not begun to, is told by the next one, under the same ids", async () => {
  await using all = await deployment();
  const { voice } = all;
  const people = Array.from({ length: 10 }, (_, n) => `p${n}`);
  const never = Promise.withResolvers<Response>();
  {
    await using program = await all.start();
    voice.answer = () => never.promise;
    for (const user of people) await connect(program, user);
    await voice.whenTried(8);
    // These are committed; before them nothing of the same people came through.
    for (const user of people) await disconnect(program, user);
    program.running.child.kill("SIGKILL");
    await program.running.ended;
  }
  const cut = voice.tried.splice(0);
  assertEquals(cut.length, 8);
  never.resolve(new Response(null, { status: 503 }));
  voice.answer = undefined;
  {
    await using program = await all.start([LATER]);
    await connect(program, "next");
    await voice.whenTried(2 * people.length + 1);
    assertEquals(voice.unsigned, 0);
  }
  assertEquals(voice.taken.length, 2 * people.length + 1);
  const came = byPerson(voice.taken);
  for (const user of people) {
    assertEquals(came.get(user)!.map(({ body }) => body.type), [CREATED, DELETED], user);
  }
  for (const { id, body } of cut) {
    assertEquals(came.get(body.data.user_id)![0]!.id, id);
  }
  assertEquals(new Set(voice.taken.map(({ id }) => id)).size, voice.taken.length);
});

Deno.test("two processes tell of two hundred changes of twenty people each once, and of each person in order", async () => {
  await using all = await deployment();
  const { voice } = all;
  await using one = await all.start();
  await using two = await all.start();
  const at = (n: number) => n % 2 === 0 ? one : two;
  const people = Array.from({ length: 20 }, (_, n) => `p${n}`);
  const times = 5;
  await Promise.all(people.map(async (user, n) => {
    for (let time = 0; time < times; time++) {
      await connect(at(n + time), user);
      await disconnect(at(n + time + 1), user);
    }
  }));
  await voice.whenTried(2 * times * people.length);
  // What would come twice would come before this.
  await connect(one, "last");
  await voice.whenTried(2 * times * people.length + 1);
  assertEquals(voice.tried.length, 2 * times * people.length + 1);
  assertEquals(new Set(voice.tried.map(({ id }) => id)).size, voice.tried.length);
  const came = byPerson(voice.tried);
  for (const user of people) {
    const types = came.get(user)!.map(({ body }) => body.type);
    assertEquals(types, Array.from({ length: times }, () => [CREATED, DELETED]).flat(), user);
  }
  assert(!/event_given_up|receiver_failing/.test(one.running.output() + two.running.output()));
});
