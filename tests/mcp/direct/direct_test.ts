/**
 * The thin dispatch is held equal to the SDKs: each request of a large corpus
 * goes through the whole front door twice, and both answers are the same in
 * their status, headers and bytes.
 */

import { assert, assertEquals } from "@std/assert";
import { API_KEY } from "../../support/gateway.ts";
import { newClient } from "../../support/mcp_client.ts";
import { obtainTokens, personalToken, signedIn } from "../../support/attacks.ts";
import { type Behaviour, remoteTool } from "../../support/upstream_double.ts";
import {
  askedOf,
  calls,
  type Draft,
  HOT_2025,
  HOT_2026,
  mixed,
  OTHERS,
  PATHS,
  single,
  UPSTREAM_CALLS,
} from "./corpus.ts";
import { startTwins, type Twins } from "./twins.ts";

type Headers = Record<string, string>;

const HOT = [...HOT_2025, ...HOT_2026];

let users = 0;
/** A backend with its API key, for a user of its own: what is remembered of calls begins anew. */
const backend = (): Headers => ({
  Authorization: `Bearer ${API_KEY}`,
  "X-User-Id": `user-{way}-${users++}`,
});

/** Answers of every kind that an upstream gives. */
const ANSWERS: Record<string, unknown> = {
  say: undefined,
  steps: undefined,
  shape: {
    content: [{ type: "text", text: "x", other: 1 }, {
      type: "image",
      data: "AA==",
      mimeType: "a/b",
    }],
    structuredContent: { x: [1, null] },
    other: { x: 1 },
    _meta: { y: 1 },
  },
  fail: { content: [], isError: true },
  odd: {
    content: [{ text: "x", type: "text" }, { type: "text", text: "y", annotations: {} }],
    isError: "true",
    structuredContent: JSON.parse('{"2":1,"1":{"__proto__":1}}'),
    _meta: { progressToken: "p" },
  },
};
const UPSTREAM: Behaviour = {
  tools: [
    ...Object.keys(ANSWERS).map((name) => remoteTool(name)),
    remoteTool("nothing", "Does nothing."),
    remoteTool("ask", "Asks.", { annotations: { readOnlyHint: true } }),
  ],
  answer({ params: { name } }) {
    if (name === "nothing") throw { code: -32001, message: "Nothing" };
    return ANSWERS[name];
  },
  progress: ({ params: { name } }) => name === "steps" ? ["one", "two"] : [],
};

/** Without what goes on when its caller does not wait: to do it again would wait for that. */
const ended = (drafts: Draft[]) =>
  drafts.filter(({ message }) => !JSON.stringify(message).includes('"lab_keep"'));

/** Asks in both ways, and holds them equal; gives how many the thin dispatch answered. */
async function assertSame(twins: Twins, drafts: Iterable<Draft>, caller = backend) {
  const counts = { all: 0, direct: 0 };
  for (const draft of drafts) {
    const asked = askedOf(draft, caller());
    const { direct, sdk, isDirect } = await twins.ask(asked);
    assertEquals(direct, sdk, JSON.stringify(asked));
    counts.all++;
    if (isDirect) counts.direct++;
  }
  return counts;
}

Deno.test("what real clients ask is answered directly, and as the SDKs answer it", async () => {
  await using twins = await startTwins();
  for (const draft of HOT) {
    const { direct } = await assertSame(twins, [draft]);
    assertEquals(direct, 1, JSON.stringify(draft));
  }
});

Deno.test("a call that goes on to an upstream is answered directly, and as the SDK answers it", async () => {
  await using twins = await startTwins(UPSTREAM);
  for (const draft of UPSTREAM_CALLS) {
    const { direct } = await assertSame(twins, [draft]);
    assertEquals(direct, 1, JSON.stringify(draft));
  }
  const { all, direct } = await assertSame(twins, single(UPSTREAM_CALLS.slice(0, 2)));
  assert(all > 500 && direct > all / 8, `${direct} of ${all}`);
});

Deno.test("who hears an upstream's log is answered by the SDK, in a stream", async () => {
  await using twins = await startTwins(UPSTREAM);
  const caller = backend();
  const [call] = UPSTREAM_CALLS;
  const FULL = { ...call!.headers, Accept: "application/json, text/event-stream" };
  const level = { jsonrpc: "2.0", id: 1, method: "logging/setLevel", params: { level: "info" } };
  const ask = async (message: unknown) =>
    (await assertSame(twins, [{ ...call!, headers: FULL, message }], () => caller)).direct;
  assertEquals(await ask(call!.message), 1);
  assertEquals(await ask(level), 0);
  assertEquals(await ask(call!.message), 0);
});

