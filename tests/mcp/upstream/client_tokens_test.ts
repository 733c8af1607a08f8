/** With which token a request goes, and how often a server is asked that says no. */

import { assertEquals, assertRejects } from "@std/assert";
import { Refusal } from "../../../broker/core/refusal.ts";
import type { UpstreamAccess } from "../../../broker/core/upstream.ts";
import { RESUME_MS } from "../../../mcp/upstream/exchange.ts";
import { events, LOG, settled } from "../../support/hand_exchange.ts";
import { faultOf, type Reply, result, status } from "../../support/replying_server.ts";
import { refusal, REFUSED, startClients } from "../../support/upstream_clients.ts";

Deno.test("a token that is refused is replaced once, and only where there is another one", async () => {
  const refusals: string[] = [];
  const access: UpstreamAccess = {
    answered: () => Promise.resolve(void refusals.push("answered")),
    refused: (challenge) => Promise.resolve(void refusals.push(challenge!)),
  };
  const { call, asked, state, seen, answers, tokens } = startClients({ access });
  await call("a:ana");
  answers["tools/call"] = (message, headers) =>
    headers.get("Authorization") === "Bearer fresh"
      ? result({})(message, headers)
      : REFUSED(message, headers);
  state.token = ({ rejected }) =>
    Promise.resolve({ token: rejected === "old" ? "fresh" : "old", account: "1" });
  assertEquals(await call("a:ana"), {});
  assertEquals(asked.slice(1).map(({ rejected }) => rejected), [undefined, "old"]);
  assertEquals(seen("tools/call").slice(1), ["old", "fresh"]);
  assertEquals([...tokens], ["token-of-a:ana", "old", "fresh"]);
  assertEquals(refusals, []);

  // One that was only just issued, and the same one again: the server refuses, whatever the token.
  for (const tokenOf of [(times: number) => `t${times}`, () => "same"]) {
    asked.length = 0;
    state.token = () => Promise.resolve({ token: tokenOf(asked.length), account: "1" });
    const before = seen("tools/call").length;
    assertEquals(await faultOf(() => call("a:ana")), ["unauthorized", false]);
    assertEquals([asked.length, new Set(seen("tools/call").slice(before)).size], [
      2,
      seen("tools/call").length - before,
    ]);
  }
  // Whoever connects next is led where it sends people by now.
  assertEquals(refusals, ["Bearer realm=x"]);
  asked.length = 0;
  state.token = () =>
    asked.length === 1
      ? Promise.resolve({ token: "old", account: "1" })
      : refusal("reauthorization_required");
  await assertRejects(() => call("a:ana"), Refusal);
  assertEquals(refusals, ["Bearer realm=x", "Bearer realm=x"]);
  asked.length = 0;
  state.token = () =>
    asked.length === 1
      ? Promise.resolve({ token: "old", account: "1" })
      : Promise.reject(new RangeError("ours"));
  // That says nothing of the server.
  await assertRejects(() => call("a:ana"), RangeError);
  assertEquals(refusals.length, 2);
  answers["tools/call"] = status(401);
  state.token = () => Promise.resolve({ token: "same", account: "1" });
  await faultOf(() => call("a:ana"));
  assertEquals(refusals.at(-1), "Bearer");
});

Deno.test("what may have been done, or was refused for good, is asked once", async () => {
  const access: UpstreamAccess = {
    answered: () => Promise.resolve(),
    refused: () => Promise.reject(new RangeError("it did not ask who calls")),
  };
  for (const code of [503, 403, 429, 400]) {
    for (const provider of ["notes", undefined]) {
      const { call, answers, seen, asked } = startClients({ provider, access });
      answers["tools/call"] = status(code);
      await faultOf(() => call("a:ana"));
      assertEquals(seen("tools/call").length, 1, String(code));
      assertEquals(asked.length, provider === undefined ? 0 : 1);
    }
  }
  // What the server says of its stream, it does not say of the call.
  for (const code of [401, 404]) {
    const { call, answers, seen, asleep } = startClients();
    const stream = events();
    answers["tools/call"] = () => stream.response;
    answers.GET = status(code);
    stream.say(LOG, "e1");
    stream.close();
    const fault = faultOf(() => call("a:ana"));
    await settled();
    asleep(RESUME_MS)[0]!.end();
    assertEquals((await fault)[1], true);
    assertEquals(seen("tools/call").length, 1);
  }
  const { clients } = startClients();
  const ours = () => Promise.reject(new RangeError("ours"));
  const visitor = { subject: "a:ana", actor: { kind: "client", id: "1" }, tokens: new Set() };
  const { signal } = new AbortController();
  await assertRejects(() => clients.with(visitor as never, signal, ours), RangeError);
  const open = startClients({ provider: undefined });
  open.answers["tools/call"] = REFUSED;
  assertEquals(await faultOf(() => open.call("a:ana")), ["unauthorized", false]);
});

Deno.test("where a server wants more the broker is asked for it, and says how to allow it", async () => {
  const scoped = (scope: string): Reply => () => {
    const challenge = `Bearer error="insufficient_scope"${scope}`;
    return new Response(null, { status: 403, headers: { "WWW-Authenticate": challenge } });
  };
  const { call, asked, answers, state, tokens } = startClients();
  answers["tools/call"] = scoped(', scope="a b"');
  state.token = ({ scopes }) =>
    Promise.resolve({ token: scopes?.length ? "wider" : "narrow", account: "1" });
  assertEquals(await faultOf(() => call("a:ana")), ["insufficient_scope", false]);
  assertEquals(asked.map(({ scopes }) => scopes), [[], [["a", "b"]]]);
  assertEquals([...tokens], ["narrow", "wider"]);
  state.token = ({ scopes }) =>
    scopes?.length ? refusal("insufficient_scope") : Promise.resolve({ token: "t", account: "1" });
  await assertRejects(() => call("a:ana"), Refusal);
  asked.length = 0;
  answers["tools/call"] = scoped("");
  await faultOf(() => call("a:ana"));
  assertEquals(asked.length, 1);
  const nobodys = startClients({ provider: undefined });
  nobodys.answers["tools/call"] = scoped(', scope="a"');
  await faultOf(() => nobodys.call("a:ana"));
  assertEquals(nobodys.asked, []);
});

Deno.test("a server that asks who calls, and did not before, is called with the caller's token", async () => {
  for (const isFound of [true, false]) {
    const noted: string[] = [];
    const access: UpstreamAccess = {
      answered: () => Promise.resolve(void noted.push("answered")),
      refused: (challenge) => {
        noted.push(challenge!);
        if (isFound) started.spec.provider = "notes";
        return Promise.resolve();
      },
    };
    const started = startClients({ provider: undefined, access });
    const { call, answers, seen, asked } = started;
    await call("a:ana");
    assertEquals([noted, asked], [["answered"], []]);
    answers["tools/call"] = (message, headers) =>
      (headers.has("Authorization") ? result({}) : REFUSED)(message, headers);
    if (isFound) assertEquals(await call("a:ana"), {});
    else assertEquals(await faultOf(() => call("a:ana")), ["unauthorized", false]);
    assertEquals(noted, ["answered", "Bearer realm=x"]);
    assertEquals(seen("tools/call").slice(1), [undefined, ...isFound ? ["token-of-a:ana"] : []]);
  }
});

Deno.test("a list for everybody is asked for with nobody's token", async () => {
  const { call, asked, seen } = startClients();
  await call("a:ana", { shared: true });
  assertEquals([asked, seen("tools/call")], [[], [undefined]]);
});
