import { assertEquals } from "@std/assert";
import { Aside, type Beside } from "../../../mcp/upstream/aside.ts";
import { testWorld } from "../../support/world.ts";

/** A stream that a test writes to. */
function stream() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const headers = { "Content-Type": "text/event-stream" };
  return {
    response: new Response(readable, { headers }),
    say: (data: string) => writer.write(new TextEncoder().encode(`data: ${data}\n\n`)),
  };
}

/** Hears what is said, and resolves with the next of it. */
function listener(open: Beside["open"]) {
  const heard: [string | undefined, boolean][] = [];
  let next = Promise.withResolvers<void>();
  const beside: Beside = {
    open,
    hear({ data }, isAlone) {
      heard.push([data, isAlone]);
      next.resolve();
    },
  };
  return {
    beside,
    heard,
    async one() {
      await next.promise;
      next = Promise.withResolvers();
    },
  };
}

Deno.test("what is said beside a call counts for it as long as it is the only one", async () => {
  const aside = new Aside(testWorld());
  const { response, say } = stream();
  let opened = 0;
  const first = listener(() => Promise.resolve((opened++, response)));
  const second = listener(() => Promise.reject(new TypeError(`opened ${++opened} times`)));
  const end = Promise.withResolvers<void>();
  const running = aside.during(first.beside, async () => {
    await say("alone");
    await first.one();
    const other = aside.during(second.beside, () => end.promise);
    await say("beside another");
    await first.one();
    end.resolve();
    await other;
    return "done";
  });
  assertEquals(await running, "done");
  assertEquals(first.heard, [["alone", true], ["beside another", false]]);
  assertEquals([second.heard, opened], [[], 1]);
});

Deno.test("a server that has no such stream, or does not open it, is called without it from then on", async () => {
  const refusals: Beside["open"][] = [
    () => Promise.reject(new TypeError("405")),
    () => new Promise(() => {}),
  ];
  for (const open of refusals) {
    const world = testWorld();
    world.speed = 100;
    const aside = new Aside(world);
    let asked = 0;
    const { beside } = listener((signal) => (asked++, open(signal)));
    for (let calls = 0; calls < 3; calls++) {
      assertEquals(await aside.during(beside, () => Promise.resolve(calls)), calls);
    }
    assertEquals(asked, 1);
  }
});

Deno.test("the stream ends with the call, and what the call throws is thrown", async () => {
  const aside = new Aside(testWorld());
  const { response } = stream();
  let ended: AbortSignal | undefined;
  const { beside } = listener((signal) => {
    ended = signal;
    return Promise.resolve(response);
  });
  const failed = aside.during(beside, () => Promise.reject(new TypeError("failed")));
  assertEquals(await failed.catch(({ message }) => message), "failed");
  assertEquals(ended?.aborted, true);
});

Deno.test("what is said to the whole session is about the call that runs alone, and else about none", async () => {
  const aside = new Aside(testWorld());
  aside.share();
  const [first, second] = [1, 2].map(() => listener(() => Promise.reject(new TypeError("opened"))));
  const event = (data: string) => ({ data }) as Parameters<Aside["offer"]>[0];
  assertEquals(aside.offer(event("to nobody")), false);
  await aside.during(first!.beside, async () => {
    assertEquals(aside.offer(event("alone")), true);
    await aside.during(second!.beside, () => {
      assertEquals(aside.offer(event("to one of two")), false);
      return Promise.resolve();
    });
    // It may be about the call that has just ended.
    assertEquals(aside.offer(event("late")), false);
  });
  assertEquals(aside.offer(event("after all")), false);
  assertEquals([first!.heard, second!.heard], [[["alone", true]], []]);
});