Deno.test("everything else is left to the SDKs", async () => {
  await using twins = await startTwins(UPSTREAM);
  for (const draft of OTHERS) {
    const { direct } = await assertSame(twins, [draft]);
    assertEquals(direct, 0, JSON.stringify(draft));
  }
});

Deno.test("each difference of a request is answered as the SDKs answer it", async () => {
  await using twins = await startTwins();
  const { all, direct } = await assertSame(twins, single(HOT));
  assert(all > 4000 && direct > all / 4, `${direct} of ${all}`);
});

Deno.test("differences that come together are answered as the SDKs answer them", async () => {
  await using twins = await startTwins(UPSTREAM);
  const { all, direct } = await assertSame(twins, mixed([...HOT, ...OTHERS], 3000, 1));
  assert(direct > all / 8, `${direct} of ${all}`);
});

Deno.test("every tool answers every caller as by the SDKs, whatever its address leaves", async () => {
  await using twins = await startTwins(UPSTREAM);
  const { gateway, meant } = twins;
  const session = async (wanted: Record<string, unknown>) => {
    const tokens: Record<string, string> = {};
    for (const way of ["a", "b"]) {
      const body = { user_id: `user-${way}-s`, services: ["*"], ...wanted };
      tokens[way] = (await gateway.api("/sessions", { body })).json.token;
    }
    return (way: string) => tokens[way]!;
  };
  const granted = async (scope: string) => {
    const tokens: Record<string, string> = {};
    for (const way of ["a", "b"]) {
      const { access_token } = await obtainTokens(gateway, await newClient(gateway), {
        params: { scope },
      });
      tokens[way] = access_token;
    }
    return (way: string) => tokens[way]!;
  };
  meant.set("session", await session({}));
  meant.set("voice", await session({ voice: true, read_only: true }));
  meant.set("few", await session({ services: ["lab"], tools: ["lab_echo", "lab_count"] }));
  meant.set("all", await granted("lab up"));
  meant.set("read", await granted("lab:read"));
  const person = await signedIn(gateway);
  const personal = [await personalToken(person, "a"), await personalToken(person, "b")];
  meant.set("personal", (way) => personal[way === "a" ? 0 : 1]!);
  const callers: (() => Headers)[] = [
    backend,
    ...["session", "voice", "few", "all", "read", "personal"].map((name) => () => ({
      Authorization: `Bearer {${name}}`,
    })),
    () => ({ Authorization: "Bearer wrong", "X-User-Id": "user-{way}-x" }),
    () => ({ Authorization: `Bearer ${API_KEY}` }),
    () => ({ ...backend(), "Idempotency-Key": "once" }),
    () => ({}),
  ];
  for (const caller of callers) {
    await assertSame(twins, HOT, caller);
    await assertSame(twins, ended(calls("/mcp")), caller);
  }
  const through = { name: "lab_echo", arguments: { text: "a" } };
  for (const args of [through, { ...through, name: "up_say" }, { query: "echo" }]) {
    await assertSame(twins, ended(calls("/mcp?mode=search", { arguments: args })));
  }
  for (const path of PATHS) {
    await assertSame(twins, HOT.map((draft) => ({ ...draft, path })));
    await assertSame(twins, calls(path));
  }
});

Deno.test("a repeated call is answered as by the SDKs", async () => {
  await using twins = await startTwins();
  const user = backend();
  for (const headers of [{}, { "Idempotency-Key": "one" }, { "Idempotency-Key": "two" }]) {
    for (let round = 0; round < 3; round++) {
      for (const path of ["/mcp/lab", "/mcp/lab?voice=true"]) {
        await assertSame(twins, ended(calls(path)), () => ({ ...user, ...headers }));
      }
    }
  }
});

Deno.test("a caller that hangs up in the middle of a call gets what the SDKs give it", async () => {
  await using twins = await startTwins();
  for (const path of ["/mcp/lab", "/mcp/lab?timeout_ms=500", "/mcp/lab?voice=true"]) {
    const waiting = calls(path).filter(({ message }) =>
      ["lab_wait", "lab_keep"].includes((message as { params: { name: string } }).params.name)
    );
    for (const draft of waiting) {
      const { direct } = await assertSame(twins, [draft, { ...draft, hangsUp: true }]);
      assertEquals(direct, 2);
    }
  }
});
